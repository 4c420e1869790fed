import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COPY_KINDS } from "../schemas/issue.ts";

/** Where mentions were put, for putting them elsewhere. */
export const assignedMentions = defineQuery({
  name: "assigned_mentions",
  summary:
    "Mentions of a tracker and those that repeat them, each with its cluster and issue; ordered by id.",
  params: z.strictObject({ tracker: z.string(), ids: z.array(z.string()) }),
  row: z.object({
    mention_id: z.string(),
    cluster_id: z.string(),
    issue_id: z.string(),
    similarity: z.number(),
    voice: z.string(),
    copy_of: z.string(),
    copy_by: z.enum(COPY_KINDS),
    model_version: z.string(),
    assigned_at: z.string().describe("In the store's notation."),
  }),
  statement: (params) => ({
    sql: `SELECT mention_id, cluster_id, issue_id, similarity, voice, copy_of, copy_by, model_version, assigned_at
FROM issue_assignments
WHERE tracker = {tracker:String} AND (mention_id IN {ids:Array(String)} OR copy_of IN {ids:Array(String)})
ORDER BY mention_id`,
    params,
  }),
});
