import type { AlertDelivery } from "../../../schemas/alert.ts";
import type { Notification } from "../../../schemas/notification.ts";
import type { Receipt } from "../../contracts.ts";
import type { EarshotError } from "../../errors.ts";
import { cutText } from "../../mention.ts";
import { numberOf, type AlertStory, type Transition } from "./story.ts";

/** What is not told within this time never is. */
export const TOO_LATE_MS = 24 * 60 * 60_000;
/** Stands for the alert of what is of several. */
export const DIGEST = "digest";

/** One message to one receiver. */
export interface Telling {
  /** The same for the same message, whenever it is planned: `alert:event:receiver`. */
  readonly id: string;
  readonly kind: Exclude<Notification["kind"], "test">;
  /** {@link DIGEST} where it is of several alerts. */
  readonly alertId: string;
  readonly eventId: string;
  readonly receiver: string;
  /** Absent in a digest. */
  readonly subject: { readonly story: AlertStory; readonly transition: Transition } | undefined;
  /** What is told in the same message: other alerts of the group, or all of a digest. */
  readonly together: readonly Aside[];
  /** How often it was tried before. */
  readonly attempts: number;
  /** Since when it should have been told, in ms. */
  readonly dueAt: number;
  /** Why this receiver is told, where that is not plain; empty: by its route. */
  readonly note: string;
}

/** An alert told of in the message of another. */
export interface Aside {
  readonly id: string;
  readonly eventId: string;
  /** Whose it was to be; another than the message's where that goes to a fallback. */
  readonly receiver: string;
  readonly story: AlertStory;
}

/** Idempotency key of a message. */
export function idOf(alertId: string, eventId: string, receiver: string): string {
  return `${alertId}:${eventId}:${receiver}`;
}

/**
 * What is recorded when a receiver has taken a message; to be written in one piece.
 * @param before what was recorded last under an id
 */
export function toldRecords(
  telling: Telling,
  receipt: Receipt,
  now: number,
  before: (id: string) => AlertDelivery | undefined,
): AlertDelivery[] {
  const { id, alertId, eventId, receiver, attempts } = telling;
  const isDigest = alertId === DIGEST;
  const own = { id, alertId, eventId, receiver, attempts: attempts + 1, receipt: { ...receipt } };
  const asides = telling.together.map((aside) => ({
    id: aside.id,
    alertId: aside.story.alertId,
    eventId: aside.eventId,
    receiver: aside.receiver,
    attempts: 1,
    receipt: {},
    outcome: isDigest ? ("suppressed" as const) : ("sent" as const),
    reason: isDigest ? `told in the digest of ${digestDay(eventId)}` : `told with ${numberOf(alertId)}`,
  }));
  const rows = [{ ...own, outcome: "sent" as const, reason: "" }, ...asides];
  return rows.map((row) => ({ ...row, nextAt: null, at: laterThan(before(row.id), now) }));
}

/**
 * What is recorded when a receiver has not taken a message: it is tried again, or never.
 * @param restMs how long to wait where the other side does not say
 */
export function failureRecord(
  telling: Telling,
  error: EarshotError,
  restMs: number,
  now: number,
  before: (id: string) => AlertDelivery | undefined,
): AlertDelivery {
  const { id, alertId, eventId, receiver, attempts, dueAt } = telling;
  const last = dueAt + TOO_LATE_MS;
  const isDead = !error.retried || now >= last;
  const next = Math.min(last, now + Math.max(restMs, error.retryAfterMs ?? 0));
  return {
    id,
    alertId,
    eventId,
    receiver,
    outcome: isDead ? "dead" : "failed",
    reason: cutText(error.message, 2_000),
    attempts: attempts + 1,
    nextAt: isDead ? null : isoOf(next),
    // 24 hours are counted from here, whatever the config says by then
    receipt: { since: isoOf(dueAt) },
    at: laterThan(before(id), now),
  };
}

/** A time to record with: of an id the latest record holds, also where a clock was ahead. */
export function laterThan(before: AlertDelivery | undefined, now: number): string {
  return isoOf(before === undefined ? now : Math.max(now, Date.parse(before.at) + 1));
}

/** A time (ms) in ISO 8601 UTC. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}

function digestDay(eventId: string): string {
  return eventId.slice(0, 10);
}
