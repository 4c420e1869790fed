import { z } from "zod";
import { Timestamp } from "./primitives.ts";

export const DEAD_LETTER_STAGES = ["parse", "publish", "read", "process", "store", "deliver"] as const;
export const DeadLetterStage = z.enum(DEAD_LETTER_STAGES);
export type DeadLetterStage = z.infer<typeof DeadLetterStage>;

export const DEAD_LETTER_STATES = ["open", "replayed", "discarded"] as const;

/** Longest payload kept, in UTF-16 units; a longer one is cut and cannot be replayed from the dead letter. */
export const MAX_PAYLOAD_LENGTH = 16 * 1024 * 1024;

/**
 * A record that could not be processed, with everything needed to look at it and try again.
 * `id` is derived from source, stage, position and payload, so the same failure is one dead letter however often it is met.
 */
export const DeadLetter = z.strictObject({
  id: z.string().min(1).max(100),
  source: z.string().max(300).describe("The configured source (or imported file) it came from."),
  ingestor: z.string().max(64).describe("The ingestor that can parse the payload again."),
  stage: DeadLetterStage.describe(
    "Where it failed: parse, publish (to a topic), read (from a topic), process, store, or deliver (a message about an alert).",
  ),
  code: z.string().max(64).describe("Error code, see the error table."),
  reason: z.string().max(2_000).describe("What is wrong and what to do."),
  position: z.string().max(600).describe("Where in the source: `line 17`, a mention id, or empty."),
  payload: z.string().max(MAX_PAYLOAD_LENGTH).describe("The record as JSON or text."),
  isPayloadCut: z.boolean().describe("True when the payload was longer than is kept."),
  state: z.enum(DEAD_LETTER_STATES).describe("open, replayed or discarded."),
  at: Timestamp.describe("When this state was reached."),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** The payload of a dead letter of stage `read`: a message as it lay in its topic. */
export const UnreadMessage = z.strictObject({
  topic: z.string(),
  schemaVersion: z.string().describe("Of the header `schema-version`; empty when there was none."),
  key: z.string(),
  value: z.string(),
});
export type UnreadMessage = z.infer<typeof UnreadMessage>;
