import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { REGISTER_STATES } from "../schemas/issue.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { where } from "./filters.ts";
import { choiceList, Count, Flag, Instant, SlugList, TextList, Time, wholeNumber } from "./values.ts";

/** What we know of and how to speak of it: for whoever answers customers. */
export const knownIssues = defineQuery({
  name: "known_issues",
  summary:
    "The register of known issues: how customers notice it, what may be said word for word, what helps meanwhile, and what " +
    "may and must not be promised; the latest entry first, ties by id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    issue: TextList.optional().describe("Any of these issues, by id."),
    status: choiceList(REGISTER_STATES).default(["active"]).describe("Any of these."),
    expired: Flag.optional().describe("Only entries whose day is past (true), or only the rest (false)."),
    q: z
      .string()
      .max(300)
      .optional()
      .describe("Text that its symptom, wording, workaround, title or terms contain, in any case."),
    at: Instant.optional().describe("What day it is. Default now."),
    limit: wholeNumber(1, 1_000).default(1_000).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    status: z.enum(REGISTER_STATES),
    symptom: z.string(),
    wording: z.string(),
    workaround: z.string(),
    may_promise: z.string(),
    must_not_promise: z.string(),
    expires_on: z.iso.date().nullable(),
    is_expired: z.boolean(),
    registered_at: Time,
    decision: z.string().describe("What we do about it; empty: nothing was decided."),
    people: Count,
    last_at: Time.nullable(),
  }),
  statement: ({ at, q, expired, ...asked }) => {
    const all = ["register_status != ''"];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["issue", "issue_id"],
      ["status", "register_status"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (q !== undefined && q.trim() !== "") {
      all.push(
        "positionCaseInsensitiveUTF8(arrayStringConcat([symptom, wording, workaround, title, arrayStringConcat(terms, '\\n')], '\\n'), {q:String}) > 0",
      );
      params["q"] = q.trim();
    }
    if (at !== undefined) params["at"] = toColumnTime(at);
    if (expired !== undefined) all.push(expired ? "is_expired" : "NOT is_expired");
    const today = `toDate(${at === undefined ? "now('UTC')" : "{at:DateTime64(3, 'UTC')}"})`;
    return {
      sql: `SELECT
  tracker, issue_id, title, register_status AS status, symptom, wording, workaround, may_promise, must_not_promise,
  register_expires_on AS expires_on, ifNull(register_expires_on < ${today}, false)::Bool AS is_expired,
  assumeNotNull(issues.registered_at) AS registered_at, decision, voices AS people, last_at
FROM issues
${where(all)}
ORDER BY registered_at DESC, issue_id
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
