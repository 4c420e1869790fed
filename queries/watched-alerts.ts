import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ALERT_EVENT_KINDS, RULE_KINDS } from "../schemas/alert.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { ALERT_EVENT_COLUMNS, AlertEventRow } from "./alert-event-columns.ts";
import { Instant } from "./values.ts";

/** What the loop that watches rules asks of alerts: what happened to them, whoever did it. */
export const watchedAlerts = defineQuery({
  name: "watched_alerts",
  summary:
    "Events of alerts recorded since a time, in the order they were recorded, those of one time as they can only have come.",
  params: z.strictObject({ since: Instant }),
  row: AlertEventRow,
  statement: ({ since }) => ({
    sql: `SELECT ${ALERT_EVENT_COLUMNS}
FROM alert_events
WHERE recorded_at >= {since:DateTime64(3, 'UTC')} AND kind IN {kinds:Array(String)} AND rule_kind IN {rules:Array(String)}
ORDER BY recorded_at, at,
  modulo(indexOf(['pending', 'withdrawn', 'fired', 'reopened', 'escalated', 'resolved'], toString(kind)) + 99, 100), id`,
    // what a later version has written is not ours to fold
    params: { since: toColumnTime(since), kinds: [...ALERT_EVENT_KINDS], rules: [...RULE_KINDS] },
  }),
});
