import type { DeathModel } from "./buy-till-you-die.ts";
import { negativeBinomialTail, normalTail } from "./distributions.ts";
import type { IssueClock } from "./exposure-clock.ts";
import type { IndependentReport } from "./independent-reports.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** A surge is this last week beside the eight weeks before it. */
const SURGE_MS = WEEK_MS;
const BASELINE_MS = 8 * WEEK_MS;
/** A slow burn is a trend within twelve weeks: whole weeks, so that no weekday weighs more. */
const TREND_MS = 12 * WEEK_MS;
/** A trend that ended is none: four weeks beside the four before them. */
const STALL_MS = 4 * WEEK_MS;
const STALLED_BELOW = 1.1;
/** Growth of less is not worth anyone's attention, however sure. */
const LEAST_FACTOR = 1.5;
const FEWEST_IN_SURGE = 5;
const FEWEST_SURGE_DAYS = 3;
const FEWEST_IN_TREND = 8;
/** Less heard than this share of a window says nothing about it. */
const LEAST_HEARD = 0.5;

/** One test of growth. `factor`: how many times as many reports as expected, or at the end of the trend as at its start. */
export interface GrowthTest {
  readonly test: "surge" | "slow_burn";
  readonly reports: number;
  readonly expected: number;
  readonly factor: number;
  readonly p: number;
  /** Large and many enough to matter, should it be significant. */
  readonly isLarge: boolean;
}

export interface GrowthSetting {
  readonly reports: readonly IndependentReport[];
  readonly clock: IssueClock;
  readonly model: DeathModel;
  /** How unevenly reports fall into weeks beyond chance: the variance of a weekly rate as a share of its square. */
  readonly unevenness: number;
  readonly asOf: number;
}

/** Tests whether an issue surges or burns slowly; a test that the data cannot carry is left out. */
export function growthTests(setting: GrowthSetting): GrowthTest[] {
  return [surge(setting), slowBurn(setting)].filter((test) => test !== undefined);
}

/**
 * The last 7 days against the negative-binomial predictive from the eight weeks before: rate ~ Gamma(r + x, α + t), widened
 * (by matching moments) by how uneven weeks are and by the noise of the exposure.
 */
function surge({ reports, clock, model, unevenness, asOf }: GrowthSetting): GrowthTest | undefined {
  const from = asOf - SURGE_MS;
  const first = reports[0]?.at ?? asOf;
  const start = Math.max(first, from - BASELINE_MS);
  if (from - start < SURGE_MS || isUnheard(clock, from, asOf) || isUnheard(clock, start, from))
    return undefined;
  const recent = reports.filter(({ at }) => at > from);
  const before = reports.filter(({ at }) => at > start && at <= from).length;
  const shape = model.r + before;
  const mean = (shape / (model.alpha + clock.between(start, from))) * clock.between(from, asOf);
  const spread = 1 / shape + unevenness + clock.noise(start, from) + clock.noise(from, asOf);
  const factor = recent.length / Math.max(mean, 1e-9);
  const days = new Set(recent.map(({ at }) => Math.floor(at / DAY_MS))).size;
  return {
    test: "surge",
    reports: recent.length,
    expected: mean,
    factor,
    p: negativeBinomialTail(recent.length, mean, 1 / spread),
    isLarge: factor >= LEAST_FACTOR && recent.length >= FEWEST_IN_SURGE && days >= FEWEST_SURGE_DAYS,
  };
}

/**
 * Laplace's test: under an even rate the mean place of reports on the clock is one half. Widened by uneven weeks and by
 * the noise of the exposure.
 * @see Cox, Lewis, The Statistical Analysis of Series of Events, Methuen 1966, §3.3
 */
