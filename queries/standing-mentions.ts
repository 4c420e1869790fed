import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { mentionEventColumns } from "../schemas/rows.ts";

/** Asked about every batch that came through the log of mentions. */
export const outdatedInLog = defineQuery({
  name: "outdated_in_log",
  summary:
    "Mentions among the ids of which the store has a newer version than the last one in the log; in no particular order.",
  params: z.strictObject({ ids: z.array(z.string()) }),
  row: z.object({ id: z.string() }),
  statement: ({ ids }) => ({
    sql: `SELECT id
FROM (
  SELECT id, argMax((revision, observed_at), row_version) AS logged
  FROM logged_version_rows
  WHERE id IN {ids:Array(String)}
  GROUP BY id
) AS log
INNER JOIN (
  SELECT id, max((revision, observed_at)) AS stored
  FROM mention_rows
  WHERE id IN {ids:Array(String)}
  GROUP BY id
) AS store USING id
WHERE logged < stored`,
    params: { ids },
  }),
});

/** What the store holds of these ids, deleted ones too: every column that a mention is made of. */
export const standingMentions = defineQuery({
  name: "standing_mentions",
  summary: "Mentions among the ids as they stand, or what is left of a deleted one; ordered by id.",
  params: z.strictObject({ ids: z.array(z.string()) }),
  row: z.looseObject({ id: z.string() }),
  statement: ({ ids }) => ({
    sql: `SELECT ${mentionEventColumns.join(", ")}
FROM mention_rows
WHERE id IN {ids:Array(String)}
ORDER BY id, row_version DESC
LIMIT 1 BY id`,
    params: { ids },
  }),
});
