import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { COPY_KINDS } from "../schemas/issue.ts";
import { Slug } from "../schemas/primitives.ts";
import { where } from "./filters.ts";
import { before, olderThan, positionSql } from "./page-position.ts";
import { Count, Flag, TextList, Time, wholeNumber } from "./values.ts";

const SHOWN_TEXT_LENGTH = 2_000;

/** Which mentions an issue has: beside a condition on the issue, so that the store need not look at all others. */
export const OF_ISSUE =
  "mention_id IN (SELECT mention_id FROM issue_assignments WHERE tracker = {tracker:String} AND issue_id = {issue:String})\n" +
  "  AND tracker = {tracker:String} AND issue_id = {issue:String}";

/** What was said of one issue. */
export const issueMentions = defineQuery({
  name: "issue_mentions",
  summary:
    "Mentions of one issue, or of all issues, newest first, ties by id; text is cut to 2,000 characters.",
  params: z.strictObject({
    tracker: Slug.optional().describe("Of this tracker."),
    issue: z.string().min(1).max(100).optional().describe("Of this issue, by id."),
    mention: TextList.optional().describe("Only these, by id."),
    copies: Flag.default(true).describe("Also what only repeats others (true)."),
    limit: wholeNumber(1, 1_000).default(50).describe("Most rows to give."),
    before,
  }),
  row: z.object({
    id: z.string(),
    platform: z.string(),
    source: z.string(),
    author_name: z.string(),
    author_handle: z.string(),
    author_followers: Count.nullable(),
    title: z.string(),
    text: z.string(),
    url: z.string(),
    rating: z.number().nullable(),
    rating_max: z.number().nullable(),
    product: z.string(),
    version: z.string(),
    country: z.string(),
    language: z.string(),
    published_at: Time,
    sentiment_label: z.string(),
    intent: z.string(),
    severity: Count,
    anger: Count,
    stage_broke: z.string(),
    is_repeated: z.boolean(),
    is_expectation_broken: z.boolean(),
    threats: z.array(z.string()),
    likes: Count.nullable(),
    replies: Count.nullable(),
    shares: Count.nullable(),
    views: Count.nullable(),
    similarity: z.number(),
    voice: z.string().describe("Hash of the person heard."),
    copy_of: z.string().describe("The mention it repeats; empty when none."),
    copy_by: z.enum(COPY_KINDS),
    assigned_by: z.string().describe("The person who put it here; empty: the machine."),
    cursor: z.string().describe("Pass it as `before` to get the mentions after this one."),
  }),
  statement: (asked) => {
    const older = olderThan("published_at", asked.before);
    const all = [...older.all];
    const params: Record<string, unknown> = { ...older.params, limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["issue", "issue_id"],
    ] as const) {
      const value = asked[name];
      if (value === undefined) continue;
      all.push(`${column} = {${name}:String}`);
      params[name] = value;
    }
    // the join alone would read every mention there is
    if (asked.issue !== undefined)
      all.push("mention_id IN (SELECT mention_id FROM issue_assignments WHERE issue_id = {issue:String})");
    if (asked.mention !== undefined && asked.mention.length > 0) {
      all.push("mention_id IN {mention:Array(String)}");
      params["mention"] = asked.mention;
    }
    if (!asked.copies) all.push("copy_of = ''");
    return {
      sql: `SELECT
  mention_id AS id, platform, source, author_name, author_handle, author_followers, title,
  substringUTF8(issue_mentions.text, 1, ${SHOWN_TEXT_LENGTH}) AS text,
  url, rating, rating_max, product, version, country, language, published_at, sentiment_label, intent, severity, anger,
  stage_broke, is_repeated, is_expectation_broken, arrayDistinct(issue_mentions.threats.kind) AS threats,
  likes, replies, shares, views, similarity, voice, copy_of, copy_by, assigned_by,
  ${positionSql("published_at")} AS cursor
FROM issue_mentions
${where(all)}
ORDER BY published_at DESC, id DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
