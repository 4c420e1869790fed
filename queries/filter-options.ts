import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { filterConditions, filterParams, where } from "./filters.ts";
import { mentionCount } from "./series.ts";

/** What there is to filter by. */
export const filterOptions = defineQuery({
  name: "filter_options",
  summary:
    "The trackers, platforms, languages and sources there are, with their mentions: by dimension, most mentions first, " +
    "at most 200 of each.",
  params: z.strictObject(filterParams),
  row: z.object({
    dimension: z.enum(["tracker", "platform", "language", "source"]),
    value: z.string(),
    mentions: mentionCount,
  }),
  statement: (asked) => {
    const { all, params } = filterConditions(asked);
    return {
      sql: `SELECT
  option.1 AS dimension,
  option.2 AS value,
  count() AS mentions
FROM mentions
ARRAY JOIN arrayConcat(
  arrayMap(tracker -> ('tracker', toString(tracker)), trackers),
  [('platform', toString(platform)), ('language', toString(language)), ('source', toString(source))]
) AS option
${where(all)}
GROUP BY dimension, value
ORDER BY dimension, mentions DESC, value
LIMIT 200 BY dimension`,
      params,
    };
  },
});
