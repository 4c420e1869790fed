import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Count } from "./values.ts";

/** What acting on an issue is checked with. */
export const actionableIssue = defineQuery({
  name: "actionable_issue",
  summary: "One row: what an issue consists of and how it stands; empty and 0 where there is no such issue.",
  params: z.strictObject({ tracker: z.string(), issue: z.string() }),
  row: z.object({
    clusters: z.array(z.string()).describe("Ordered by id."),
    mentions: Count.describe("Put into these clusters, also such as are no complaints any more."),
    verdict: z.string(),
    voices: Count.describe("As last judged; where it was not judged yet, of its mentions."),
    merged_into: z.string().describe("The issue it belongs to now; empty when it stands."),
    merge_event: z.string(),
    last_event: z.string().describe("Id of the last thing a person did with it."),
    last_at: z.string().describe("When a person last did something with it, in the store's notation."),
  }),
  statement: (params) => ({
    sql: `WITH
clusters AS (
  SELECT cluster_id, by, moved_at
  FROM issue_cluster_rows FINAL
  WHERE tracker = {tracker:String} AND issue_id = {issue:String}
  ORDER BY cluster_id
),
assigned AS (
  SELECT voice FROM issue_assignment_rows FINAL
  WHERE tracker = {tracker:String} AND cluster_id IN (SELECT cluster_id FROM clusters)
)
SELECT
  c.clusters AS clusters, a.mentions AS mentions, j.verdict AS verdict,
  if(j.judgements = 0, a.voices, j.voices) AS voices,
  e.merged_into AS merged_into, e.merge_event AS merge_event, e.last_event AS last_event,
  greatest(c.moved_at, e.last_at) AS last_at
FROM (SELECT groupArray(cluster_id) AS clusters, maxIf(moved_at, by != '') AS moved_at FROM clusters) AS c
CROSS JOIN (SELECT count() AS mentions, uniqExact(voice) AS voices FROM assigned) AS a
CROSS JOIN (
  SELECT count() AS judgements, argMax(verdict, judged_at) AS verdict, argMax(voices, judged_at) AS voices
  FROM issue_rows
  WHERE tracker = {tracker:String} AND issue_id = {issue:String}
) AS j
CROSS JOIN (
  SELECT
    max(at) AS last_at, argMaxIf(id, (at, id), by != '') AS last_event,
    argMaxIf(JSONExtractString(payload, 'into'), (at, id), kind = 'merge' AND is_standing) AS merged_into,
    argMaxIf(id, (at, id), kind = 'merge' AND is_standing) AS merge_event
  FROM issue_events
  WHERE tracker = {tracker:String} AND issue_id = {issue:String}
) AS e`,
    params,
  }),
});
