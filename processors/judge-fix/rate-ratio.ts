import { negativeBinomialTail } from "../judge-recurrence/distributions.ts";

/** How many people were to be expected, had nothing changed, and how unsure that is. */
export interface Expected {
  readonly mean: number;
  /** Relative variance: of the mean, and of how unevenly people report. */
  readonly spread: number;
}

/** People seen over people expected, with a 95 % interval. */
export interface RateRatio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** The chance of so few people or fewer, had nothing changed. */
  readonly pFewer: number;
  /** The chance of so many people or more, had nothing changed. */
  readonly pMore: number;
}

/** What either side of a 95 % interval leaves out. */
export const TAIL = 0.025;
const MOST_RATIO = 1000;

/**
 * Sets the people seen beside those expected. They are negative-binomial: Poisson about a mean that is itself known from a
 * count, which is the conditional comparison of two Poisson rates (Przyborowski & Wilenski 1940) widened for uneven series.
 * The interval holds the ratios that neither tail of 2.5 % rules out.
 * @see Nelson, Applied Life Data Analysis, Wiley 1982, §12, for predicting one count from another
 */
export function rateRatio(seen: number, { mean, spread }: Expected): RateRatio {
  const size = 1 / spread;
  const fewer = (ratio: number) => 1 - negativeBinomialTail(seen + 1, ratio * mean, size);
  const more = (ratio: number) => negativeBinomialTail(seen, ratio * mean, size);
  return {
    ratio: seen / mean,
    low: seen === 0 ? 0 : crossing((ratio) => more(ratio) >= TAIL),
    high: crossing((ratio) => fewer(ratio) <= TAIL),
    pFewer: fewer(1),
    pMore: more(1),
  };
}

/** The chance of so many people or more, were the ratio this. */
export function chanceOfMore(seen: number, { mean, spread }: Expected, ratio: number): number {
  return negativeBinomialTail(seen, ratio * mean, 1 / spread);
}

/** The least ratio from which on this holds. */
function crossing(holds: (ratio: number) => boolean): number {
  let [low, high] = [1e-4, MOST_RATIO];
  for (let round = 0; round < 50; round++) {
    const middle = Math.sqrt(low * high);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The chance that a true ratio shows: that a test of `against` at 2.5 % rejects it. */
export function powerOf({ mean, spread }: Expected, truth: number, against: number): number {
  const size = 1 / spread;
  const atMost = (count: number, ratio: number) => 1 - negativeBinomialTail(count + 1, ratio * mean, size);
  const isFall = truth < against;
  const rejects = (count: number) =>
    isFall ? atMost(count, against) <= TAIL : negativeBinomialTail(count, against * mean, size) <= TAIL;
  // counts from which on, or up to which, it rejects
  let [low, high] = isFall ? [-1, Math.ceil(against * mean) + 1] : [0, Math.ceil(against * mean * 20) + 40];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rejects(middle) === isFall) low = middle;
    else high = middle;
  }
  if (isFall) return low < 0 ? 0 : atMost(low, truth);
  return negativeBinomialTail(high, truth * mean, size);
}
