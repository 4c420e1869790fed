import { createHash } from "node:crypto";
import { z } from "zod";
import { AlertMatch } from "../core/alerts/routes.ts";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { alertSilences } from "../queries/alert-silences.ts";
import { silenceRows } from "../schemas/alert-rows.ts";
import type { AlertSilence } from "../schemas/alert.ts";
import { Timestamp } from "../schemas/primitives.ts";

/** What alerts nobody is told of for a while, and why. */
export const SilenceRequest = z.strictObject({
  match: AlertMatch.refine((match) => Object.keys(match).length > 0, {
    error: "must name what is silenced: a tracker, issue, rule, platform or country",
  }).describe("What an alert has to be; all of it must hold."),
  from: Timestamp.optional().describe("Absent: now."),
  until: Timestamp.describe("Every silence ends."),
  reason: z.string().trim().min(1).max(1_000).describe("Why nobody needs to know."),
});
export type SilenceRequest = z.infer<typeof SilenceRequest>;

interface Silencing {
  readonly store: Store;
  /** Who wants it. */
  readonly by: string;
  readonly context: Context;
}

/**
 * Tells nobody of alerts that match, for a while. They are raised and listed all the same. Asked for again while it stands,
 * it is the same silence.
 * @returns what was recorded
 * @throws {EarshotError} request_invalid, sink_unavailable
 */
export async function silenceAlerts(
  { store, by, context, request }: Silencing & { readonly request: SilenceRequest },
  signal: AbortSignal,
): Promise<AlertSilence> {
  const { match, from, until } = request;
  const now = context.now();
  const begins = from ?? now.toISOString();
  if (until <= now.toISOString() || until <= begins) {
    throw new EarshotError(
      "request_invalid",
      `A silence until ${until} would end before it begins or has ended already; now is ${now.toISOString()}.`,
    );
  }
  const reason = cleanText(request.reason);
  const named = Object.entries(match)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const seed = JSON.stringify([named, from ?? null, until, reason, by]);
  const id = createHash("sha256").update(seed).digest("hex").slice(0, 16);
  const before = await readSilence(store, id);
  if (before !== undefined && before.untilAt === until) return before;
  const silence: AlertSilence = {
    id,
    match: Object.fromEntries(named),
    fromAt: begins,
    untilAt: until,
    reason,
    by,
    recordedAt: later(now, before),
  };
  await store.table(silenceRows).write([silence], signal);
  return silence;
}

/**
 * Ends a silence before its time.
 * @param silence its id, or as much of the beginning as no other one has
 * @returns the silence as it was
 * @throws {EarshotError} not_found, request_invalid when it has ended, sink_unavailable
 */
export async function endSilence(
  { store, context, silence }: Omit<Silencing, "by"> & { readonly silence: string },
  signal: AbortSignal,
): Promise<AlertSilence> {
  const found = await findSilence(store, silence);
  const now = context.now();
  if (found.untilAt <= now.toISOString() || found.untilAt <= found.fromAt) {
    throw new EarshotError("request_invalid", `Silence ${found.id} has ended already, at ${found.untilAt}.`);
  }
  // one that has not begun never does
  const untilAt = found.fromAt > now.toISOString() ? found.fromAt : now.toISOString();
  const ended: AlertSilence = { ...found, untilAt, recordedAt: later(now, found) };
  await store.table(silenceRows).write([ended], signal);
  return ended;
}

async function findSilence(store: Store, given: string): Promise<AlertSilence> {
  const id = given.trim().toLowerCase();
  const rows = await readSilences(store, {});
  const found =
    rows.find((row) => row.id === id) ??
    onlyOne(rows.filter((row) => id.length >= 4 && row.id.startsWith(id)));
  if (found !== undefined) return found;
  throw new EarshotError(
    "not_found",
    `There is no silence ${id.slice(0, 64)}, or more than one begins so; \`earshot alerts silences\` and the query alert_silences have the ids.`,
  );
}

async function readSilence(store: Store, id: string): Promise<AlertSilence | undefined> {
  return (await readSilences(store, { silence: [id] }))[0];
}

async function readSilences(store: Store, asked: { readonly silence?: string[] }): Promise<AlertSilence[]> {
  const rows = await store.query(alertSilences.statement({ ...asked, limit: 1_000 }), alertSilences.row);
  return rows.map(({ id, match, from_at, until_at, reason, by, recorded_at }) => ({
    id,
    match,
    fromAt: from_at,
    untilAt: until_at,
    reason,
    by,
    recordedAt: recorded_at,
  }));
}

function onlyOne(found: readonly AlertSilence[]): AlertSilence | undefined {
  return found.length === 1 ? found[0] : undefined;
}

/** Now, but later than what was recorded before: of a silence the latest record holds. */
function later(now: Date, before: AlertSilence | undefined): Timestamp {
  const least = before === undefined ? 0 : Date.parse(before.recordedAt) + 1;
  return new Date(Math.max(now.getTime(), least)).toISOString();
}
