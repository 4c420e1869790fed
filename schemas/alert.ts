import { z } from "zod";
import { Severity } from "./notification.ts";
import { Slug, Timestamp } from "./primitives.ts";

/** What a rule watches for. */
export const RULE_KINDS = [
  "volume_spike",
  "volume_drop",
  "share_shift",
  "post_spread",
  "issue_escalating",
  "issue_new",
  "keyword_critical",
  "source_silent",
  "fix_regressed",
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** What care says an alert was worth, once they have looked. */
export const ALERT_VERDICTS = ["real", "false", "known", "too_late", "duplicate"] as const;

/**
 * How an alert came along. The machine's: `pending` (a rule's threshold is crossed), `withdrawn` (not for long enough),
 * `fired`, `escalated` (twice as bad as last told), `resolved` (quiet, which is not fixed), `reopened` (again, soon after).
 * People's: `acknowledge`, `snooze`, `judge`, `undo` (takes these three back), `assign`, `note`.
 */
export const ALERT_EVENT_KINDS = [
  "pending",
  "withdrawn",
  "fired",
  "escalated",
  "resolved",
  "reopened",
  "acknowledge",
  "snooze",
  "judge",
  "undo",
  "assign",
  "note",
] as const;
export type AlertEventKind = (typeof ALERT_EVENT_KINDS)[number];

const Note = z.string().trim().max(2_000).default("");

/** What a person may do with an alert, told apart by `kind`. */
export const AlertRequest = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("acknowledge"), note: Note }),
  z.strictObject({
    kind: z.literal("snooze"),
    until: Timestamp.optional().describe("Nobody is told of it before this time."),
    untilVoices: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe("Or before so many more people say so, whichever comes first."),
    note: Note,
  }),
  z.strictObject({
    kind: z.literal("judge"),
    verdict: z
      .enum(ALERT_VERDICTS)
      .describe("What it was worth; a false alarm and a duplicate close it, too."),
    note: Note,
  }),
  z
    .strictObject({ kind: z.literal("undo"), note: Note })
    .describe(
      "Takes back who acknowledged it, that it is snoozed, and what it was worth; closed by it, it is open again.",
    ),
  z.strictObject({
    kind: z.literal("assign"),
    owner: z.string().trim().max(100).describe("Who sees to it; empty: nobody."),
    note: Note,
  }),
  z.strictObject({ kind: z.literal("note"), note: z.string().trim().min(1).max(2_000) }),
]);
export type AlertRequest = z.infer<typeof AlertRequest>;

/**
 * What happened to an alert. Append-only; the alert is what its events fold to (`processors/fold-alert.ts`, the view
 * `alerts`). `payload` of the machine's holds what was measured, of people's the request without kind and note.
 */
export const AlertEvent = z.strictObject({
  id: z.string().min(1).max(64).describe("The same for the same event: a replay writes it again."),
  alertId: z.string().min(1).max(64),
  kind: z.enum(ALERT_EVENT_KINDS),
  rule: Slug.describe("Id of the rule."),
  ruleKind: z.enum(RULE_KINDS),
  tracker: z.union([z.literal(""), Slug]),
  issueId: z.string().max(100).describe("Empty: of no issue."),
  groupValues: z
    .record(z.string(), z.string())
    .describe("What else it is about: platform, country, mention, source."),
  severity: Severity,
  score: z.number().nonnegative().describe("1 is the rule's threshold."),
  at: Timestamp.describe("In event time: when what it tells of had happened."),
  recordedAt: Timestamp,
  by: z.string().max(100).describe("Who; empty: the machine."),
  note: z.string().max(2_000),
  payload: z.record(z.string(), z.unknown()),
});
export type AlertEvent = z.infer<typeof AlertEvent>;

/** What became of a notification. */
export const DELIVERY_OUTCOMES = ["sent", "failed", "suppressed", "dead"] as const;

/** One attempt to tell a receiver, or why it was not told. The latest of an id holds. */
export const AlertDelivery = z.strictObject({
  id: z.string().min(1).max(255).describe("`alert:event:receiver`, the idempotency key of the notification."),
  alertId: z.string(),
  eventId: z.string(),
  receiver: Slug,
  outcome: z.enum(DELIVERY_OUTCOMES),
  reason: z.string().max(2_000).describe("Why it failed or was left out; empty: it was sent."),
  attempts: z.int().nonnegative(),
  nextAt: Timestamp.nullable().describe("When it is tried again; null: never."),
  receipt: z.record(z.string(), z.string()),
  at: Timestamp,
});
export type AlertDelivery = z.infer<typeof AlertDelivery>;

/** A stretch of time in which nobody is told of alerts that match. The latest of an id holds. */
export const AlertSilence = z.strictObject({
  id: z.string().min(1).max(64),
  match: z
    .record(z.string(), z.string())
    .describe("tracker, issue, rule, platform, country: all must match."),
  fromAt: Timestamp,
  untilAt: Timestamp,
  reason: z.string().max(1_000),
  by: z.string().max(100),
  recordedAt: Timestamp,
});
export type AlertSilence = z.infer<typeof AlertSilence>;
