import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { MentionEvent } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { NO_LIMITS } from "./budget.ts";
import type { Budget, Gap, Ingestor, Page, Sink, TrackerQuery } from "./contracts.ts";
import type { OwnedCursor } from "./cursors.ts";
import { EarshotError } from "./errors.ts";
import { parseItems, type ParsedItems, type ParseOptions } from "./parse-items.ts";
import { retrying } from "./retry.ts";

export interface IngestOptions extends ParseOptions {
  /** Already accepted by `ingestor.config`. */
  readonly config: unknown;
  /** What to look for, where the platform can search. */
  readonly queries?: readonly TrackerQuery[];
  /** What may be spent; no limits when absent. */
  readonly budget?: Budget;
  readonly events: Sink<MentionEvent>;
  readonly deadLetters: Sink<DeadLetter>;
  /** Told of a stretch that may have been missed, before the cursor that lies behind it is saved. */
  readonly onGap?: (gap: Gap, signal: AbortSignal) => Promise<void>;
  /** Of the source; it owns it. */
  readonly cursor: OwnedCursor;
  /** Forget the saved cursor and start anew. */
  readonly fromStart?: boolean;
  /** Told after each page, and whether it moved the cursor: then everything up to here is durable. */
  readonly onProgress?: (progress: IngestProgress, isCheckpoint: boolean) => void | Promise<void>;
}

export interface IngestProgress {
  mentions: number;
  deletions: number;
  skipped: number;
  /** Mentions that belong to none of the source's trackers. */
  unmatched: number;
  deadLetters: number;
  /** 0..1 where the ingestor can tell. */
  progress: number | undefined;
  /** The platform asked not to be polled again before this time. */
  notBefore: Timestamp | undefined;
  /** Up to when a stream is heard, where that is not now. */
  upTo: Timestamp | undefined;
}

/**
 * Runs one poll of one source to its end: parse, write mention events, write dead letters, then save the cursor.
 * Writes that fail for a while are waited for; nothing is skipped and the cursor never runs ahead of what is durable.
 * @returns what was done
 * @throws {EarshotError} what the ingestor threw (source_*, cursor_lost, budget_spent), ownership_lost, sink_rejected
 */
export async function ingest(options: IngestOptions, signal: AbortSignal): Promise<IngestProgress> {
  const { ingestor, context, source } = options;
  const saved = await options.cursor.load(signal);
  const resumed = options.fromStart === true ? undefined : saved;
  const cursor = resumed === undefined ? undefined : readCursor(ingestor, source, resumed);
  const total: IngestProgress = {
    mentions: 0,
    deletions: 0,
    skipped: 0,
    unmatched: 0,
    deadLetters: 0,
    progress: undefined,
    notBefore: undefined,
    upTo: undefined,
  };

  const commit = async (page: Page<unknown>, parsed: ParsedItems, written: Promise<void>) => {
    await written;
    if (page.cursor !== undefined) await options.cursor.save(page.cursor, signal);
    count(total, page, parsed);
    await options.onProgress?.(total, page.cursor !== undefined);
  };

  let committed: Promise<void> = Promise.resolve();
  const inFlight: Promise<void>[] = [];
  try {
    const { config, queries = [], budget = NO_LIMITS } = options;
    const pages = ingestor.poll({ config, cursor, queries, budget, signal, context });
    for await (const page of asOfSource(pages)) {
      signal.throwIfAborted();
      const parsed = parseItems(options, page.items);
      const written = writePage(options, page, parsed, signal);
      written.catch(() => {});
      committed = committed.then(() => commit(page, parsed, written));
      committed.catch(() => {});
      inFlight.push(committed);
      if (inFlight.length >= PAGES_IN_FLIGHT) await inFlight.shift();
    }
    await committed;
  } catch (error) {
    // what is under way ends before the caller closes the sinks, and a failed write is the older cause
    await committed;
    throw error;
  }
  return total;
}

/** What is wrong with the config of one source stops that source, and not the program as a store's would. */
async function* asOfSource(pages: AsyncIterable<Page<unknown>>): AsyncGenerator<Page<unknown>, void> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof EarshotError) || error.code !== "config_invalid") throw error;
    throw new EarshotError("source_changed", error.message, { cause: error });
  }
}

/** While one page is being stored the next is read and processed; cursors are saved in order all the same. */
const PAGES_IN_FLIGHT = 2;

/** Resolves when everything of a page is durable. */
async function writePage(
  options: IngestOptions,
  page: Page<unknown>,
  parsed: ParsedItems,
  signal: AbortSignal,
) {
  await writeDurably(options, "mention events", options.events, parsed.events, signal);
  await writeDurably(options, "dead letters", options.deadLetters, parsed.dead, signal);
  if (page.gap !== undefined) await options.onGap?.(page.gap, signal);
}

function count(
  total: IngestProgress,
  page: Page<unknown>,
  { events, dead, skipped, unmatched }: ParsedItems,
): void {
  for (const event of events) {
    if (event.type === "upsert") total.mentions++;
    else total.deletions++;
  }
  total.skipped += skipped;
  total.unmatched += unmatched;
  total.deadLetters += dead.length;
  total.progress = page.progress ?? total.progress;
  total.notBefore = page.notBefore ?? total.notBefore;
  total.upTo = page.upTo ?? total.upTo;
}

function readCursor(ingestor: Ingestor, source: string, json: string): unknown {
  const parsed = ingestor.cursor.safeParse(JSON.parse(json));
  if (parsed.success) return parsed.data;
  throw new EarshotError(
    "cursor_lost",
    `The saved cursor of ${source} does not fit ${ingestor.name} any more; it starts anew.`,
    { cause: parsed.error },
  );
}

async function writeDurably<T>(
  options: IngestOptions,
  what: string,
  sink: Sink<T>,
  records: readonly T[],
  signal: AbortSignal,
): Promise<void> {
  if (records.length === 0) return;
  const label = { what: `write ${what} of ${options.source}` };
  await retrying(() => sink.write(records, signal), label, signal, options.context);
}
