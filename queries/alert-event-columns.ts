import { z } from "zod";
import { ALERT_EVENT_KINDS, RULE_KINDS, type AlertEvent } from "../schemas/alert.ts";
import { SEVERITIES } from "../schemas/notification.ts";
import { Time } from "./values.ts";

/** An event of an alert as questions answer it. */
export const AlertEventRow = z.object({
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
});

/** Its columns, as a SELECT lists them. */
export const ALERT_EVENT_COLUMNS = Object.keys(AlertEventRow.shape).join(", ");

/** The event a row tells of. */
export function toAlertEvent(row: z.infer<typeof AlertEventRow>): AlertEvent {
  const { alert_id, rule_kind, issue_id, group_values, recorded_at, payload, ...same } = row;
  return {
    ...same,
    alertId: alert_id,
    ruleKind: rule_kind,
    issueId: issue_id,
    groupValues: group_values,
    recordedAt: recorded_at,
    payload: JSON.parse(payload) as AlertEvent["payload"],
  };
}
