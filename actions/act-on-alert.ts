import { createHash } from "node:crypto";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { alertEventRows } from "../schemas/alert-rows.ts";
import { AlertRequest, type AlertEvent } from "../schemas/alert.ts";
import { numberOf, openAlert, type OpenAlert } from "./open-alert.ts";
import { timeAfter } from "./open-issue.ts";

/** Who acts by a link in a message: its signature says that we sent it, not to whom. */
export const BY_LINK = "link";

/** What somebody wants done with an alert. */
export interface AlertAct {
  readonly store: Store;
  /** Its id, its number, or the beginning of its id. */
  readonly alertId: string;
  readonly request: AlertRequest;
  /** Who wants it. */
  readonly by: string;
  readonly context: Context;
}

/**
 * Does with an alert what a person asks for. Done again, also after it was cut off, it is the same event.
 * @returns what was recorded
 * @throws {EarshotError} not_found, request_invalid, sink_unavailable
 */
export async function actOnAlert(act: AlertAct, signal: AbortSignal): Promise<AlertEvent> {
  const { store, by, context } = act;
  const request = cleaned(act.request);
  const alert = await openAlert(store, act.alertId);
  const { state, events } = alert;
  const last = events.at(-1);
  if (last === undefined) throw new Error("an alert has no events");
  const { kind, note, ...said } = request;
  if (isSame(last, request, by)) return last;
  checkAct(alert, request, context.now());
  const atVoices =
    request.kind === "snooze" && request.untilVoices !== undefined
      ? { atVoices: (voicesNow(events) ?? 0) + request.untilVoices }
      : {};
  const at = timeAfter(context, [last.recordedAt]);
  const seed = JSON.stringify([state.alertId, by, request, last.id]);
  const event: AlertEvent = {
    id: createHash("sha256").update(seed).digest("hex").slice(0, 32),
    alertId: state.alertId,
    kind,
    rule: state.rule,
    ruleKind: state.ruleKind,
    tracker: state.tracker,
    issueId: state.issueId,
    groupValues: { ...state.groupValues },
    severity: state.severity,
    score: state.notifiedScore,
    at,
    recordedAt: at,
    by,
    note,
    payload: { ...said, ...atVoices },
  };
  await store.table(alertEventRows).write([event], signal);
  return event;
}

/**
 * Returns when something can be done with an alert as it stands.
 * @throws {EarshotError} request_invalid saying what to do instead
 */
export function checkAct({ state, events }: OpenAlert, request: AlertRequest, now: Date): void {
  const { kind } = request;
  if (kind === "note" || kind === "assign") return;
  const number = numberOf(state.alertId);
  const { status } = state;
  if (status === "pending" || status === "withdrawn") {
    const why =
      status === "pending"
        ? "its threshold is not crossed for long enough"
        : "its threshold was crossed too briefly";
    throw refusal(
      `Alert ${number} has not been raised: ${why}. Nobody was told of it, so there is nothing to ${kind}; a note or an owner can be set.`,
    );
  }
  if (kind === "judge") return;
  if (kind === "undo") {
    const { verdict, acknowledgedBy, snoozedUntil, snoozedUntilVoices } = state;
    const isSnoozed = snoozedUntil !== undefined || snoozedUntilVoices !== undefined;
    const isStanding = isOpen(state) && (acknowledgedBy !== "" || isSnoozed);
    if (verdict !== "" || isStanding) return;
    throw refusal(
      `There is nothing to take back of alert ${number}: nobody has acknowledged, snoozed or judged it.`,
    );
  }
  if (status === "resolved") {
    throw refusal(
      kind === "acknowledge"
        ? `Alert ${number} is resolved, so nobody has to acknowledge it; say what it was worth (judge), or write a note.`
        : `Alert ${number} is resolved, so nobody is told of it; silence its rule or tracker to keep it from coming back.`,
    );
  }
  if (kind === "acknowledge") {
    if (status === "firing") return;
    throw refusal(
      `${nameOf(state.acknowledgedBy)} acknowledged alert ${number} before; write a note, or assign it to whom it belongs.`,
    );
  }
  checkSnooze(request, number, voicesNow(events), now);
}

function checkSnooze(
  { until, untilVoices }: Extract<AlertRequest, { readonly kind: "snooze" }>,
  number: string,
  voices: number | undefined,
  now: Date,
): void {
  if (until === undefined && untilVoices === undefined) {
    throw refusal(
      `Say until when alert ${number} is snoozed: a time (until), or so many more people (until_voices).`,
    );
  }
  if (until !== undefined && Date.parse(until) <= now.getTime()) {
    throw refusal(`${until} is not to come: now is ${now.toISOString()}.`);
  }
  if (untilVoices !== undefined && voices === undefined) {
    throw refusal(`The rule of alert ${number} counts no people; snooze it until a time instead.`);
  }
}

function isOpen({ status }: OpenAlert["state"]): boolean {
  return status === "firing" || status === "acknowledged";
}

function nameOf(by: string): string {
  if (by === BY_LINK) return "Somebody by a link in a message";
  return by === "" ? "Somebody" : by;
}

/** People who say so, as they were last counted; undefined where the rule counts none. */
function voicesNow(events: OpenAlert["events"]): number | undefined {
  const counted = events.findLast(({ by, payload }) => by === "" && typeof payload["voices"] === "number");
  return counted?.payload["voices"] as number | undefined;
}

/** Whether the last that happened is what is asked for: the answer got lost, or a button was pressed twice. */
function isSame(last: AlertEvent, request: AlertRequest, by: string): boolean {
  const { kind, note, ...said } = request;
  if (last.by !== by || last.kind !== kind || last.note !== note) return false;
  return askedIn(last.payload) === askedIn(said);
}

/** What was asked for as one text, without what was counted for it. */
function askedIn(said: object): string {
  const asked = Object.entries(said).filter(([name, value]) => name !== "atVoices" && value !== undefined);
  return JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws {EarshotError} request_invalid when nothing is left of a text that has to be there */
function cleaned(request: AlertRequest): AlertRequest {
  const texts = Object.entries(request).map(([name, value]) => [
    name,
    typeof value === "string" ? cleanText(value) : (value as unknown),
  ]);
  const parsed = AlertRequest.safeParse(Object.fromEntries(texts));
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join("."));
  throw refusal(`There is nothing to read in ${names.join(", ")}.`);
}

function refusal(message: string): EarshotError {
  return new EarshotError("request_invalid", message);
}
