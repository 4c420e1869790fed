import { basename } from "node:path";
import type { z } from "zod";
import type { MentionFields } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { DateOrder } from "./dates.ts";
import { guessMapping, type MappingGuess } from "./guess-mapping.ts";
import { plainName } from "./header-names.ts";
import { columnReader, type Mapping } from "./mapping.ts";
import { parseItem } from "./parse-item.ts";
import { FileConfig, type FileItem, type FilePlan } from "./plan.ts";
import { sniffFile, type FileShape, type SniffedFile } from "./sniff-file.ts";

/** A file made ready to be read: how it is written, and what its columns mean. */
export interface PlannedFile {
  readonly shape: FileShape;
  readonly plan: FilePlan;
}

/**
 * Completes a config from the file's beginning. A config with a `map` is followed as it stands; without one the mapping
 * is guessed. The same config and file always give the same plan.
 * @throws {EarshotError} config_invalid: nothing to read, no such column, neither text nor rating
 */
export async function planFile(config: FileConfig): Promise<PlannedFile> {
  const sniffed = await sniffFile(config.path, config);
  const isMapped = Object.keys(config.map).length > 0;
  const guess = guessMapping(sniffed.header, sniffed.sample, config.map, config.timezone);
  const map = isMapped ? config.map : guess.map;
  assertReadable(config.path, sniffed, map);
  return { shape: sniffed, plan: toPlan(config, sniffed, map, guess) };
}

function assertReadable(path: string, { format, header, isWhole }: SniffedFile, map: Mapping): void {
  if (header.length === 0) {
    // a file without a single readable row is imported as the nothing it is
    if (isWhole || Object.keys(map).length > 0) return;
    throw new EarshotError(
      "config_invalid",
      `The first mebibyte of ${path} has no readable row to tell its columns from; map them, like text=COLUMN.`,
    );
  }
  const columns = `its columns are ${header.slice(0, 40).join(", ").slice(0, 1_000)}`;
  if (map.text === undefined && map.rating === undefined && map.title === undefined) {
    throw new EarshotError(
      "config_invalid",
      `No column of ${path} is known to be text or a rating (${columns}); map one, like text=COLUMN.`,
    );
  }
  if (format === "json" || format === "jsonl") return;
  const empty = Object.fromEntries(header.map((name) => [name, ""]));
  for (const [field, column] of Object.entries(map)) {
    if (columnReader(column)(empty) === undefined) {
      throw new EarshotError(
        "config_invalid",
        `${path} has no column ${column} to read ${field} from; ${columns}.`,
      );
    }
  }
}

function toPlan(config: FileConfig, sniffed: SniffedFile, map: Mapping, guess: MappingGuess): FilePlan {
  const ratingMax = map.rating === undefined ? null : (config.ratingMax ?? guess.ratingMax ?? 5);
  const dateOrder: DateOrder = config.dateOrder ?? guess.dateOrder?.dateOrder ?? "day_first";
  return {
    format: sniffed.format,
    platform: config.platform,
    kind: config.kind ?? (map.rating === undefined ? "post" : "review"),
    map,
    timezone: config.timezone,
    dateFormat: config.dateFormat ?? null,
    dateOrder,
    ratingMax,
    idPrefix: config.idPrefix ?? idPrefixOf(config.path, guess),
    publishedAt: config.publishedAt ?? "",
    product: config.product ?? "",
    country: config.country ?? "",
    language: config.language ?? "",
    trackers: config.trackers,
  };
}

/** Ids that only count rows are worth something together with the file's name. */
function idPrefixOf(path: string, guess: MappingGuess): string {
  return guess.isIdCounter ? `${basename(path).slice(0, 190)}:` : "";
}

/** One row of the preview: the mention it becomes, or why it is rejected. */
export interface PreviewedRow {
  /** Number of the row among the readable ones, from 1. */
  readonly row: number;
  readonly mention?: MentionFields;
  readonly rejection?: string;
}

/** What an import would do, for a person to confirm. */
export interface ImportProposal {
  /** Complete: an import with it does what is shown, and guesses nothing. */
  readonly config: FileConfig;
  /** All of the below in lines for a terminal, control characters escaped. */
  readonly explanation: string;
  readonly file: SniffedFile;
  readonly guess: MappingGuess;
  /** Where the platform came from, in words. */
  readonly platformReason: string;
  readonly preview: readonly PreviewedRow[];
}

/** Any part of a config, unchecked: it may come from a command line. */
export type KnownOfImport = Omit<z.input<typeof FileConfig>, "map"> & {
  readonly map?: Readonly<Record<string, string>>;
};

const PREVIEW_ROWS = 3;

/**
 * Proposes how to import a file. `map` overrides the guess field by field; a field mapped by the user is never guessed.
 * @throws {EarshotError} config_invalid when the config is wrong, or there is neither text nor rating: the message says
 * what to do; source_unavailable
 */
