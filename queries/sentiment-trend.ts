import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { MEAN_SCORE, trendParams, trendRow, trendStatement } from "./series.ts";
import { Count } from "./values.ts";

/** How what is said sounds over time. */
export const sentimentTrend = defineQuery({
  name: "sentiment_trend",
  summary:
    "Mentions by sentiment label and mean polarity per bucket and series, ordered by bucket, then series; buckets " +
    "without mentions are absent. Split by tracker, a mention of two trackers counts in both series.",
  params: trendParams,
  row: z.object({
    ...trendRow,
    positive: Count,
    neutral: Count,
    negative: Count,
    unscored: Count.describe("Mentions in a language that cannot be scored."),
    mean_score: z.number().nullable().describe("Mean polarity, −1..1, of those scored; null when none is."),
  }),
  statement: (asked) =>
    trendStatement(asked, [
      "countIf(sentiment_label = 'positive') AS positive",
      "countIf(sentiment_label = 'neutral') AS neutral",
      "countIf(sentiment_label = 'negative') AS negative",
      "countIf(sentiment_label = 'unscored') AS unscored",
      `${MEAN_SCORE} AS mean_score`,
    ]),
});
