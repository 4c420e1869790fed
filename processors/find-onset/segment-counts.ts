/** Counts beside exposure, one entry for each time that was heard, oldest first; every exposure is above 0. */
export interface Counts {
  readonly counts: readonly number[];
  readonly exposures: readonly number[];
}

/** Where a series changes its level: the index of the first entry of the new level. */
export interface Split {
  readonly at: number;
  /** By how much twice the log-likelihood is higher for two levels than for one, over the dispersion. */
  readonly gain: number;
}

/** A change of the rate of one entry alone is noise that no likelihood tells from a level. */
const SHORTEST = 3;
/** Each change costs its place and its rate: 3 ln n, as in the modified BIC. */
const PRICE = 3;
const MOST_DISPERSION = 20;
/** Pairs of neighbours left out of the dispersion, for a change of level lies between some of them. */
const TRIMMED = 0.02;
const FEWEST_TRIMMED = 2;
const FEWEST_PAIRS = 6;

/**
 * How much more neighbouring counts differ than chance makes them, 1 for Poisson: of two neighbours of one rate, the share
 * of the first is binomial. Weighted by counts; the most different pairs are left out, so that changes of level do not
 * count. Taken of single entries and of seven together, whichever is more: what lasts a few days is no level either.
 */
export function dispersionOf(series: Counts): number {
  const single = betweenNeighbours(series);
  const sevens = betweenNeighbours(inSevens(series));
  return Math.min(MOST_DISPERSION, Math.max(1, single, sevens));
}

function betweenNeighbours({ counts, exposures }: Counts): number {
  const pairs: { weight: number; off: number }[] = [];
  for (let at = 1; at < counts.length; at++) {
    const [one, two] = [counts[at - 1] ?? 0, counts[at] ?? 0];
    const [heardOne, heardTwo] = [exposures[at - 1] ?? 1, exposures[at] ?? 1];
    const both = one + two;
    if (both < 2) continue;
    const share = heardOne / (heardOne + heardTwo);
    pairs.push({ weight: both, off: (one - both * share) ** 2 / (both * share * (1 - share)) });
  }
  if (pairs.length < FEWEST_PAIRS) return 1;
  pairs.sort((a, b) => a.off - b.off);
  const kept = pairs.slice(0, pairs.length - Math.max(FEWEST_TRIMMED, Math.floor(TRIMMED * pairs.length)));
  const weight = kept.reduce((sum, pair) => sum + pair.weight, 0);
  return kept.reduce((sum, pair) => sum + pair.weight * pair.off, 0) / weight;
}

function inSevens({ counts, exposures }: Counts): Counts {
  const add = (values: readonly number[]) =>
    Array.from({ length: Math.floor(values.length / 7) }, (_, week) =>
      values.slice(7 * week, 7 * week + 7).reduce((sum, value) => sum + value, 0),
    );
  return { counts: add(counts), exposures: add(exposures) };
}

/** What a further change must gain before it is believed. */
export function priceOf(entries: number): number {
  return PRICE * Math.log(Math.max(entries, 2));
}

/**
 * Finds the changes of level that explain counts best: the exact minimum, over all ways to cut the series, of minus twice
 * the Poisson log-likelihood over the dispersion plus 3 ln n for each change. Linear in n where changes come steadily.
 * @returns indexes at which a new level begins, in order
 * @see Killick, Fearnhead, Eckley, "Optimal detection of changepoints with a linear computational cost", JASA 107 (2012)
 * @see Zhang, Siegmund, "A modified Bayes information criterion…", Biometrics 63 (2007), for the price
 */
export function changesOf(series: Counts, dispersion = dispersionOf(series)): number[] {
  const entries = series.counts.length;
  const cost = costOf(series, dispersion);
  const price = priceOf(entries);
  const best = new Float64Array(entries + 1).fill(Infinity);
  const last = new Int32Array(entries + 1);
  best[0] = -price;
  let open = [0];
  for (let end = SHORTEST; end <= entries; end++) {
    let [least, from] = [Infinity, 0];
    for (const start of open) {
      const value = (best[start] ?? Infinity) + cost(start, end) + price;
      if (value < least) [least, from] = [value, start];
    }
    best[end] = least;
    last[end] = from;
    // the newest starts are kept: a segment from them is not long enough yet to be judged
    open = open.filter((start) => (best[start] ?? Infinity) + cost(start, end) <= least);
    const next = end + 1 - SHORTEST;
    if (next >= SHORTEST) open.push(next);
  }
  const found: number[] = [];
  for (let end = entries; end > 0; end = last[end] ?? 0) {
    const start = last[end] ?? 0;
    if (start > 0) found.unshift(start);
    if (start >= end) break;
  }
  return found;
}

/** All places for one change between two entries, each with its gain; empty where there is no room for one. */
export function splitsOf(
  series: Counts,
  dispersion: number,
  from = 0,
  to = series.counts.length,
  shortest = SHORTEST,
): Split[] {
  const cost = costOf(series, dispersion);
  const whole = cost(from, to);
  const splits: Split[] = [];
  for (let at = from + shortest; at <= to - shortest; at++)
    splits.push({ at, gain: whole - cost(from, at) - cost(at, to) });
  return splits;
}

/** The likelihood of a level depends only on its sums; what all cuts share is left out. */
function costOf({ counts, exposures }: Counts, dispersion: number): (from: number, to: number) => number {
  const sumsOf = (values: readonly number[]) => {
    const sums = new Float64Array(values.length + 1);
    values.forEach((value, at) => (sums[at + 1] = (sums[at] ?? 0) + value));
    return sums;
  };
  const [reports, heard] = [sumsOf(counts), sumsOf(exposures)];
  return (from, to) => {
    const count = (reports[to] ?? 0) - (reports[from] ?? 0);
    const exposure = (heard[to] ?? 0) - (heard[from] ?? 0);
    return count <= 0 || exposure <= 0 ? 0 : (-2 * count * Math.log(count / exposure)) / dispersion;
  };
}
