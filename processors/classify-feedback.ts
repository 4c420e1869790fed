import type { Processor } from "../core/contracts.ts";
import type { Feedback } from "../schemas/reading.ts";
import { findCues } from "./cues.ts";
import type { DetectComplaintAdds } from "./detect-complaint.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import type { DetectRequestAdds } from "./detect-request.ts";
import type { HashFeaturesAdds } from "./hash-features.ts";
import { FEEDBACK_CUES, type FeedbackCue } from "./lexicons/feedback-cues.ts";
import { addSums, probabilities, sumsOf, type LinearModel } from "./linear-model/linear-model.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds } from "./read-text.ts";
import type { ScoreSentimentAdds } from "./score-sentiment/index.ts";

/** Classes of the model of feedback, in their order. */
export const FEEDBACK_CLASSES = ["bug_report", "feature_request", "user_experience", "rating"] as const;

export interface ClassifyFeedbackAdds {
  readonly feedback: Feedback;
}

/** What the steps before have read in a mention. */
export type ReadForFeedback = ReadMention &
  ReadTextAdds &
  DetectLanguageAdds &
  HashFeaturesAdds &
  ScoreSentimentAdds &
  DetectComplaintAdds &
  DetectRequestAdds;

/**
 * Gives the step that tells what a review gives the makers of a product: a bug report, a feature request, an account of
 * what it is like to use, or no more than a rating in words. Learned from reviews of apps, in English: of other things
 * (a late parcel) it says what a review of an app in such words would be. `unknown`, with confidence 0, in any other
 * language, for a text without words, for what we wrote ourselves, and where there is no model.
 * @see https://doi.org/10.1007/s00766-016-0251-9 Maalej, Kurtanović, Nabil & Stanik (2016), who name the four kinds
 */
export function classifyFeedback(
  model: LinearModel | undefined,
): Processor<ReadForFeedback, ClassifyFeedbackAdds> {
  return perMention("classify_feedback", (mention) => ({
    feedback: model === undefined ? UNKNOWN : judge(mention, model),
  }));
}

const UNKNOWN: Feedback = { kind: "unknown", confidence: 0 };

function judge(mention: ReadForFeedback, model: LinearModel): Feedback {
  const { byUs, language, reading, features } = mention;
  const hasWords = [...reading.title, ...reading.sentences].some(({ tokens }) =>
    tokens.some(({ kind }) => kind === "word"),
  );
  if (byUs || language !== "en" || !hasWords) return UNKNOWN;
  const sums = addSums(
    [...features.title, ...features.sentences].map((some) => sumsOf(model, some)),
    FEEDBACK_CLASSES.length,
  );
  const likely = probabilities(model, sums, feedbackSignals(mention));
  const most = likely.indexOf(Math.max(...likely));
  return { kind: FEEDBACK_CLASSES[most] ?? "unknown", confidence: round(likely[most] ?? 0) };
}

const KINDS_OF_CUES: readonly FeedbackCue[] = ["bug", "feature", "experience", "rating"];

/** What else the model of feedback is told of a text. */
export const FEEDBACK_SIGNALS = [
  "likely_negative",
  "likely_positive",
  "complaint",
  "asks",
  "length",
  "is_tiny",
  "is_short",
  "is_long",
  "is_very_long",
  ...KINDS_OF_CUES.flatMap((kind) => [`${kind}_cues`, `has_${kind}_cue`, `${kind}_sentences`]),
];

const TINY = 7;
const SHORT = 12;
const LONG = 25;
const VERY_LONG = 60;
/** The logarithm of a text's length is put in proportion to this: that of some 150 tokens. */
const LOG_LENGTH = 5;
/** Cues of a kind beyond these say nothing new. */
const MOST_CUES = 3;

/** The {@link FEEDBACK_SIGNALS} of a mention, each within −1..1 but for the length of very long ones. */
export function feedbackSignals({ reading, polarity, complaint, request }: ReadForFeedback): number[] {
  const sentences = [...reading.title, ...reading.sentences];
  /** How often each kind was met, and in how many sentences. */
  const counts = KINDS_OF_CUES.map(() => 0);
  const saying = KINDS_OF_CUES.map(() => 0);
  let length = 0;
  for (const sentence of sentences) {
    length += sentence.tokens.length;
    const cues = findCues(sentence, FEEDBACK_CUES);
    if (cues.length === 0) continue;
    KINDS_OF_CUES.forEach((kind, index) => {
      const met = cues.filter(({ value }) => value === kind).length;
      counts[index] = (counts[index] ?? 0) + met;
      if (met > 0) saying[index] = (saying[index] ?? 0) + 1;
    });
  }
  const signals = [
    polarity.likely?.negative ?? 0,
    polarity.likely?.positive ?? 0,
    complaint.isComplaint ? complaint.confidence : -complaint.confidence,
    request.isRequest ? 1 : 0,
    Math.log1p(length) / LOG_LENGTH,
    length < TINY ? 1 : 0,
    length < SHORT ? 1 : 0,
    length > LONG ? 1 : 0,
    length > VERY_LONG ? 1 : 0,
  ];
  counts.forEach((count, index) => {
    const share = (saying[index] ?? 0) / Math.max(1, sentences.length);
    signals.push(Math.min(count, MOST_CUES) / MOST_CUES, count > 0 ? 1 : 0, share);
  });
  return signals;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
