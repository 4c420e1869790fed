import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Count, Time } from "./values.ts";

const source = z.strictObject({ source: z.string() });

/** Where the polls of one source stand; no row when it was never polled. */
export const sourceState = defineQuery({
  name: "source_state",
  summary: "What the latest poll of one source left.",
  params: source,
  row: z.object({
    covered_from: Time.nullable(),
    heard_until: Time.nullable(),
    failures: Count,
    not_before: Time.nullable(),
  }),
  statement: (params) => ({
    sql: `SELECT covered_from, heard_until, failures, not_before
FROM polls
WHERE source = {source:String}
ORDER BY at DESC
LIMIT 1`,
    params,
  }),
});

/** What one source has spent, for its budget to go on from. */
export const sourceSpending = defineQuery({
  name: "source_spending",
  summary: "What one source spent in each hour of this calendar month, UTC; oldest first.",
  params: source,
  row: z.object({
    at: Time.describe("End of the hour's last poll."),
    requests: z.number(),
    items: z.number(),
    usd: z.number(),
    units: z.number(),
  }),
  statement: (params) => ({
    sql: `SELECT max(p.at) AS at, sum(p.requests) AS requests, sum(p.items) AS items, sum(p.usd) AS usd, sum(p.units) AS units
FROM polls AS p
WHERE source = {source:String} AND p.at >= toStartOfMonth(now('UTC'))
GROUP BY toStartOfHour(p.at)
ORDER BY at`,
    params,
  }),
});
