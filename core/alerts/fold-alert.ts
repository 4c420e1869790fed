import { createHash } from "node:crypto";
import type { AlertEvent, AlertEventKind, RuleKind } from "../../schemas/alert.ts";
import type { Severity } from "../../schemas/notification.ts";

/**
 * The state machine of alerts, over append-only events: pending → firing → acknowledged → resolved. Pure: what a rule
 * measures goes in as {@link Reading}s in the order of their times, events come out, and an alert is what its events fold
 * to. The same readings give the same events with the same ids, so that a replay writes what is there.
 */

/** Whom and what a rule is about: what alerts are told apart by. */
export interface AlertSubject {
  readonly rule: string;
  readonly ruleKind: RuleKind;
  readonly tracker: string;
  readonly issueId: string;
  readonly groupValues: Readonly<Record<string, string>>;
}

/** What a rule measures of one subject at one time. */
export interface Reading {
  /** Event time, ms: the end of what was counted. */
  readonly at: number;
  /** 1 is the threshold. */
  readonly score: number;
  /** False while nobody listened: nothing is concluded from it. */
  readonly isKnown: boolean;
  /** People who say so, where the rule counts them: what "until so many more" goes by. */
  readonly voices?: number;
  /** What was measured, for the message. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** How a rule's readings become alerts. Times in ms. */
export interface AlertPolicy {
  /** Times are told apart this finely: what is seen in the middle of a bucket and at its end is the same alert. */
  readonly bucketMs: number;
  /** The threshold has to be crossed for this long, unless `soonFrom` times over. */
  readonly forMs: number;
  readonly soonFrom: number;
  /** It is over when the score stays below `clearBelow` for `clearForMs`. */
  readonly clearBelow: number;
  readonly clearForMs: number;
  /** Crossed again within this time after people were told, it is the same alert. */
  readonly cooldownMs: number;
  /** People are told again when the score is this many times what they were last told. */
  readonly escalateRatio: number;
  /** What is older when it is first seen opens no alert. */
  readonly maxEventAgeMs: number;
  /** Score each severity begins at, mildest first; what is below the first has its severity. */
  readonly severities: readonly (readonly [from: number, severity: Severity])[];
}

/** An alert as its events say. */
export interface AlertState extends AlertSubject {
  readonly alertId: string;
  readonly status: "pending" | "withdrawn" | "firing" | "acknowledged" | "resolved";
  readonly startedAt: number;
  /** Of the latest event of the machine. */
  readonly lastAt: number;
  /** When people were last told: it fired or escalated. 0: never. */
  readonly toldAt: number;
  readonly notifiedScore: number;
  readonly peakScore: number;
  readonly severity: Severity;
  readonly escalations: number;
  /** Events of the machine so far: what tells two of a kind apart. */
  readonly turns: number;
  readonly verdict: string;
  /** Whether it is resolved because somebody said that it was nothing. */
  readonly isClosedByPeople: boolean;
  readonly owner: string;
  readonly acknowledgedBy: string;
  readonly snoozedUntil: number | undefined;
  readonly snoozedUntilVoices: number | undefined;
  /** Since when the score has been low; not an event, so a restart begins anew. */
  readonly quietSince?: number | undefined;
}

const MACHINE_KINDS: ReadonlySet<AlertEventKind> = new Set([
  "pending",
  "withdrawn",
  "fired",
  "escalated",
  "resolved",
  "reopened",
]);

/** Id of the alert a subject has from a time on. */
export function alertIdOf(subject: AlertSubject, startedAt: number): string {
  return hashOf([keyOf(subject), startedAt]);
}

/** What a subject is told by: the same for all its alerts. */
export function keyOf({ rule, tracker, issueId, groupValues }: AlertSubject): string {
  const group = Object.entries(groupValues).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rule, tracker, issueId, group]);
}

