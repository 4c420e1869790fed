import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Count, Instant, SlugList } from "./values.ts";

/** What it would have cost to discount a single customer. */
export const voiceRegret = defineQuery({
  name: "voice_regret",
  summary:
    "Per tracker, how many issues that came to recur had been judged single or watch before, and how long: the price of discounting a first voice, also where it was counted in an issue that is part of another one now; ordered by tracker.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    from: Instant.optional().describe("First judged to recur at or after this time."),
    to: Instant.optional().describe("First judged to recur before this time."),
  }),
  row: z.object({
    tracker: z.string(),
    recurring: Count.describe("Issues that were ever judged recurring or escalating."),
    were_single: Count.describe("Those of them that were judged single or watch before."),
    share: z.number().describe("The second of the first, 0..1."),
    median_days: z
      .number()
      .nullable()
      .describe("Days from the first of these judgements to recurring; null without any."),
    max_days: z.number().nullable(),
    longest_issue: z.string().describe("The issue that waited so long; empty without any."),
  }),
  statement: ({ tracker, from, to }) => {
    const all = ["recurring_at > 0"];
    const params: Record<string, unknown> = {};
    if (from !== undefined) {
      all.push("recurring_at >= {from:DateTime64(3, 'UTC')}");
      params["from"] = toColumnTime(from);
    }
    if (to !== undefined) {
      all.push("recurring_at < {to:DateTime64(3, 'UTC')}");
      params["to"] = toColumnTime(to);
    }
    const isOfTrackers = tracker !== undefined && tracker.length > 0;
    if (isOfTrackers) params["tracker"] = tracker;
    return {
      // of an issue that nothing is left of, the mention that spoke for it says where it went
      sql: `WITH verdicts AS (
  SELECT tracker, issue_id, judged_at, verdict, if(empty(quotes), newest_id, quotes[1]) AS said,
    (tracker, issue_id) IN (SELECT tracker, issue_id FROM issue_assignments) AS is_there
  FROM issue_verdicts${isOfTrackers ? "\n  WHERE tracker IN {tracker:Array(String)}" : ""}
)
SELECT
  tracker,
  count() AS recurring, countIf(was_single) AS were_single, were_single / recurring AS share,
  if(were_single = 0, NULL, quantileExactIf(0.5)(days, was_single)) AS median_days,
  if(were_single = 0, NULL, maxIf(days, was_single)) AS max_days,
  argMaxIf(issue_id, (days, issue_id), was_single) AS longest_issue
FROM (
  SELECT *, single_at > 0 AND single_at < recurring_at AS was_single,
    dateDiff('second', single_at, recurring_at) / 86400 AS days
  FROM (
    SELECT
      tracker, issue_id,
      minIf(judged_at, verdict IN ('single', 'watch')) AS single_at,
      minIf(judged_at, verdict IN ('recurring', 'escalating')) AS recurring_at
    FROM (
      SELECT v.tracker AS tracker, v.judged_at AS judged_at, v.verdict AS verdict,
        if(v.is_there OR w.issue_id = '', v.issue_id, w.issue_id) AS issue_id
      FROM verdicts AS v
      LEFT JOIN (
        SELECT tracker, mention_id, issue_id
        FROM issue_assignments
        WHERE mention_id IN (SELECT said FROM verdicts WHERE NOT is_there)
      ) AS w ON w.tracker = v.tracker AND w.mention_id = v.said
    )
    GROUP BY tracker, issue_id
  )
  WHERE ${all.join(" AND ")}
)
GROUP BY tracker
ORDER BY tracker`,
      params,
    };
  },
});
