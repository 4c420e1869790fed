import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { mentionCount } from "./series.ts";
import { Count, Instant, Time } from "./values.ts";

/**
 * `unknown`: never polled (a file, a push); `connected`; `degraded`: its last poll failed; `unauthorized`: the platform
 * refuses us; `silent`: it answers but brings nothing for three times its usual gap.
 */
export const SOURCE_STATES = ["unknown", "connected", "degraded", "unauthorized", "silent"] as const;

/** Fewer mentions than this in thirty days tell nothing of a usual gap. */
const ENOUGH_FOR_A_GAP = 10;

/** How each source is, what it has brought, what it costs, and when it was last heard. */
export const sourceHealth = defineQuery({
  name: "source_health",
  summary:
    "Every source that was ever polled, brought a mention, saved a cursor or left a dead letter: how it is and why, its " +
    "mentions (ours included), when they were last published and read, what it spent, and its open dead letters; " +
    "ordered by source.",
  params: z.strictObject({
    at: Instant.optional().describe("As of this time: what is silent, today and this month. Default now."),
  }),
  row: z.object({
    source: z.string(),
    state: z.enum(SOURCE_STATES),
    code: z.string().describe("Error code of the last poll; empty when it went well."),
    reason: z.string().describe("What was wrong with the last poll and what to do; empty when it went well."),
    failures: Count.describe("Polls in a row that did not go well."),
    last_polled_at: Time.nullable(),
    heard_until: Time.nullable().describe("Up to when it was heard."),
    not_before: Time.nullable().describe("It is not polled again before this time."),
    mentions: mentionCount,
    last_published_at: Time.nullable(),
    last_observed_at: Time.nullable(),
    usual_gap_s: z
      .number()
      .nullable()
      .describe("Mean seconds between its mentions of the thirty days before its last one."),
    requests_today: z.number().describe("Requests made since midnight UTC."),
    usd_this_month: z.number().describe("US dollars spent in this calendar month, UTC."),
    cursor_saved_at: Time.nullable(),
    open_dead_letters: Count,
  }),
  statement: ({ at }) => {
    const now = at === undefined ? "now64(3, 'UTC')" : "{at:DateTime64(3, 'UTC')}";
    return {
      sql: `WITH
latest AS (
  SELECT source, maxIf(m.published_at, m.published_at <= ${now}) AS last_recent_at FROM mentions AS m GROUP BY source
),
brought AS (
  SELECT source, count() AS mentions, max(m.published_at) AS last_published_at, max(m.observed_at) AS last_observed_at,
    any(latest.last_recent_at) AS last_recent_at,
    -- its own last days: going by ours, one that fell silent would have no usual gap some day
    countIf(m.published_at > latest.last_recent_at - INTERVAL 30 DAY AND m.published_at <= latest.last_recent_at) AS recent,
    minIf(m.published_at, m.published_at > latest.last_recent_at - INTERVAL 30 DAY) AS first_recent_at
  FROM mentions AS m INNER JOIN latest USING source
  GROUP BY source
),
polled AS (
  SELECT source, argMaxIf(p.outcome, p.at, p.outcome != 'asked') AS outcome, argMaxIf(p.code, p.at, p.outcome != 'asked') AS code, argMaxIf(p.reason, p.at, p.outcome != 'asked') AS reason,
    argMaxIf(p.failures, p.at, p.outcome != 'asked') AS failures, maxIf(p.at, p.outcome != 'asked') AS last_polled_at,
    -- a tuple keeps a NULL that argMax would pass over
    argMaxIf(tuple(p.heard_until), p.at, p.outcome != 'asked').1 AS heard_until, argMaxIf(tuple(p.not_before), p.at, p.outcome != 'asked').1 AS not_before,
    sumIf(p.requests, p.at >= toStartOfDay(${now})) AS requests_today,
    sumIf(p.usd, p.at >= toStartOfMonth(${now})) AS usd_this_month
  FROM polls AS p GROUP BY source
),
letters AS (SELECT source, countIf(state = 'open') AS open_dead_letters FROM dead_letters GROUP BY source),
known AS (
  SELECT source FROM brought UNION DISTINCT SELECT source FROM polled
  UNION DISTINCT SELECT source FROM cursors UNION DISTINCT SELECT source FROM letters
)
SELECT
  known.source AS source,
  multiIf(
    polled.outcome = '', 'unknown',
    polled.code IN ('source_unauthorized', 'unauthorized'), 'unauthorized',
    polled.outcome != 'ok', 'degraded',
    usual_gap_s IS NOT NULL AND dateDiff('second', brought.last_recent_at, ${now}) > greatest(3600, 3 * usual_gap_s), 'silent',
    'connected') AS state,
  polled.code AS code,
  polled.reason AS reason,
  polled.failures AS failures,
  nullIf(polled.last_polled_at, toDateTime64(0, 3, 'UTC')) AS last_polled_at,
  polled.heard_until AS heard_until,
  polled.not_before AS not_before,
  brought.mentions AS mentions,
  if(brought.mentions = 0, NULL, brought.last_published_at) AS last_published_at,
  if(brought.mentions = 0, NULL, brought.last_observed_at) AS last_observed_at,
  if(brought.recent < ${ENOUGH_FOR_A_GAP}, NULL,
    dateDiff('second', brought.first_recent_at, brought.last_recent_at) / (brought.recent - 1)) AS usual_gap_s,
  polled.requests_today AS requests_today,
  polled.usd_this_month AS usd_this_month,
  nullIf(cursors.saved_at, toDateTime64(0, 3, 'UTC')) AS cursor_saved_at,
  letters.open_dead_letters AS open_dead_letters
FROM known
LEFT JOIN brought USING source
LEFT JOIN polled USING source
LEFT JOIN cursors USING source
LEFT JOIN letters USING source
ORDER BY source`,
      params: at === undefined ? {} : { at: toColumnTime(at) },
    };
  },
});
