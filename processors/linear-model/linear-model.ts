import type { Features } from "./features.ts";

/** What a linear model was trained to be; written in front of its weights. */
export interface ModelHeader {
  readonly name: string;
  readonly classes: readonly string[];
  /** Rows of the table of weights, a power of two: features are folded into them. */
  readonly rows: number;
  /** What a weight of 1 in the table is worth, per class. */
  readonly scales: readonly number[];
  /** Per class. */
  readonly biases: readonly number[];
  /** Named numbers a model is given beside the features, with their weights per class. */
  readonly signals: readonly { readonly name: string; readonly weights: readonly number[] }[];
}

/** A linear model: for each class the sum of the weights of what is there. */
export interface LinearModel extends ModelHeader {
  /** `rows` × classes, by row. */
  readonly weights: Int8Array;
}

/**
 * Sums of weights over features, per class, before they are put in proportion to how many there were. Arrays, for of
 * so few numbers they are quicker to make than typed ones, and every sentence has its own.
 */
export interface Sums {
  readonly words: readonly number[];
  readonly grams: readonly number[];
  readonly wordCount: number;
  readonly gramCount: number;
}

/** Adds up the weights of features. Linear in their number. */
export function sumsOf(model: LinearModel, { words, grams }: Features): Sums {
  return {
    words: weigh(model, words),
    grams: weigh(model, grams),
    wordCount: words.length,
    gramCount: grams.length,
  };
}

function weigh({ weights, rows, scales }: LinearModel, features: readonly number[]): number[] {
  const classes = scales.length;
  const mask = rows - 1;
  const sums: number[] = [];
  // class by class: a sum of its own is added to several times as fast as one in an array
  for (let at = 0; at < classes; at++) {
    let steps = 0;
    for (const feature of features) steps += weights[(feature & mask) * classes + at] ?? 0;
    sums.push(steps * (scales[at] ?? 0));
  }
  return sums;
}

/** The sums of a whole text: those of its sentences together. @param classes how many the model has */
export function addSums(all: readonly Sums[], classes: number): Sums {
  const words = new Array<number>(classes).fill(0);
  const grams = [...words];
  let [wordCount, gramCount] = [0, 0];
  for (const sums of all) {
    for (let at = 0; at < classes; at++) {
      words[at] = (words[at] ?? 0) + (sums.words[at] ?? 0);
      grams[at] = (grams[at] ?? 0) + (sums.grams[at] ?? 0);
    }
    wordCount += sums.wordCount;
    gramCount += sums.gramCount;
  }
  return { words, grams, wordCount, gramCount };
}

/**
 * Probabilities of the classes, in their order, adding up to 1.
 * @param shown the signals, in the order of the header's
 */
export function probabilities(
  { biases, signals }: LinearModel,
  sums: Sums,
  shown: readonly number[],
): number[] {
  const perWord = scaleOf(sums.wordCount);
  const perGram = scaleOf(sums.gramCount);
  const logits = biases.map(
    (bias, at) => bias + perWord * (sums.words[at] ?? 0) + perGram * (sums.grams[at] ?? 0),
  );
  for (let index = 0; index < signals.length; index++) {
    const value = shown[index] ?? 0;
    if (value === 0) continue;
    const { weights = [] } = signals[index] ?? {};
    for (let at = 0; at < logits.length; at++) logits[at] = (logits[at] ?? 0) + (weights[at] ?? 0) * value;
  }
  return softmax(logits);
}

/** Each feature of a text counts 1/√n of its weight, so that long texts do not shout. */
export function scaleOf(count: number): number {
  return count === 0 ? 0 : 1 / Math.sqrt(count);
}

/** Turns logits into probabilities, in place. */
export function softmax<Numbers extends Float64Array | number[]>(logits: Numbers): Numbers {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let total = 0;
  for (let at = 0; at < logits.length; at++) {
    const share = Math.exp((logits[at] ?? 0) - most);
    logits[at] = share;
    total += share;
  }
  for (let at = 0; at < logits.length; at++) logits[at] = (logits[at] ?? 0) / total;
  return logits;
}
