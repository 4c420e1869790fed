import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";

/** Which of these ids were ever stored (deleted ones too), with the hash of their content; in no particular order. */
export const knownMentions = defineQuery({
  name: "known_mentions",
  summary: "Content hash of those mentions among the ids that were ever stored; in no particular order.",
  params: z.strictObject({ ids: z.array(z.string()) }),
  row: z.object({ id: z.string(), raw_hash: z.string() }),
  statement: ({ ids }) => ({
    sql: `SELECT id, argMax(raw_hash, row_version) AS raw_hash
FROM mention_rows
WHERE id IN {ids:Array(String)}
GROUP BY id`,
    params: { ids },
  }),
});

/** Which of these ids a dry run has met. */
export const dryRunIds = defineQuery({
  name: "dry_run_ids",
  summary: "Ids among those given that a dry run has met; in no particular order.",
  params: z.strictObject({ run: z.string(), ids: z.array(z.string()) }),
  row: z.object({ id: z.string(), raw_hash: z.string() }),
  statement: ({ run, ids }) => ({
    sql: "SELECT id, any(raw_hash) AS raw_hash FROM dry_run_ids WHERE run = {run:String} AND id IN {ids:Array(String)} GROUP BY id",
    params: { run, ids },
  }),
});
