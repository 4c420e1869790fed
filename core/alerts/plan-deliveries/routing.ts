import type { AlertSilence } from "../../../schemas/alert.ts";
import type { Severity } from "../../../schemas/notification.ts";
import type { AlertsConfig } from "../config.ts";
import type { AlertSubject } from "../fold-alert.ts";
import type { AlertMatch, ReceiverConfig, Route } from "../routes.ts";
import { isWithin, nextWithin } from "./hours.ts";
import { isAsBad } from "./story.ts";

/** The part of the config that says who is told. */
export type RoutingConfig = Pick<
  AlertsConfig,
  "receivers" | "routes" | "escalation" | "silences" | "budgetPerWeek"
>;

/** The receivers there are; where none is configured, the log of Earshot itself. */
export function receiversOf({ receivers }: Pick<RoutingConfig, "receivers">): readonly ReceiverConfig[] {
  return receivers.length > 0 ? receivers : [{ type: "console", id: "console" }];
}

/** The route an alert takes, the first that matches; undefined: none does, and nobody is told. */
export function routeOf(config: RoutingConfig, subject: AlertSubject, severity: Severity): Route | undefined {
  if (config.routes.length === 0) return everybody(config);
  return config.routes.find(
    ({ match: { severity: least, ...match } }) =>
      matches(match, subject) && (least === undefined || isAsBad(severity, least)),
  );
}

function everybody(config: RoutingConfig): Route {
  return {
    match: {},
    to: receiversOf(config).map(({ id }) => id),
    groupBy: ["tracker"],
    groupWaitMinutes: 1,
    repeatHours: 4,
    offHoursTo: [],
  };
}

/** Whom a route tells of something that happens at a time (ms), and not before when. */
export function chosenBy(
  route: Route,
  at: number,
  severity: Severity,
): { readonly to: readonly string[]; readonly from: number } {
  const { hours, to, offHoursTo } = route;
  if (hours === undefined || isWithin(hours, at)) return { to, from: at };
  if (severity === "critical") return { to: [...new Set([...to, ...offHoursTo])], from: at };
  return offHoursTo.length > 0 ? { to: offHoursTo, from: at } : { to, from: nextWithin(hours, at) };
}

/** Not before when (ms) a receiver that was told of an alert hears of its changes, too. */
export function heldUntil(
  route: Route | undefined,
  receiver: string,
  at: number,
  severity: Severity,
): number {
  const hours = route?.hours;
  if (hours === undefined || severity === "critical" || route?.offHoursTo.includes(receiver) === true) {
    return at;
  }
  return nextWithin(hours, at);
}

/** What alerts of one group have in common, for one receiver. */
export function groupOf({ groupBy }: Route, subject: AlertSubject): string {
  return JSON.stringify(groupBy.map((name) => valueOf(subject, name)));
}

/** A stretch of time (ms) in which nobody is told of an alert, and why. */
export interface StandingSilence {
  readonly until: number;
  readonly reason: string;
}

/** The silence that lasts longest of those that hold for an alert at a time (ms). */
export function silenceOf(
  config: Pick<RoutingConfig, "silences">,
  stored: readonly AlertSilence[],
  subject: AlertSubject,
  at: number,
): StandingSilence | undefined {
  const configured = config.silences.map(({ match, from, until, reason }) => ({
    match,
    from: from === undefined ? -Infinity : Date.parse(from),
    until: Date.parse(until),
    reason,
  }));
  const said = stored.map(({ match, fromAt, untilAt, reason }) => ({
    match,
    from: Date.parse(fromAt),
    until: Date.parse(untilAt),
    reason,
  }));
  return [...configured, ...said]
    .filter(({ match, from, until }) => from <= at && at < until && matches(match, subject))
    .sort((a, b) => b.until - a.until)[0];
}

/** Whether an alert is all that is asked for; a name nobody knows matches nothing. */
function matches(match: AlertMatch | Readonly<Record<string, string>>, subject: AlertSubject): boolean {
  return Object.entries(match).every(
    ([name, value]) => value === undefined || valueOf(subject, name) === value,
  );
}

function valueOf(subject: AlertSubject, name: string): string | undefined {
  if (name === "tracker") return subject.tracker;
  if (name === "issue") return subject.issueId;
  if (name === "rule") return subject.rule;
  return subject.groupValues[name];
}
