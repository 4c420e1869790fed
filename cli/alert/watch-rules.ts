import { setTimeout as sleep } from "node:timers/promises";
import {
  foldEvent,
  keyOf,
  takeReading,
  type AlertPolicy,
  type AlertState,
} from "../../core/alerts/fold-alert.ts";
import { alertPolicy, BUCKET_MS } from "../../core/alerts/policy.ts";
import type { AlertRule } from "../../core/alerts/rules.ts";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import { toAlertEvent } from "../../queries/alert-event-columns.ts";
import { watchedAlerts } from "../../queries/watched-alerts.ts";
import { alertEventRows } from "../../schemas/alert-rows.ts";
import type { AlertEvent } from "../../schemas/alert.ts";
import type { App } from "../app.ts";
import type { RuleWatch, WatchOptions } from "./measured.ts";
import { watchFixRegressed } from "./rules/fix-regressed.ts";
import { watchIssueVerdicts } from "./rules/issue-verdicts.ts";
import { watchKeywordCritical } from "./rules/keyword-critical.ts";
import { watchPostSpread } from "./rules/post-spread.ts";
import { watchShareShift } from "./rules/share-shift.ts";
import { watchSourceSilent } from "./rules/source-silent.ts";
import { watchVolumeDrop } from "./rules/volume-drop.ts";
import { watchVolumeSpike } from "./rules/volume-spike.ts";

/** What rules are watched with. */
export type WatchApp = Pick<App, "ask" | "store" | "context" | "config">;

/** Watches all rules over one store. Only one process may do so at a time. */
export interface AlertWatch {
  /**
   * Measures every rule and writes down what came of it.
   * @returns the events that were not there before
   * @throws {EarshotError} sink_unavailable
   */
  round(signal: AbortSignal): Promise<readonly AlertEvent[]>;
}

/** Alerts older than this are over and forgotten. */
const REMEMBERED_DAYS = 60;
const DAY = 86_400_000;
/** What was recorded so long before the last look may yet come to be seen. */
const OVERLAP_MS = 60_000;
/** Looking takes at most this share of the time. */
const LOOKING_SHARE = 0.2;
/** A rule that cannot be measured is told of again after so long, and tried again after so long at least. */
const COMPLAIN_EVERY_MS = 3_600_000;
const REST_MS = 10_000;
/** Ends at once what nobody measures any more. */
const ENDED: AlertPolicy = {
  bucketMs: BUCKET_MS,
  forMs: 0,
  soonFrom: 1,
  clearBelow: 1,
  clearForMs: 0,
  cooldownMs: 0,
  escalateRatio: Infinity,
  maxEventAgeMs: 0,
  severities: [],
};

