import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COVERAGE_STATES } from "../schemas/coverage.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { Instant, TextList, Time, wholeNumber } from "./values.ts";

/** How completely each source was heard. */
export const coverageHours = defineQuery({
  name: "coverage_hours",
  summary: "How completely each source was heard, hour by hour, latest hour first, then by source.",
  params: z.strictObject({
    from: Instant.optional().describe("Hours that begin at or after this time."),
    to: Instant.optional().describe("Hours that begin before this time."),
    source: TextList.optional().describe("Of any of these sources."),
    limit: wholeNumber(1, 50_000).default(10_000).describe("Most rows to give."),
  }),
  row: z.object({
    source: z.string(),
    hour: Time.describe("Start of the hour, UTC."),
    state: z.enum(COVERAGE_STATES),
    reason: z.string().describe("Why it is not complete; empty when complete."),
  }),
  statement: ({ from, to, source, limit }) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit };
    if (from !== undefined) {
      all.push("hour >= {from:DateTime64(3, 'UTC')}");
      params["from"] = toColumnTime(from);
    }
    if (to !== undefined) {
      all.push("hour < {to:DateTime64(3, 'UTC')}");
      params["to"] = toColumnTime(to);
    }
    if (source !== undefined && source.length > 0) {
      all.push("source IN {source:Array(String)}");
      params["source"] = source;
    }
    return {
      sql: `SELECT source, hour, state, reason
FROM coverage
${where(all)}
ORDER BY hour DESC, source
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
