import { z } from "zod";

/**
 * What the processors read from a text besides its sentiment. Everything a person could doubt comes with the span
 * that says it.
 */

/** A stretch of the mention's text: UTF-16 offsets, `start` inclusive, `end` exclusive. */
export const Span = z.strictObject({ start: z.int().nonnegative(), end: z.int().positive() });
export type Span = z.infer<typeof Span>;

const Evidence = z.array(Span).max(20);

/** What a mention is for, in one word. */
export const INTENTS = ["complaint", "request", "question", "praise", "news", "spam", "other"] as const;
export const Intent = z.enum(INTENTS);
export type Intent = z.infer<typeof Intent>;

/** Whether the author asks for something that is not there: a suggestion, a wish, a need. */
export const Request = z.strictObject({
  isRequest: z.boolean(),
  confidence: z.number().min(0).max(1).describe("How sure of `isRequest`, 0..1."),
  evidence: Evidence.describe("Where it is asked for."),
});
export type Request = z.infer<typeof Request>;

/** Where in a customer's journey something happened. */
export const STAGES = [
  "awareness",
  "purchase",
  "payment",
  "delivery",
  "setup",
  "use",
  "support",
  "return",
  "cancellation",
  "unknown",
] as const;
export const Stage = z.enum(STAGES);
export type Stage = z.infer<typeof Stage>;

/** Where it broke, and where they were when they complained. */
export const Stages = z.strictObject({ brokeAt: Stage, complainedAt: Stage });
export type Stages = z.infer<typeof Stages>;

/** A judged attribute of what the mention is about. */
export const Aspect = z.strictObject({
  aspect: z
    .string()
    .min(1)
    .max(100)
    .describe("Its name: the customer's own where the config has one, else the words used, lower case."),
  label: z.enum(["negative", "neutral", "positive"]),
  score: z.number().min(-1).max(1).describe("Polarity towards this aspect, −1..1."),
  span: Span,
});
export type Aspect = z.infer<typeof Aspect>;

/** What the author says of having told it before, or of how long they have waited. */
export const Repetition = z.strictObject({
  isRepeated: z.boolean().describe("They say it happened, or was told, before, or still waits."),
  count: z
    .int()
    .positive()
    .max(1_000)
    .nullable()
    .describe("How many times by their own count, this one included; null when not said."),
  daysWaiting: z
    .number()
    .nonnegative()
    .max(36_500)
    .nullable()
    .describe("How long they have waited, in days; null when not said."),
  evidence: Evidence,
});
export type Repetition = z.infer<typeof Repetition>;

/** A claim of ours the author says was not kept. */
export const Expectation = z.strictObject({
  isBroken: z.boolean(),
  source: z
    .enum(["promised", "advertised", "agreed", "none"])
    .describe("Where it came from: what we told them, what we published, what was booked or ordered."),
  claim: Span.nullable().describe(
    "The words that say what was claimed; null where they cannot be told apart.",
  ),
  evidence: Evidence,
});
export type Expectation = z.infer<typeof Expectation>;

export const THREAT_KINDS = ["churn", "legal", "safety", "press", "data"] as const;

/** Something the author warns of or has begun: leaving, law, danger to people, going public, misuse of their data. */
export const Threat = z.strictObject({
  kind: z.enum(THREAT_KINDS),
  span: Span.nullable().describe("Null when the title says it."),
});
export type Threat = z.infer<typeof Threat>;

export const FEEDBACK_KINDS = [
  "bug_report",
  "feature_request",
  "user_experience",
  "rating",
  "unknown",
] as const;

/**
 * What a review gives the makers of a product.
 * @see https://doi.org/10.1007/s00766-016-0251-9 Maalej, Kurtanović, Nabil & Stanik (2016), who name the four kinds
 */
export const Feedback = z.strictObject({
  kind: z.enum(FEEDBACK_KINDS),
  confidence: z.number().min(0).max(1).describe("How sure of `kind`, 0..1."),
});
export type Feedback = z.infer<typeof Feedback>;

export const SPAM_REASONS = [
  "promotion",
  "repeated_text",
  "link_bait",
  "giveaway",
  "generated",
  "many_tags",
] as const;

/** Whether this is likely no customer's voice. Marks, never drops: counts exclude it, people can see it and why. */
export const Spam = z.strictObject({
  isSpam: z.boolean(),
  score: z.number().min(0).max(1).describe("How sure of it, 0..1."),
  reasons: z.array(z.enum(SPAM_REASONS)).max(6),
});
export type Spam = z.infer<typeof Spam>;
