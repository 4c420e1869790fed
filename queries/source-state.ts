import { z } from "zod";
import { NOT_CONFIGURED } from "../core/coverage.ts";
import { defineQuery } from "../core/contracts.ts";
import { Timestamp } from "../schemas/primitives.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Count, Time } from "./values.ts";

/** Where the polls of one source stand; no row when it was never polled. */
export const sourceState = defineQuery({
  name: "source_state",
  summary: "What the latest poll of one source left.",
  params: z.strictObject({ source: z.string() }),
  row: z.object({
    covered_from: Time.nullable(),
    heard_until: Time.nullable(),
    failures: Count,
    not_before: Time.nullable(),
  }),
  statement: (params) => ({
    sql: `SELECT covered_from, heard_until, failures, not_before
FROM polls
WHERE source = {source:String} AND outcome != 'asked'
ORDER BY at DESC
LIMIT 1`,
    params,
  }),
});

/** What one source has spent, for its budget to go on from. */
export const sourceSpending = defineQuery({
  name: "source_spending",
  summary: "What one source spent in each hour since a time, UTC; oldest first.",
  params: z.strictObject({ source: z.string(), since: Timestamp }),
  row: z.object({
    at: Time.describe("End of the hour's last poll."),
    requests: z.number(),
    items: z.number(),
    usd: z.number(),
    units: z.number(),
  }),
  statement: ({ source, since }) => ({
    sql: `SELECT max(p.at) AS at, sum(p.requests) AS requests, sum(p.items) AS items, sum(p.usd) AS usd, sum(p.units) AS units
FROM polls AS p
WHERE source = {source:String} AND p.at >= {since:DateTime64(3, 'UTC')}
GROUP BY toStartOfHour(p.at)
ORDER BY at`,
    params: { source, since: toColumnTime(since) },
  }),
});

/** Sources that the coverage ledger expects to be listened to. */
export const expectedSources = defineQuery({
  name: "expected_sources",
  summary: "Sources with a coverage ledger that were not taken out of the config; ordered by name.",
  params: z.strictObject({}),
  row: z.object({ source: z.string() }),
  statement: () => ({
    sql: `SELECT source
FROM coverage
GROUP BY source
HAVING argMax(reason, hour) != '${NOT_CONFIGURED}'
ORDER BY source`,
    params: {},
  }),
});
