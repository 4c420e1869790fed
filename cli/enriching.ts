import { setImmediate as nextTurn } from "node:timers/promises";
import { pMapIterable } from "p-map";
import { retrying } from "../core/retry.ts";
import type { CutRecords } from "../ingestors/file/index.ts";
import type { Runtime } from "./app.ts";
import { recordReader, type AnswerPlan, type Answers } from "./enrich-records.ts";
import { inBatches } from "./in-batches.ts";
import { programFile } from "./package.ts";
import { isAsking, readersHere, threadsOf, type ReadingConfig } from "./reading-here.ts";
import { MOST_AHEAD, openThreads } from "./thread-pool.ts";

/** What a thread that answers records is to know at its start. */
export interface EnrichTask extends AnswerPlan, Pick<ReadingConfig, "aspects"> {}

export interface EnrichRuntime extends Pick<Runtime, "context" | "signal"> {
  readonly config: ReadingConfig;
}

/** Answers records in this thread and others: all that is done for a record is done in one of them. */
export interface Enriching {
  /**
   * Answers in the order of the records, a few of them together.
   * @throws {EarshotError} sink_unavailable when threads end on the same ones again and again
   */
  answer(cuts: AsyncIterable<CutRecords>): AsyncIterable<Answers>;
  /** Ends all threads. Idempotent. */
  close(): Promise<void>;
}

/**
 * What is read in one piece, in characters as they are written: about 25 posts, 4 ms of work. Of larger pieces more is in
 * use whenever the garbage collector looks: twice as large, they take a tenth more processor time in two threads.
 */
const PART_WEIGHT = 4_000;
/** The same where a language model is asked, so that its requests are full. */
const ASKED_WEIGHT = 16_000;
/** What a record costs whatever its length, in characters. */
const BASE_WEIGHT = 40;
/** How long the first record of a part waits for the others, in milliseconds. */
const PATIENCE_MS = 200;
/** A thread that ends is tried again so often; a text that ends every thread must not hold the others for ever. */
const MOST_ATTEMPTS = 3;
/** Parts that this thread reads side by side: more where a language model is asked, which takes its time. */
const MOST_HERE = 1;
const MOST_ASKED = 2;
/** Parts answered before it is their turn, so often as are worked on. */
const MOST_WAITING = 4;

/** What a thread runs: always the built program, since Node reads no TypeScript. */
const WORKER = programFile("enrich-worker");

/**
 * Opens the answering of records. Threads are started once there is a part while this one is at another.
 * @param worker module that threads run instead, for tests
 */
export function openEnriching(
  plan: AnswerPlan,
  { config, context, signal }: EnrichRuntime,
  worker = WORKER,
): Enriching {
  const threads = threadsOf(config);
  const workerData: EnrichTask = { ...plan, aspects: config.aspects };
  const pool = openThreads<CutRecords, Answers>({ threads, worker, workerData, context });
  const readers = readersHere(config, context);
  const readHere = recordReader(plan, async (mentions) => (await readers()).run(mentions, signal), {
    now: () => context.now(),
    signal,
  });
  const options = { what: "read records", maxAttempts: MOST_ATTEMPTS };
  const retried = (read: () => Promise<Answers>) => retrying(read, options, signal, context);
  const mostHere = isAsking(config) ? MOST_ASKED : MOST_HERE;
  const size = isAsking(config) ? ASKED_WEIGHT : PART_WEIGHT;
  const concurrency = mostHere + threads * MOST_AHEAD;
  let here = 0;

  async function answerPart(part: CutRecords): Promise<Answers> {
    if (here === mostHere) return retried(() => pool.ask(part, signal));
    here++;
    try {
      await nextTurn();
      signal.throwIfAborted();
      return await retried(() => readHere(part));
    } finally {
      here--;
    }
  }

  return {
    async *answer(cuts) {
      const letGo = pool.endOn(signal);
      try {
        const limits = { concurrency, backpressure: MOST_WAITING * concurrency };
        yield* pMapIterable(partsOf(cuts, size), answerPart, limits);
      } finally {
        letGo();
      }
    },
    close: () => pool.close(),
  };
}

/** Records as they are cut out, in parts that are read in one piece. */
async function* partsOf(cuts: AsyncIterable<CutRecords>, size: number): AsyncGenerator<CutRecords> {
  let header: readonly string[] = [];
  async function* groups(): AsyncGenerator<CutRecords["records"]> {
    for await (const cut of cuts) {
      header = cut.header;
      yield cut.records;
    }
  }
  const weightOf = ({ text }: CutRecords["records"][number]) => BASE_WEIGHT + text.length;
  for await (const records of inBatches(groups(), { size, weightOf, patienceMs: PATIENCE_MS }))
    yield { header, records };
}
