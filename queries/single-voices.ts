import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { choiceList, Count, Flag, SlugList, TextList, Time, wholeNumber } from "./values.ts";

/** What so far one person says, or too few to recur, and nobody is to forget. */
export const singleVoices = defineQuery({
  name: "single_voices",
  summary:
    "Issues judged single so far, and those of unknown times, each with its quote, owner and the day it is looked at again; those that are due first, then by that day, the longest waiting, id.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    owner: TextList.optional().describe("Any of these owners."),
    due: Flag.optional().describe("Only what is due (true), or only what is not (false)."),
    isolated: choiceList(["none", "holds", "expired", "overturned"])
      .optional()
      .describe("Called isolated, and how that stands; none: not called so."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
    offset: wholeNumber(0, 1_000_000).default(0).describe("Rows to leave out at the beginning."),
  }),
  row: z.object({
    tracker: z.string(),
    issue_id: z.string(),
    title: z.string(),
    quote_id: z.string().describe("The mention that says it best."),
    quote: z.string().describe("Its text, cut to 500 characters; empty where it was deleted."),
    url: z.string(),
    platform: z.string(),
    severity: Count,
    voices: Count.describe("Distinct people."),
    first_at: Time.nullable(),
    days_waiting: Count.nullable().describe("Whole days since it was said first."),
    owner: z.string().describe("Who sees to it; empty: nobody yet."),
    relook_on: z.iso.date().nullable().describe("The day somebody looks at it again."),
    is_due: z.boolean().describe("That day is here, or nobody knows when it was said."),
    isolated_call: z.string(),
    isolated_reason: z.string(),
    isolated_until: z.iso.date().nullable(),
    found: Count.describe("How many there are without limit and offset."),
    found_due: Count.describe("How many of those are due."),
  }),
  statement: (asked) => {
    // where no times are known nothing was judged: a voice is not lost for that
    const all = ["verdict IN ('single', '')"];
    const params: Record<string, unknown> = { limit: asked.limit, offset: asked.offset };
    for (const [name, column] of [
      ["tracker", "tracker"],
      ["owner", "owner"],
      ["isolated", "if(isolated_call = '', 'none', isolated_call)"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    const isDue = "(relook_on IS NULL OR relook_on <= toDate(now('UTC')))";
    if (asked.due !== undefined) all.push(asked.due ? isDue : `NOT ${isDue}`);
    return {
      sql: `WITH voices AS (
  SELECT *, if(empty(quotes), newest_id, quotes[1]) AS quote_id
  FROM issues
  WHERE ${all.join("\n    AND ")}
)
SELECT
  v.tracker AS tracker, v.issue_id AS issue_id, v.title AS title, v.quote_id AS quote_id,
  substringUTF8(m.text, 1, 500) AS quote, m.url AS url, m.platform AS platform, m.severity AS severity, v.voices AS voices,
  v.first_at AS first_at, greatest(0, dateDiff('day', v.first_at, now64(3, 'UTC'))) AS days_waiting,
  v.owner AS owner, v.relook_on AS relook_on, ${isDue}::Bool AS is_due,
  v.isolated_call AS isolated_call, v.isolated_reason AS isolated_reason, v.isolated_until AS isolated_until,
  count() OVER () AS found, countIf(${isDue}) OVER () AS found_due
FROM voices AS v
LEFT JOIN (
  SELECT id, text, url, platform, severity FROM mentions WHERE id IN (SELECT quote_id FROM voices)
) AS m ON m.id = v.quote_id
ORDER BY is_due DESC, relook_on IS NULL, relook_on, first_at, issue_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      params,
    };
  },
});
