/**
 * The score of the Numenta Anomaly Benchmark with its standard profile, of flags. An alert in a labelled window counts once,
 * more the earlier it comes; every alert outside costs a little, a missed window a whole one. 100 is perfect, 0 says nothing.
 * @see https://github.com/numenta/NAB/wiki
 */

/** A series of counts, what was said of it, and when something was wrong; times in ms, ascending. */
export interface FlaggedSeries {
  readonly times: readonly number[];
  readonly flags: readonly boolean[];
  /** First and last time of each, both in `times`. */
  readonly windows: readonly (readonly [number, number])[];
}

const FALSE_ALARM = 0.11;
/** The first rows teach what is usual and do not count. */
const PROBATION_SHARE = 0.15;
const LONGEST_FILE = 5_000;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const scaled = (place: number): number => (place > 3 ? -1 : 2 * sigmoid(-5 * place) - 1);
const BEST = scaled(-1);

/** 0–100 over all series together, and below 0 where silence would have been better. */
export function nabScore(series: readonly FlaggedSeries[]): number {
  const windows = series.reduce((sum, { windows: own }) => sum + own.length, 0);
  const raw = series.reduce((sum, one) => sum + rawScore(one), 0);
  return (100 * (raw + windows)) / (2 * windows);
}

function rawScore({ times, flags, windows }: FlaggedSeries): number {
  const probation = Math.min(Math.floor(PROBATION_SHARE * times.length), PROBATION_SHARE * LONGEST_FILE);
  const spans = windows.map(([from, to]) => [times.indexOf(from), times.indexOf(to)] as const);
  const best = spans.map(() => -1);
  let total = 0;
  flags.forEach((isFlagged, row) => {
    if (!isFlagged || row < probation) return;
    const within = spans.findIndex(([first, last]) => row >= first && row <= last);
    const [first, last] = spans[within] ?? [0, 0];
    if (within >= 0) {
      const weight = scaled(-(last - row + 1) / (last - first + 1)) / BEST;
      best[within] = Math.max(best[within] ?? -1, weight);
      return;
    }
    const before = spans.findLast(([, end]) => end < row);
    const place = before === undefined ? -1 : (row - before[1]) / (before[1] - before[0]);
    total += (before === undefined ? -1 : scaled(place)) * FALSE_ALARM;
  });
  return total + best.reduce((sum, weight) => sum + weight, 0);
}
