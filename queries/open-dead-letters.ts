import { z } from "zod";
import { defineQuery } from "../core/contracts.ts";
import { DEAD_LETTER_STAGES } from "../schemas/dead-letter.ts";
import { Timestamp } from "../schemas/primitives.ts";

/** A batch of open dead letters with their whole payloads, by id, to be tried again. */
export const openDeadLetters = defineQuery({
  name: "open_dead_letters",
  summary: "Open dead letters reached before a time, with whole payloads, by id after a given one.",
  params: z.strictObject({
    until: Timestamp,
    after: z.string(),
    source: z.string().optional(),
    ids: z.array(z.string()).default([]),
    limit: z.int().positive(),
  }),
  row: z.object({
    id: z.string(),
    source: z.string(),
    ingestor: z.string(),
    stage: z.enum(DEAD_LETTER_STAGES),
    code: z.string(),
    reason: z.string(),
    position: z.string(),
    payload: z.string(),
    is_payload_cut: z.coerce.boolean(),
    at: z.string(),
  }),
  statement: ({ until, after, source, ids, limit }) => ({
    sql: `SELECT id, source, ingestor, stage, code, reason, position, payload, is_payload_cut, at
FROM dead_letters
WHERE state = 'open'
  AND at <= parseDateTime64BestEffort({until:String}, 3, 'UTC')
  AND id > {after:String}
  AND (empty({source:String}) OR source = {source:String})
  AND (empty({ids:Array(String)}) OR id IN {ids:Array(String)})
ORDER BY id
LIMIT {limit:UInt32}`,
    params: { until, after, source: source ?? "", ids, limit },
  }),
});
