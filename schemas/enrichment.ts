import { z } from "zod";
import { Timestamp } from "./primitives.ts";

/** A stretch of the mention's text: UTF-16 offsets, `start` inclusive, `end` exclusive. */
export const Span = z.strictObject({ start: z.int().nonnegative(), end: z.int().positive() });
export type Span = z.infer<typeof Span>;

export const SENTIMENT_LABELS = ["negative", "neutral", "positive", "unscored"] as const;
export const SentimentLabel = z.enum(SENTIMENT_LABELS);
export type SentimentLabel = z.infer<typeof SentimentLabel>;

/** Polarity of a text. `unscored` (score null) when the language is outside what we can read. */
export const Sentiment = z.strictObject({
  score: z.number().min(-1).max(1).nullable().describe("Polarity, −1..1; null when unscored."),
  label: SentimentLabel,
  confidence: z.number().min(0).max(1).describe("How sure, 0..1; 0 when unscored."),
  spans: z.array(Span).max(20).describe("The words that decided, strongest first."),
});
export type Sentiment = z.infer<typeof Sentiment>;

/** Whether a mention states a failed expectation, whatever its polarity. */
export const Complaint = z.strictObject({
  isComplaint: z.boolean(),
  confidence: z.number().min(0).max(1).describe("How sure of `isComplaint`, 0..1."),
  evidence: z.array(Span).max(20).describe("Where the failed expectation is stated."),
});
export type Complaint = z.infer<typeof Complaint>;

/** What the processors add to a mention. */
export const Enrichment = z.strictObject({
  language: z.string().max(35).describe("Detected language, ISO 639-1; `und` when it cannot be told."),
  languageConfidence: z.number().min(0).max(1),
  sentiment: Sentiment,
  complaint: Complaint,
  modelVersion: z.string().max(100).describe("Version of the readers that produced this enrichment."),
  processedAt: Timestamp.describe("When it was produced."),
});
export type Enrichment = z.infer<typeof Enrichment>;
