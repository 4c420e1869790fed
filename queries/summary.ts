import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { MEAN_SCORE, mentionCount, VOICE } from "./series.ts";
import { Count, Time } from "./values.ts";

/** The figures at the top of the page. */
export const summary = defineQuery({
  name: "summary",
  summary: "One row: how much was said, by how many, how it sounds, how much of it complains, and when.",
  params: z.strictObject(filterParams),
  row: z.object({
    mentions: mentionCount,
    authors: Count.describe("Distinct authors; a mention that shows no author counts as one of its own."),
    complaints: Count.describe("Mentions that state a failed expectation."),
    complainants: Count.describe("Distinct authors of complaints; one without an author counts as one."),
    positive: Count,
    neutral: Count,
    negative: Count,
    unscored: Count.describe("Mentions in a language that cannot be scored."),
    mean_score: z.number().nullable().describe("Mean polarity, −1..1, of those scored; null when none is."),
    mean_rating: z.number().nullable().describe("Mean rating in stars, every scale read as 0..5."),
    first_published_at: Time.nullable(),
    last_published_at: Time.nullable(),
  }),
  statement: (asked) => {
    const { all, params } = filterConditions(asked);
    return {
      sql: `SELECT
  count() AS mentions,
  uniqExact(${VOICE}) AS authors,
  countIf(is_complaint) AS complaints,
  uniqExactIf(${VOICE}, is_complaint) AS complainants,
  countIf(sentiment_label = 'positive') AS positive,
  countIf(sentiment_label = 'neutral') AS neutral,
  countIf(sentiment_label = 'negative') AS negative,
  countIf(sentiment_label = 'unscored') AS unscored,
  ${MEAN_SCORE} AS mean_score,
  round(avg(rating * 5 / rating_max), 2) AS mean_rating,
  minOrNull(published_at) AS first_published_at,
  maxOrNull(published_at) AS last_published_at
FROM mentions
${where(all)}`,
      params,
    };
  },
});
