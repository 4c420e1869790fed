import { keyOf, subjectOfKey, type AlertSubject, type Reading } from "../../core/alerts/fold-alert.ts";
import type { AlertsConfig } from "../../core/alerts/config.ts";
import type { AlertRule } from "../../core/alerts/rules.ts";
import type { SourceConfig } from "../../core/config.ts";
import type { App } from "../app.ts";

/** What a rule measured of one subject: readings in the order of their times. */
export interface Measured {
  readonly subject: AlertSubject;
  readonly readings: readonly Reading[];
}

/** What a rule is watched with. */
export interface WatchOptions<R extends AlertRule = AlertRule> {
  readonly rule: R;
  readonly app: Pick<App, "ask" | "context">;
  readonly alerts: Pick<
    AlertsConfig,
    "allowedLatenessMinutes" | "maxEventAgeHours" | "calendar" | "silentMinutes"
  >;
  readonly sources: readonly SourceConfig[];
}

/** Watches one rule: measures it whenever it is asked to. */
export interface RuleWatch {
  /**
   * @param open keys of subjects that have an alert, which is measured until it is over
   * @throws {EarshotError} sink_unavailable
   */
  measure(now: Date, open: ReadonlySet<string>): Promise<readonly Measured[]>;
}

/** A subject of a rule. */
export function subjectOf(
  rule: AlertRule,
  tracker: string,
  issueId = "",
  groupValues: Readonly<Record<string, string>> = {},
): AlertSubject {
  const given = Object.entries(groupValues).filter(([, value]) => value !== "");
  return { rule: rule.id, ruleKind: rule.kind, tracker, issueId, groupValues: Object.fromEntries(given) };
}

/** What was measured, and beside it what is gone. */
export function withGone(
  rule: AlertRule,
  measured: readonly Measured[],
  open: ReadonlySet<string>,
  now: number,
): readonly Measured[] {
  return [...measured, ...goneOf(rule, measured, open, now)];
}

/**
 * What has an alert and is no longer there to be measured (nobody speaks of it, it was taken out of the config, merged,
 * deleted): nothing may stay open for ever.
 */
export function goneOf(
  rule: AlertRule,
  measured: readonly Measured[],
  open: ReadonlySet<string>,
  now: number,
): readonly Measured[] {
  const met = new Set(measured.map(({ subject }) => keyOf(subject)));
  const facts = { sentence: "Nothing is heard of it any more", reasons: [] };
  return [...open]
    .filter((key) => !met.has(key))
    .map((key) => ({
      subject: subjectOfKey(key, rule.kind),
      readings: [{ at: now, score: 0, isKnown: true, facts }],
    }));
}
