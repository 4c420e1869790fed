import type { Span } from "../schemas/reading.ts";
import { isDenial, wordFeature } from "./linear-model/features.ts";
import { scaleOf, type LinearModel } from "./linear-model/linear-model.ts";
import type { Sentence } from "./read-text.ts";

/** A word that says that something failed, or that it did not, and how much. */
export interface WeighedWord extends Span {
  /** In logits of the text it is in. */
  readonly value: number;
}

/**
 * Gives the words and hashtags of sentences, in order, with what a model knows of each. Denials weigh nothing: people deny
 * much besides what they were sold.
 * @param model a row for each word known, by its feature, and one class
 */
export function weighWords(
  { rows, scales, weights }: LinearModel,
  sentences: readonly Sentence[],
): WeighedWord[] {
  const [scale = 0] = scales;
  const words: WeighedWord[] = [];
  for (const { tokens } of sentences) {
    for (const token of tokens) {
      const { kind, text, start, end } = token;
      if (kind !== "word" && kind !== "hashtag") continue;
      const weight = isDenial(token) ? 0 : (weights[wordFeature(text) & (rows - 1)] ?? 0);
      words.push({ start, end, value: scale * weight });
    }
  }
  return words;
}

/** How likely the words of a text together make it a complaint, 0..1. */
export function likelyByWords({ biases: [bias = 0] }: LinearModel, words: readonly WeighedWord[]): number {
  const sum = words.reduce((all, { value }) => all + value, 0);
  return 1 / (1 + Math.exp(-(bias + scaleOf(words.length) * sum)));
}