export async function planImport(known: KnownOfImport): Promise<ImportProposal> {
  const checked = FileConfig.safeParse(known);
  if (!checked.success) {
    const faults = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EarshotError("config_invalid", `The import cannot be planned: ${faults.join("; ")}.`);
  }
  const asked = checked.data;
  const file = await sniffFile(asked.path, asked);
  const guess = guessMapping(file.header, file.sample, asked.map, asked.timezone);
  assertReadable(asked.path, file, guess.map);
  const { platform, reason } =
    known.platform === undefined ? guessPlatform(file) : { platform: asked.platform, reason: "you said so" };
  const config: FileConfig = {
    ...asked,
    platform,
    format: file.format,
    charset: file.charset,
    map: guess.map,
    kind: asked.kind ?? guess.kind,
    idPrefix: asked.idPrefix ?? idPrefixOf(asked.path, guess),
    dateOrder: asked.dateOrder ?? guess.dateOrder?.dateOrder ?? "day_first",
    ...(file.format === "csv" || file.format === "tsv" ? { delimiter: file.delimiter } : {}),
    ...(guess.map.rating === undefined ? {} : { ratingMax: asked.ratingMax ?? guess.ratingMax ?? 5 }),
  };
  const plan = toPlan(config, file, guess.map, guess);
  const preview = file.sample
    .slice(0, PREVIEW_ROWS)
    .map((record, index) => previewRow({ line: index + 1, record, plan }));
  const explanation = explain(config, file, guess, reason, preview);
  return { config, explanation, file, guess, platformReason: reason, preview };
}

function previewRow(item: FileItem): PreviewedRow {
  const row = item.line;
  try {
    const parsed = parseItem(item);
    return parsed.type === "upsert" ? { row, mention: parsed.mention } : { row };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { row, rejection: error.message };
  }
}

function explain(
  config: FileConfig,
  file: SniffedFile,
  guess: MappingGuess,
  platformReason: string,
  preview: readonly PreviewedRow[],
): string {
  const written = [file.format, file.charset, file.isGzip ? "gzip" : ""].filter((word) => word !== "");
  const separated =
    config.delimiter === undefined ? "" : `, cells separated by ${JSON.stringify(config.delimiter)}`;
  const scale = config.ratingMax === undefined ? "" : `, rated up to ${config.ratingMax}`;
  const lines = [`${file.path}: ${written.join(", ")}${separated}`];
  for (const { field, column, confidence, reason } of guess.fields) {
    lines.push(`  ${field.padEnd(16)} ${column}  (${confidence}: ${reason})`);
  }
  lines.push(`  ${"platform".padEnd(16)} ${config.platform}  (${platformReason})`);
  lines.push(`  ${"kind".padEnd(16)} ${config.kind ?? "post"}${scale}`);
  lines.push(`  ${"time zone".padEnd(16)} ${config.timezone}, for dates that name none`);
  if (guess.dateOrder?.isDecided === true) {
    lines.push(`  ${"date order".padEnd(16)} ${guess.dateOrder.dateOrder}  (${guess.dateOrder.reason})`);
  }
  if (guess.unused.length > 0)
    lines.push(`  ${"not used".padEnd(16)} ${guess.unused.join(", ").slice(0, 1_000)}`);
  for (const problem of guess.problems) lines.push(`Note: ${problem}`);
  for (const { row, mention, rejection } of preview) {
    lines.push(`Row ${row} becomes ${mention === undefined ? `nothing: ${rejection}` : describe(mention)}`);
  }
  return lines.map(escapeControls).join("\n");
}

function describe({ kind, publishedAt, rating, ratingMax, title, text }: MentionFields): string {
  const stars = typeof rating === "number" ? ` ${rating}/${ratingMax}` : "";
  const said = [title, text].filter((part) => part !== undefined && part !== "").join(" – ");
  return `a ${kind}${stars} of ${publishedAt}: ${said.length > 100 ? `${said.slice(0, 100)}…` : said}`;
}

/** A file's words must not be able to move the cursor of the terminal they are shown in. */
function escapeControls(line: string): string {
  return line
    .toWellFormed()
    .replace(/\p{C}/gu, (control) => `\\u{${(control.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Words by which a file's name or columns tell where its rows come from. */
const PLATFORM_SIGNS: readonly (readonly [string, RegExp, RegExp | undefined])[] = [
  ["x", /tweet|twitter/i, /^tweet(?:id|text|created|createdat)$|^retweetcount$|^userscreenname$/],
  ["google_play", /google[_ -]?play|play[_ -]?store/i, /^reviewsubmitmillissinceepoch$|^thumbsupcount$/],
  ["app_store", /app[_ -]?store|itunes/i, undefined],
  ["trustpilot", /trustpilot/i, /^reviewstars$|^businessunitid$/],
  ["zendesk", /zendesk/i, undefined],
  ["reddit", /reddit/i, /^subreddit$/],
  ["youtube", /youtube/i, undefined],
  ["amazon", /amazon/i, /^asin$/],
  ["survey", /survey|nps|typeform|umfrage|enqu[eê]te|encuesta/i, /^nps|^respondentid$|^networkid$/],
];

function guessPlatform(file: SniffedFile): { platform: string; reason: string } {
  const columns = file.header.map(plainName);
  for (const [platform, , sign] of PLATFORM_SIGNS) {
    const column = columns.findIndex((name) => sign?.test(name) ?? false);
    if (column >= 0) return { platform, reason: `by the column ${file.header[column]}` };
  }
  const name = basename(file.path);
  for (const [platform, sign] of PLATFORM_SIGNS) {
    if (sign.test(name)) return { platform, reason: "by the name of the file" };
  }
  return { platform: "file", reason: "nothing tells where these rows come from; say --platform NAME" };
}