/** The subject of a rule that is told by a key. */
export function subjectOfKey(key: string, ruleKind: RuleKind): AlertSubject {
  const [rule, tracker, issueId, group] = JSON.parse(key) as [string, string, string, [string, string][]];
  return { rule, ruleKind, tracker, issueId, groupValues: Object.fromEntries(group) };
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/**
 * What comes of one reading.
 * @param state of the subject's latest alert, undefined when it never had one
 * @param now wall clock, ms: says what is too old to open anything, and when events are recorded
 * @returns the state after it, and the events that were not there before, in order
 */
export function takeReading(
  subject: AlertSubject,
  state: AlertState | undefined,
  reading: Reading,
  policy: AlertPolicy,
  now: number,
): { readonly state: AlertState | undefined; readonly events: readonly AlertEvent[] } {
  const { at, score } = reading;
  // what was seen before says nothing new: late and replayed readings open nothing
  if (!reading.isKnown || (state !== undefined && at <= state.lastAt)) return { state, events: [] };
  const isCrossed = score >= 1;
  const isSoon = policy.forMs === 0 || score >= policy.soonFrom;
  const tell = (kind: AlertEventKind, of: AlertState | undefined) =>
    machineEvent(subject, of, kind, reading, policy, now);
  const after = (from: AlertState | undefined, ...events: readonly AlertEvent[]) => ({
    state: events.reduce<AlertState | undefined>(foldEvent, from),
    events,
  });
  const isOver = state === undefined || state.status === "resolved" || state.status === "withdrawn";
  if (isOver) {
    if (!isCrossed || now - at > policy.maxEventAgeMs) return { state, events: [] };
    if (state?.status === "resolved" && at - state.toldAt < policy.cooldownMs) {
      // the same trouble, told again only where it is much worse than people know
      const isWorse = score >= policy.escalateRatio * state.notifiedScore;
      if (isMuted(state) && !isWorse) return { state, events: [] };
      return after(state, tell("reopened", state), ...(isWorse ? [tell("escalated", state)] : []));
    }
    const pending = tell("pending", undefined);
    // over, and again within one bucket: it has the same id, under which nothing more can happen
    if (pending.alertId === state?.alertId) return { state, events: [] };
    if (!isSoon) return after(undefined, pending);
    return after(undefined, pending, tell("fired", foldEvent(undefined, pending)));
  }
  if (state.status === "pending") {
    if (!isCrossed) return after(state, tell("withdrawn", state));
    const isLongEnough = isSoon || at - state.startedAt >= policy.forMs;
    return isLongEnough ? after(state, tell("fired", state)) : { state, events: [] };
  }
  if (score >= policy.clearBelow) {
    // what was before it fell quiet, and is measured again, does not say that it is loud again
    const isSince = state.quietSince === undefined || at > state.quietSince;
    const lively = isSince ? { ...state, quietSince: undefined } : state;
    return isEscalation(state, reading, policy)
      ? after(lively, tell("escalated", lively))
      : { state: lively, events: [] };
  }
  const quietSince = state.quietSince ?? at;
  if (at - quietSince < policy.clearForMs) return { state: { ...state, quietSince }, events: [] };
  return after(state, tell("resolved", state));
}

function isEscalation(state: AlertState, { score, voices }: Reading, policy: AlertPolicy): boolean {
  if (state.snoozedUntilVoices !== undefined && voices !== undefined && voices >= state.snoozedUntilVoices) {
    return true;
  }
  return score >= policy.escalateRatio * state.notifiedScore;
}

/** People closed it: it takes more than the same again to bother them. */
function isMuted({ verdict }: AlertState): boolean {
  return verdict === "false" || verdict === "duplicate" || verdict === "known";
}

function machineEvent(
  subject: AlertSubject,
  state: AlertState | undefined,
  kind: AlertEventKind,
  { at, score, voices, facts }: Reading,
  policy: AlertPolicy,
  now: number,
): AlertEvent {
  // what is measured at the end of a bucket is of that bucket, not of the next
  const bucket = Math.floor((at - 1) / policy.bucketMs) * policy.bucketMs;
  const alertId = state?.alertId ?? alertIdOf(subject, bucket);
  return {
    // not told apart by time: one that escalates twice within a bucket has two events
    id: hashOf([alertId, kind, state?.turns ?? 0]),
    alertId,
    kind,
    rule: subject.rule,
    ruleKind: subject.ruleKind,
    tracker: subject.tracker,
    issueId: subject.issueId,
    groupValues: { ...subject.groupValues },
    severity: severityOf(score, policy),
    score,
    at: new Date(at).toISOString(),
    recordedAt: new Date(now).toISOString(),
    by: "",
    note: "",
    payload: { ...facts, ...(voices === undefined ? {} : { voices }) },
  };
}

/** How bad a score is. */
export function severityOf(score: number, { severities }: Pick<AlertPolicy, "severities">): Severity {
  const [first] = severities;
  return severities.findLast(([from]) => score >= from)?.[1] ?? first?.[1] ?? "info";
}

/**
 * An alert after one more of its events. Events that make no sense where it stands change nothing: of two that exclude each
 * other the first wins.
 */
export function foldEvent(state: AlertState | undefined, event: AlertEvent): AlertState | undefined {
  const at = Date.parse(event.at);
  if (state === undefined || (event.kind === "pending" && event.alertId !== state.alertId)) {
    if (event.kind !== "pending") return state;
    return {
      alertId: event.alertId,
      rule: event.rule,
      ruleKind: event.ruleKind,
      tracker: event.tracker,
      issueId: event.issueId,
      groupValues: event.groupValues,
      status: "pending",
      startedAt: at,
      lastAt: at,
      toldAt: 0,
      notifiedScore: 0,
      peakScore: event.score,
      severity: event.severity,
      escalations: 0,
      turns: 1,
      verdict: "",
      isClosedByPeople: false,
      owner: "",
      acknowledgedBy: "",
      snoozedUntil: undefined,
      snoozedUntilVoices: undefined,
    };
  }
  const isMachine = MACHINE_KINDS.has(event.kind);
  const next = {
    ...state,
    ...(isMachine
      ? { lastAt: at, peakScore: Math.max(state.peakScore, event.score), turns: state.turns + 1 }
      : {}),
  };
  const { status } = state;
  const isOpen = status === "firing" || status === "acknowledged";
  switch (event.kind) {
    case "withdrawn":
      return status === "pending" ? { ...next, status: "withdrawn" } : state;
    case "fired":
      if (status !== "pending") return state;
      return { ...next, status: "firing", toldAt: at, notifiedScore: event.score, severity: event.severity };
    case "reopened":
      if (status !== "resolved") return state;
      return {
        ...next,
        status: "firing",
        acknowledgedBy: "",
        isClosedByPeople: false,
        severity: event.severity,
      };
    case "escalated":
      if (!isOpen) return state;
      return {
        ...next,
        toldAt: at,
        notifiedScore: Math.max(event.score, state.notifiedScore),
        severity: event.severity,
        escalations: state.escalations + 1,
        snoozedUntil: undefined,
        snoozedUntilVoices: undefined,
      };
    case "resolved":
      return isOpen ? { ...next, status: "resolved", quietSince: undefined } : state;
    case "acknowledge":
      return status === "firing" ? { ...next, status: "acknowledged", acknowledgedBy: event.by } : state;
    case "snooze":
      return isOpen ? { ...next, ...snoozeOf(event) } : state;
    case "judge":
      return judged(next, event, isOpen);
    case "undo":
      return undone(next, isOpen);
    case "assign":
      return { ...next, owner: typeof event.payload["owner"] === "string" ? event.payload["owner"] : "" };
    case "pending":
    case "note":
      return state;
  }
}

function snoozeOf({ payload }: AlertEvent): Pick<AlertState, "snoozedUntil" | "snoozedUntilVoices"> {
  const { until, atVoices } = payload;
  return {
    snoozedUntil: typeof until === "string" ? Date.parse(until) : undefined,
    snoozedUntilVoices: typeof atVoices === "number" ? atVoices : undefined,
  };
}

function judged(state: AlertState, { payload, by }: AlertEvent, isOpen: boolean): AlertState {
  const verdict = typeof payload["verdict"] === "string" ? payload["verdict"] : "";
  if (!isOpen) return { ...state, verdict };
  if (verdict === "false" || verdict === "duplicate") {
    return { ...state, verdict, status: "resolved", isClosedByPeople: true, quietSince: undefined };
  }
  // whoever judges it has seen it
  return { ...state, verdict, status: "acknowledged", acknowledgedBy: state.acknowledgedBy || by };
}

/** What is over because it fell quiet stays over. */
function undone(state: AlertState, isOpen: boolean): AlertState {
  if (!isOpen && !state.isClosedByPeople) return { ...state, verdict: "" };
  return {
    ...state,
    status: "firing",
    verdict: "",
    isClosedByPeople: false,
    acknowledgedBy: "",
    snoozedUntil: undefined,
    snoozedUntilVoices: undefined,
  };
}

const AT_ONE_TIME: readonly AlertEventKind[] = [
  "pending",
  "withdrawn",
  "fired",
  "reopened",
  "escalated",
  "resolved",
];

/** Orders events as they are folded: as they were recorded, and those of one time as they can only have come. */
export function byRecording(a: AlertEvent, b: AlertEvent): number {
  return (
    compare(a.recordedAt, b.recordedAt) ||
    compare(a.at, b.at) ||
    placeOf(a.kind) - placeOf(b.kind) ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** What people did comes after what the machine saw at the same time. */
function placeOf(kind: AlertEventKind): number {
  const place = AT_ONE_TIME.indexOf(kind);
  return place < 0 ? AT_ONE_TIME.length : place;
}

/**
 * The latest alert of every subject, from all events in the order they were recorded.
 * @returns by {@link keyOf}
 */
export function foldAlerts(events: Iterable<AlertEvent>): Map<string, AlertState> {
  const states = new Map<string, AlertState>();
  for (const event of events) {
    const key = keyOf(event);
    const state = states.get(key);
    // what people say of an earlier alert of the subject is told by the view alone
    if (state !== undefined && event.kind !== "pending" && event.alertId !== state.alertId) continue;
    const next = foldEvent(state, event);
    if (next !== undefined) states.set(key, next);
  }
  return states;
}
