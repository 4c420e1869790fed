import type { AlertPolicy } from "./fold-alert.ts";
import { severitiesOf, type AlertRule } from "./rules.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Series are counted in buckets of this length. */
export const BUCKET_MS = 5 * MINUTE;

/** What is judged of an issue is a matter of days: a report of yesterday still tells that it escalates. */
const ISSUE_AGE_HOURS = 48;

/** How old what a rule tells of may be when it comes, to open an alert. */
export function eventAgeMs(
  rule: AlertRule,
  { maxEventAgeHours }: { readonly maxEventAgeHours: number },
): number {
  const isOfIssues = rule.kind === "issue_escalating" || rule.kind === "issue_new";
  // danger that a source polled once a day brings is told of all the same
  const ownHours = rule.kind === "keyword_critical" ? rule.windowHours : isOfIssues ? ISSUE_AGE_HOURS : 0;
  return Math.max(maxEventAgeHours, ownHours) * HOUR;
}

/** How the readings of a rule become alerts. */
export function alertPolicy(rule: AlertRule, alerts: { readonly maxEventAgeHours: number }): AlertPolicy {
  return {
    bucketMs: BUCKET_MS,
    forMs: rule.kind === "volume_spike" ? rule.forMinutes * MINUTE : 0,
    soonFrom: 2,
    clearBelow: rule.clearBelow,
    clearForMs: rule.clearForMinutes * MINUTE,
    cooldownMs: rule.cooldownHours * HOUR,
    escalateRatio: rule.escalateRatio,
    maxEventAgeMs: eventAgeMs(rule, alerts),
    severities: severitiesOf(rule),
  };
}
