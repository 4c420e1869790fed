import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DELIVERY_OUTCOMES } from "../schemas/alert.ts";
import { Count, Time, wholeNumber } from "./values.ts";

/** Who was told of one alert. */
export const alertDeliveries = defineQuery({
  name: "alert_deliveries",
  summary: "Who was told of one alert, and who was not and why, latest first, ties by id.",
  params: z.strictObject({
    alert: z.string().min(1).max(64).describe("The alert, by its id."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    id: z.string(),
    alert_id: z.string(),
    event_id: z.string(),
    event_kind: z.string().describe("What it told of: fired, escalated …; empty: a reminder or digest."),
    receiver: z.string(),
    outcome: z.enum(DELIVERY_OUTCOMES).describe("dead: it is not tried again."),
    reason: z.string().describe("Why it failed or was left out."),
    attempts: Count,
    next_at: Time.nullable().describe("When it is tried again; null: never."),
    at: Time,
  }),
  statement: ({ alert, limit }) => ({
    sql: `SELECT
  d.id AS id, d.alert_id AS alert_id, d.event_id AS event_id, e.kind AS event_kind, d.receiver AS receiver,
  d.outcome AS outcome, d.reason AS reason, d.attempts AS attempts, d.next_at AS next_at, d.at AS at
FROM deliveries AS d
LEFT JOIN (SELECT id, toString(kind) AS kind FROM alert_events WHERE alert_id = {alert:String}) AS e ON e.id = d.event_id
WHERE d.alert_id = {alert:String}
ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
    params: { alert, limit },
  }),
});
