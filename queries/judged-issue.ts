import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { issues } from "./issues.ts";
import { Instant } from "./values.ts";

/** What was known of an issue at a time. */
export const judgedIssue = defineQuery({
  name: "judged_issue",
  summary:
    "What was judged of an issue last, at or before a time, and what it was told by; no row where nothing was.",
  params: z.strictObject({
    tracker: z.string(),
    issue: z.string(),
    at: Instant.describe("At or before this time."),
  }),
  row: issues.row.pick({
    verdict: true,
    flags: true,
    reason: true,
    terms: true,
    quotes: true,
    newest_id: true,
    aspects: true,
    complaints: true,
    requests: true,
    mentions: true,
    voices: true,
    reports: true,
    days: true,
    channels: true,
    first_at: true,
    last_at: true,
    judged_at: true,
  }),
  statement: ({ at, ...asked }) => ({
    sql: `SELECT
  verdict, flags, reason, terms, quotes, newest_id, aspects, complaints, requests, mentions, voices, reports, days, channels,
  first_at, last_at, judged_at
FROM issue_verdicts
WHERE tracker = {tracker:String} AND issue_id = {issue:String} AND judged_at <= {at:DateTime64(3, 'UTC')}
ORDER BY judged_at DESC
LIMIT 1`,
    params: { ...asked, at: toColumnTime(at) },
  }),
});
