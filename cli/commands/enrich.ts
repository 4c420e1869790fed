import { once } from "node:events";
import { addAbortSignal } from "node:stream";
import { Option, type Command } from "commander";
import type { Chain } from "../../core/chain.ts";
import { EarshotError } from "../../core/errors.ts";
import { cutText, toMention } from "../../core/mention.ts";
import { toReading, versionOf, type ChainAdds } from "../../core/process.ts";
import {
  FILE_FORMATS,
  openRecords,
  planRecords,
  readStored,
  type ByteSource,
  type OpenRecords,
  type RecordFormat,
  type RecordPlan,
} from "../../ingestors/file/index.ts";
import { MODEL_VERSION } from "../../processors/index.ts";
import { MAX_TEXT_LENGTH, type Mention } from "../../schemas/mention.ts";
import { openRuntime, type Runtime } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { inBatches } from "../in-batches.ts";
import { languageCodeOf } from "../language-codes.ts";
import { openReading } from "../reading-pool.ts";

interface EnrichOptions {
  readonly text?: string;
  readonly title?: string;
  readonly rating?: string;
  readonly ratingMax?: number;
  readonly lang?: string;
  readonly id?: string;
  readonly date?: string;
  readonly format: RecordFormat | "auto";
  readonly withText?: boolean;
}

/** Texts read together, and how long the first of them waits for the others, in milliseconds. */
const BATCH_SIZE = 500;
const PATIENCE_MS = 200;

/** Longest title of a mention, in UTF-16 units. */
const MAX_TITLE_LENGTH = 2_000;

export function addEnrich(program: Command): void {
  program
    .command("enrich")
    .summary("read texts and print what is found in them, one JSON line each; stores nothing")
    .description(
      "Reads JSON lines, JSON, CSV, TSV or plain lines (also .gz) and prints one JSON line per record, in their order: " +
        "language, sentiment, complaint, request, aspects and more. Needs no store and no config.",
    )
    .argument("<file>", "file to read; - is standard input, answered while it comes")
    .option("--text <field>", "field of the text; by default the first known by name: text, review, body, …")
    .option("--title <field>", "field of the title")
    .option("--rating <field>", "field of the rating given")
    .option("--rating-max <n>", "best possible rating: 5 for stars, 10 for NPS", toRatingMax)
    .option(
      "--lang <field>",
      "field of the language: a code or an English name; what it leaves open is detected",
    )
    .option("--id <field>", "field to print as id; by default a known one, else the number of the line")
    .option("--date <field>", "field of the date of publication, from which waiting times are told")
    .option("--with-text", "print the text too: as it was read, which is what spans are offsets into")
    .addOption(
      new Option("--format <format>", "how records are written")
        .choices(["auto", ...FILE_FORMATS, "lines"])
        .default("auto"),
    )
    .action(async (file: string, options: EnrichOptions, command: Command) => {
      await enrich(file, options, await openRuntime(command.optsWithGlobals<GlobalOptions>()));
    });
}

function toRatingMax(written: string): number {
  const max = Number(written);
  if (max > 0 && max < Infinity) return max;
  throw new EarshotError("request_invalid", `--rating-max ${written} is no number above 0; write it like 5.`);
}

/** @throws {EarshotError} config_invalid, source_unavailable; record_invalid when there were records nobody could read */
async function enrich(file: string, options: EnrichOptions, runtime: Runtime): Promise<void> {
  const { signal, context, config } = runtime;
  const name = file === "-" ? "Standard input" : file;
  const reading = openReading(config, context);
  try {
    const columns = columnsOf(options);
    const opened = await openRecords(sourceOf(file, name, signal), {
      format: options.format,
      hasColumns: Object.keys(columns).length > 0,
    });
    const plan = planRecords(opened, name, {
      columns,
      ratingMax: options.ratingMax,
      publishedAt: context.now().toISOString(),
    });
    const read = reader(plan, reading.chain, runtime, options.withText === true);
    const progress = progressLine(opened);
    let total = 0;
    let failed = 0;
    for await (const batch of inBatches(opened.records, BATCH_SIZE, PATIENCE_MS)) {
      signal.throwIfAborted();
      const lines = await read(batch);
      total += lines.length;
      failed += lines.filter((line) => "error" in line).length;
      await print(lines, signal);
      progress.update(total);
    }
    signal.throwIfAborted();
    progress.stop();
    if (failed === 0) return;
    throw new EarshotError(
      "record_invalid",
      `${failed} of ${total} records could not be read; their lines have an error instead of an answer.`,
    );
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  } finally {
    await reading.close();
  }
}

