import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { addAbortSignal } from "node:stream";
import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import {
  cellValue,
  columnReader,
  openRecords,
  planRecords,
  readStored,
  UNDATED,
  type RecordPlan,
} from "../../ingestors/file/index.ts";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { openRuntime, type Runtime } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { mentionOf, toFailedLine, type FailedLine } from "../enrich-records.ts";
import { recordGrouper, type GroupedRecord, type Grouping } from "../group-records.ts";
import { meaningModelFile } from "../reading.ts";
import { readNotHeard } from "../read-not-heard.ts";
import { writeLines } from "../write-lines.ts";

interface GroupOptions {
  readonly text?: string;
  readonly title?: string;
  readonly id?: string;
  readonly author?: string;
  readonly time?: string;
  readonly channel?: string;
  readonly thread?: string;
  readonly repostOf?: string;
  readonly issue?: string;
  readonly coverage?: string;
  readonly asOf?: number;
  readonly issues?: string;
}

type Item = Parameters<RecordPlan["fieldsOf"]>[0];

export function addGroup(program: Command): void {
  program
    .command("group")
    .summary("put texts into issues and judge which recur; stores nothing")
    .description(
      "Reads records as enrich does and prints one JSON line per record, in their order: its issue, and how alike it " +
        "is to it. --issues writes what is said of each issue: title, quotes, people, days, verdict and why. Every " +
        "record gets an issue, complaint or not; records without text share none.",
    )
    .argument("<file>", "file to read; - is standard input")
    .option("--text <field>", "field of the text; by default the first known by name: text, review, body, …")
    .option("--title <field>", "field of the title")
    .option("--id <field>", "field to print as id; by default a known one, else the number of the line")
    .option("--author <field>", "field of who wrote it; who is not named counts as a person of their own")
    .option("--time <field>", "field of when it was published; without times there are no verdicts")
    .option("--channel <field>", "field of where it was said")
    .option("--thread <field>", "field of the conversation it belongs to")
    .option("--repost-of <field>", "field with the id of the record it passes on")
    .option("--issue <field>", "field of an issue it is known to belong to; such a record is not grouped")
    .option("--coverage <file>", "when nothing was heard: rows with hour (or from and to), state and source")
    .option("--as-of <time>", "the time to judge at; by default that of the last record", toTime)
    .option("--issues <file>", "where to write the issues, one JSON line each")
    .action(async (file: string, options: GroupOptions, command: Command) => {
      await group(file, options, await openRuntime(command.optsWithGlobals<GlobalOptions>()));
    });
}

function toTime(written: string): number {
  const at = Date.parse(written);
  if (!Number.isNaN(at)) return at;
  throw new EarshotError(
    "request_invalid",
    `--as-of ${written} is no time; write it like 2026-03-02T10:00:00Z.`,
  );
}

/** @throws {EarshotError} config_invalid, source_unavailable; record_invalid when there were records nobody could read */
async function group(file: string, options: GroupOptions, { signal }: Runtime): Promise<void> {
  const name = file === "-" ? "Standard input" : file;
  const bytes = file === "-" ? addAbortSignal(signal, process.stdin) : readStored(file);
  try {
    const opened = await openRecords(
      { name, bytes, isSlow: file === "-" },
      { format: "auto", hasColumns: options.text !== undefined },
    );
    const plan = planRecords(opened, name, { columns: columnsOf(options), publishedAt: UNDATED });
    const read = recordOf(plan, options);
    const grouper = recordGrouper(readMeaningModel(meaningModelFile), signal);
    /** The record of each line, or what is wrong with it. */
    const answers: (GroupedRecord | FailedLine)[] = [];
    for await (const items of opened.records) {
      signal.throwIfAborted();
      const records = items.map(read);
      answers.push(...records);
      await grouper.add(records.filter((record): record is GroupedRecord => !("error" in record)));
    }
    const heard = answers.filter((record): record is GroupedRecord => !("error" in record));
    const channels = new Set(heard.map(({ channel }) => channel));
    const notHeard = options.coverage === undefined ? [] : await readNotHeard(options.coverage, channels);
    const grouping = grouper.finish(options.asOf, notHeard);
    let next = 0;
    await writeLines(
      process.stdout,
      answers.map((answer) => ("error" in answer ? answer : grouping.lines[next++])),
      signal,
    );
    if (options.issues !== undefined) await writeIssues(options.issues, grouping, signal);
    const failed = answers.filter((answer): answer is FailedLine => "error" in answer);
    if (failed[0] === undefined) return;
    const { line, message } = failed[0].error;
    throw new EarshotError(
      "record_invalid",
      `${failed.length} of ${answers.length} records could not be read; their lines have an error instead of an issue. ` +
        `The first is line ${line}: ${message}`,
    );
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  }
}

function columnsOf({ text, title, id, time }: GroupOptions) {
  return {
    ...(text !== undefined && { text }),
    ...(title !== undefined && { title }),
    ...(id !== undefined && { id }),
    ...(time !== undefined && { publishedAt: time }),
  };
}

/** Gives what reads one record. A time that cannot be read is no reason to leave a voice out. */
function recordOf(plan: RecordPlan, options: GroupOptions) {
  const reader = (field: string | undefined) => {
    if (field === undefined) return () => undefined;
    const read = columnReader(field);
    return ({ record }: Item): string | undefined =>
      (record === undefined ? "" : cellValue(read(record))) || undefined;
  };
  const [author, channel, thread, repostOf, issue] = [
    reader(options.author),
    reader(options.channel),
    reader(options.thread),
    reader(options.repostOf),
    reader(options.issue),
  ];
  return (item: Item): GroupedRecord | FailedLine => {
    const id = plan.idOf(item);
    try {
      const mention = mentionOf(item, plan, AFTER_ALL);
      return {
        id,
        mention,
        at: mention.publishedAt === "" ? undefined : Date.parse(mention.publishedAt),
        author: author(item),
        channel: channel(item) ?? "file",
        thread: thread(item),
        repostOf: repostOf(item),
        issue: issue(item),
      };
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      return toFailedLine(id, item.line, error);
    }
  };
}

/** Nothing said in a file is too late to be judged: streams are tried out in other times, too. */
const AFTER_ALL = "2299-12-31T00:00:00.000Z";

async function writeIssues(file: string, { issues }: Grouping, signal: AbortSignal): Promise<void> {
  const target = createWriteStream(file);
  try {
    await writeLines(target, issues, signal);
    target.end();
    await finished(target);
  } catch (error) {
    throw new EarshotError(
      "config_invalid",
      `The issues cannot be written to ${file}; name another with --issues.`,
      {
        cause: error,
      },
    );
  }
}
