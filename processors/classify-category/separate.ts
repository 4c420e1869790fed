import { lehmer, shuffle } from "../linear-model/shuffle.ts";
import { MEANING_SHARE, type Evidence } from "./weigh-evidence.ts";

/** Weights by which texts of one category are told from all others. */
export interface Separator {
  /** Of the terms. */
  readonly weights: Float64Array;
  /** Of the meaning. */
  readonly direction: Float64Array;
  readonly bias: number;
}

/** How much a miss costs beside large weights: little, since few examples decide. */
const COST = 0.1;
const MOST_PASSES = 60;
const DONE_BELOW = 0.01;
/** Of each text with itself: the squares of its terms, of its meaning, and of the bias. */
const OWN_PRODUCT = 1 + MEANING_SHARE ** 2 + 1;
const SEED = 20_260_301;

/**
 * Trains a linear support vector machine with squared hinge loss by dual coordinate descent (Hsieh et al. 2008), in an
 * order that is always the same: the same examples give the same weights.
 * @param size of the vocabulary
 * @param rareness how much more a text inside counts than one outside
 * @see https://doi.org/10.1145/1390156.1390208
 */
export function separate(
  texts: readonly Evidence[],
  isInside: readonly boolean[],
  size: number,
  rareness: number,
): Separator {
  const weights = new Float64Array(size);
  const direction = new Float64Array(texts[0]?.meaning.length ?? 0);
  let bias = 0;
  const pulls = new Float64Array(texts.length);
  const order = texts.map((_, index) => index);
  const random = lehmer(SEED);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    let worst = 0;
    // in the order of the examples, which often stand by category, it takes a hundred times as many passes
    shuffle(order, random);
    for (const index of order) {
      const text = texts[index];
      if (text === undefined) continue;
      const side = isInside[index] === true ? 1 : -1;
      const softness = 0.5 / (side > 0 ? COST * rareness : COST);
      const pull = pulls[index] ?? 0;
      const slope = side * sideOf({ weights, direction, bias }, text) - 1 + softness * pull;
      worst = Math.max(worst, pull === 0 ? -slope : Math.abs(slope));
      const next = Math.max(0, pull - slope / (OWN_PRODUCT + softness));
      if (next === pull) continue;
      pulls[index] = next;
      const step = side * (next - pull);
      bias += step;
      const { terms, meaning } = text;
      for (let each = 0; each < terms.at.length; each++) {
        const at = terms.at[each] ?? 0;
        weights[at] = (weights[at] ?? 0) + step * (terms.weights[each] ?? 0);
      }
      for (let at = 0; at < direction.length; at++) {
        direction[at] = (direction[at] ?? 0) + step * (meaning[at] ?? 0);
      }
    }
    if (worst < DONE_BELOW) break;
  }
  return { weights, direction, bias };
}

/** How far a text is inside, below 0 outside. */
export function sideOf({ weights, direction, bias }: Separator, { terms, meaning }: Evidence): number {
  let sum = bias;
  for (let each = 0; each < terms.at.length; each++) {
    sum += (terms.weights[each] ?? 0) * (weights[terms.at[each] ?? 0] ?? 0);
  }
  for (let at = 0; at < direction.length; at++) sum += (direction[at] ?? 0) * (meaning[at] ?? 0);
  return sum;
}
