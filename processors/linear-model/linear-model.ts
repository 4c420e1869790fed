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

/** Sums of weights over features, per class, before they are put in proportion to how many there were. */
export interface Sums {
  readonly words: Float64Array;
  readonly grams: Float64Array;
  wordCount: number;
  gramCount: number;
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

function weigh({ weights, rows, scales }: LinearModel, features: readonly number[]): Float64Array {
  const classes = scales.length;
  const sums = new Float64Array(classes);
  const mask = rows - 1;
  for (const feature of features) {
    const row = (feature & mask) * classes;
    for (let at = 0; at < classes; at++) sums[at] = (sums[at] ?? 0) + (weights[row + at] ?? 0);
  }
  for (let at = 0; at < classes; at++) sums[at] = (sums[at] ?? 0) * (scales[at] ?? 0);
  return sums;
}

/** The sums of a whole text: those of its sentences together. */
export function addSums(all: readonly Sums[], classes: number): Sums {
  const total: Sums = {
    words: new Float64Array(classes),
    grams: new Float64Array(classes),
    wordCount: 0,
    gramCount: 0,
  };
  for (const { words, grams, wordCount, gramCount } of all) {
    for (let at = 0; at < classes; at++) {
      total.words[at] = (total.words[at] ?? 0) + (words[at] ?? 0);
      total.grams[at] = (total.grams[at] ?? 0) + (grams[at] ?? 0);
    }
    total.wordCount += wordCount;
    total.gramCount += gramCount;
  }
  return total;
}

/**
 * Probabilities of the classes, in their order, adding up to 1.
 * @param signals in the order of the header's
 */
export function probabilities(model: LinearModel, sums: Sums, signals: readonly number[]): Float64Array {
  const { biases, classes } = model;
  const logits = new Float64Array(classes.length);
  const perWord = scaleOf(sums.wordCount);
  const perGram = scaleOf(sums.gramCount);
  for (let at = 0; at < logits.length; at++) {
    let logit = (biases[at] ?? 0) + perWord * (sums.words[at] ?? 0) + perGram * (sums.grams[at] ?? 0);
    model.signals.forEach(({ weights }, signal) => {
      logit += (weights[at] ?? 0) * (signals[signal] ?? 0);
    });
    logits[at] = logit;
  }
  return softmax(logits);
}

/** Each feature of a text counts 1/√n of its weight, so that long texts do not shout. */
export function scaleOf(count: number): number {
  return count === 0 ? 0 : 1 / Math.sqrt(count);
}

/** Turns logits into probabilities, in place. */
export function softmax(logits: Float64Array): Float64Array {
  let most = -Infinity;
  for (const logit of logits) most = Math.max(most, logit);
  let total = 0;
  logits.forEach((logit, at) => {
    const share = Math.exp(logit - most);
    logits[at] = share;
    total += share;
  });
  logits.forEach((share, at) => {
    logits[at] = share / total;
  });
  return logits;
}
