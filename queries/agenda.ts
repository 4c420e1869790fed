import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DECISIONS } from "../schemas/issue.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { choiceList, Count, Flag, Instant, SlugList, TextList, Time, wholeNumber } from "./values.ts";

/** What we change, what not now and what not at all, and why. */
export const agenda = defineQuery({
  name: "agenda",
  summary:
    "Issues somebody decided on: what we do, why, who sees to it, when it is looked at again, and who complained since. " +
    "Changing first, then not now, then will not; each by people, then id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("Any of these issues, by id."),
    decision: choiceList(DECISIONS).optional().describe("Any of these decisions."),
    public: Flag.optional().describe("Only what may be published (true), or only the rest (false)."),
    review: Flag.optional().describe("Only what has to be reviewed now (true), or only the rest (false)."),
    at: Instant.optional().describe("What day it is. Default now."),
    limit: wholeNumber(1, 1_000).default(1_000).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    decision: z.enum(DECISIONS),
    reason: z.string(),
    owner: z.string(),
    decided_by: z.string(),
    decided_at: Time,
    review_on: z.iso.date().nullable(),
    review_at_voices: Count.describe("So many people since the decision force the review."),
    is_overdue: z.boolean().describe("The day of the review is past."),
    is_forced: z.boolean().describe("As many people complained since as force the review."),
    people: Count,
    mentions: Count,
    first_at: Time.nullable(),
    last_at: Time.nullable(),
    people_since: Count.describe("People who spoke of it after the decision, by when they wrote."),
    verdict: z.string(),
    verdict_reason: z.string(),
    is_public: z.boolean().describe("Somebody wants it published."),
    is_published: z
      .boolean()
      .describe(
        "The page that is published has it: it is public, and called by a text or title of ours, not by words of a customer.",
      ),
    public_text: z.string(),
  }),
  statement: ({ at, ...asked }) => {
    const all = ["decision != ''"];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["issue", "issue_id"],
      ["decision", "decision"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (asked.public !== undefined) all.push(asked.public ? "is_public" : "NOT is_public");
    const due =
      asked.review === undefined ? "" : `WHERE ${asked.review ? "" : "NOT "}(is_overdue OR is_forced)\n`;
    if (at !== undefined) params["at"] = toColumnTime(at);
    const today = `toDate(${at === undefined ? "now('UTC')" : "{at:DateTime64(3, 'UTC')}"})`;
    return {
      sql: `WITH decided AS (SELECT * FROM issues ${where(all).replaceAll("\n ", "")})
SELECT
  d.tracker AS tracker, d.issue_id AS issue_id, d.title AS title, d.decision AS decision, d.decision_reason AS reason,
  d.decision_owner AS owner, d.decided_by AS decided_by, assumeNotNull(d.decided_at) AS decided_at, d.review_on AS review_on,
  d.review_at_voices AS review_at_voices,
  ifNull(d.review_on < ${today}, false)::Bool AS is_overdue,
  (d.review_at_voices > 0 AND people_since >= d.review_at_voices)::Bool AS is_forced,
  d.voices AS people, d.mentions AS mentions, d.first_at AS first_at, d.last_at AS last_at,
  s.people_since AS people_since, d.verdict AS verdict, d.reason AS verdict_reason,
  d.is_public AS is_public, (d.is_public AND (d.public_text != '' OR d.title != d.machine_title))::Bool AS is_published,
  d.public_text AS public_text
FROM decided AS d
LEFT JOIN (
  SELECT m.tracker AS tracker, m.issue_id AS issue_id, uniqExact(m.voice) AS people_since
  FROM issue_mentions AS m
  INNER JOIN decided AS o ON o.tracker = m.tracker AND o.issue_id = m.issue_id
  WHERE m.published_at > o.decided_at AND m.mention_id IN (
    SELECT mention_id FROM issue_assignments WHERE issue_id IN (SELECT issue_id FROM decided))
  GROUP BY tracker, issue_id
) AS s ON s.tracker = d.tracker AND s.issue_id = d.issue_id
${due}ORDER BY indexOf(['changing', 'not_now', 'will_not'], decision), people DESC, issue_id
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
