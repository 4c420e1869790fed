import { z } from "zod";
import { Timestamp } from "./primitives.ts";
import {
  Aspect,
  Expectation,
  Feedback,
  Intent,
  Repetition,
  Request,
  Span,
  Spam,
  Stages,
  Threat,
} from "./reading.ts";

export const SENTIMENT_LABELS = ["negative", "neutral", "positive", "unscored"] as const;
export const SentimentLabel = z.enum(SENTIMENT_LABELS);
export type SentimentLabel = z.infer<typeof SentimentLabel>;

/** Polarity of one sentence of a text. */
export const SentenceSentiment = Span.extend({
  label: SentimentLabel,
  score: z.number().min(-1).max(1),
});
export type SentenceSentiment = z.infer<typeof SentenceSentiment>;

/** Polarity of a text. `unscored` (score null) when the language is outside what we can read. */
export const Sentiment = z.strictObject({
  score: z.number().min(-1).max(1).nullable().describe("Polarity, −1..1; null when unscored."),
  label: SentimentLabel,
  confidence: z.number().min(0).max(1).describe("How sure, 0..1; 0 when unscored."),
  spans: z.array(Span).max(20).describe("The words that decided, strongest first."),
  sentences: z
    .array(SentenceSentiment)
    .max(50)
    .describe("Of each sentence of the text, in order; empty when unscored, or when there is one alone."),
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
  intent: Intent,
  request: Request,
  feedback: Feedback,
  aspects: z.array(Aspect).max(20).describe("What is judged, in the order of the text."),
  stage: Stages,
  severity: z
    .int()
    .min(0)
    .max(4)
    .describe(
      "How bad it is for the customer: 0 no complaint, 1 a nuisance … 4 danger, or loss beyond repair.",
    ),
  anger: z.int().min(0).max(3).describe("How heated the words are, whatever happened: 0 calm … 3 furious."),
  repetition: Repetition,
  expectation: Expectation,
  threats: z.array(Threat).max(20),
  spam: Spam,
  modelVersion: z.string().max(100).describe("Version of the readers that produced this enrichment."),
  processedAt: Timestamp.describe("When it was produced."),
});
export type Enrichment = z.infer<typeof Enrichment>;
