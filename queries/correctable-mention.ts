import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { Count } from "./values.ts";

/** What a correction of a mention is checked with. */
export const correctableMention = defineQuery({
  name: "correctable_mention",
  summary: "One row when the mention stands, called irrelevant or not: what was read and said of it so far.",
  params: z.strictObject({ id: z.string(), field: z.string() }),
  row: z.object({
    revision: Count,
    aspects: z.array(z.string()).describe("Names of the aspects that were read or corrected."),
    corrected_at: z
      .string()
      .describe("When this field was last corrected, in the store's notation; 1970 if never."),
  }),
  statement: (params) => ({
    sql: `SELECT
  revision,
  arrayDistinct(arrayConcat(
    m.aspects.aspect,
    (SELECT groupArray(aspect) FROM correction_rows WHERE mention_id = {id:String} AND field = 'aspect')
  )) AS aspects,
  (SELECT max(at) FROM correction_rows WHERE mention_id = {id:String} AND field = {field:String}) AS corrected_at
FROM mention_rows AS m FINAL
WHERE id = {id:String}`,
    params,
  }),
});
