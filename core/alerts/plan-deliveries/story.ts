import { SEVERITIES, type Severity } from "../../../schemas/notification.ts";
import type { AlertEvent } from "../../../schemas/alert.ts";
import { byRecording, foldEvent, type AlertState, type AlertSubject } from "../fold-alert.ts";

/** A change of an alert that people are told of. */
export interface Transition {
  readonly event: AlertEvent;
  readonly kind: "fired" | "escalated" | "acknowledged" | "resolved";
  /** When it was recorded, in ms. */
  readonly at: number;
  /** How bad the alert was then; what resolves it is as mild as can be. */
  readonly severity: Severity;
}

/** Nobody is told of an alert until a time (ms), until so many people say so, or until it escalates. */
export interface Snooze {
  readonly until: number | undefined;
  readonly atVoices: number | undefined;
}

/** What became of one alert so far, as far as it matters for telling people. */
export interface AlertStory extends AlertSubject {
  readonly alertId: string;
  readonly status: AlertState["status"];
  readonly severity: Severity;
  readonly owner: string;
  /** Oldest first. */
  readonly transitions: readonly Transition[];
  /** The first of them since it fires without a break. */
  readonly firingFrom: number;
  readonly snooze: Snooze | undefined;
  /** What was measured last. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Tells the story of an alert.
 * @param events all of one alert, in any order
 * @returns undefined where they hold no alert
 */
export function storyOf(events: readonly AlertEvent[]): AlertStory | undefined {
  let state: AlertState | undefined;
  let payload: Readonly<Record<string, unknown>> = {};
  let firingFrom = 0;
  const transitions: Transition[] = [];
  for (const event of [...events].sort(byRecording)) {
    const before = state;
    state = foldEvent(state, event);
    if (state === undefined || state === before) continue;
    if (event.by === "" && event.kind !== "resolved") payload = event.payload;
    const isAgain = event.kind === "reopened" || (event.kind === "undo" && state.status === "firing");
    if (isAgain) firingFrom = transitions.length;
    const kind = transitionOf(before, event, state);
    if (kind === undefined) continue;
    transitions.push({ event, kind, at: Date.parse(event.recordedAt), severity: state.severity });
  }
  if (state === undefined) return undefined;
  const { rule, ruleKind, tracker, issueId, groupValues, alertId, status, severity, owner } = state;
  const subject = { rule, ruleKind, tracker, issueId, groupValues };
  const { snoozedUntil: until, snoozedUntilVoices: atVoices } = state;
  const snooze = until === undefined && atVoices === undefined ? undefined : { until, atVoices };
  return { ...subject, alertId, status, severity, owner, transitions, firingFrom, snooze, payload };
}

/** The stories of alerts whose events come mixed. */
export function storiesOf(events: Iterable<AlertEvent>): AlertStory[] {
  const byAlert = new Map<string, AlertEvent[]>();
  for (const event of events) {
    const known = byAlert.get(event.alertId);
    if (known === undefined) byAlert.set(event.alertId, [event]);
    else known.push(event);
  }
  return [...byAlert.values()].flatMap((own) => storyOf(own) ?? []);
}

/** Whether a severity is as bad as another, or worse. */
export function isAsBad(severity: Severity, as: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(as);
}

/** What people call an alert: `A-3F9C2B`. */
export function numberOf(alertId: string): string {
  return `A-${alertId.slice(0, 6).toUpperCase()}`;
}

function transitionOf(
  before: AlertState | undefined,
  event: AlertEvent,
  after: AlertState,
): Transition["kind"] | undefined {
  if (event.kind === "fired" || event.kind === "escalated") return event.kind;
  if (before?.status === after.status) return undefined;
  // whoever relied on somebody seeing to it has to know that nobody does
  if (event.kind === "undo") return "fired";
  if (after.status === "acknowledged") return "acknowledged";
  return after.status === "resolved" ? "resolved" : undefined;
}
