import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { createGunzip } from "node:zlib";
import { openEnriching } from "../cli/enriching.ts";
import { COLLECT_ALONE } from "../cli/thread-pool.ts";
import { chooseColumns, openRecords, UNDATED } from "../ingestors/file/index.ts";
import { corpus, SHARED_DATA } from "./corpus.ts";
import { context, openReaders, PAGE, readAll, signal } from "./read-mentions.ts";
import { asMention, textOf } from "./reading.ts";

const CORES = availableParallelism();
/** As many as the program starts: the main thread reads beside them. */
const THREADS = Math.max(1, CORES - 1);
const WARM_UP = 2_000;
const ROUNDS = 5;
const COLUMNS = ["main alone", `and ${THREADS} more`, "to alone"];
const READ_APART = new URL("read-apart.js", import.meta.url);

/** Prints how fast records and mentions are read in the main thread alone, with others beside it, and its longest turn. */
export async function benchReadingThreads(count: number): Promise<void> {
  const { name, rows } = await corpus();
  const sets: readonly (readonly [string, readonly string[], number])[] = [
    [name, rows.map(textOf), count],
    ["trustpilot.jsonl.gz", await textsOf("trustpilot.jsonl.gz", "text", count / 5), count / 5],
    ["cfpb.jsonl.gz", await textsOf("cfpb.jsonl.gz", "narrative", count / 20), count / 20],
  ];
  for (const [what, compare, columns] of [
    ["earshot enrich, records", compareRecords, COLUMNS],
    ["whole chain, mentions to rows of the store", compareMentions, [...COLUMNS, "apart"]],
  ] as const) {
    printHead(what, columns);
    for (const [set, texts, some] of sets) if (texts.length > 0) await compare(set, texts, some);
  }
  await measureTurns();
}

/** The first texts of a set; none where it is not there. */
async function textsOf(file: string, field: string, count: number): Promise<string[]> {
  const path = resolve(SHARED_DATA, file);
  const texts: string[] = [];
  if (!existsSync(path)) return texts;
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const text = (JSON.parse(line) as Record<string, unknown>)[field];
    if (typeof text === "string" && text !== "") texts.push(text);
    if (texts.length >= count) break;
  }
  return texts;
}

function printHead(what: string, columns: readonly string[]): void {
  process.stdout.write(`${what} per second of wall-clock time, ${CORES} cores\n`);
  process.stdout.write(`${"".padEnd(44)}${columns.map((name) => name.padStart(12)).join("")}\n`);
}

/** From JSON lines as they stand in a file to the lines that answer them, like {@link compareMentions}. */
async function compareRecords(name: string, texts: readonly string[], count: number): Promise<void> {
  const lines = texts.map((text) => `${JSON.stringify({ text })}\n`);
  async function* bytes(records: number): AsyncGenerator<Buffer> {
    for (let from = 0; from < records; from += PAGE) {
      const length = Math.min(PAGE, records - from);
      const page = Array.from({ length }, (_, index) => lines[(from + index) % lines.length]);
      yield Buffer.from(page.join(""));
    }
  }
  const openLines = (records: number) =>
    openRecords({ name, bytes: bytes(records), isSlow: false }, { format: "jsonl", hasColumns: true });
  const named = { columns: { text: "text" }, publishedAt: UNDATED };
  const columns = chooseColumns(await openLines(WARM_UP), name, named);
  const enrichings = [0, THREADS].map((threads) =>
    openEnriching(
      { columns, withText: false },
      { config: { aspects: {}, reading: { threads } }, context, signal },
    ),
  );
  const runs = enrichings.map((enriching) => async (records: number) => {
    const { cuts } = await openLines(records);
    for await (const { failed } of enriching.answer(cuts))
      if (failed > 0) throw new Error(`${failed} records were not read`);
  });
  await compareRuns(labelOf(name, texts, count), runs, count);
  for (const enriching of enrichings) await enriching.close();
}

/** Each in turn, several times over, so that what else the machine does meets all of them. */
async function compareMentions(name: string, texts: readonly string[], count: number): Promise<void> {
  const mentions = texts.map((text, index) => asMention(text, index));
  const [here, inThreads] = [openReaders(0), openReaders(THREADS)];
  const apart = Array.from({ length: THREADS }, () => new Worker(READ_APART, { workerData: texts }));
  const runs = [
    ...[here, inThreads].map((reading) => (some: number) => readAll(reading, mentions, some)),
    // what this machine has to give: as many threads, each with a share of its own
    async (some: number) => {
      const share = Math.ceil(some / (THREADS + 1));
      const others = apart.map((thread) => once(thread, "message"));
      for (const thread of apart) thread.postMessage(share);
      await Promise.all([readAll(here, mentions, share), ...others]);
    },
  ];
  await compareRuns(labelOf(name, texts, count), runs, count);
  await Promise.all([here.close(), inThreads.close(), ...apart.map((thread) => thread.terminate())]);
}

function labelOf(name: string, texts: readonly string[], count: number): string {
  const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  return `${name}, ${count} of ${length.toFixed(0)} characters`;
}

/** The main thread alone, then with others; then, if there is a third, as many threads that share nothing. */
async function compareRuns(
  label: string,
  runs: readonly ((count: number) => Promise<void>)[],
  count: number,
): Promise<void> {
  // each thread compiles what it runs for itself, and for its first 10,000 tweets or so takes twice as long
  for (const run of runs) await run(count);
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const perSecond: number[] = [];
    for (const run of runs) {
      // what a program without threads has, and what threads turn off for all of it
      setFlagsFromString(run === runs[0] ? "--parallel-scavenge" : COLLECT_ALONE);
      const started = performance.now();
      await run(count);
      perSecond.push((count / (performance.now() - started)) * 1_000);
    }
    rounds.push(perSecond);
  }
  const median = (of: (rates: readonly number[]) => number) =>
    rounds.map(of).sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
  const rate = (at: number) => median((rates) => rates[at] ?? 0).toFixed(0);
  const toAlone = (at: number) => `${median((rates) => (rates[at] ?? 0) / (rates[0] ?? 1)).toFixed(2)}×`;
  const cells = [rate(0), rate(1), toAlone(1), ...(runs.length > 2 ? [toAlone(2)] : [])];
  process.stdout.write(`${label.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
}

/** The longest that one text holds the event loop which reads it, in processor time: the worst of several readings. */
async function measureTurns(): Promise<void> {
  const texts = {
    "100 kB of one letter": "a".repeat(100_000),
    "100 kB of one quote": "'".repeat(100_000),
    "100 kB of emoji": "😡".repeat(50_000),
    "100 kB of words": "the parcel never arrived and nobody answers, why? ".repeat(2_000),
  };
  const here = openReaders(0);
  const { rows } = await corpus();
  await readAll(
    here,
    rows.slice(0, WARM_UP).map((row, index) => asMention(textOf(row), index)),
    WARM_UP,
  );
  process.stdout.write("\nlongest turn of the loop that reads one text, ms of processor time\n");
  for (const [name, text] of Object.entries(texts)) {
    let longest = 0;
    for (let round = 0; round < 5; round++) {
      let isDone = false;
      const reading = here.chain.run([asMention(text)], signal).finally(() => (isDone = true));
      while (!isDone) {
        const before = process.cpuUsage();
        await nextTurn();
        const { user, system } = process.cpuUsage(before);
        longest = Math.max(longest, (user + system) / 1_000);
      }
      await reading;
    }
    process.stdout.write(`${name.padEnd(44)}${longest.toFixed(1).padStart(12)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchReadingThreads(Number(process.argv[2] ?? 20_000));
}
