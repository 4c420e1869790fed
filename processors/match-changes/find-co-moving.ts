import type { DailyReports } from "../find-onset/daily-reports.ts";
import { falseDiscoveryRates, normalTail } from "../judge-recurrence/distributions.ts";

const DAY_MS = 86_400_000;
const MOST_LAG_DAYS = 7;
/** Slower swings than this are taken out: two series that both grow need nothing in common. */
const TREND_DAYS = 28;
const FEWEST_DAYS = 42;
const FEWEST_REPORTS = 10;
const MOST_FALSE = 0.05;
const LEAST_CORRELATION = 0.2;

/** Another issue of the tracker that comes and goes with this one. */
export interface CoMoving {
  readonly issue: string;
  /** Correlation of what is left of daily rates, −1 to 1. */
  readonly correlation: number;
  /** By how many days the other comes later; below 0 it comes first. */
  readonly lagDays: number;
  /** Days of which both were heard. */
  readonly days: number;
  /** Over all lags that were tried. */
  readonly p: number;
  /** The false-discovery rate over all issues that were tried. */
  readonly q: number;
}

/**
 * Finds the issues that move with one: correlation, at the best lag within a week, of daily rates per exposure without
 * their slower swings and weekdays. Rates are made of even spread (Anscombe's root) so that one large day does not decide.
 * Each pair pays for its lags (Šidák) and for what each series remembers of the day before (Bartlett's effective number
 * of days), and all pairs for each other (Benjamini-Hochberg, 5 %). Days not heard are left out. Pure.
 * @param of daily reports of the issue, from {@link dailyReports}
 * @param others daily reports of the other issues
 * @returns issues that move with it or against it, surest first
 * @see Anscombe, Biometrika 35 (1948); Bartlett, JRSS 98 (1935)
 */
export function findCoMoving(
  of: DailyReports,
  others: readonly { readonly issue: string; readonly daily: DailyReports }[],
): CoMoving[] {
  const own = residualsOf(of);
  if (own === undefined) return [];
  const tried = others.flatMap(({ issue, daily }) => {
    const residuals = residualsOf(daily);
    if (residuals === undefined) return [];
    const shift = Math.round((daily.start - of.start) / DAY_MS);
    const best = bestLag(own, residuals, shift);
    return best === undefined ? [] : [{ issue, ...best }];
  });
  const qs = falseDiscoveryRates(tried.map(({ p }) => p));
  return tried
    .map((pair, at): CoMoving => ({ ...pair, q: qs[at] ?? 1 }))
    .filter(({ q, correlation }) => q <= MOST_FALSE && Math.abs(correlation) >= LEAST_CORRELATION)
    .sort((a, b) => a.p - b.p || (a.issue < b.issue ? -1 : 1));
}

/** Residuals by day; NaN where nothing was heard. */
type Residuals = Float64Array;

function residualsOf({ start, reports, exposure }: DailyReports): Residuals | undefined {
  const heard = [...exposure.keys()].filter((day) => (exposure[day] ?? 0) > 0);
  const all = reports.reduce((sum, count) => sum + count, 0);
  if (heard.length < FEWEST_DAYS || all < FEWEST_REPORTS) return undefined;
  const mean = heard.reduce((sum, day) => sum + (exposure[day] ?? 0), 0) / heard.length;
  const roots = new Float64Array(exposure.length).fill(NaN);
  for (const day of heard)
    roots[day] = Math.sqrt(((reports[day] ?? 0) + 0.375) * (mean / (exposure[day] ?? mean)));
  const detrended = withoutTrend(roots);
  const weekdayOf = (day: number) => (Math.floor(start / DAY_MS) + day) % 7;
  const sums = Array.from({ length: 7 }, () => ({ sum: 0, days: 0 }));
  for (const day of heard) {
    const weekday = sums[weekdayOf(day)];
    if (weekday === undefined) continue;
    weekday.sum += detrended[day] ?? 0;
    weekday.days++;
  }
  return detrended.map((value, day) => {
    const { sum, days } = sums[weekdayOf(day)] ?? { sum: 0, days: 1 };
    return value - sum / Math.max(1, days);
  });
}

/** Takes off the mean of the four weeks around each day. */
function withoutTrend(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const days = new Float64Array(values.length + 1);
  values.forEach((value, day) => {
    const isHeard = !Number.isNaN(value);
    sums[day + 1] = (sums[day] ?? 0) + (isHeard ? value : 0);
    days[day + 1] = (days[day] ?? 0) + (isHeard ? 1 : 0);
  });
  return values.map((value, day) => {
    const [from, to] = [Math.max(0, day - TREND_DAYS / 2), Math.min(values.length, day + TREND_DAYS / 2 + 1)];
    const heard = (days[to] ?? 0) - (days[from] ?? 0);
    return value - ((sums[to] ?? 0) - (sums[from] ?? 0)) / Math.max(1, heard);
  });
}

function bestLag(own: Residuals, other: Residuals, shift: number) {
  const memory = lagOne(own) * lagOne(other);
  let best: { correlation: number; lagDays: number; days: number; p: number } | undefined;
  let lags = 0;
  for (let lagDays = -MOST_LAG_DAYS; lagDays <= MOST_LAG_DAYS; lagDays++) {
    const { correlation, days } = correlationOf(own, other, lagDays - shift);
    if (days < FEWEST_DAYS) continue;
    lags++;
    const effective = Math.max(4, (days * (1 - memory)) / (1 + memory));
    const z = Math.atanh(Math.min(0.999999, Math.abs(correlation))) * Math.sqrt(effective - 3);
    const p = 2 * normalTail(z);
    if (best === undefined || p < best.p) best = { correlation, lagDays, days, p };
  }
  return best && { ...best, p: -Math.expm1(lags * Math.log1p(-Math.min(best.p, 1 - 1e-12))) };
}

/** Pearson's correlation of one with the other so many days later, over days both were heard. */
function correlationOf(one: Residuals, other: Residuals, later: number) {
  let [days, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0];
  one.forEach((x, day) => {
    const y = other[day + later] ?? NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) return;
    days++;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumYY += y * y;
    sumXY += x * y;
  });
  const spread = Math.sqrt((sumXX - (sumX * sumX) / days) * (sumYY - (sumY * sumY) / days));
  const correlation = (sumXY - (sumX * sumY) / days) / spread;
  return { correlation: Number.isFinite(correlation) ? correlation : 0, days };
}

/** What a day has of the day before. */
function lagOne(series: Residuals): number {
  return Math.max(0, correlationOf(series, series, 1).correlation);
}
