import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ALERT_EVENT_COLUMNS, AlertEventRow } from "./alert-event-columns.ts";
import { wholeNumber } from "./values.ts";

/** What happened to one alert. */
export const alertEvents = defineQuery({
  name: "alert_events",
  summary:
    "What happened to one alert, what the machine saw and what people did, latest first; those recorded at one time in the order they can only have come.",
  params: z.strictObject({
    alert: z.string().min(1).max(64).describe("The alert, by its id."),
    limit: wholeNumber(1, 10_000).default(200).describe("Most rows to give."),
  }),
  row: AlertEventRow,
  statement: ({ alert, limit }) => ({
    sql: `SELECT
  ${ALERT_EVENT_COLUMNS}
FROM alert_events
WHERE alert_id = {alert:String}
ORDER BY
  recorded_at DESC, at DESC,
  indexOf(['resolved', 'escalated', 'reopened', 'fired', 'withdrawn', 'pending'], kind), id DESC
LIMIT {limit:UInt32}`,
    params: { alert, limit },
  }),
});
