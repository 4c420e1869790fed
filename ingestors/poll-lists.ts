import { createHash } from "node:crypto";
import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Gap, Page, TimeWindow } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { Timestamp } from "../schemas/primitives.ts";

const ListState = z.strictObject({
  seen: z.array(z.string()).describe("Marks of the entries met last, newest first."),
  newestAt: Timestamp.optional().describe("Time of the newest entry met."),
  readAt: Timestamp.describe("When it was last read without doubt."),
  count: z.int().nonnegative().describe("How many entries it had when it was last read to its end."),
});
type ListState = z.infer<typeof ListState>;

/** Where each of an app's lists was left. */
export const ListsCursor = z.strictObject({
  app: z.string().describe("A cursor is worth nothing for another app."),
  lists: z.record(z.string(), ListState),
});
export type ListsCursor = z.infer<typeof ListsCursor>;

/** One entry of a list, as far as telling what is new needs it. */
export interface ListEntry {
  /** As the ingestor yields it, with what came along (a reply). */
  readonly items: readonly unknown[];
  /** Absent when the entry cannot be read; it is then known by its content. */
  readonly id?: string | undefined;
  /** When it was written or last edited, ms since 1970. */
  readonly at?: number | undefined;
  /** What may change without an edit: votes, a reply. */
  readonly counters?: string;
}

/** A part of a list, newest first. An empty one ends it. */
export interface ListPage {
  readonly entries: readonly ListEntry[];
  /** On the last page there can be: why the list shows no more. */
  readonly limit?: string;
  /** Why there may be entries the list does not show. */
  readonly doubt?: string;
}

/** What {@link pollLists} polls. */
export interface Lists {
  readonly app: string;
  readonly names: readonly string[];
  /** How many entries of a list are remembered: more than a page. */
  readonly remembered: number;
  readonly cursor: ListsCursor | undefined;
  readonly context: Context;
  /** The pages of one list, asked for one by one; it is left as soon as an entry is known. */
  readonly read: (name: string) => AsyncIterable<ListPage>;
}

/** Once so many lists fail in a row, the rest would fail too. */
const MAX_FAILURES = 3;

/**
 * Polls lists that can only be read from their newest entry on, such as an app's reviews in each country: reads each
 * back to the first entry it knows unchanged, and yields what is new or changed. The list that was not read for longest
 * comes first. One that fails costs the others nothing; its error is thrown in the end.
 *
 * What may have been missed is a gap: nothing known up to the list's limit, a list that lost entries, or an empty list
 * where there were entries before, which is never taken for deletions.
 * @throws {EarshotError} what `read` throws
 */
export async function* pollLists(run: Lists): AsyncGenerator<Page<ListsCursor>> {
  const { app, context } = run;
  const saved = run.cursor?.app === app ? run.cursor.lists : {};
  let lists: Record<string, ListState> = Object.fromEntries(
    run.names.flatMap((name) => (saved[name] === undefined ? [] : [[name, saved[name]]])),
  );
  let isSaved = true;
  let failure: EarshotError | undefined;
  let failuresInARow = 0;

  for (const name of longestUnreadFirst(run.names, lists)) {
    const before = lists[name];
    const reading = startReading(before, run.remembered);
    try {
      for await (const page of run.read(name)) {
        const items = reading.take(page);
        if (items.length > 0) yield { items };
        if (reading.hasKnown()) break;
      }
      failuresInARow = 0;
    } catch (error) {
      if (!isOfOneList(error) || ++failuresInARow === MAX_FAILURES) throw error;
      failure ??= error;
      continue;
    }
    const { state, gap, hasNews } = reading.end(context.now().toISOString());
    if (gap !== undefined)
      context.log.warn({ list: name, reason: gap.reason }, "a list may have been missed");
    lists = { ...lists, [name]: state };
    isSaved = hasNews || gap !== undefined;
    // a quiet list alone is not worth a checkpoint
    if (isSaved) yield { items: [], cursor: { app, lists }, ...(gap === undefined ? {} : { gap }) };
  }
  if (!isSaved) yield { items: [], cursor: { app, lists } };
  if (failure !== undefined) throw failure;
}

/**
 * Everything of a past window in lists that can only be read from their newest entry on.
 * @throws {EarshotError} what `read` throws
 */
