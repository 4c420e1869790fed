import { poissonInterval } from "../judge-recurrence/distributions.ts";
import { dailyReports, type DailySetting } from "./daily-reports.ts";
import { changesOf, dispersionOf, splitsOf, type Counts } from "./segment-counts.ts";

const DAY_MS = 86_400_000;
const FEWEST_REPORTS = 5;
const FEWEST_DAYS = 14;
const SURE = 0.95;

/** Independent reports of a stretch beside its exposure, with a 95 % interval of their rate that knows how they cluster. */
export interface Level {
  readonly reports: number;
  /** In days of the tracker's mean exposure. */
  readonly exposure: number;
  /** Per day of mean exposure. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** A lasting change of the rate of an issue. Times are starts of UTC days, ms since 1970. */
export interface LevelChange {
  readonly kind: "began" | "rose" | "fell";
  /** The first heard day of the new level. */
  readonly at: number;
  /** First and last day on which the new level may have begun, 95 %; days not heard between two levels are among them. */
  readonly from: number;
  readonly to: number;
  readonly before: Level;
  readonly after: Level;
  /** The rate after over the rate before; null where there was none before. */
  readonly factor: number | null;
}

export interface OnsetJudgement {
  /** The last time that the issue began or rose; undefined: it goes on as it always did, or there is too little to tell. */
  readonly onset: LevelChange | undefined;
  /** All changes, oldest first. */
  readonly changes: readonly LevelChange[];
  /** How much more neighbouring days differ than chance makes them; 1: no more. */
  readonly dispersion: number;
  /** Days of which anything was heard. */
  readonly heardDays: number;
  /** One sentence. */
  readonly reason: string;
}

/**
 * Finds when an issue began or changed its level: the cut of its daily independent reports per exposure into levels that
 * explains them best (exact, Poisson likelihood over the dispersion of neighbouring days, 3 ln n for each change, three
 * heard days or more to a level), and for each change the days on which it may have been. A day not heard carries no
 * information: it belongs to no level, and where a change falls into a gap the whole gap is in its interval. Pure.
 *
 * The interval is the 95 % highest posterior set of the day of one change between its neighbours, with an even prior over
 * days and the rates at their best values.
 * @see {@link changesOf} for the cut; Smith, "A Bayesian approach to inference about a change-point", Biometrika 62 (1975)
 */
export function findOnset(setting: DailySetting): OnsetJudgement {
  const { start, reports, exposure } = dailyReports(setting);
  const heard = [...exposure.keys()].filter((day) => (exposure[day] ?? 0) > 0);
  const series: Counts = {
    counts: heard.map((day) => reports[day] ?? 0),
    exposures: heard.map((day) => exposure[day] ?? 0),
  };
  const all = series.counts.reduce((sum, count) => sum + count, 0);
  const dispersion = dispersionOf(series);
  const told = { dispersion, heardDays: heard.length };
  if (all < FEWEST_REPORTS || heard.length < FEWEST_DAYS) {
    const reason = `too little to tell: ${all} independent reports on ${heard.length} heard days, ${FEWEST_REPORTS} on ${FEWEST_DAYS} are needed`;
    return { onset: undefined, changes: [], ...told, reason };
  }
  const cuts = changesOf(series, dispersion);
  const dayAt = (index: number) => start + (heard[index] ?? 0) * DAY_MS;
  const changes = cuts.map((at, order): LevelChange => {
    const [from, to] = [cuts[order - 1] ?? 0, cuts[order + 1] ?? heard.length];
    const [first, last] = likelyPlaces(series, dispersion, heard, from, to, at);
    const before = levelOf(series, from, at, dispersion);
    const after = levelOf(series, at, to, dispersion);
    return {
      kind: before.reports === 0 ? "began" : after.rate > before.rate ? "rose" : "fell",
      at: dayAt(at),
      from: dayAt(first - 1) + DAY_MS,
      to: dayAt(last),
      before,
      after,
      factor: before.reports === 0 ? null : after.rate / before.rate,
    };
  });
  const onset = changes.findLast(({ kind }) => kind !== "fell");
  return { onset, changes, ...told, reason: sentenceOf(onset, changes, heard.length) };
}

/** The first and last index of the 95 % of days on which a change most likely was. */
function likelyPlaces(
  series: Counts,
  dispersion: number,
  heard: readonly number[],
  from: number,
  to: number,
  best: number,
): readonly [first: number, last: number] {
  const splits = splitsOf(series, dispersion, from, to);
  const most = Math.max(...splits.map(({ gain }) => gain));
  const places = splits.map(({ at, gain }) => {
    const days = (heard[at] ?? 0) - (heard[at - 1] ?? 0);
    return { at, perDay: Math.exp((gain - most) / 2), days };
  });
  const whole = places.reduce((sum, { perDay, days }) => sum + perDay * days, 0);
  let [sum, first, last] = [0, best, best];
  for (const { at, perDay, days } of places.toSorted((a, b) => b.perDay - a.perDay)) {
    if (sum >= SURE * whole) break;
    sum += perDay * days;
    [first, last] = [Math.min(first, at), Math.max(last, at)];
  }
  return [first, last];
}

function levelOf({ counts, exposures }: Counts, from: number, to: number, dispersion: number): Level {
  const add = (values: readonly number[]) => values.slice(from, to).reduce((sum, value) => sum + value, 0);
  const [reports, exposure] = [add(counts), add(exposures)];
  // as many reports as if each `dispersion` of them were one
  const [low, high] = poissonInterval(reports / dispersion);
  const per = (count: number) => count / exposure;
  return {
    reports,
    exposure,
    rate: per(reports),
    low: per(low * dispersion),
    high: per(high * dispersion),
  };
}

function sentenceOf(
  onset: LevelChange | undefined,
  changes: readonly LevelChange[],
  heardDays: number,
): string {
  if (onset === undefined)
    return changes.length === 0
      ? `no change of level in ${heardDays} heard days`
      : `no rise in ${heardDays} heard days; it fell on ${dayOf(changes.at(-1)?.at ?? 0)}`;
  const { kind, at, from, to, before, after, factor } = onset;
  const when =
    from === to ? `on ${dayOf(at)}` : `on ${dayOf(at)} (95 %: between ${dayOf(from)} and ${dayOf(to)})`;
  const rates = `from ${rate(before.rate)} to ${rate(after.rate)} a day of mean exposure`;
  const times = factor === null ? "" : `, ${factor.toFixed(1)} times as often`;
  const later = changes.at(-1);
  const since = later !== undefined && later.at > at ? `; it fell on ${dayOf(later.at)}` : "";
  return `${kind} ${when}, ${rates}${times}${since}`;
}

function rate(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 2);
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
