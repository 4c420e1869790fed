import { createReadStream, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";
import { openReading, type Reading } from "../cli/reading-pool.ts";
import type { Context } from "../core/context.ts";
import type { Mention } from "../schemas/mention.ts";
import { corpus, SHARED_DATA } from "./corpus.ts";
import { asMention, textOf } from "./reading.ts";

const { signal } = new AbortController();
const context: Context = { now: () => new Date(), log: console, observe: () => {} };
const CORES = availableParallelism();
/** As many as the program starts: the main thread reads beside them. */
const THREADS = Math.max(1, CORES - 1);
/** As an import hands mentions on: pages of so many, two at a time. */
const PAGE = 2_000;
const WARM_UP = 2_000;
const ROUNDS = 3;

/** Prints how fast the whole chain reads in the main thread alone, with others beside it, and its longest turn. */
export async function benchReadingThreads(count: number): Promise<void> {
  process.stdout.write(`whole chain, mentions per second of wall-clock time, ${CORES} cores\n`);
  const columns = ["main alone", `and ${THREADS} more`, "to alone"];
  process.stdout.write(`${"".padEnd(44)}${columns.map((name) => name.padStart(12)).join("")}\n`);
  const { name, rows } = await corpus();
  await compare(name, rows.map(textOf), count);
  await compareFile("trustpilot.jsonl.gz", "text", count / 5);
  await compareFile("cfpb.jsonl.gz", "narrative", count / 20);
  await measureTurns();
}

async function compareFile(file: string, field: string, count: number): Promise<void> {
  const path = resolve(SHARED_DATA, file);
  if (!existsSync(path)) return;
  const texts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const text = (JSON.parse(line) as Record<string, unknown>)[field];
    if (typeof text === "string" && text !== "") texts.push(text);
    if (texts.length >= count) break;
  }
  await compare(file, texts, count);
}

/** Each in turn, several times over, so that what else the machine does meets all of them. */
async function compare(name: string, texts: readonly string[], count: number): Promise<void> {
  const mentions = texts.map((text, index) => asMention(text, index));
  const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const readings = [0, THREADS].map((threads) => ({ reading: open(threads), best: 0 }));
  for (const { reading } of readings) await timeOf(reading, mentions, WARM_UP * CORES);
  for (let round = 0; round < ROUNDS; round++) {
    for (const entry of readings) {
      entry.best = Math.max(entry.best, count / (await timeOf(entry.reading, mentions, count)));
    }
  }
  for (const { reading } of readings) await reading.close();
  const [alone = 0, all = 0] = readings.map(({ best }) => best);
  const cells = [alone.toFixed(0), all.toFixed(0), `${(all / alone).toFixed(2)}×`];
  const label = `${name}, ${count} of ${length.toFixed(0)} characters`;
  process.stdout.write(`${label.padEnd(44)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
}

function open(threads: number): Reading {
  return openReading({ aspects: {}, reading: { threads } }, context);
}

/** Seconds it takes to read `count` mentions, repeating those given. */
async function timeOf(reading: Reading, mentions: readonly Mention[], count: number): Promise<number> {
  const started = performance.now();
  const inFlight: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += PAGE) {
    const page: Mention[] = [];
    for (let index = from; index < Math.min(count, from + PAGE); index++) {
      const mention = mentions[index % mentions.length];
      if (mention !== undefined) page.push(mention);
    }
    inFlight.push(reading.chain.run(page, signal));
    if (inFlight.length >= 2) await inFlight.shift();
  }
  await Promise.all(inFlight);
  return (performance.now() - started) / 1_000;
}

/** The longest that one text holds the event loop which reads it, in processor time: the worst of several readings. */
async function measureTurns(): Promise<void> {
  const texts = {
    "100 kB of one letter": "a".repeat(100_000),
    "100 kB of one quote": "'".repeat(100_000),
    "100 kB of emoji": "😡".repeat(50_000),
    "100 kB of words": "the parcel never arrived and nobody answers, why? ".repeat(2_000),
  };
  const here = open(0);
  const { rows } = await corpus();
  await timeOf(
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
  await benchReadingThreads(Number(process.argv[2] ?? 100_000));
}
