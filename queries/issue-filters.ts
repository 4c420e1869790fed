import { z } from "zod";
import { DECISIONS, REGISTER_STATES } from "../schemas/issue.ts";
import type { Conditions } from "./filters.ts";
import { choiceList, SlugList, TextList } from "./values.ts";

/** Empty: no times are known. */
export const VERDICTS = ["escalating", "recurring", "watch", "single", ""] as const;
export const FLAGS = ["viral", "coordinated", "severe", "emerging", "quiet", "partly_heard"] as const;

/** Parameters by which issues are narrowed whatever their verdict; an absent or empty one does not narrow. */
export const issueFilters = {
  tracker: SlugList.optional().describe("Of any of these trackers."),
  issue: TextList.optional().describe("Any of these issues, by id."),
  flag: choiceList(FLAGS).optional().describe("Any of these flags."),
  decision: choiceList([...DECISIONS, "none"])
    .optional()
    .describe("On the agenda as any of these; none: not yet."),
  register: choiceList(REGISTER_STATES)
    .optional()
    .describe("In the register of known issues as any of these."),
  owner: TextList.optional().describe("Any of these owners."),
  isolated: choiceList(["holds", "expired", "overturned"])
    .optional()
    .describe("Called isolated, and how that stands."),
  q: z.string().max(300).optional().describe("Text that its title or terms contain, in any case."),
};

/** The conditions on one row of `issues` that the filters stand for, with the values of their placeholders. */
export function issueConditions(asked: z.infer<z.ZodObject<typeof issueFilters>>): Conditions {
  const all: string[] = [];
  const params: Record<string, unknown> = {};
  for (const [name, column] of [
    ["tracker", "tracker"],
    ["issue", "issue_id"],
    ["register", "register_status"],
    ["owner", "owner"],
    ["isolated", "isolated_call"],
  ] as const) {
    const values = asked[name];
    if (values === undefined || values.length === 0) continue;
    all.push(`${column} IN {${name}:Array(String)}`);
    params[name] = values;
  }
  if (asked.flag !== undefined && asked.flag.length > 0) {
    all.push("hasAny(flags, {flag:Array(String)})");
    params["flag"] = asked.flag;
  }
  if (asked.decision !== undefined && asked.decision.length > 0) {
    all.push("if(decision = '', 'none', decision) IN {decision:Array(String)}");
    params["decision"] = asked.decision;
  }
  if (asked.q !== undefined && asked.q.trim() !== "") {
    all.push(
      "positionCaseInsensitiveUTF8(concat(title, '\\n', arrayStringConcat(terms, '\\n'), '\\n', issue_id), {q:String}) > 0",
    );
    params["q"] = asked.q.trim();
  }
  return { all, params };
}