/** Watches the rules of the config until the signal aborts. */
export async function watchAlerts(app: WatchApp, signal: AbortSignal): Promise<void> {
  const { config, context } = app;
  if (!config.alerts.isEnabled) return;
  let watch: AlertWatch | undefined;
  while (!signal.aborted) {
    const started = performance.now();
    try {
      await retrying(
        async () => {
          const running = (watch ??= await openWatch(app));
          // what was not written is in its memory and nowhere else: after an error only what is stored holds
          watch = undefined;
          await running.round(signal);
          watch = running;
        },
        { what: "watch for alerts" },
        signal,
        context,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      context.log.error({ reason: error.message }, "alerts cannot be watched for; tried again shortly");
    }
    const took = performance.now() - started;
    const idleMs = Math.max(config.alerts.everySeconds * 1_000 - took, took / LOOKING_SHARE - took);
    await sleep(idleMs, undefined, { signal }).catch(() => {});
  }
}

/** Opens the watch with what the store knows of alerts. */
export async function openWatch(app: WatchApp): Promise<AlertWatch> {
  const { config, context, ask, store } = app;
  const rules = config.alerts.rules
    .filter(({ isEnabled }) => isEnabled)
    .map((rule) => ({ rule, policy: alertPolicy(rule, config.alerts), watch: openRule(rule, app) }));
  const states = new Map<string, AlertState>();
  const seen = new Set<string>();
  const complainedAt = new Map<string, number>();
  const restsUntil = new Map<string, number>();
  const sink = store.table(alertEventRows);
  let readUntil = context.now().getTime() - REMEMBERED_DAYS * DAY;

  /** Takes up what people did, and at the beginning everything. */
  async function learn(): Promise<void> {
    const now = context.now().getTime();
    const rows = await ask(watchedAlerts, { since: new Date(readUntil - OVERLAP_MS).toISOString() });
    for (const row of rows) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const event = toAlertEvent(row);
      const key = keyOf(event);
      const state = states.get(key);
      // of an earlier alert of the same subject nothing is to be watched any more
      if (state !== undefined && event.kind !== "pending" && event.alertId !== state.alertId) continue;
      const next = foldEvent(state, event);
      if (next !== undefined) states.set(key, next);
    }
    readUntil = now;
  }

  return {
    async round(signal) {
      await learn();
      const found: AlertEvent[] = [];
      const take = async (events: readonly AlertEvent[]) => {
        if (events.length === 0) return;
        for (const { id } of events) seen.add(id);
        await sink.write(events, signal);
        found.push(...events);
      };
      for (const { rule, policy, watch } of rules) await take(await measure(rule, policy, watch));
      await take(endRemoved());
      return found;
    },
  };

  /** What rules raised that were taken out of the config, or are not watched any more. */
  function endRemoved(): AlertEvent[] {
    const now = context.now().getTime();
    const watched = new Set(rules.map(({ rule }) => rule.id));
    const facts = { sentence: "The rule is not watched any more", reasons: [] };
    const events: AlertEvent[] = [];
    for (const [key, state] of states) {
      if (isOver(state) || watched.has(state.rule)) continue;
      const taken = takeReading(state, state, { at: now, score: 0, isKnown: true, facts }, ENDED, now);
      if (taken.state !== undefined) states.set(key, taken.state);
      events.push(...taken.events);
    }
    return events;
  }

  async function measure(rule: AlertRule, policy: AlertPolicy, watch: RuleWatch): Promise<AlertEvent[]> {
    const now = context.now();
    const open = new Set(
      [...states].flatMap(([key, state]) => (state.rule === rule.id && !isOver(state) ? [key] : [])),
    );
    const events: AlertEvent[] = [];
    for (const { subject, readings } of await measured(rule, watch, now, open)) {
      const key = keyOf(subject);
      for (const reading of readings) {
        const taken = takeReading(subject, states.get(key), reading, policy, now.getTime());
        if (taken.state !== undefined) states.set(key, taken.state);
        events.push(...taken.events);
      }
    }
    return events;
  }

  /**
   * One rule that cannot be measured stops no other.
   * @throws {EarshotError} sink_unavailable when the store answers nothing
   */
  async function measured(rule: AlertRule, watch: RuleWatch, now: Date, open: ReadonlySet<string>) {
    if (now.getTime() < (restsUntil.get(rule.id) ?? -Infinity)) return [];
    const started = performance.now();
    try {
      return await watch.measure(now, open);
    } catch (error) {
      // a store that answers, and not this: it takes too long or too much memory
      if (error instanceof EarshotError && error.retried) await store.check();
      const took = performance.now() - started;
      restsUntil.set(rule.id, now.getTime() + Math.max(REST_MS, took / LOOKING_SHARE));
      const said = complainedAt.get(rule.id) ?? -Infinity;
      if (now.getTime() - said >= COMPLAIN_EVERY_MS) {
        complainedAt.set(rule.id, now.getTime());
        const why = error instanceof EarshotError ? { reason: error.message } : { err: error };
        context.log.error({ rule: rule.id, ...why }, "a rule cannot be watched; the others are");
      }
      return [];
    }
  }
}

function isOver({ status }: AlertState): boolean {
  return status === "resolved" || status === "withdrawn";
}

/** The watch of one rule. */
export function openRule(rule: AlertRule, { config, ...app }: Omit<WatchApp, "store">): RuleWatch {
  const given = { app, alerts: config.alerts, sources: config.sources } satisfies Omit<WatchOptions, "rule">;
  switch (rule.kind) {
    case "volume_spike":
      return watchVolumeSpike({ ...given, rule });
    case "volume_drop":
      return watchVolumeDrop({ ...given, rule });
    case "share_shift":
      return watchShareShift({ ...given, rule });
    case "post_spread":
      return watchPostSpread({ ...given, rule });
    case "issue_escalating":
    case "issue_new":
      return watchIssueVerdicts({ ...given, rule });
    case "keyword_critical":
      return watchKeywordCritical({ ...given, rule });
    case "source_silent":
      return watchSourceSilent({ ...given, rule });
    case "fix_regressed":
      return watchFixRegressed({ ...given, rule, exposureMeasure: config.exposureMeasure });
  }
}