function columnsOf({ text, title, rating, lang, id, date }: EnrichOptions) {
  return {
    ...(text === undefined ? {} : { text }),
    ...(title === undefined ? {} : { title }),
    ...(rating === undefined ? {} : { rating }),
    ...(lang === undefined ? {} : { language: lang }),
    ...(id === undefined ? {} : { id }),
    ...(date === undefined ? {} : { publishedAt: date }),
  };
}

function sourceOf(file: string, name: string, signal: AbortSignal): ByteSource {
  if (file !== "-") return { name, bytes: readStored(file), isSlow: false };
  return { name, bytes: addAbortSignal(signal, process.stdin), isSlow: true };
}

type Records = readonly Parameters<RecordPlan["fieldsOf"]>[0][];

interface FailedLine {
  readonly id: string;
  readonly error: { readonly code: string; readonly message: string };
}

interface ReadLine extends Omit<ChainAdds, "languageConfidence" | "complaint" | "intent" | "readBy"> {
  readonly id: string;
  readonly complaint: ChainAdds["complaint"] & { readonly kind: ChainAdds["intent"] };
  readonly modelVersion: string;
  readonly text?: string;
}

/** Gives what answers a batch of records, line by line in their order. */
function reader(
  plan: RecordPlan,
  chain: Chain<Mention, Mention & ChainAdds>,
  { context, signal }: Runtime,
  withText: boolean,
): (records: Records) => Promise<(ReadLine | FailedLine)[]> {
  return async (records) => {
    const observedAt = context.now().toISOString();
    const ids = records.map((record) => plan.idOf(record));
    const mentions = records.map((record) => orError(() => mentionOf(record, plan, observedAt)));
    const readable = mentions.filter((mention): mention is Mention => !(mention instanceof EarshotError));
    const outcomes = await chain.run(readable, signal);
    let next = 0;
    return mentions.map((mention, index): ReadLine | FailedLine => {
      const id = ids[index] ?? "";
      if (mention instanceof EarshotError) return toFailedLine(id, mention);
      const outcome = outcomes[next++];
      if (outcome?.kind === "ok") return toLine(id, outcome.value, withText);
      const reason = outcome?.kind === "drop" ? outcome.reason : "no reader answered for it";
      return toFailedLine(
        id,
        outcome?.kind === "dead"
          ? outcome.error
          : new EarshotError("processor_failed", `Left out: ${reason}.`),
      );
    });
  };
}

function orError(make: () => Mention): Mention | EarshotError {
  try {
    return make();
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
}

/** The mention of a record, cleaned as every mention is; a text too long to store is cut, and one of no words may be. */
function mentionOf(record: Records[number], plan: RecordPlan, observedAt: string): Mention {
  const fields = plan.fieldsOf(record);
  const text = cutText(fields.text, MAX_TEXT_LENGTH);
  const mention = toMention(
    {
      ...fields,
      nativeId: String(record.line),
      // a mention says something; what is read of this one is nothing
      text: text === "" ? "-" : text,
      title: cutText(fields.title ?? "", MAX_TITLE_LENGTH),
      languageHint: languageCodeOf(fields.languageHint ?? ""),
    },
    { source: "file", trackers: [], observedAt },
  );
  return text === "" ? { ...mention, text } : mention;
}

function toLine(id: string, read: Mention & ChainAdds, withText: boolean): ReadLine {
  const found = toReading(read);
  return {
    id,
    language: found.language,
    sentiment: found.sentiment,
    complaint: { kind: found.intent, ...found.complaint },
    request: found.request,
    aspects: found.aspects,
    stage: found.stage,
    severity: found.severity,
    anger: found.anger,
    repetition: found.repetition,
    expectation: found.expectation,
    threats: found.threats,
    spam: found.spam,
    modelVersion: versionOf(MODEL_VERSION, found),
    ...(withText ? { text: read.text } : {}),
  };
}

function toFailedLine(id: string, { code, message }: EarshotError): FailedLine {
  return { id, error: { code, message } };
}

/** Resolves when whoever reads our output is ready for more. */
async function print(lines: readonly object[], signal: AbortSignal): Promise<void> {
  const isReady = process.stdout.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  if (!isReady) await once(process.stdout, "drain", { signal });
}

/** Tells on a terminal how far it is, where the terminal does not show the answers themselves. */
function progressLine({ state }: OpenRecords) {
  if (!process.stderr.isTTY || process.stdout.isTTY) return { update: () => {}, stop: () => {} };
  return {
    update(records: number) {
      const megabytes = (state.bytesRead / 1_000_000).toFixed(1);
      process.stderr.write(`\r${records.toLocaleString("en")} records, ${megabytes} MB read`);
    },
    stop: () => void process.stderr.write("\n"),
  };
}
