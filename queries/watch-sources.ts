import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Instant } from "./values.ts";

/** How long sources are used to bring nothing: by night, at weekends, by chance. */
export const sourcePauses = defineQuery({
  name: "source_pauses",
  summary:
    "The longest time in which a source brought nothing, between two hours in which it did; by source.",
  params: z.strictObject({
    sources: z.array(z.string()),
    from: Instant.describe("Published at or after this time."),
  }),
  row: z.object({
    source: z.string(),
    longest_h: z.number(),
    days: z.number().describe("From the first of these hours to the last."),
  }),
  statement: ({ sources, from }) => ({
    sql: `SELECT source, toFloat64(arrayMax(arrayDifference(hours))) AS longest_h, (hours[-1] - hours[1]) / 24 AS days
FROM (
  SELECT source, arraySort(groupUniqArray(toInt64(intDiv(toUnixTimestamp64Milli(published_at), 3600000)))) AS hours
  FROM mention_rows
  WHERE source IN {sources:Array(String)} AND published_at >= {from:DateTime64(3, 'UTC')} AND NOT is_deleted
  GROUP BY source
)
ORDER BY source`,
    params: { sources, from: toColumnTime(from) },
  }),
});
