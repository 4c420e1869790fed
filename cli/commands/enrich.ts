import { addAbortSignal } from "node:stream";
import { Option, type Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import {
  chooseColumns,
  FILE_FORMATS,
  openRecords,
  readStored,
  UNDATED,
  type ByteSource,
  type OpenRecords,
  type RecordFormat,
} from "../../ingestors/file/index.ts";
import { openRuntime, type Runtime } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import type { FailedLine } from "../enrich-records.ts";
import { openEnriching } from "../enriching.ts";
import { learnFrom, trialOf } from "../own-categories.ts";
import { writeText } from "../write-lines.ts";

interface EnrichOptions {
  readonly text?: string;
  readonly title?: string;
  readonly rating?: string;
  readonly ratingMax?: number;
  readonly lang?: string;
  readonly id?: string;
  readonly date?: string;
  readonly format: RecordFormat | "auto";
  readonly categories?: string;
  readonly category: string;
  readonly withText?: boolean;
}

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
    .option(
      "--date <field>",
      'field of the date of publication; without it "since 3 March" is a wait of no known length',
    )
    .option(
      "--categories <file>",
      "texts that people put into categories of your own: each record is put into one, as they teach",
    )
    .option("--category <field>", "field of the category in that file", "category")
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
  const { signal } = runtime;
  try {
    await answerAll(file, options, runtime);
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  }
}

async function answerAll(file: string, options: EnrichOptions, runtime: Runtime): Promise<void> {
  const { signal } = runtime;
  const name = file === "-" ? "Standard input" : file;
  const columns = columnsOf(options);
  const opened = await openRecords(sourceOf(file, name, signal), {
    format: options.format,
    hasColumns: Object.keys(columns).length > 0,
  });
  const plan = {
    columns: chooseColumns(opened, name, { columns, ratingMax: options.ratingMax, publishedAt: UNDATED }),
    withText: options.withText === true,
    ...(await ownCategories(options)),
  };
  const enriching = openEnriching(plan, runtime);
  const progress = progressLine(opened);
  let total = 0;
  let failures = 0;
  let first: FailedLine | undefined;
  try {
    for await (const { text, records, failed, firstFailed } of enriching.answer(opened.cuts)) {
      await writeText(process.stdout, text, signal);
      total += records;
      failures += failed;
      first ??= firstFailed;
      progress.update(total);
    }
  } finally {
    await enriching.close();
  }
  signal.throwIfAborted();
  progress.stop();
  if (first === undefined) return;
  const { error } = first;
  throw new EarshotError(
    "record_invalid",
    `${failures} of ${total} records could not be read; their lines have an error instead of an answer. ` +
      `The first is ${opened.format === "json" ? "item" : "line"} ${error.line}: ${error.message}`,
  );
}

/** Learned before anything is read; how well they are told goes beside the answers. */
async function ownCategories({ categories: file, category, text }: EnrichOptions) {
  if (file === undefined) return {};
  const categories = await learnFrom(file, category, text);
  process.stderr.write(trialOf(categories));
  return { categories };
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
