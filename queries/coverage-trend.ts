import { z } from "zod";
import { NOT_CONFIGURED, NOT_OVER } from "../core/coverage.ts";
import { defineQuery } from "../core/contracts.ts";
import { COVERAGE_STATES } from "../schemas/coverage.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { filterConditions, where } from "./filters.ts";
import { seriesSql, trendParams, trendRow } from "./series.ts";
import { Count, Instant } from "./values.ts";

const MOST_REASONS = 3;
const MOST_SOURCES = 20;

const NOW = "toStartOfHour({at:DateTime64(3, 'UTC')})";

/** How completely the sources behind a trend were heard: what tells a quiet day from one nobody listened on. */
export const coverageTrend = defineQuery({
  name: "coverage_trend",
  summary:
    "How completely the sources behind a trend were heard, per bucket and series, ordered by bucket, then series. A " +
    "source counts from its first hour in the coverage ledger on, if it has brought mentions that the filters keep " +
    "(whenever they were published) or `source` names it; one that was taken out of the config counts until then. Files, pushes and the demo have no ledger and do not count. A " +
    "bucket without a row is one of which nothing is known.",
  params: trendParams.extend({
    at: Instant.optional().describe(
      "As of this time. Its hour is not over and not held against a source, unless an outage goes on in it. Default now.",
    ),
  }),
  row: z.object({
    ...trendRow,
    state: z
      .enum(COVERAGE_STATES)
      .describe("complete: every hour of every source was heard in full; none: not one was heard at all."),
    heard_hours: Count.describe("Hours heard in full, added up over the sources."),
    partial_hours: Count.describe("Hours heard in part, added up over the sources."),
    expected_hours: Count.describe("Hours there were to hear, added up over the sources."),
    reasons: z
      .array(z.string())
      .describe(`Why hours were missed, the commonest first, at most ${MOST_REASONS}.`),
    sources: z
      .array(z.string())
      .describe(`Sources not heard in full, by name, at most ${MOST_SOURCES} of them.`),
  }),
  statement: ({ at, from, to, ...asked }) => {
    const { all, params } = filterConditions(asked);
    const now = at === undefined ? "toStartOfHour(now64(3, 'UTC'))" : NOW;
    const until = "dateDiff('hour', first_hour, {to:DateTime64(3, 'UTC')} - INTERVAL 1 MILLISECOND) + 1";
    const due = `if(is_left, dateDiff('hour', first_hour, last_hour), dateDiff('hour', first_hour, ${now}) + is_out)`;
    const first =
      from === undefined ? "0" : "greatest(0, dateDiff('hour', first_hour, {from:DateTime64(3, 'UTC')}))";
    const end = to === undefined ? due : `least(${due}, ${until})`;
    const isNamed = asked.by === "none" && (asked.source ?? []).length > 0;
    const named = "UNION DISTINCT\n  SELECT arrayJoin({source:Array(String)}) AS source, 'all' AS series";
    return {
      sql: `WITH
counting AS (
  SELECT DISTINCT toString(source) AS source, ${seriesSql(asked.by, asked)} AS series
  FROM mentions
  ${where(all)}
  ${isNamed ? named : ""}
),
ledger AS (
  SELECT toString(source) AS source, hour, reason,
    -- such an hour was heard as far as it had come
    if(state = 'partial' AND reason = '${NOT_OVER}', 'complete', toString(state)) AS state
  FROM coverage
  WHERE hour <= ${now}
),
known AS (
  SELECT source, min(ledger.hour) AS first_hour, max(ledger.hour) AS last_hour,
    argMax(ledger.reason, ledger.hour) = '${NOT_CONFIGURED}' AS is_left,
    -- the hour that is not over counts where it goes on with an outage
    first_hour < ${now} AND maxIf(ledger.hour, ledger.state != 'none') < ${now} - INTERVAL 1 HOUR AS is_out
  FROM ledger
  GROUP BY source
),
expected AS (
  SELECT source, last_hour,
    arrayJoin(arrayMap(n -> first_hour + toIntervalHour(n), range(${first}, ${end}))) AS hour
  FROM known
),
counted AS (
  SELECT dateTrunc('${asked.interval}', expected.hour) AS bucket, expected.source AS source,
    if(ledger.state = '', 'none', ledger.state) AS state,
    multiIf(ledger.state != '', ledger.reason,
      expected.hour > expected.last_hour, 'No poll has reached this hour yet.',
      'Nobody was listening.') AS reason,
    count() AS hours
  FROM expected
  LEFT JOIN ledger ON ledger.source = expected.source AND ledger.hour = expected.hour
  GROUP BY bucket, source, state, reason
),
sumMapIf([reason], [hours], counted.state != 'complete' AND reason != '') AS missed
SELECT
  bucket,
  series,
  multiIf(heard_hours = expected_hours, 'complete', heard_hours + partial_hours = 0, 'none', 'partial') AS state,
  sumIf(hours, counted.state = 'complete') AS heard_hours,
  sumIf(hours, counted.state = 'partial') AS partial_hours,
  sum(hours) AS expected_hours,
  arraySlice(arraySort((why, much) -> (-toInt64(much), why), missed.1, missed.2), 1, ${MOST_REASONS}) AS reasons,
  arraySlice(arraySort(groupUniqArrayIf(counted.source, counted.state != 'complete')), 1, ${MOST_SOURCES}) AS sources
FROM counted
INNER JOIN counting ON counting.source = counted.source
GROUP BY bucket, series
ORDER BY bucket, series`,
      params: {
        ...params,
        ...(at === undefined ? {} : { at: toColumnTime(at) }),
        ...(from === undefined ? {} : { from: toColumnTime(from) }),
        ...(to === undefined ? {} : { to: toColumnTime(to) }),
      },
    };
  },
});