function slowBurn({ reports, clock, unevenness, asOf }: GrowthSetting): GrowthTest | undefined {
  const first = reports[0]?.at ?? asOf;
  const start = Math.max(first, asOf - TREND_MS);
  const events = reports.filter(({ at }) => at > start);
  const whole = clock.between(start, asOf);
  const weeks = clock.heardDays(start, asOf) / 7;
  if (events.length < FEWEST_IN_TREND || weeks < 2 || isUnheard(clock, start, asOf)) return undefined;
  const place = events.reduce((sum, { at }) => sum + clock.between(start, at), 0) / (events.length * whole);
  const variance =
    (1 + (events.length / weeks) * unevenness) / (12 * events.length) + clock.noise(start, asOf) / 12;
  const slope = slopeAt(place);
  const factor = Math.exp(slope);
  const rate = (from: number, to: number) =>
    reports.filter(({ at }) => at > from && at <= to).length / Math.max(clock.between(from, to), 1e-9);
  // what began within four weeks cannot have stalled yet
  const earlier = asOf - 2 * STALL_MS;
  const isGoingOn =
    first > earlier ||
    clock.heardDays(earlier, asOf - STALL_MS) < 7 ||
    rate(asOf - STALL_MS, asOf) >= STALLED_BELOW * rate(earlier, asOf - STALL_MS);
  const since = Math.max(start, asOf - STALL_MS);
  return {
    test: "slow_burn",
    reports: events.filter(({ at }) => at > since).length,
    expected: (events.length / whole) * clock.between(since, asOf),
    factor,
    p: normalTail((place - 0.5) / Math.sqrt(variance)),
    isLarge: factor >= LEAST_FACTOR && isGoingOn,
  };
}

function isUnheard(clock: IssueClock, from: number, to: number): boolean {
  return clock.heardDays(from, to) < (LEAST_HEARD * (to - from)) / DAY_MS;
}

const STEEPEST = 12;

/** The slope of a rate e^(slope·u) over 0..1 whose reports have this mean place. */
function slopeAt(place: number): number {
  let [low, high] = [-STEEPEST, STEEPEST];
  for (let round = 0; round < 40; round++) {
    const slope = (low + high) / 2;
    const mean = Math.abs(slope) < 1e-6 ? 0.5 + slope / 12 : 1 / -Math.expm1(-slope) - 1 / slope;
    if (mean < place) low = slope;
    else high = slope;
  }
  return (low + high) / 2;
}

/** What unevenness is believed to be before there are weeks to tell, and how many weeks that belief weighs. */
const USUAL_UNEVENNESS = 0.05;
const BELIEF_WEEKS = 30;
const MOST_UNEVENNESS = 0.5;
const FEWEST_FOR_UNEVENNESS = 10;

/**
 * How unevenly reports fall into weeks beyond chance, for all issues of a tracker: the middle of the issues' estimates by
 * moments, each from the differences between one week and the next, so that neither a trend counts as unevenness nor an
 * issue that escalates hides itself.
 * @see von Neumann, "Distribution of the ratio of the mean square successive difference to the variance", 1941
 */
export function unevennessOf(
  issues: readonly { reports: readonly IndependentReport[]; clock: IssueClock }[],
  asOf: number,
): number {
  const estimates: number[] = [];
  let weeksSeen = 0;
  for (const { reports, clock } of issues) {
    const until = reports.at(-1)?.at ?? asOf;
    const weeks = Math.min(26, Math.floor((until - (reports[0]?.at ?? until)) / WEEK_MS));
    if (weeks < 4 || reports.length < FEWEST_FOR_UNEVENNESS || reports.length < weeks) continue;
    const counts = new Array<number>(weeks).fill(0);
    for (const { at } of reports) {
      const back = Math.floor((until - at) / WEEK_MS);
      if (back < weeks) counts[back] = (counts[back] ?? 0) + 1;
    }
    const exposures = counts.map((_, back) =>
      clock.between(until - (back + 1) * WEEK_MS, until - back * WEEK_MS),
    );
    const rate = sum(counts) / Math.max(sum(exposures), 1e-9);
    const means = exposures.map((exposure) => exposure * rate);
    const off = counts.map((count, week) => count - (means[week] ?? 0));
    const steps = off.slice(1).map((later, week) => (later - (off[week] ?? 0)) ** 2 / 2);
    const variance = sum(steps) / steps.length;
    const squared = sum(means.map((mean) => mean ** 2)) / weeks;
    estimates.push((variance - sum(means) / weeks) / Math.max(squared, 1e-9));
    weeksSeen += weeks;
  }
  estimates.sort((a, b) => a - b);
  const middle = Math.max(0, estimates[estimates.length >> 1] ?? 0);
  const mixed = (middle * weeksSeen + USUAL_UNEVENNESS * BELIEF_WEEKS) / (weeksSeen + BELIEF_WEEKS);
  return Math.min(MOST_UNEVENNESS, mixed);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
