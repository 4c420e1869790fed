import type { z } from "zod";
import type { AlertEventKind, AlertRequest, RuleKind } from "../../../schemas/alert.ts";
import type { Severity } from "../../../schemas/notification.ts";

export type AlertStatus = "firing" | "acknowledged" | "resolved" | "pending" | "withdrawn";
export type AlertVerdict = "real" | "false" | "known" | "too_late" | "duplicate";

/** An alert as it stands. Times are ISO 8601 UTC. */
export interface AlertRow {
  readonly alert_id: string;
  /** What people call it: `A-3F9C2B`. */
  readonly number: string;
  readonly rule: string;
  readonly rule_kind: RuleKind;
  readonly tracker: string;
  readonly issue_id: string;
  readonly issue_title: string;
  readonly group_values: Readonly<Record<string, string>>;
  readonly status: AlertStatus;
  readonly severity: Severity;
  /** 1 is the rule's threshold. */
  readonly score: number;
  readonly peak_score: number;
  readonly escalations: number;
  /** JSON: what was measured. */
  readonly payload: string;
  readonly started_at: string;
  readonly raised_at: string | null;
  readonly resolved_at: string | null;
  readonly last_at: string;
  readonly acknowledged_by: string;
  readonly acknowledged_at: string | null;
  readonly snoozed_until: string | null;
  /** 0: no number of people wakes it. */
  readonly snoozed_until_voices: number;
  readonly verdict: AlertVerdict | "";
  readonly verdict_by: string;
  readonly judged_at: string | null;
  readonly owner: string;
  /** How many there are without limit. */
  readonly found: number;
}

/** Something that happened to an alert. */
export interface AlertEventRow {
  readonly id: string;
  readonly kind: AlertEventKind;
  readonly severity: Severity;
  readonly score: number;
  readonly at: string;
  readonly recorded_at: string;
  /** Who; empty: the machine. */
  readonly by: string;
  readonly note: string;
  readonly payload: string;
}

/** Who was told of an alert, or why not. */
export interface DeliveryRow {
  readonly id: string;
  readonly event_kind: string;
  readonly receiver: string;
  readonly outcome: "sent" | "failed" | "suppressed" | "dead";
  readonly reason: string;
  readonly attempts: number;
  readonly next_at: string | null;
  readonly at: string;
}

/** When nobody is told of what. */
export interface SilenceRow {
  readonly id: string;
  readonly match: Readonly<Record<string, string>>;
  readonly from_at: string;
  readonly until_at: string;
  readonly reason: string;
  readonly by: string;
}

/** What nobody is to be told of for a while, and why. */
export interface SilenceAsked {
  /** tracker, issue, rule, platform, country: all of it must hold. */
  readonly match: Readonly<Record<string, string>>;
  readonly until: string;
  readonly reason: string;
}

/** What a person asks to be done with an alert. */
export type AlertAsked = z.input<typeof AlertRequest>;
