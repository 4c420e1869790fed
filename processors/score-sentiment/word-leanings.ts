import { DENIAL_REACH, endsDenial, isDenial, wordFeature } from "../linear-model/features.ts";
import { scaleOf, type LinearModel } from "../linear-model/linear-model.ts";
import type { Sentence } from "../read-text.ts";

/** What the words of a text lean to, those under a denial apart, as numbers a model weighs beside the words themselves. */
export const LEANING_SIGNALS = [
  "leans_negative",
  "leans_neutral",
  "leans_positive",
  "denied_negative",
  "denied_neutral",
  "denied_positive",
] as const;

/**
 * Adds up what the words of one sentence lean to, in the order of {@link LEANING_SIGNALS}.
 * @param leanings a row for each word known, by its feature, and a class for each label
 */
export function leaningOf({ rows, scales, weights }: LinearModel, { tokens }: Sentence): Float64Array {
  const sums = new Float64Array(LEANING_SIGNALS.length);
  const classes = scales.length;
  let denied = 0;
  for (const token of tokens) {
    const { kind, text } = token;
    if (kind === "punctuation" && endsDenial(text)) denied = 0;
    if (kind !== "word" && kind !== "hashtag") continue;
    const row = (wordFeature(text) & (rows - 1)) * classes;
    const first = denied > 0 ? classes : 0;
    for (let at = 0; at < classes; at++) sums[first + at]! += (weights[row + at] ?? 0) * (scales[at] ?? 0);
    if (denied > 0) denied--;
    if (isDenial(token)) denied = DENIAL_REACH;
  }
  return sums;
}

/** The {@link LEANING_SIGNALS} of sentences, in proportion as their features are. @param wordCount their word features */
export function leaningSignals(sentences: readonly Float64Array[], wordCount: number): number[] {
  const scale = scaleOf(wordCount);
  return LEANING_SIGNALS.map(
    (_, at) => scale * sentences.reduce((sum, leaning) => sum + (leaning[at] ?? 0), 0),
  );
}
