import { featuresOf, type Features, type FeatureShape } from "../processors/linear-model/features.ts";
import type { Sentence } from "../processors/read-text.ts";

/** Features of a whole text: those of its sentences together. */
export function featuresOfText(sentences: readonly Sentence[], shape: FeatureShape): Features {
  const each = sentences.map(({ tokens }) => featuresOf(tokens, shape));
  return { words: each.flatMap(({ words }) => words), grams: each.flatMap(({ grams }) => grams) };
}
