import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { TRACKER_KINDS } from "../schemas/tracker.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { bucketSql, INTERVALS, mentionCount, trendRow, VOICE } from "./series.ts";
import { Count } from "./values.ts";

/** How much of what is said of brands and competitors is said of each. */
export const shareOfVoice = defineQuery({
  name: "share_of_voice",
  summary:
    "Mentions and distinct authors of each brand and competitor per bucket, and its share of all of theirs, ordered by " +
    "bucket, then tracker; buckets without mentions are absent. A mention of two counts for both, and so twice in the whole. " +
    "Trackers count that are followed as a brand or a competitor.",
  params: z.strictObject({
    ...filterParams,
    interval: z.enum(INTERVALS).default("week").describe("Length of a bucket; weeks begin on Monday, UTC."),
  }),
  row: z.object({
    bucket: trendRow.bucket,
    tracker: z.string(),
    kind: z.enum(TRACKER_KINDS),
    mentions: mentionCount,
    authors: Count.describe("Distinct authors; a mention that shows no author counts as one of its own."),
    mention_share: z.number().describe("Of the mentions of all brands and competitors in the bucket, 0..1."),
    author_share: z.number().describe("The same of people: who talks loudest is not who most talk of."),
  }),
  statement: (asked) => {
    const { all, params } = filterConditions(asked);
    return {
      sql: `SELECT
  said.bucket AS bucket,
  said.tracker AS tracker,
  followed.kind AS kind,
  said.mentions AS mentions,
  said.authors AS authors,
  round(said.mentions / sum(said.mentions) OVER (PARTITION BY said.bucket), 4) AS mention_share,
  round(said.authors / sum(said.authors) OVER (PARTITION BY said.bucket), 4) AS author_share
FROM
(
  SELECT ${bucketSql(asked.interval)} AS bucket, arrayJoin(trackers) AS tracker,
    count() AS mentions, uniqExact(${VOICE}) AS authors
  FROM mentions
  ${where(all)}
  GROUP BY bucket, tracker
) AS said
INNER JOIN (SELECT id, kind FROM trackers WHERE kind IN ('brand', 'competitor')) AS followed ON followed.id = said.tracker
ORDER BY bucket, tracker`,
      params,
    };
  },
});
