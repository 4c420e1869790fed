import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DEAD_LETTER_STATES, DeadLetterStage } from "../schemas/dead-letter.ts";
import { where } from "./filters.ts";
import { before, olderThan, positionSql } from "./page-position.ts";
import { choiceList, Count, TextList, Time, wholeNumber } from "./values.ts";

/** Longest payload a list shows, in characters. */
const SHOWN_PAYLOAD_LENGTH = 2_000;

/** Records that could not be processed. */
export const deadLetters = defineQuery({
  name: "dead_letters",
  summary: "Dead letters, latest first, ties by id; the payload is cut to 2,000 characters.",
  params: z.strictObject({
    state: choiceList(DEAD_LETTER_STATES).optional().describe("In any of these states."),
    source: TextList.optional().describe("From any of these sources."),
    code: TextList.optional().describe("With any of these error codes."),
    limit: wholeNumber(1, 200).default(50).describe("Most rows to give."),
    before,
  }),
  row: z.object({
    id: z.string(),
    source: z.string(),
    ingestor: z.string(),
    stage: DeadLetterStage,
    code: z.string(),
    reason: z.string(),
    position: z.string(),
    payload: z.string().describe("The record, cut to 2,000 characters."),
    payload_length: Count.describe("Characters (code points) of the payload as it is kept."),
    is_payload_cut: z
      .boolean()
      .describe("True when the payload was longer than is kept, so it cannot be replayed."),
    state: z.enum(DEAD_LETTER_STATES),
    at: Time.describe("When it reached this state."),
    cursor: z.string().describe("Pass it as `before` to get the dead letters after this one."),
  }),
  statement: (asked) => {
    const older = olderThan("at", asked.before);
    const all = [...older.all];
    const params: Record<string, unknown> = { ...older.params, limit: asked.limit };
    for (const column of ["state", "source", "code"] as const) {
      const values = asked[column];
      if (values === undefined || values.length === 0) continue;
      all.push(`${column} IN {${column}:Array(String)}`);
      params[column] = values;
    }
    return {
      sql: `SELECT
  id, source, ingestor, stage, code, reason, position,
  substringUTF8(dead_letters.payload, 1, ${SHOWN_PAYLOAD_LENGTH}) AS payload,
  lengthUTF8(dead_letters.payload) AS payload_length,
  is_payload_cut, state, at,
  ${positionSql("at")} AS cursor
FROM dead_letters
${where(all)}
ORDER BY at DESC, id DESC
LIMIT {limit:UInt32}`,
      params,
    };
  },
});
