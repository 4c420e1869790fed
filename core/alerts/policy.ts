import type { AlertPolicy } from "./fold-alert.ts";
import { severitiesOf, type AlertRule } from "./rules.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Series are counted in buckets of this length. */
export const BUCKET_MS = 5 * MINUTE;

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
    maxEventAgeMs: alerts.maxEventAgeHours * HOUR,
    severities: severitiesOf(rule),
  };
}
