import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COMPLAINT_SHARE, mentionCount, trendParams, trendRow, trendStatement, VOICE } from "./series.ts";
import { Count } from "./values.ts";

/** How much of what is said complains over time. */
export const complaintTrend = defineQuery({
  name: "complaint_trend",
  summary:
    "Mentions, complaints, people complaining and the share of complaints per bucket and series, ordered by bucket, " +
    "then series; buckets without mentions are absent. Split by tracker, a mention of two trackers counts in both series.",
  params: trendParams,
  row: z.object({
    ...trendRow,
    mentions: mentionCount,
    complaints: Count.describe("Mentions that state a failed expectation."),
    complainants: Count.describe("Distinct authors of complaints; one without an author counts as one."),
    complaint_share: z.number().nullable().describe("Complaints per mention, 0..1."),
  }),
  statement: (asked) =>
    trendStatement(asked, [
      "count() AS mentions",
      "countIf(is_complaint) AS complaints",
      `uniqExactIf(${VOICE}, is_complaint) AS complainants`,
      `${COMPLAINT_SHARE} AS complaint_share`,
    ]),
});
