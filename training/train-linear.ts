import type { Features } from "../processors/linear-model/features.ts";
import { scaleOf, softmax, type LinearModel } from "../processors/linear-model/linear-model.ts";
import { lehmer, shuffle } from "../processors/linear-model/shuffle.ts";

/** A text a model learns from. */
export interface Example {
  /** Of its sentences together. */
  readonly features: Features;
  /** In the order of the model's signals. */
  readonly signals: readonly number[];
  /** How much of each class it is, adding up to 1. */
  readonly target: readonly number[];
  /** How much it counts. */
  readonly weight: number;
}

export interface TrainingPlan {
  readonly name: string;
  readonly classes: readonly string[];
  readonly signals: readonly string[];
  /** Rows of the table, a power of two. */
  readonly rows: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly decay: number;
  /** Added to the logits once trained, per class: what one kind of mistake costs more than another. */
  readonly lean?: readonly number[];
}

/** How much slower the biases follow than the weights. */
const BIAS_RATE = 0.1;
const TINY = 1e-8;
/** Largest weight of the table: one byte. */
const LARGEST = 127;

/**
 * Trains a multinomial logistic regression by AdaGrad (Duchi, Hazan & Singer 2011), one example at a time in an order
 * that is always the same, in doubles of which the table keeps one byte. The same examples give the same bytes on every
 * machine.
 */
export function trainLinear(plan: TrainingPlan, examples: readonly Example[]): LinearModel {
  const { classes, signals, rows, epochs, learningRate, decay, lean = [] } = plan;
  const count = classes.length;
  const weights = new Float32Array(rows * count);
  const squares = new Float32Array(rows * count).fill(TINY);
  const signalWeights = signals.map(() => new Float64Array(count));
  const signalSquares = signals.map(() => new Float64Array(count).fill(TINY));
  const biases = new Float64Array(count);
  const biasSquares = new Float64Array(count).fill(TINY);
  const mask = rows - 1;

  const groups = examples.map(({ features: { words, grams } }) => [
    { rows: Int32Array.from(words, (feature) => (feature & mask) * count), scale: scaleOf(words.length) },
    { rows: Int32Array.from(grams, (feature) => (feature & mask) * count), scale: scaleOf(grams.length) },
  ]);
  const order = examples.map((_, index) => index);
  const random = lehmer(20_260_301);

  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (const index of order) {
      const example = examples[index];
      const present = groups[index];
      if (example === undefined || present === undefined) continue;
      const slope = Float64Array.from(biases);
      for (const { rows: starts, scale } of present) {
        for (const start of starts) {
          for (let at = 0; at < count; at++) {
            slope[at] = (slope[at] ?? 0) + scale * (weights[start + at] ?? 0);
          }
        }
      }
      example.signals.forEach((signal, which) => {
        if (signal === 0) return;
        signalWeights[which]?.forEach((weight, at) => {
          slope[at] = (slope[at] ?? 0) + signal * weight;
        });
      });
      softmax(slope);
      for (let at = 0; at < count; at++) {
        slope[at] = ((slope[at] ?? 0) - (example.target[at] ?? 0)) * example.weight;
      }
      for (const { rows: starts, scale } of present) {
        for (const start of starts) step(weights, squares, slope, start, scale, learningRate, decay);
      }
      example.signals.forEach((signal, which) => {
        const [own, ownSquares] = [signalWeights[which], signalSquares[which]];
        if (signal === 0 || own === undefined || ownSquares === undefined) return;
        step(own, ownSquares, slope, 0, signal, learningRate, decay);
      });
      step(biases, biasSquares, slope, 0, 1, learningRate * BIAS_RATE, 0);
    }
  }
  const scales = scalesOf(weights, count);
  return {
    name: plan.name,
    classes,
    rows,
    scales,
    biases: Array.from(biases, (bias, at) => rounded(bias + (lean[at] ?? 0))),
    signals: signals.map((name, which) => ({
      name,
      weights: Array.from(signalWeights[which] ?? [], rounded),
    })),
    weights: Int8Array.from(weights, (weight, at) =>
      Math.max(-LARGEST, Math.min(LARGEST, Math.round(weight / (scales[at % count] ?? 1)))),
    ),
  };
}

function step(
  weights: Float32Array | Float64Array,
  squares: Float32Array | Float64Array,
  slope: Float64Array,
  start: number,
  value: number,
  rate: number,
  decay: number,
): void {
  for (let at = 0; at < slope.length; at++) {
    const weight = weights[start + at] ?? 0;
    const gradient = (slope[at] ?? 0) * value + decay * weight;
    const square = (squares[start + at] ?? 0) + gradient * gradient;
    squares[start + at] = square;
    weights[start + at] = weight - (rate * gradient) / Math.sqrt(square);
  }
}

/** Share of a class's weights that one byte holds without clipping. */
const UNCLIPPED = 0.9995;

function scalesOf(weights: Float32Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const sizes = weights
      .filter((_weight, index) => index % count === at)
      .map(Math.abs)
      .sort();
    const size = sizes[Math.floor((sizes.length - 1) * UNCLIPPED)] ?? 0;
    return size === 0 ? 1 : rounded(size / LARGEST);
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
