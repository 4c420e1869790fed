import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";

/** The cursor that holds for one source; no row when it was never saved. */
export const sourceCursor = defineQuery({
  name: "source_cursor",
  summary: "The saved cursor of one source.",
  params: z.strictObject({ source: z.string() }),
  row: z.object({
    source: z.string(),
    generation: z.number(),
    sequence: z.number(),
    cursor: z.string(),
    saved_at: z.string(),
  }),
  statement: ({ source }) => ({
    sql: `SELECT source, generation, sequence, cursor, saved_at
FROM cursors
WHERE source = {source:String}`,
    params: { source },
  }),
});
