/** How one class was told: shares of 0..1. */
export interface Told {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** A row's truth and what was said of it. */
export type Verdict<T> = readonly [truth: T, said: T];

/** How well a class is told. */
export function told<T>(verdicts: readonly Verdict<T>[], of: T): Told {
  let [truths, said, both] = [0, 0, 0];
  for (const [truth, claim] of verdicts) {
    if (truth === of) truths++;
    if (claim === of) said++;
    if (truth === of && claim === of) both++;
  }
  return {
    precision: both / (said || 1),
    recall: both / (truths || 1),
    f1: (2 * both) / (truths + said || 1),
  };
}

/** The mean F1 of some classes, each counting the same. */
export function macroF1<T>(verdicts: readonly Verdict<T>[], classes: readonly T[]): number {
  return classes.reduce((sum, of) => sum + told(verdicts, of).f1, 0) / classes.length;
}

/** Pearson's correlation. */
export function correlation(pairs: readonly Verdict<number>[]): number {
  const count = pairs.length;
  const meanA = pairs.reduce((sum, [a]) => sum + a, 0) / count;
  const meanB = pairs.reduce((sum, [, b]) => sum + b, 0) / count;
  let [both, squareA, squareB] = [0, 0, 0];
  for (const [a, b] of pairs) {
    both += (a - meanA) * (b - meanB);
    squareA += (a - meanA) ** 2;
    squareB += (b - meanB) ** 2;
  }
  return both / Math.sqrt(squareA * squareB || 1);
}

/** Cohen's kappa of grades 0..n, a miss by two counting four times a miss by one. */
export function weightedKappa(pairs: readonly Verdict<number>[], grades: number): number {
  const ofTruth = new Array<number>(grades).fill(0);
  const ofSaid = new Array<number>(grades).fill(0);
  let missed = 0;
  for (const [truth, said] of pairs) {
    ofTruth[truth] = (ofTruth[truth] ?? 0) + 1;
    ofSaid[said] = (ofSaid[said] ?? 0) + 1;
    missed += (truth - said) ** 2;
  }
  let expected = 0;
  ofTruth.forEach((truths, a) => {
    ofSaid.forEach((claims, b) => {
      expected += (truths * claims * (a - b) ** 2) / pairs.length;
    });
  });
  return 1 - missed / (expected || 1);
}

const RESAMPLES = 300;

/** The middle 95 % of a figure over resampled rows (percentile bootstrap, Efron 1979). The same on every run. */
export function interval<Row>(
  rows: readonly Row[],
  figure: (rows: readonly Row[]) => number,
): readonly [low: number, high: number] {
  let state = 42;
  const pick = () => {
    state = (state * 48_271) % 2_147_483_647;
    return rows[state % rows.length] as Row;
  };
  const figures = Array.from({ length: RESAMPLES }, () => figure(rows.map(pick))).sort((a, b) => a - b);
  return [
    figures[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN,
    figures[Math.ceil(RESAMPLES * 0.975) - 1] ?? Number.NaN,
  ];
}

/** A figure with its 95 % interval: `.676 (.664–.688)`. */
export function withInterval<T>(rows: readonly T[], figure: (rows: readonly T[]) => number): string {
  const [low, high] = interval(rows, figure);
  return `${short(figure(rows))} (${short(low)}–${short(high)})`;
}

/** A share as it is printed: `.676`. */
export function short(figure: number): string {
  return figure.toFixed(3).replace(/^(-?)0\./, "$1.");
}
