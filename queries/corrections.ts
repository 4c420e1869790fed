import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { CORRECTION_FIELDS } from "../schemas/correction.ts";
import { where } from "./filters.ts";
import { before, olderThan, positionSql } from "./page-position.ts";
import { choiceList, Flag, TextList, Time, wholeNumber } from "./values.ts";

/** Whether a correction is a labelled example. */
const EXAMPLE = "is_standing AND NOT is_edited";

/** What people said of mentions instead of what was read from them: labelled examples. */
export const corrections = defineQuery({
  name: "corrections",
  summary:
    "What people corrected, latest first, ties by id, with the whole text it was said of and what was read from it.",
  params: z.strictObject({
    mention: TextList.optional().describe("Of any of these mentions, by id."),
    field: choiceList(CORRECTION_FIELDS).optional().describe("Of any of these fields."),
    by: TextList.optional().describe("By any of these people or tokens."),
    examples: Flag.optional().describe(
      "Only those that hold, of mentions that were not edited since (true), or only the others (false).",
    ),
    limit: wholeNumber(1, 1_000).default(100).describe("Most rows to give."),
    before,
  }),
  row: z.object({
    id: z.string(),
    mention_id: z.string(),
    field: z.enum(CORRECTION_FIELDS),
    aspect: z.string().describe("Name of the aspect; empty for other fields."),
    value: z.string().describe("What the person said; as_read: what is read holds again."),
    read_value: z.string().describe("What the machine reads now: of an aspect its label, or none."),
    language: z.string(),
    title: z.string(),
    text: z.string().describe("What was said, whole."),
    rating: z.number().nullable(),
    rating_max: z.number().nullable(),
    note: z.string(),
    by: z.string(),
    at: Time,
    is_standing: z.boolean().describe("The latest of its field and not taken back."),
    is_edited: z.boolean().describe("The mention was edited after it was corrected."),
    cursor: z.string().describe("Pass it as `before` to get the corrections after this one."),
  }),
  statement: (asked) => {
    const older = olderThan("at", asked.before);
    const all = [...older.all];
    const params: Record<string, unknown> = { ...older.params, limit: asked.limit };
    for (const [name, column] of [
      ["mention", "mention_id"],
      ["field", "field"],
      ["by", "by"],
    ] as const) {
      const values = asked[name];
      if (values === undefined || values.length === 0) continue;
      all.push(`\`${column}\` IN {${name}:Array(String)}`);
      params[name] = values;
    }
    if (asked.examples !== undefined) {
      all.push(asked.examples ? EXAMPLE : `NOT (${EXAMPLE})`);
    }
    return {
      sql: `SELECT
  id, mention_id, field, aspect, value, read_value, language, title, text, rating, rating_max, note, by, at,
  is_standing, is_edited,
  ${positionSql("at")} AS cursor
FROM corrections
${where(all)}
ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
