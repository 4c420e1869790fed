import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { ISSUE_EVENT_KINDS } from "../schemas/issue.ts";
import { where } from "./filters.ts";
import { choiceList, Flag, SlugList, TextList, Time, wholeNumber } from "./values.ts";

/** What people did with issues, and what the machine proposes. */
export const issueEvents = defineQuery({
  name: "issue_events",
  summary:
    "What people did with issues, and merges and splits the machine proposes, latest first, ties by id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("Of any of these issues, by id."),
    event: TextList.optional().describe("Any of these events, by id."),
    kind: choiceList(ISSUE_EVENT_KINDS).optional().describe("Any of these kinds."),
    standing: Flag.optional().describe("Only what nobody undid (true), or only the rest (false)."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    id: z.string(),
    tracker: z.string(),
    issue_id: z.string(),
    kind: z.enum(ISSUE_EVENT_KINDS),
    payload: z.string().describe("JSON, as its kind has it."),
    undoes: z.string().describe("The event it takes back; empty for other kinds than undo."),
    note: z.string(),
    by: z.string().describe("Who; empty: the machine."),
    at: Time,
    is_standing: z.boolean(),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["issue", "issue_id"],
      ["event", "id"],
      ["kind", "kind"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (asked.standing !== undefined) all.push(asked.standing ? "is_standing" : "NOT is_standing");
    return {
      sql: `SELECT id, tracker, issue_id, kind, payload, undoes, note, by, at, is_standing
FROM issue_events
${where(all)}
ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
