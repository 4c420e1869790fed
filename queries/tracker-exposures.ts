import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Slug } from "../schemas/primitives.ts";
import { VOICES_MEASURE } from "../schemas/written-exposure.ts";
import { UNTRACKED } from "./detect-mentions.ts";
import { where } from "./filters.ts";
import { VOICE } from "./series.ts";
import { Instant, SlugList } from "./values.ts";

/** How much could have complained of each tracker: what every rate is per. */
export const trackerExposures = defineQuery({
  name: "tracker_exposures",
  summary:
    "How much could have complained per tracker and UTC day, ordered by both: the imported measure where there is one, " +
    "else the distinct people heard, complaint or not, without spam and our own; days without any are absent.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    measure: Slug.optional().describe(
      `The imported measure to take where a tracker has several, or ${VOICES_MEASURE} for none; else the one of the most days.`,
    ),
    from: Instant.optional().describe("Days at or after this one."),
    to: Instant.optional().describe("Days before this one."),
  }),
  row: z.object({
    tracker: z.string(),
    day: z.iso.date(),
    measure: z.string().describe(`What is counted; ${VOICES_MEASURE}: people, for nothing is imported.`),
    exposure: z.number(),
  }),
  statement: ({ tracker, measure = "", from, to }) => {
    const isOne = tracker !== undefined && tracker.length > 0;
    const trackers = `if(empty(trackers), ['${UNTRACKED}'], trackers)`;
    const ofTracker = isOne ? ["tracker IN {tracker:Array(String)}"] : [];
    // the measure is chosen from all days, so that no window changes the unit
    const ofImported = [...ofTracker, ...(measure === VOICES_MEASURE ? ["false"] : [])];
    const ofDays = [
      ...(from === undefined ? [] : ["day >= {from:Date32}"]),
      ...(to === undefined ? [] : ["day < {to:Date32}"]),
    ];
    return {
      sql: `WITH
imported AS (
  SELECT tracker, measure, day, if(countIf(version = '') > 0, sumIf(count, version = ''), sum(count)) AS exposure
  FROM exposures
  ${where(ofImported)}
  GROUP BY tracker, measure, day
),
chosen AS (
  SELECT tracker, measure
  FROM imported
  GROUP BY tracker, measure
  ORDER BY tracker, measure = {measure:String} DESC, count() DESC, measure
  LIMIT 1 BY tracker
)
SELECT tracker, day, measure, exposure
FROM (
  SELECT tracker, day, measure, exposure
  FROM imported
  WHERE (tracker, measure) IN (SELECT tracker, measure FROM chosen)
  UNION ALL
  SELECT tracker, day, '${VOICES_MEASURE}' AS measure, toFloat64(uniqExact(voice)) AS exposure
  FROM (
    SELECT arrayJoin(${trackers}) AS tracker, toDate(published_at) AS day, ${VOICE} AS voice
    FROM mentions
    ${where(["NOT is_spam", "NOT by_us", ...(isOne ? [`hasAny(${trackers}, {tracker:Array(String)})`] : [])])}
  )
  ${where([...ofTracker, "tracker NOT IN (SELECT tracker FROM chosen)"])}
  GROUP BY tracker, day
)
${where(ofDays)}
ORDER BY tracker, day`,
      params: {
        measure,
        ...(isOne && { tracker }),
        ...(from !== undefined && { from: from.slice(0, 10) }),
        ...(to !== undefined && { to: to.slice(0, 10) }),
      },
    };
  },
});
