import { setTimeout as sleep } from "node:timers/promises";
import { EarshotError } from "../core/errors.ts";
import { reread, type DueMention, type RereadOptions } from "../core/reread.ts";
import { retrying } from "../core/retry.ts";
import { followedMentions, overdueMentions } from "../queries/due-mentions.ts";
import type { App } from "./app.ts";

/** What is due is looked for so often. */
const LOOK_EVERY_MS = 60_000;
const LOOKS_AN_HOUR = 60;
/** What a platform's terms ask for takes a scan, and may wait a little. */
const DUTY_EVERY = 10;
/** After a failure that needs a person it rests for so long, unless the platform says. */
const REST_MS = 15 * 60_000;
/** What nothing is learned of must not take the place of others. */
const LEFT_REST_MS = 60 * 60_000;
/** A rest for the rest of a month is longer than a timer can be. */
const MOST_REST_MS = 24 * 60 * 60_000;
const MOST_ASKED = 10_000;

export interface FollowOptions extends RereadOptions {
  /** Most mentions read again in an hour. */
  readonly perHour: number;
  readonly look: LookAgain;
}

/** What is read again whether it spreads or not. */
export interface LookAgain {
  /** When it was last read so long ago. */
  readonly afterHours: number;
  /** While it was published within so many days. */
  readonly forDays: number;
}

/**
 * Reads again what a source brought, where the platform allows it: posts that may spread, by their age, and all of it
 * from time to time, as often as the platform's terms ask. So counters move, edits come in and deletions are heard. Runs
 * until the signal aborts; the source's budget holds.
 */
export async function followSource(app: App, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { source, ingestor, perHour, look, context } = options;
  if (ingestor.reread === undefined || perHour === 0) return;
  const nextShare = sharing(perHour);
  /** Until when to leave out what nothing was learned of, by id, ms since 1970. */
  const resting = new Map<string, number>();
  let read = 0;
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const { limit, isDuty } = nextShare(read);
    read = 0;
    if (limit === 0) continue;
    const at = context.now().getTime();
    for (const [id, until] of resting) if (until <= at) resting.delete(id);
    try {
      const due = await retrying(
        () => findDue(app, source, limit, isDuty ? look : undefined, resting),
        { what: `look what of ${source} is due` },
        signal,
        context,
      );
      if (due.length === 0) continue;
      read = due.length;
      const { left, ...done } = await reread(options, due, signal);
      for (const id of left) resting.set(id, at + LEFT_REST_MS);
      context.log.info({ source, due: due.length, ...done }, "read again");
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      const { code, message: reason } = error;
      context.log.warn({ source, code, reason }, "could not read again");
      const rest = error.retryAfterMs ?? (error.retried ? LOOK_EVERY_MS : REST_MS);
      await sleep(Math.min(rest, MOST_REST_MS), undefined, { signal }).catch(() => {});
    }
  }
}

/**
 * Shares an hour's mentions out over its looks. Told how many were read after the last look, says how many may be now,
 * and whether of those a platform's terms ask for. These may take half of all, ahead of time; the others then wait.
 */
export function sharing(perHour: number): (read: number) => { limit: number; isDuty: boolean } {
  const each = perHour / LOOKS_AN_HOUR;
  let room = 0;
  let sinceDuty = 0;
  return (read) => {
    room = Math.min(room - read + each, 1 + each);
    sinceDuty++;
    if (room < 1) return { limit: 0, isDuty: false };
    if (sinceDuty < DUTY_EVERY) return { limit: Math.floor(room), isDuty: false };
    sinceDuty = 0;
    return { limit: Math.max(1, Math.floor((each * DUTY_EVERY) / 2)), isDuty: true };
  };
}

async function findDue(
  { ask }: App,
  source: string,
  limit: number,
  look: LookAgain | undefined,
  resting: ReadonlyMap<string, number>,
): Promise<DueMention[]> {
  const page = { source, limit: Math.min(limit + resting.size, MOST_ASKED) };
  const rows =
    look === undefined
      ? await ask(followedMentions, page)
      : await ask(overdueMentions, { ...page, hours: look.afterHours, days: look.forDays });
  return rows
    .filter(({ id }) => !resting.has(id))
    .slice(0, limit)
    .map(({ id, native_id: nativeId, trackers }) => ({ id, nativeId, trackers }));
}
