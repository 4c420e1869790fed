import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { mentionCount, trendParams, trendRow, trendStatement, VOICE } from "./series.ts";
import { Count } from "./values.ts";

/** How much is said, and by how many, over time. */
export const mentionVolume = defineQuery({
  name: "mention_volume",
  summary:
    "Mentions and distinct authors per bucket and series, ordered by bucket, then series; buckets without mentions " +
    "are absent. Split by tracker, a mention of two trackers counts in both series, though it is one mention: do not add them up.",
  params: trendParams,
  row: z.object({
    ...trendRow,
    mentions: mentionCount,
    authors: Count.describe("Distinct authors; a mention that shows no author counts as one of its own."),
  }),
  statement: (asked) => trendStatement(asked, ["count() AS mentions", `uniqExact(${VOICE}) AS authors`]),
});
