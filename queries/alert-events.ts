import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ALERT_EVENT_KINDS, RULE_KINDS } from "../schemas/alert.ts";
import { SEVERITIES } from "../schemas/notification.ts";
import { Time, wholeNumber } from "./values.ts";

/** What happened to one alert. */
export const alertEvents = defineQuery({
  name: "alert_events",
  summary:
    "What happened to one alert, what the machine saw and what people did, latest first; those recorded at one time in the order they can only have come.",
  params: z.strictObject({
    alert: z.string().min(1).max(64).describe("The alert, by its id."),
    limit: wholeNumber(1, 10_000).default(200).describe("Most rows to give."),
  }),
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
    at: Time.describe("When what it tells of had happened."),
    recorded_at: Time,
    by: z.string().describe("Who; empty: the machine."),
    note: z.string(),
    payload: z.string().describe("JSON: what was measured, or what was asked for."),
  }),
  statement: ({ alert, limit }) => ({
    sql: `SELECT
  id, alert_id, kind, rule, rule_kind, tracker, issue_id, group_values, severity, score, at, recorded_at, by, note, payload
FROM alert_events
WHERE alert_id = {alert:String}
ORDER BY
  recorded_at DESC, at DESC,
  indexOf(['resolved', 'escalated', 'reopened', 'fired', 'withdrawn', 'pending'], kind), id DESC
LIMIT {limit:UInt32}`,
    params: { alert, limit },
  }),
});
