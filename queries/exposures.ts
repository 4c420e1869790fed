import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { where } from "./filters.ts";
import { Instant, SlugList, TextList, Time, wholeNumber } from "./values.ts";

/** How much could have complained, as it was imported. */
export const exposures = defineQuery({
  name: "exposures",
  summary:
    "Imported exposure (orders, active users, installs) per tracker, measure, version and UTC day, latest day first, then by tracker, measure and version.",
  params: z.strictObject({
    tracker: SlugList.optional().describe("Of any of these trackers."),
    measure: SlugList.optional().describe("Any of these measures."),
    version: TextList.optional().describe("Of any of these versions."),
    from: Instant.optional().describe("Days at or after this one."),
    to: Instant.optional().describe("Days before this one."),
    limit: wholeNumber(1, 10_000).default(1_000).describe("Most rows to give."),
  }),
  row: z.object({
    tracker: z.string(),
    measure: z.string(),
    version: z.string().describe("Empty: all versions together."),
    day: z.iso.date(),
    count: z.number(),
    by: z.string(),
    recorded_at: Time,
  }),
  statement: (asked) => {
    const all: string[] = [];
    const params: Record<string, unknown> = { limit: asked.limit };
    for (const name of ["tracker", "measure", "version"] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`${name} IN {${name}:Array(String)}`);
      params[name] = values;
    }
    for (const [name, compared] of [
      ["from", ">="],
      ["to", "<"],
    ] as const) {
      const day = asked[name];
      if (day === undefined) continue;
      all.push(`day ${compared} {${name}:Date32}`);
      params[name] = day.slice(0, 10);
    }
    return {
      sql: `SELECT tracker, measure, version, day, count, by, recorded_at
FROM exposures
${where(all)}
ORDER BY day DESC, tracker, measure, version
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
