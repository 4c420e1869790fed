import { setTimeout as sleep } from "node:timers/promises";
import { EarshotError } from "../core/errors.ts";
import { reread, type RereadOptions } from "../core/reread.ts";
import { retrying } from "../core/retry.ts";
import { followedMentions, overdueMentions } from "../queries/due-mentions.ts";
import type { App } from "./app.ts";

/** What is due is looked for so often. */
const LOOK_EVERY_MS = 60_000;
/** What a platform's terms ask for takes a scan, and may wait a little. */
const DUTY_EVERY = 10;
/** After a failure that needs a person it rests for so long, unless the platform says. */
const REST_MS = 15 * 60_000;

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
 * from time to time, as often as the platform's terms ask. So counters move, edits come in and deletions are heard. Runs until the
 * signal aborts; the source's budget holds.
 */
export async function followSource(app: App, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const { source, ingestor, perHour, look, context } = options;
  if (ingestor.reread === undefined || perHour === 0) return;
  const limit = Math.max(1, Math.floor(perHour / 60));
  for (let round = 1; !signal.aborted; round++) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      const due = await retrying(
        () => findDue(app, source, limit, round % DUTY_EVERY === 0 ? look : undefined),
        { what: `look what of ${source} is due` },
        signal,
        context,
      );
      if (due.length === 0) continue;
      const done = await reread(options, due, signal);
      context.log.info({ source, due: due.length, ...done }, "read again");
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      const { code, message: reason } = error;
      context.log.warn({ source, code, reason }, "could not read again");
      const rest = error.retryAfterMs ?? (error.retried ? LOOK_EVERY_MS : REST_MS);
      await sleep(rest, undefined, { signal }).catch(() => {});
    }
  }
}

async function findDue({ ask }: App, source: string, limit: number, look: LookAgain | undefined) {
  const rows = await ask(followedMentions, { source, limit });
  if (look !== undefined) {
    const most = limit * DUTY_EVERY;
    rows.push(
      ...(await ask(overdueMentions, { source, hours: look.afterHours, days: look.forDays, limit: most })),
    );
  }
  const due = new Map(rows.map(({ id, native_id: nativeId }) => [id, { id, nativeId }]));
  return [...due.values()];
}
