import { setMaxListeners } from "node:events";
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Piscina } from "piscina";
import { runStep, type Chain } from "../core/chain.ts";
import type { Config } from "../core/config.ts";
import type { Context } from "../core/context.ts";
import type { Outcome, Processor } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import type { ChainAdds, MentionReader } from "../core/process.ts";
import { toReadMention, type ReadMention } from "../processors/read-mention.ts";
import type { Mention } from "../schemas/mention.ts";
import { programFile } from "./package.ts";
import { readPart } from "./read-part.ts";
import { outcomesOf, packPart, type Answer, type Packed } from "./reading-messages.ts";

/** Reads mentions, few of them in this thread and many in others too. All sources of a program share one. */
export interface Reading {
  /** What the chain of processors adds, less what its steps hand on to each other. */
  readonly chain: MentionReader;
  /** Ends all threads. Idempotent; what is still being read fails with sink_unavailable. */
  close(): Promise<void>;
}

export type ReadingConfig = Pick<Config, "aspects" | "reading">;

/**
 * What is read in one piece, in characters: about 40 posts, 5 ms of work, as long as a thread that asks for more may
 * have to wait for this one. Pieces half as large cost 7 % more processor time. Of pieces twice as large so much is in use
 * whenever the garbage collector looks that its own threads take three times as long, from those that read.
 */
const PART_WEIGHT = 6_000;
/** Most parts a thread is handed at a time. */
const PARTS_PER_THREAD = 8;
/** Less than this, in characters, is not worth another thread. */
const LEAST_SHARED = 5_000;
/** What a mention costs whatever its length, in characters. */
const BASE_WEIGHT = 40;

/** A thread that would need more has gone astray, and ends alone instead of with the whole process. */
const MAX_HEAP_MB = 512;
/** How long a thread without work is kept, in ms. One of them always is. */
const IDLE_MS = 30_000;

/** What a thread runs: always the built program, since Node reads no TypeScript. */
const WORKER = programFile("reading-worker");

/**
 * Opens the reading of mentions in threads. Cheap: models are loaded and threads started when first needed, and an
 * idle thread keeps no process alive.
 *
 * The chain fails with sink_unavailable, which is retried, when a thread ends before it has answered; another takes its
 * place. An abort ends the threads that read for it at once.
 * @param worker module that threads run instead of the readers, for tests
 */
export function openReading(config: ReadingConfig, context: Context, worker = WORKER): Reading {
  const { aspects, reading } = config;
  // a language model is slower than any thread, and its budget and memory are held once
  const isAsking = reading.stronger?.endpoint !== undefined;
  const threads = isAsking ? 0 : (reading.threads ?? Math.max(1, availableParallelism() - 1));
  const readHere = readingHere(config, context);
  const pool = openPool(threads, worker, { aspects }, context);
  const step: Processor<Mention, ChainAdds> = {
    name: "read",
    async process(batch, signal) {
      const parts = partsOf(batch);
      const weight = batch.reduce((sum, mention) => sum + weightOf(mention), 0);
      if (threads === 0 || weight < LEAST_SHARED) return readHere(parts, signal);
      const following = follow(signal);
      try {
        const inThread: Reader = (some) => pool.read(some, following.signal);
        const here: Reader = async (some) => {
          await nextTurn();
          following.signal.throwIfAborted();
          return readHere(some, following.signal);
        };
        return await shareOut(
          parts,
          Array.from({ length: threads }, () => inThread),
          here,
        );
      } finally {
        following.stop();
      }
    },
  };
  return {
    chain: { run: async (batch, signal) => (batch.length === 0 ? [] : runStep(step, batch, signal)) },
    close: () => pool.close(),
  };
}

