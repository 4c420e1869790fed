import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { BREAKDOWNS, COMPLAINT_SHARE, MEAN_SCORE, mentionCount, seriesSql, VOICE } from "./series.ts";
import { Count, wholeNumber } from "./values.ts";

/** Where what is said comes from, or what it is about. */
export const breakdown = defineQuery({
  name: "breakdown",
  summary:
    "Mentions, authors, complaints and sentiment per tracker, platform, language, rating, source, kind, country, version " +
    "or product, most mentions first. Split by tracker, a mention of two trackers counts in both.",
  params: z.strictObject({
    ...filterParams,
    by: z.enum(BREAKDOWNS).default("platform").describe("What to split by."),
    limit: wholeNumber(1, 1_000).default(50).describe("Most rows to give."),
  }),
  row: z.object({
    series: z.string().describe("The tracker, platform …; empty for mentions without one."),
    mentions: mentionCount,
    authors: Count.describe("Distinct authors; a mention that shows no author counts as one of its own."),
    complaints: Count.describe("Mentions that state a failed expectation."),
    complaint_share: z.number().nullable().describe("Complaints per mention, 0..1."),
    negative: Count.describe("Mentions labelled negative."),
    mean_score: z.number().nullable().describe("Mean polarity, −1..1, of those scored; null when none is."),
  }),
  statement: (asked) => {
    const { all, params } = filterConditions(asked);
    return {
      sql: `SELECT
  ${seriesSql(asked.by, asked)} AS series,
  count() AS mentions,
  uniqExact(${VOICE}) AS authors,
  countIf(is_complaint) AS complaints,
  ${COMPLAINT_SHARE} AS complaint_share,
  countIf(sentiment_label = 'negative') AS negative,
  ${MEAN_SCORE} AS mean_score
FROM mentions
${where(all)}
GROUP BY series
ORDER BY mentions DESC, series
LIMIT {limit:UInt32}`,
      params: { ...params, limit: asked.limit },
    };
  },
});
