import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { where } from "./filters.ts";
import { choiceList, Count, TextList, Time, wholeNumber } from "./values.ts";

const STATES = ["standing", "coming", "past"] as const;

/** When nobody is told of what. */
export const alertSilences = defineQuery({
  name: "alert_silences",
  summary:
    "Stretches of time in which nobody is told of some alerts: those that stand first, then those to come, then the past ones, the latest end first.",
  params: z.strictObject({
    silence: TextList.optional().describe("Any of these silences, by id."),
    state: choiceList(STATES).optional().describe("In any of these states."),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
  }),
  row: z.object({
    id: z.string(),
    match: z
      .record(z.string(), z.string())
      .describe("What an alert has to be: tracker, issue, rule, platform, country."),
    from_at: Time,
    until_at: Time,
    reason: z.string(),
    by: z.string(),
    recorded_at: Time,
    state: z.enum(STATES),
    found: Count.describe("How many there are without limit."),
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const [name, column] of [
      ["silence", "id"],
      ["state", "state"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    return {
      sql: `SELECT
  id, match, from_at, until_at, reason, by, recorded_at,
  multiIf(until_at <= now64(3) OR until_at <= from_at, 'past', from_at > now64(3), 'coming', 'standing') AS state,
  count() OVER () AS found
FROM silences
${where(all)}
ORDER BY indexOf(['standing', 'coming', 'past'], state), until_at DESC, id
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
