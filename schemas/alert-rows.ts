import type { AlertDelivery, AlertEvent, AlertSilence } from "./alert.ts";
import { toColumnTime } from "./rows.ts";

export const alertEventRows = {
  table: "alert_event_rows",
  columns: [
    "id",
    "alert_id",
    "kind",
    "rule",
    "rule_kind",
    "tracker",
    "issue_id",
    "group_values",
    "severity",
    "score",
    "at",
    "recorded_at",
    "by",
    "note",
    "payload",
  ],
  toRow: (e: AlertEvent): readonly unknown[] => [
    e.id,
    e.alertId,
    e.kind,
    e.rule,
    e.ruleKind,
    e.tracker,
    e.issueId,
    e.groupValues,
    e.severity,
    e.score,
    toColumnTime(e.at),
    toColumnTime(e.recordedAt),
    e.by,
    e.note,
    JSON.stringify(e.payload),
  ],
};

export const deliveryRows = {
  table: "delivery_rows",
  columns: [
    "id",
    "alert_id",
    "event_id",
    "receiver",
    "outcome",
    "reason",
    "attempts",
    "next_at",
    "receipt",
    "at",
  ],
  toRow: (d: AlertDelivery): readonly unknown[] => [
    d.id,
    d.alertId,
    d.eventId,
    d.receiver,
    d.outcome,
    d.reason,
    d.attempts,
    d.nextAt === null ? null : toColumnTime(d.nextAt),
    d.receipt,
    toColumnTime(d.at),
  ],
};

export const silenceRows = {
  table: "silence_rows",
  columns: ["id", "match", "from_at", "until_at", "reason", "by", "recorded_at"],
  toRow: (s: AlertSilence): readonly unknown[] => [
    s.id,
    s.match,
    toColumnTime(s.fromAt),
    toColumnTime(s.untilAt),
    s.reason,
    s.by,
    toColumnTime(s.recordedAt),
  ],
};
