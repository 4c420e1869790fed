import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { TRACKER_KINDS } from "../schemas/tracker.ts";
import { mentionFieldColumns } from "../schemas/rows.ts";
import { wholeNumber } from "./values.ts";

const mention = z.looseObject({ id: z.string() });

/** Mentions whole, of some sources, to go through all of them page by page: those, too, that people called irrelevant. */
export const mentionsOfSources = defineQuery({
  name: "mentions_of_sources",
  summary: "Mentions of the sources with ids after one, ordered by id.",
  params: z.strictObject({ sources: z.array(z.string()), after: z.string(), limit: wholeNumber(1, 10_000) }),
  row: mention,
  statement: (params) => ({
    sql: `SELECT ${mentionFieldColumns.join(", ")}
FROM mention_rows FINAL
WHERE source IN {sources:Array(String)} AND id > {after:String}
ORDER BY id
LIMIT {limit:UInt32}`,
    params,
  }),
});

/** Mentions whole, to try a query on. */
export const recentMentions = defineQuery({
  name: "recent_mentions",
  summary: "The latest mentions of the last days, latest first.",
  params: z.strictObject({ days: wholeNumber(1, 3_650), limit: wholeNumber(1, 200_000) }),
  row: mention,
  statement: (params) => ({
    sql: `SELECT ${mentionFieldColumns.join(", ")}
FROM mentions
WHERE published_at >= now() - toIntervalDay({days:UInt32})
ORDER BY published_at DESC, id
LIMIT {limit:UInt32}`,
    params,
  }),
});

/** The trackers as they were last applied. */
export const appliedTrackers = defineQuery({
  name: "applied_trackers",
  summary: "Every tracker that was ever followed, as it was last matched with what is stored; ordered by id.",
  params: z.strictObject({}),
  row: z.object({ id: z.string(), name: z.string(), kind: z.enum(TRACKER_KINDS), query: z.string() }),
  statement: () => ({ sql: "SELECT id, name, kind, query FROM trackers ORDER BY id", params: {} }),
});
