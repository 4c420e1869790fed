import type { Hit } from "./score-sentence.ts";
import { leaningSignals } from "./word-leanings.ts";

/** What the words of polarity say of a text, as numbers a model weighs beside the words themselves. */
export const SENTIMENT_SIGNALS = [
  "sum",
  "praise",
  "blame",
  "most_praise",
  "most_blame",
  "last_word",
  "last_sentence",
  "worst_sentence",
  "best_sentence",
  "is_mixed",
  "is_bare",
] as const;

/**
 * What a model of sentiment is shown of sentences beside their features.
 * @param leanings what the words of each lean to; none where the model is shown none
 * @param wordCount word features of the sentences
 */
export function sentimentSignals(
  hits: readonly (readonly Hit[])[],
  leanings: readonly Float64Array[],
  wordCount: number,
): number[] {
  const signals = signalsOf(hits);
  if (leanings.length > 0) signals.push(...leaningSignals(leanings, wordCount));
  return signals;
}

/** Values add up to √15 before a sum passes ±.7 (VADER's normalisation). */
const NORMALISER = 15;

/** Squeezes a sum of values into −1..1. */
export function squeeze(sum: number): number {
  return sum / Math.sqrt(sum * sum + NORMALISER);
}

const SCALE = 0.6;
const MOST_VALUE = 5;

/** The {@link SENTIMENT_SIGNALS} of hits by sentence, each within −1..1. */
function signalsOf(bySentence: readonly (readonly Hit[])[]): number[] {
  let [praise, blame, mostPraise, mostBlame, last] = [0, 0, 0, 0, 0];
  let [lastSum, worst, best] = [0, 0, 0];
  let count = 0;
  for (const hits of bySentence) {
    let sum = 0;
    for (const { value } of hits) {
      if (value > 0) praise += value;
      else blame += value;
      mostPraise = Math.max(mostPraise, value);
      mostBlame = Math.min(mostBlame, value);
      sum += value;
      last = value;
      count++;
    }
    worst = Math.min(worst, sum);
    best = Math.max(best, sum);
    lastSum = sum;
  }
  return [
    squeeze(praise + blame),
    squeeze(praise),
    squeeze(blame),
    mostPraise / MOST_VALUE,
    mostBlame / MOST_VALUE,
    squeeze(last),
    squeeze(lastSum),
    squeeze(worst),
    squeeze(best),
    praise > 0 && blame < 0 ? 1 : 0,
    count === 0 ? 1 : 0,
  ].map((signal) => signal * SCALE);
}
