import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DELIVERY_OUTCOMES } from "../schemas/alert.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { ALERT_EVENT_COLUMNS, AlertEventRow } from "./alert-event-columns.ts";
import { Count, Instant, Time } from "./values.ts";

/** What whoever tells people of alerts asks for: what happened to alerts, and what became of messages. */

const Ids = z.strictObject({ ids: z.array(z.string()) });

/** What was written lately: cheap enough to ask every second. */
export const newAlertEvents = defineQuery({
  name: "new_alert_events",
  summary: "Ids of events of alerts that were written with a time of recording since, in no order.",
  params: z.strictObject({ since: Instant }),
  row: z.object({ alert_id: z.string(), id: z.string() }),
  statement: ({ since }) => ({
    sql: "SELECT DISTINCT alert_id, id FROM alert_event_rows WHERE recorded_at >= {since:DateTime64(3, 'UTC')}",
    params: { since: toColumnTime(since) },
  }),
});

/** Alerts of which there may be something to tell. */
export const tellableAlerts = defineQuery({
  name: "tellable_alerts",
  summary: "Ids of alerts that are open, or to which something happened since; in no order.",
  params: z.strictObject({ since: Instant }),
  row: z.object({ alert_id: z.string() }),
  statement: ({ since }) => ({
    sql: `SELECT alert_id FROM alerts WHERE status IN ('firing', 'acknowledged')
UNION DISTINCT
SELECT alert_id FROM alert_event_rows WHERE recorded_at >= {since:DateTime64(3, 'UTC')}`,
    params: { since: toColumnTime(since) },
  }),
});

/** All that happened to some alerts. */
export const eventsOfAlerts = defineQuery({
  name: "events_of_alerts",
  summary: "Events of alerts, in no order.",
  params: Ids,
  row: AlertEventRow,
  statement: ({ ids }) => ({
    sql: `SELECT ${ALERT_EVENT_COLUMNS}
FROM alert_events
WHERE alert_id IN {ids:Array(String)}`,
    params: { ids },
  }),
});

/** What became of the messages of some alerts; `digest` stands for digests. */
export const deliveriesOfAlerts = defineQuery({
  name: "deliveries_of_alerts",
  summary: "What became of the messages of alerts, the latest of each, in no order.",
  params: Ids,
  row: z.object({
    id: z.string(),
    alert_id: z.string(),
    event_id: z.string(),
    receiver: z.string(),
    outcome: z.enum(DELIVERY_OUTCOMES),
    reason: z.string(),
    attempts: Count,
    next_at: Time.nullable(),
    receipt: z.record(z.string(), z.string()),
    at: Time,
  }),
  statement: ({ ids }) => ({
    sql: `SELECT id, alert_id, event_id, receiver, outcome, reason, attempts, next_at, receipt, at
FROM deliveries
WHERE alert_id IN {ids:Array(String)}`,
    params: { ids },
  }),
});

/** Silences that have not ended. */
export const comingSilences = defineQuery({
  name: "coming_silences",
  summary: "Silences that end after a time, by id.",
  params: z.strictObject({ now: Instant }),
  row: z.object({
    id: z.string(),
    match: z.record(z.string(), z.string()),
    from_at: Time,
    until_at: Time,
    reason: z.string(),
    by: z.string(),
    recorded_at: Time,
  }),
  statement: ({ now }) => ({
    sql: `SELECT id, match, from_at, until_at, reason, by, recorded_at
FROM silences
WHERE until_at > {now:DateTime64(3, 'UTC')}
ORDER BY id`,
    params: { now: toColumnTime(now) },
  }),
});

/** What nobody could be told of. */
export const untoldEvents = defineQuery({
  name: "untold_events",
  summary:
    "Events recorded in a stretch of time that were tried to be told, and no receiver has taken; the oldest first.",
  params: z.strictObject({ from: Instant, to: Instant }),
  row: z.object({
    alert_id: z.string(),
    event_id: z.string(),
    receivers: z.array(z.string()),
    recorded_at: Time,
  }),
  statement: ({ from, to }) => ({
    sql: `SELECT e.alert_id AS alert_id, e.id AS event_id, d.receivers AS receivers, e.recorded_at AS recorded_at
FROM
(
  SELECT event_id, groupUniqArrayIf(receiver, outcome IN ('failed', 'dead')) AS receivers
  FROM deliveries
  WHERE alert_id IN (SELECT alert_id FROM alert_event_rows WHERE recorded_at >= {from:DateTime64(3, 'UTC')})
  GROUP BY event_id
  HAVING notEmpty(receivers) AND countIf(outcome = 'sent') = 0
) AS d
INNER JOIN alert_events AS e ON e.id = d.event_id
WHERE e.recorded_at >= {from:DateTime64(3, 'UTC')} AND e.recorded_at < {to:DateTime64(3, 'UTC')}
ORDER BY recorded_at, event_id
LIMIT 100`,
    params: { from: toColumnTime(from), to: toColumnTime(to) },
  }),
});
