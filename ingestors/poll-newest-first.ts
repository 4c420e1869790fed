import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Gap, Page, TimeWindow } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { Timestamp } from "../schemas/primitives.ts";

/** How far an app's reviews were read, and where a walk back through them was interrupted. */
export const NewestFirstCursor = z.strictObject({
  app: z.string().describe("A cursor is worth nothing for another app."),
  newestAt: Timestamp.optional().describe("Time of the newest entry met."),
  heardAt: Timestamp.optional().describe("When the last walk that came to its end began."),
  walk: z
    .strictObject({
      token: z.string().describe("The platform's token of the next page."),
      newestAt: Timestamp.optional().describe("Time of the newest entry met on this walk."),
      startedAt: Timestamp,
    })
    .optional()
    .describe("A walk under way."),
});
export type NewestFirstCursor = z.infer<typeof NewestFirstCursor>;

/** One entry, as far as the walk needs it. */
export interface NewestFirstEntry {
  /** As the ingestor yields it, with what came along (a reply). */
  readonly items: readonly unknown[];
  /** What its author's time is, ms since 1970; absent when it cannot be read. */
  readonly at: number | undefined;
  /** The time it may stand in the list by, where that is a later one. */
  readonly touchedAt?: number | undefined;
}

/** What a platform gives at a time. */
export interface NewestFirstPage {
  readonly entries: readonly NewestFirstEntry[];
  /** Token of the next page; absent on the last. */
  readonly next: string | undefined;
  /** The platform asked not to be polled again before this time: the walk goes on then. */
  readonly notBefore?: Timestamp | undefined;
}

/** What {@link pollNewestFirst} polls. */
export interface NewestFirst {
  readonly app: string;
  /** How much is read again before the newest entry met, for what is shown late. */
  readonly overlapMs: number;
  /** How long the platform keeps entries, where it does not for ever. */
  readonly keptMs?: number;
  readonly cursor: NewestFirstCursor | undefined;
  readonly context: Context;
  /**
   * One page, the first without a token. Undefined when the platform does not know `token` any more, which may only be
   * when it `isSaved`, of a walk that was interrupted.
   */
  readonly read: (token: string | undefined, isSaved: boolean) => Promise<NewestFirstPage | undefined>;
}

/**
 * Polls a list that comes newest first in pages with tokens, back to the newest entry met before. Every page is a
 * checkpoint, so that a long walk that is interrupted, or that its budget ends, goes on where it was.
 * @throws {EarshotError} what `read` throws
 */
export async function* pollNewestFirst(run: NewestFirst): AsyncGenerator<Page<NewestFirstCursor>> {
  const { app, context } = run;
  const before: NewestFirstCursor = run.cursor?.app === app ? run.cursor : { app };
  const since = before.newestAt === undefined ? -Infinity : Date.parse(before.newestAt) - run.overlapMs;
  const now = context.now().toISOString();
  const gap = expired(before, run.keptMs, context);
  let walk: { token?: string; newestAt?: Timestamp | undefined; startedAt: Timestamp } = before.walk ?? {
    startedAt: now,
  };
  for (;;) {
    const page = await run.read(walk.token, walk.token !== undefined && walk.token === before.walk?.token);
    if (page === undefined) {
      walk = { startedAt: now };
      continue;
    }
    const { entries, next, notBefore } = page;
    if (next !== undefined && next === walk.token) {
      throw new EarshotError("source_changed", `The reviews of ${app} come in pages that do not end.`);
    }
    const newestAt = latest([walk.newestAt, ...entries.map(({ at }) => atMost(now, at))]);
    const isDone =
      next === undefined || entries.some(({ at = Infinity, touchedAt = at }) => touchedAt < since);
    const cursor: NewestFirstCursor = isDone
      ? { app, ...newest(latest([before.newestAt, newestAt])), heardAt: walk.startedAt }
      : { ...before, walk: { token: next, ...newest(newestAt), startedAt: walk.startedAt } };
    yield {
      items: entries.flatMap(({ items }) => items),
      cursor,
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(isDone && gap !== undefined ? { gap } : {}),
    };
    if (isDone || notBefore !== undefined) return;
    walk = { token: next, newestAt, startedAt: walk.startedAt };
  }
}

/**
 * Everything of a past window in such a list.
 * @throws {EarshotError} what `read` throws
 */
export async function* backfillNewestFirst(
  { read, keptMs, context }: Pick<NewestFirst, "read" | "keptMs" | "context">,
  { from, to }: TimeWindow,
): AsyncGenerator<Page<never>> {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  let token: string | undefined;
  do {
    const page = await read(token, false);
    if (page === undefined) break;
    const items = page.entries.flatMap(({ items, at = start }) => (at >= start && at < end ? items : []));
    if (items.length > 0) yield { items };
    token = page.entries.some(({ at = Infinity, touchedAt = at }) => touchedAt < start)
      ? undefined
      : page.next;
  } while (token !== undefined);
  const gap = expired({ heardAt: from }, keptMs, context);
  if (gap !== undefined) yield { items: [], gap: { ...gap, to: gap.to < to ? gap.to : to } };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the platform has dropped since it was last listened to. */
function expired(
  { heardAt }: Pick<NewestFirstCursor, "heardAt">,
  keptMs: number | undefined,
  context: Context,
): Gap | undefined {
  if (heardAt === undefined || keptMs === undefined) return undefined;
  const to = new Date(context.now().getTime() - keptMs).toISOString();
  if (heardAt >= to) return undefined;
  return { from: heardAt, to, reason: `The platform shows the last ${keptMs / DAY_MS} days only.` };
}

function latest(times: readonly (Timestamp | undefined)[]): Timestamp | undefined {
  return times.reduce((newest, at) => (at !== undefined && at > (newest ?? "") ? at : newest), undefined);
}

function newest(newestAt: Timestamp | undefined): { newestAt?: Timestamp } {
  return newestAt === undefined ? {} : { newestAt };
}

/** A time ahead of ours must not carry the cursor past what is still to come. */
function atMost(now: Timestamp, at: number | undefined): Timestamp | undefined {
  return at === undefined ? undefined : new Date(Math.min(at, Date.parse(now))).toISOString();
}
