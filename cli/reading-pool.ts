import { setImmediate as nextTurn } from "node:timers/promises";
import { runStep } from "../core/chain.ts";
import type { Context } from "../core/context.ts";
import type { Outcome, Processor } from "../core/contracts.ts";
import type { ChainAdds, MentionReader } from "../core/process.ts";
import { toReadMention } from "../processors/read-mention.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { programFile } from "./package.ts";
import { readPart, readRows, type WrittenRow } from "./read-part.ts";
import { readersHere, threadsOf, type ReadChain, type ReadingConfig } from "./reading-here.ts";
import { packPart, unpackOutcomes, unpackRows, type Packed, type ReadTask } from "./reading-messages.ts";
import { MOST_AHEAD, openThreads } from "./thread-pool.ts";

/** Reads mentions, few of them in this thread and many in others too. All sources of a program share one. */
export interface Reading {
  /** What the chain of processors adds, less what its steps hand on to each other. */
  readonly chain: MentionReader<ChainAdds>;
  /** The rows that mentions become: to write them is left to whoever read them, and they are handed over as they are. */
  readonly rows: MentionReader<WrittenRow>;
  /** Ends all threads. Idempotent; what is still being read fails with sink_unavailable. */
  close(): Promise<void>;
}

/**
 * What is read in one piece, in characters: about 40 posts, 5 ms of work, as long as answers of threads may have to wait
 * for this one. Pieces half as large cost 7 % more processor time. Of pieces twice as large so much is in use
 * whenever the garbage collector looks that its own threads take three times as long, from those that read.
 */
const PART_WEIGHT = 6_000;
/** Less than this, in characters, is not worth another thread. */
const LEAST_SHARED = 5_000;
/** What a mention costs whatever its length, in characters. */
const BASE_WEIGHT = 40;

/** What a thread runs: always the built program, since Node reads no TypeScript. */
const WORKER = programFile("reading-worker");

/**
 * Opens the reading of mentions in threads. Cheap: models are loaded and threads started when first needed, and an
 * idle thread keeps no process alive.
 *
 * Reading fails with sink_unavailable, which is retried, when threads end on a part; others take their place. An abort
 * ends all threads at once, and what they read for others is read again.
 * @param worker module that threads run instead of the readers, for tests
 */
export function openReading(config: ReadingConfig, context: Context, worker = WORKER): Reading {
  const threads = threadsOf(config);
  const readers = readersHere(config, context);
  const workerData = { aspects: config.aspects };
  const pool = openThreads<ReadTask, Packed>({ threads, worker, workerData, context });

  function sharing<Read extends object>(way: WayToRead<Read>): MentionReader<Read> {
    const step: Processor<Mention, Read> = {
      name: "read",
      async process(batch, signal) {
        const at = context.now().toISOString();
        const parts = partsOf(batch);
        const weight = batch.reduce((sum, mention) => sum + weightOf(mention), 0);
        const here: PartReader<Read> = async (part) => way.read(await readers(), part, at, signal);
        if (threads === 0 || weight < LEAST_SHARED) return inTurn(parts, here);
        const letGo = pool.endOn(signal);
        try {
          return await shareOut(parts, threads, {
            inThread: async (part) => way.unpack(await pool.ask(way.taskOf(part, at), signal)),
            async here(part) {
              await nextTurn();
              signal.throwIfAborted();
              return here(part);
            },
          });
        } finally {
          letGo();
        }
      },
    };
    return { run: async (batch, signal) => (batch.length === 0 ? [] : runStep(step, batch, signal)) };
  }

  return { chain: sharing(TO_READINGS), rows: sharing(TO_ROWS), close: () => pool.close() };
}

/** What mentions are read to, in this thread and in others. */
interface WayToRead<Read> {
  read(chain: ReadChain, part: Part, at: Timestamp, signal: AbortSignal): Promise<Outcome<Read>[]>;
  taskOf(part: Part, at: Timestamp): ReadTask;
  unpack(answer: Packed): Outcome<Read>[];
}

const TO_READINGS: WayToRead<ChainAdds> = {
  read: (chain, part, _, signal) => readPart(chain, part.map(toReadMention), signal),
  taskOf: (part) => ({ give: "readings", part: packPart(part.map(toReadMention)) }),
  unpack: unpackOutcomes,
};

const TO_ROWS: WayToRead<WrittenRow> = {
  read: readRows,
  taskOf: (part, at) => ({ give: "rows", part: packPart(part), at }),
  unpack: unpackRows,
};

type Part = readonly Mention[];
type PartReader<Read> = (part: Part) => Promise<Outcome<Read>[]>;

async function inTurn<Read>(parts: readonly Part[], read: PartReader<Read>): Promise<Outcome<Read>[]> {
  const outcomes: Outcome<Read>[] = [];
  for (const part of parts) outcomes.push(...(await read(part)));
  return outcomes;
}

/**
 * Lets readers take parts until there are none left: each thread several ahead, but for the last ones, so that all are
 * done together, and this thread one by one. Outcomes are in order.
 */
async function shareOut<Read>(
  parts: readonly Part[],
  threads: number,
  { inThread, here }: { readonly inThread: PartReader<Read>; readonly here: PartReader<Read> },
): Promise<Outcome<Read>[]> {
  const read: Outcome<Read>[][] = [];
  let next = 0;
  async function takeParts(reader: PartReader<Read>, ahead: number): Promise<void> {
    while (parts.length - next > ahead * (threads + 1)) {
      const at = next++;
      try {
        read[at] = await reader(parts[at] ?? []);
      } catch (error) {
        next = parts.length;
        throw error;
      }
    }
  }
  const taking: Promise<void>[] = [];
  for (let ahead = 0; ahead < MOST_AHEAD; ahead++)
    for (let thread = 0; thread < threads; thread++) taking.push(takeParts(inThread, ahead));
  await Promise.all([...taking, takeParts(here, 0)]);
  return read.flat();
}

function weightOf({ text, title }: Mention): number {
  return BASE_WEIGHT + text.length + title.length;
}

/** The batch in order, in parts that are read in one piece. */
function partsOf(batch: readonly Mention[]): Mention[][] {
  const parts: Mention[][] = [];
  let weight = Infinity;
  for (const mention of batch) {
    if (weight >= PART_WEIGHT) {
      parts.push([]);
      weight = 0;
    }
    parts.at(-1)?.push(mention);
    weight += weightOf(mention);
  }
  return parts;
}
