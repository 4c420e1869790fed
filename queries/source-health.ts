import { z } from "zod";
import { NOT_CONFIGURED } from "../core/coverage.ts";
import { defineQuery } from "../core/contracts.ts";
import { BUDGET_RESOURCES, BUDGET_WINDOWS } from "../schemas/poll.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { mentionCount } from "./series.ts";
import { Count, Instant, Time } from "./values.ts";

/**
 * `unknown`: never polled (a file, a push); `connected`; `degraded`: its last poll failed; `unauthorized`: the platform
 * refuses us; `silent`: it answers but brings nothing for three times its usual gap; `removed`: it was taken out of the
 * config.
 */
export const SOURCE_STATES = [
  "unknown",
  "connected",
  "degraded",
  "unauthorized",
  "silent",
  "removed",
] as const;

/** Fewer mentions than this in thirty days tell nothing of a usual gap. */
const ENOUGH_FOR_A_GAP = 10;

/** How each source is, what it has brought, what it costs, and when it was last heard. */
export const sourceHealth = defineQuery({
  name: "source_health",
  summary:
    "Every source that was ever polled, brought a mention, saved a cursor or left a dead letter: how it is and why, how " +
    "far behind it is and when it is polled next, its mentions (ours included), when they were last published and read, " +
    "what it spent and may still spend, and its open dead letters; ordered by source.",
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
    lag_s: Count.nullable().describe(
      "Seconds since heard_until: what was said in them is not here yet. Null: never heard, pushed to, or removed.",
    ),
    not_before: Time.nullable().describe("It is not polled again before this time."),
    next_poll_at: Time.nullable().describe(
      "When its schedule asks it next; past while that poll is under way or Earshot is not running. Null: never " +
        "polled, listened to as it is written, pushed to, or removed.",
    ),
    mentions: mentionCount,
    last_published_at: Time.nullable(),
    last_observed_at: Time.nullable(),
    usual_gap_s: z
      .number()
      .nullable()
      .describe("Mean seconds between its mentions of the thirty days before its last one."),
    requests_today: z.number().describe("Requests made since midnight UTC."),
    usd_this_month: z.number().describe("US dollars spent in this calendar month, UTC."),
    budget: z
      .array(
        z.object({
          resource: z.enum(BUDGET_RESOURCES),
          per: z.enum(BUDGET_WINDOWS),
          remaining: z.number(),
          allowed: z.number(),
        }),
      )
      .describe("What is left of each limit of its budget in the window that runs, UTC; empty: it has none."),
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
    argMaxIf(tuple(p.next_poll_at), p.at, p.outcome != 'asked').1 AS next_poll_at,
    argMax(p.budget, p.at) AS budget,
    sumIf(p.requests, p.at >= toStartOfDay(${now})) AS requests_today,
    sumIf(p.usd, p.at >= toStartOfMonth(${now})) AS usd_this_month
  FROM polls AS p GROUP BY source
),
removed AS (SELECT source, argMax(c.reason, c.hour) = '${NOT_CONFIGURED}' AS is_removed FROM coverage AS c GROUP BY source),
letters AS (SELECT source, countIf(state = 'open') AS open_dead_letters FROM dead_letters GROUP BY source),
known AS (
  SELECT source FROM brought UNION DISTINCT SELECT source FROM polled
  UNION DISTINCT SELECT source FROM cursors UNION DISTINCT SELECT source FROM letters
)
SELECT
  known.source AS source,
  multiIf(
    removed.is_removed, 'removed',
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
  if(removed.is_removed OR polled.heard_until IS NULL, NULL, greatest(0, dateDiff('second', polled.heard_until, ${now}))) AS lag_s,
  polled.not_before AS not_before,
  if(removed.is_removed, NULL, polled.next_poll_at) AS next_poll_at,
  brought.mentions AS mentions,
  if(brought.mentions = 0, NULL, brought.last_published_at) AS last_published_at,
  if(brought.mentions = 0, NULL, brought.last_observed_at) AS last_observed_at,
  if(brought.recent < ${ENOUGH_FOR_A_GAP}, NULL,
    dateDiff('second', brought.first_recent_at, brought.last_recent_at) / (brought.recent - 1)) AS usual_gap_s,
  polled.requests_today AS requests_today,
  polled.usd_this_month AS usd_this_month,
  -- a window that has ended since may be spent again
  CAST(arrayMap(b -> (b.resource, b.per, if(b.resets_at > ${now}, b.remaining, b.allowed), b.allowed), polled.budget),
    'Array(Tuple(resource String, per String, remaining Float64, allowed Float64))') AS budget,
  nullIf(cursors.saved_at, toDateTime64(0, 3, 'UTC')) AS cursor_saved_at,
  letters.open_dead_letters AS open_dead_letters
FROM known
LEFT JOIN brought USING source
LEFT JOIN polled USING source
LEFT JOIN cursors USING source
LEFT JOIN removed USING source
LEFT JOIN letters USING source
ORDER BY source`,
      params: at === undefined ? {} : { at: toColumnTime(at) },
    };
  },
});
