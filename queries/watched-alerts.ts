import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ALERT_EVENT_KINDS, RULE_KINDS } from "../schemas/alert.ts";
import { SEVERITIES } from "../schemas/notification.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Instant, Time } from "./values.ts";

/** What the loop that watches rules asks of alerts: what happened to them, whoever did it. */
export const watchedAlerts = defineQuery({
  name: "watched_alerts",
  summary:
    "Events of alerts recorded since a time, in the order they were recorded, those of one time as they can only have come.",
  params: z.strictObject({ since: Instant }),
  row: z.object({
    id: z.string(),
    alert_id: z.string(),
    kind: z.enum(ALERT_EVENT_KINDS),
    rule: z.string(),
    rule_kind: z.enum(RULE_KINDS),
    tracker: z.string(),
    issue_id: z.string(),
    group_values: z.record(z.string(), z.string()),
    severity: z.enum(SEVERITIES),
    score: z.number(),
    at: Time,
    recorded_at: Time,
    by: z.string(),
    note: z.string(),
    payload: z.string().describe("JSON."),
  }),
  statement: ({ since }) => ({
    sql: `SELECT id, alert_id, kind, rule, rule_kind, tracker, issue_id, group_values, severity, score, at, recorded_at, by, note, payload
FROM alert_events
WHERE recorded_at >= {since:DateTime64(3, 'UTC')} AND kind IN {kinds:Array(String)} AND rule_kind IN {rules:Array(String)}
ORDER BY recorded_at, at,
  modulo(indexOf(['pending', 'withdrawn', 'fired', 'reopened', 'escalated', 'resolved'], toString(kind)) + 99, 100), id`,
    // what a later version has written is not ours to fold
    params: { since: toColumnTime(since), kinds: [...ALERT_EVENT_KINDS], rules: [...RULE_KINDS] },
  }),
});
