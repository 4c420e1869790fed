import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COPY_KINDS } from "../schemas/issue.ts";
import { Slug } from "../schemas/primitives.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Count, Instant, Time, wholeNumber } from "./values.ts";

/** How much each issue of a tracker has in a window: what is read of it is chosen by this. */
export const issueSizes = defineQuery({
  name: "issue_sizes",
  summary: "Issues of a tracker with how many mentions they have in a window, the largest first, ties by id.",
  params: z.strictObject({
    tracker: Slug,
    from: Instant.describe("Published at or after this time."),
    to: Instant.describe("Published before this time."),
    limit: wholeNumber(1, 1_000).default(200),
  }),
  row: z.object({ issue_id: z.string(), mentions: Count, issues: Count.describe("How many there are.") }),
  statement: ({ tracker, from, to, limit }) => ({
    sql: `SELECT issue_id, count() AS mentions, count() OVER () AS issues
FROM issue_mentions
WHERE tracker = {tracker:String}
  AND published_at >= {from:DateTime64(3, 'UTC')} AND published_at < {to:DateTime64(3, 'UTC')}
GROUP BY issue_id
ORDER BY mentions DESC, issue_id
LIMIT {limit:UInt32}`,
    params: { tracker, from: toColumnTime(from), to: toColumnTime(to), limit },
  }),
});

/** When, where and by whom issues were spoken of: what onset, co-moving issues and fix verdicts are counted from. */
export const datedIssueMentions = defineQuery({
  name: "dated_issue_mentions",
  summary: "Mentions of some issues of a tracker in a window without their text, newest first, ties by id.",
  params: z.strictObject({
    tracker: Slug,
    issue: z.array(z.string().min(1)).min(1).max(1_000),
    from: Instant.describe("Published at or after this time."),
    to: Instant.describe("Published before this time."),
    limit: wholeNumber(1, 50_000),
  }),
  row: z.object({
    issue_id: z.string(),
    id: z.string(),
    published_at: Time,
    voice: z.string(),
    platform: z.string(),
    thread_id: z.string(),
    copy_of: z.string(),
    copy_by: z.enum(COPY_KINDS),
    version: z.string(),
  }),
  statement: ({ tracker, issue, from, to, limit }) => ({
    sql: `SELECT
  issue_id, mention_id AS id, published_at, voice, platform, thread_id, copy_of, copy_by, version
FROM issue_mentions
WHERE mention_id IN (SELECT mention_id FROM issue_assignments WHERE tracker = {tracker:String} AND issue_id IN {issue:Array(String)})
  AND tracker = {tracker:String} AND issue_id IN {issue:Array(String)}
  AND published_at >= {from:DateTime64(3, 'UTC')} AND published_at < {to:DateTime64(3, 'UTC')}
ORDER BY published_at DESC, id DESC
LIMIT {limit:UInt32}`,
    params: { tracker, issue, from: toColumnTime(from), to: toColumnTime(to), limit },
  }),
});
