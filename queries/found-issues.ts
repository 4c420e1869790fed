import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { where } from "./filters.ts";

/** Which issues an id, or the beginning of one, may mean. */
export const foundIssues = defineQuery({
  name: "found_issues",
  summary:
    "Issues whose id begins with a text, those merged into others too; the same id first, then by tracker and id, 20 at most.",
  params: z.strictObject({ id: z.string().min(1).max(100), tracker: z.string().optional() }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string().describe("Empty where it was not judged yet, or was merged into another."),
  }),
  statement: ({ id, tracker }) => ({
    sql: `SELECT f.tracker AS tracker, f.issue_id AS issue_id, i.title AS title
FROM (
  SELECT DISTINCT tracker, issue_id
  FROM (
    SELECT tracker, issue_id FROM issue_cluster_rows FINAL
    UNION ALL
    SELECT tracker, issue_id FROM issue_rows
  )
  ${where(["startsWith(issue_id, {id:String})", ...(tracker === undefined ? [] : ["tracker = {tracker:String}"])])}
) AS f
LEFT JOIN issues AS i ON i.tracker = f.tracker AND i.issue_id = f.issue_id
ORDER BY issue_id != {id:String}, tracker, issue_id
LIMIT 20`,
    params: { id, ...(tracker === undefined ? {} : { tracker }) },
  }),
});
