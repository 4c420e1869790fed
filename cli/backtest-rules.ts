import {
  keyOf,
  takeReading,
  type AlertPolicy,
  type AlertState,
  type AlertSubject,
} from "../core/alerts/fold-alert.ts";
import { alertPolicy, BUCKET_MS } from "../core/alerts/policy.ts";
import type { AlertRule } from "../core/alerts/rules.ts";
import { EarshotError } from "../core/errors.ts";
import { watchedAlerts } from "../queries/watched-alerts.ts";
import type { RuleKind } from "../schemas/alert.ts";
import type { Severity } from "../schemas/notification.ts";
import { openRule, type WatchApp } from "./alert/watch-rules.ts";

/** An alert a rule would have raised. */
export interface FoundAlert extends AlertSubject {
  readonly alertId: string;
  readonly firedAt: string;
  readonly severity: Severity;
  readonly score: number;
  readonly sentence: string;
  readonly escalations: number;
  /** What care said of the alert there was about the same, at about that time; empty: there was none, or nobody said. */
  readonly verdict: string;
}

/** What a rule would have done. */
export interface RuleBacktest {
  readonly rule: string;
  readonly kind: RuleKind;
  /** Oldest first. */
  readonly alerts: readonly FoundAlert[];
  /** Why it cannot be tried out; empty: it was. */
  readonly reason: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Time passes in steps of at most so much; every bucket in between is measured. */
const MOST_STEP_MS = 5 * HOUR;

/** What the store keeps no history of, as it would have been seen then. */
const UNTOLD: Partial<Record<RuleKind, string>> = {
  issue_escalating: "what was judged of issues is kept by when it was judged, not by what was known then",
  issue_new: "what was judged of issues is kept by when it was judged, not by what was known then",
  source_silent: "how sources were at every minute is not kept",
  fix_regressed: "a fix is judged with all that came later",
};

/**
 * Tells what rules would have done over a past time, by what is stored now: late data is there from the beginning, and what
 * people said since holds.
 * @param onProgress is told how far it is, 0..1
 */
export async function backtestRules(
  app: Omit<WatchApp, "store">,
  rules: readonly AlertRule[],
  span: { readonly from: Date; readonly to: Date },
  signal: AbortSignal,
  onProgress: (done: number) => void = () => {},
): Promise<readonly RuleBacktest[]> {
  const judged = await verdictsOf(app, span.from);
  const results: RuleBacktest[] = [];
  for (const [nth, rule] of rules.entries()) {
    const reason = UNTOLD[rule.kind] ?? "";
    const found = new Map<string, FoundAlert>();
    if (reason === "") {
      const watch = openRule(rule, app);
      const policy = alertPolicy(rule, app.config.alerts);
      const states = new Map<string, AlertState>();
      const stepMs = stepOf(rule, policy);
      const steps = Math.max(1, Math.ceil((span.to.getTime() - span.from.getTime()) / stepMs));
      for (let step = 1; step <= steps; step++) {
        signal.throwIfAborted();
        const now = Math.min(span.from.getTime() + step * stepMs, span.to.getTime());
        for (const { subject, readings } of await watch.measure(new Date(now), openOf(states))) {
          const key = keyOf(subject);
          for (const reading of readings) {
            const taken = takeReading(subject, states.get(key), reading, policy, now);
            if (taken.state !== undefined) states.set(key, taken.state);
            for (const event of taken.events) {
              const before = found.get(event.alertId);
              if (event.kind === "escalated" && before !== undefined) {
                found.set(event.alertId, {
                  ...before,
                  escalations: before.escalations + 1,
                  severity: event.severity,
                });
              }
              if (event.kind !== "fired") continue;
              const { alertId, severity, score, at } = event;
              const sentence = typeof event.payload["sentence"] === "string" ? event.payload["sentence"] : "";
              const verdict = judged.find(
                (one) => one.key === key && Math.abs(one.at - Date.parse(at)) < DAY,
              )?.verdict;
              found.set(alertId, {
                ...subject,
                alertId,
                firedAt: at,
                severity,
                score,
                sentence,
                escalations: 0,
                verdict: verdict ?? "",
              });
            }
          }
        }
        onProgress((nth + step / steps) / rules.length);
      }
    }
    const alerts = [...found.values()].sort((a, b) => (a.firedAt < b.firedAt ? -1 : 1));
    results.push({ rule: rule.id, kind: rule.kind, alerts, reason });
  }
  return results;
}

/** Shorter than what may be late, and than what a rule looks back on: nothing falls between two looks. */
function stepOf(rule: AlertRule, { maxEventAgeMs }: AlertPolicy): number {
  const windowMs = rule.kind === "keyword_critical" ? rule.windowHours * HOUR : Infinity;
  return Math.max(BUCKET_MS, Math.min(MOST_STEP_MS, maxEventAgeMs - BUCKET_MS, windowMs));
}

function openOf(states: ReadonlyMap<string, AlertState>): Set<string> {
  return new Set(
    [...states].flatMap(([key, { status }]) => (["resolved", "withdrawn"].includes(status) ? [] : [key])),
  );
}

/** What care said of alerts, by what they were about and when they fired. */
async function verdictsOf({ ask }: Pick<WatchApp, "ask">, from: Date) {
  const firedAt = new Map<string, { key: string; at: number }>();
  const verdicts = new Map<string, { key: string; at: number; verdict: string }>();
  for (const row of await ask(watchedAlerts, { since: from.toISOString() })) {
    if (row.kind === "fired") {
      const { rule, rule_kind: ruleKind, tracker, issue_id: issueId, group_values: groupValues } = row;
      firedAt.set(row.alert_id, {
        key: keyOf({ rule, ruleKind, tracker, issueId, groupValues }),
        at: Date.parse(row.at),
      });
    }
    if (row.kind === "undo") verdicts.delete(row.alert_id);
    const fired = firedAt.get(row.alert_id);
    if (row.kind !== "judge" || fired === undefined) continue;
    const { verdict } = JSON.parse(row.payload) as { verdict?: string };
    if (verdict !== undefined) verdicts.set(row.alert_id, { ...fired, verdict });
  }
  return [...verdicts.values()];
}

/**
 * Rules by their ids, all where none is named.
 * @throws {EarshotError} not_found
 */
export function chooseRules(rules: readonly AlertRule[], ids: readonly string[]): readonly AlertRule[] {
  const unknown = ids.find((id) => !rules.some((rule) => rule.id === id));
  if (unknown !== undefined) {
    throw new EarshotError(
      "not_found",
      `There is no rule ${unknown}; there are ${rules.map(({ id }) => id).join(", ")}.`,
    );
  }
  return ids.length === 0 ? rules : rules.filter(({ id }) => ids.includes(id));
}
