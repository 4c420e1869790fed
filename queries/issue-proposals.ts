import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { choiceList, Count, SlugList, TextList, Time, wholeNumber } from "./values.ts";

const KINDS = ["propose_merge", "propose_split"] as const;

/** What the machine would merge or split if somebody said so. */
export const issueProposals = defineQuery({
  name: "issue_proposals",
  summary:
    "Merges and splits the machine proposes and nobody has decided, those that concern most people first, then the latest, ties by id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("That concern any of these issues, by id."),
    kind: choiceList(KINDS).optional().describe("Any of these kinds."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    event: z.string().describe("Its id: what dismissing it names."),
    tracker: z.string(),
    kind: z.enum(KINDS),
    issue_id: z.string(),
    title: z.string(),
    verdict: z.string(),
    voices: Count,
    into: z.string().describe("The issue it may be one with; empty for splits."),
    into_title: z.string(),
    into_verdict: z.string(),
    into_voices: Count,
    payload: z.string().describe("JSON, as its kind has it."),
    at: Time,
    found: Count.describe("How many there are without limit."),
  }),
  statement: (asked) => {
    const all = [
      "p.is_standing",
      "p.kind IN ('propose_merge', 'propose_split')",
      "(p.kind = 'propose_split' OR i.issue_id != '')",
      `p.id NOT IN (
    SELECT JSONExtractString(payload, 'event') FROM issue_events WHERE kind = 'dismiss' AND is_standing)`,
    ];
    const params: Record<string, unknown> = { limit: asked.limit };
    if (asked.issue !== undefined && asked.issue.length > 0) {
      all.push("(p.issue_id IN {issue:Array(String)} OR p.into IN {issue:Array(String)})");
      params["issue"] = asked.issue;
    }
    for (const [name, column] of [
      ["tracker", "p.tracker"],
      ["kind", "p.kind"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    const listed = "SELECT tracker, issue_id, title, verdict, voices FROM issues";
    return {
      sql: `SELECT
  p.id AS event, p.tracker AS tracker, p.kind AS kind, p.issue_id AS issue_id,
  o.title AS title, o.verdict AS verdict, o.voices AS voices,
  p.into AS into, i.title AS into_title, i.verdict AS into_verdict, i.voices AS into_voices,
  p.payload AS payload, p.at AS at, count() OVER () AS found
FROM (SELECT *, JSONExtractString(payload, 'into') AS into FROM issue_events) AS p
INNER JOIN (${listed}) AS o ON o.tracker = p.tracker AND o.issue_id = p.issue_id
LEFT JOIN (${listed}) AS i ON i.tracker = p.tracker AND i.issue_id = p.into
WHERE ${all.join("\n  AND ")}
ORDER BY o.voices + i.voices DESC, at DESC, event
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