function readingHere({ aspects, reading }: ReadingConfig, context: Context) {
  let opened: Promise<Chain<ReadMention, ReadMention & ChainAdds>> | undefined;

  async function open() {
    // the readers are large, and a command that reads nothing should not wait for them
    const { openReadChain } = await import("./reading.ts");
    const { stronger } = reading;
    if (stronger === undefined) return openReadChain({ aspects });
    return openReadChain({ aspects }, { config: stronger, context, aspectNames: Object.keys(aspects) });
  }

  return async (parts: Parts, signal: AbortSignal) => {
    const chain = await (opened ??= open());
    const read: Outcome<ChainAdds>[] = [];
    for (const part of parts) read.push(...(await readPart(chain, part, signal)));
    return read;
  };
}

type Parts = readonly (readonly ReadMention[])[];
type Reader = (parts: Parts) => Promise<Outcome<ChainAdds>[]>;

/**
 * Lets readers take parts until there are none left: threads several at a time and ever fewer of them, so that all are
 * done together, and this thread one, so that it soon has more for the others. Outcomes are in order.
 */
async function shareOut(
  parts: Parts,
  threads: readonly Reader[],
  here: Reader,
): Promise<Outcome<ChainAdds>[]> {
  const read: Outcome<ChainAdds>[][] = [];
  let next = 0;
  async function takeParts(reader: Reader, most: number): Promise<void> {
    while (next < parts.length) {
      const at = next;
      next += Math.min(most, Math.ceil((parts.length - at) / (2 * threads.length + 2)));
      try {
        read[at] = await reader(parts.slice(at, next));
      } catch (error) {
        next = parts.length;
        throw error;
      }
    }
  }
  await Promise.all([...threads.map((thread) => takeParts(thread, PARTS_PER_THREAD)), takeParts(here, 1)]);
  return read.flat();
}

function weightOf({ text, title }: Mention): number {
  return BASE_WEIGHT + text.length + title.length;
}

/** The batch in order, in parts that are read in one piece. */
function partsOf(batch: readonly Mention[]): ReadMention[][] {
  const parts: ReadMention[][] = [];
  let weight = Infinity;
  for (const mention of batch) {
    if (weight >= PART_WEIGHT) {
      parts.push([]);
      weight = 0;
    }
    parts.at(-1)?.push(toReadMention(mention));
    weight += weightOf(mention);
  }
  return parts;
}

/** A signal that aborts with another, and may have as many listeners as a batch has parts. */
function follow(signal: AbortSignal) {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return { signal: controller.signal, stop: () => signal.removeEventListener("abort", abort) };
}

type Threads = Piscina<readonly Packed[], Answer>;

function openPool(maxThreads: number, filename: string, workerData: object, context: Context) {
  let opened: Promise<Threads> | undefined;
  let closing: Promise<void> | undefined;

  async function open(): Promise<Threads> {
    const { Piscina: Pool } = await import("piscina");
    const pool: Threads = new Pool({
      filename,
      workerData,
      minThreads: 1,
      maxThreads,
      idleTimeout: IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      stricterFIFO: true,
      recordTiming: false,
    });
    // a thread that ended with nothing to do, such as one that could not start
    pool.on("error", (error: unknown) => {
      context.log.warn({ reason: reasonOf(error) }, "a reading thread ended");
      leaveIfDead(pool);
    });
    return pool;
  }

  /** Threads that fail when they start are not started again, and what waits for one would wait for ever. */
  function leaveIfDead(pool: Threads): void {
    if (pool.threads.length > 0) return;
    opened = undefined;
    void pool.destroy();
  }

  return {
    async read(parts: Parts, signal: AbortSignal): Promise<Outcome<ChainAdds>[]> {
      if (closing !== undefined) throw unread("the program is ending");
      const pool = await (opened ??= open());
      let answer: Answer;
      try {
        answer = await pool.run(parts.map(packPart), { signal });
      } catch (error) {
        leaveIfDead(pool);
        signal.throwIfAborted();
        throw unread(reasonOf(error), error);
      }
      return outcomesOf(answer);
    },
    close: () => (closing ??= opened?.then((pool) => pool.destroy()) ?? Promise.resolve()),
  };
}

function unread(reason: string, cause?: unknown): EarshotError {
  const message = `A reading thread ended before it had answered (${reason}); what it read is read again.`;
  return new EarshotError("sink_unavailable", message, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
