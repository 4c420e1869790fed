import { z } from "zod";
import { Timestamp } from "./primitives.ts";
import { INTENTS } from "./reading.ts";

/** Takes a correction back: what the machine reads holds again. */
export const AS_READ = "as_read";

/** What may be said of each field; `none` of an aspect: the mention does not judge it. */
export const CORRECTION_VALUES = {
  relevance: ["relevant", "irrelevant", AS_READ],
  sentiment: ["negative", "neutral", "positive", AS_READ],
  intent: [...INTENTS, AS_READ],
  aspect: ["negative", "neutral", "positive", "none", AS_READ],
} as const;

export const CORRECTION_FIELDS = ["relevance", "sentiment", "intent", "aspect"] as const;

const note = z.string().max(2_000).default("").describe("Why, in the person's words.");

/** What a person says of a mention, as they give it. */
export const CorrectionRequest = z.discriminatedUnion("field", [
  z.strictObject({
    field: z.literal("relevance"),
    value: z
      .enum(CORRECTION_VALUES.relevance)
      .describe("irrelevant: the mention leaves everything that is counted."),
    note,
  }),
  z.strictObject({
    field: z.literal("sentiment"),
    value: z.enum(CORRECTION_VALUES.sentiment).describe("How the mention as a whole sounds."),
    note,
  }),
  z.strictObject({
    field: z.literal("intent"),
    value: z.enum(CORRECTION_VALUES.intent).describe("What the mention is for."),
    note,
  }),
  z.strictObject({
    field: z.literal("aspect"),
    aspect: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, "must be one line of characters that can be written")
      .describe("Its name, as it stands in `aspects` or a new one."),
    value: z
      .enum(CORRECTION_VALUES.aspect)
      .describe("How the mention judges it; none: it does not, so it is taken out."),
    note,
  }),
]);
export type CorrectionRequest = z.infer<typeof CorrectionRequest>;

/**
 * The fact that a person said something of a mention. Facts are never changed; of one field (and aspect) of a mention the
 * latest holds, whatever is read again and however the mention is edited.
 */
export const Correction = z.strictObject({
  id: z.string().min(1).max(100),
  mentionId: z.string().min(1),
  revision: z.int().nonnegative().describe("The revision of the mention it was said of."),
  field: z.enum(CORRECTION_FIELDS),
  aspect: z.string().max(100).describe("Name of the aspect; empty for other fields."),
  value: z.string().min(1).max(20),
  note: z.string().max(2_000),
  by: z.string().min(1).max(100).describe("Who: the name of the API token, or the user of the machine."),
  at: Timestamp,
});
export type Correction = z.infer<typeof Correction>;