export async function* backfillLists(
  { names, read }: Pick<Lists, "names" | "read">,
  { from, to }: TimeWindow,
): AsyncGenerator<Page<never>> {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  for (const name of new Set(names)) {
    let oldest = end;
    let limit: string | undefined;
    for await (const { entries, ...page } of read(name)) {
      const items = entries.flatMap(({ items, at = start }) => (at >= start && at < end ? items : []));
      if (items.length > 0) yield { items };
      oldest = Math.min(oldest, ...entries.map(({ at = oldest }) => at));
      limit = page.limit ?? page.doubt;
      if (oldest < start) break;
    }
    if (oldest > start && limit !== undefined) {
      yield { items: [], gap: { from, to: new Date(oldest).toISOString(), reason: `${limit}.` } };
    }
  }
}

interface Reading {
  /** Items of entries that are new or changed. */
  take(page: ListPage): unknown[];
  hasKnown(): boolean;
  end(now: Timestamp): { state: ListState; gap: Gap | undefined; hasNews: boolean };
}

function startReading(before: ListState | undefined, remembered: number): Reading {
  const marks = new Set(before?.seen);
  const stems = new Set(before?.seen.map(stemOf));
  const met: string[] = [];
  const times: number[] = [];
  let [hasKnown, hasNews] = [false, false];
  let limit: string | undefined;
  let doubt: string | undefined;

  return {
    hasKnown: () => hasKnown,

    take(page) {
      limit = page.limit;
      doubt ??= page.doubt;
      return page.entries.flatMap((entry) => {
        const mark = markOf(entry);
        met.push(mark);
        if (entry.at !== undefined) times.push(entry.at);
        hasKnown ||= stems.has(stemOf(mark));
        if (marks.has(mark)) return [];
        hasNews = true;
        return entry.items;
      });
    },

    end(now) {
      const oldest = times.length === 0 ? now : new Date(Math.min(...times)).toISOString();
      const found = hasKnown ? undefined : missed({ before, count: met.length, oldest, limit, doubt, now });
      const gap = found !== undefined && found.to > found.from ? found : undefined;
      if (before !== undefined && before.count > 0 && met.length === 0)
        return { state: before, gap, hasNews };
      const metStems = new Set(met.map(stemOf));
      const older = before?.seen.filter((mark) => !metStems.has(stemOf(mark))) ?? [];
      if (before?.newestAt !== undefined) times.push(Date.parse(before.newestAt));
      const state: ListState = {
        seen: [...new Set([...met, ...older])].slice(0, remembered),
        ...(times.length === 0 ? {} : { newestAt: new Date(Math.max(...times)).toISOString() }),
        readAt: now,
        count: hasKnown ? Math.max(before?.count ?? 0, met.length) : met.length,
      };
      return { state, gap, hasNews };
    },
  };
}

interface Unknown {
  readonly before: ListState | undefined;
  /** How many entries the list showed, none of them known. */
  readonly count: number;
  readonly oldest: Timestamp;
  readonly limit: string | undefined;
  readonly doubt: string | undefined;
  readonly now: Timestamp;
}

/** What may have been missed of a list of which nothing was known. */
function missed({ before, count, oldest, limit, doubt, now }: Unknown): Gap | undefined {
  if (before === undefined) {
    if (doubt === undefined) return undefined;
    return { from: oldest, to: now, reason: `${doubt}.`, isPartial: true };
  }
  if (count === 0) {
    if (before.count === 0) return undefined;
    const reason = `The list is empty, although it had ${before.count} entries before.`;
    return { from: before.readAt, to: now, reason, isPartial: true };
  }
  const from = before.newestAt ?? before.readAt;
  if (doubt !== undefined) return { from, to: now, reason: `${doubt}.`, isPartial: true };
  if (limit !== undefined)
    return { from, to: oldest, reason: `${limit}, and all were new; poll more often.` };
  if (count >= before.count) return undefined;
  const reason = `The list shows ${count} entries, none of them known, where it had ${before.count}.`;
  return { from, to: oldest, reason, isPartial: true };
}

const STEM_LENGTH = 12;

/** 12 characters for which entry in which wording, 4 for its counters. */
function markOf({ items, id, at, counters = "" }: ListEntry): string {
  const stem = hash(id === undefined ? JSON.stringify(items) : `${id}\0${at}`).slice(0, STEM_LENGTH);
  return stem + hash(counters).slice(0, 4);
}

function stemOf(mark: string): string {
  return mark.slice(0, STEM_LENGTH);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function longestUnreadFirst(names: readonly string[], lists: Readonly<Record<string, ListState>>): string[] {
  const readAt = (name: string) => lists[name]?.readAt ?? "";
  return [...new Set(names)].sort((a, b) => (readAt(a) < readAt(b) ? -1 : readAt(a) > readAt(b) ? 1 : 0));
}

/** Of being refused or throttled, every list would hear the same. */
function isOfOneList(error: unknown): error is EarshotError {
  return error instanceof EarshotError && /^source_(?:unavailable|changed)$/.test(error.code);
}
