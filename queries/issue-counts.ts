import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { where } from "./filters.ts";
import { issueConditions, issueFilters, VERDICTS } from "./issue-filters.ts";
import { Count } from "./values.ts";

/** How many issues have each verdict, narrowed like the list of them. */
export const issueCounts = defineQuery({
  name: "issue_counts",
  summary: "How many issues have each verdict; a verdict that none has is left out. Ordered by verdict.",
  params: z.strictObject(issueFilters),
  row: z.object({
    verdict: z.enum(VERDICTS).describe("Empty: no times are known."),
    found: Count.describe("Issues."),
  }),
  statement: (asked) => {
    const { all, params } = issueConditions(asked);
    return {
      sql: `SELECT verdict, count() AS found
FROM issues
${where(all)}
GROUP BY verdict
ORDER BY verdict`,
      params,
    };
  },
});
