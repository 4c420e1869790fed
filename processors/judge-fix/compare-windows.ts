import type { IndependentReport } from "../judge-recurrence/independent-reports.ts";
import { tally, type Hearing, type Sides, type Window } from "./count-sides.ts";
import { estimateDrift, type Control, type Drift } from "./estimate-drift.ts";
import { rateRatio, type Expected, type RateRatio } from "./rate-ratio.ts";

const DAY_MS = 86_400_000;

/** People of one issue before and after, and what was to be expected had nothing changed. */
export interface Comparison extends RateRatio {
  readonly before: Window;
  readonly after: Window;
  readonly peopleBefore: number;
  readonly peopleAfter: number;
  readonly expected: Expected;
  /** Days heard of the channels the issue lives on, weighed by how much of it each carries. */
  readonly daysBefore: number;
  readonly daysAfter: number;
  /** Of the issue's people after, had nothing changed, the share that could be heard. */
  readonly heardShare: number;
  /** Channels that went silent for all issues at once though nothing is known of an outage: taken for not heard. */
  readonly silent: readonly string[];
  readonly drift: Drift;
  /** Before, it came in bursts: one that ended is no sign of a fix. */
  readonly comesInBursts: boolean;
  /** Variances of the logarithm that more days would lessen, for one day; and those that they would not. */
  readonly perDay: number;
  readonly fixed: number;
}

export interface ComparedSetting {
  readonly before: Window;
  readonly after: Window;
  readonly hearing: Hearing;
  /** Others that nobody fixed. */
  readonly controls: readonly Sides[];
  /** Others, whoever speaks, with a fix or without: whether a channel is alive. */
  readonly noise: readonly Sides[];
  /** How unevenly reports of this tracker fall into weeks: relative variance of a weekly rate. */
  readonly unevenness: number;
}

/** Less of an issue heard than this is not known, whatever the rest says. */
const LEAST_OF_ISSUE = 0.5;
/** Reports that differ so much from week to week come in bursts: relative variance of a weekly rate. */
const BURSTS_FROM = 0.5;
const FEWEST_IN_BURSTS = 10;
/** How many weeks the tracker's unevenness weighs beside the issue's own. */
const BELIEF_WEEKS = 6;
const MOST_LIKENESS = 0.9;
/** A channel without controls of its own drifts as the others: they weigh so many people. */
const BELIEF_PEOPLE = 20;
/** What may have happened to all issues is not known where there are no controls: standard deviation of the logarithm. */
const UNKNOWN_DRIFT = 0.2;
/** So many people expected on a channel, and a tenth of them heard: it is broken. */
const SILENT_FROM = 10;
const SILENT_BELOW = 0.1;
/** Less than this share of a window heard tells nothing of a channel. */
const LEAST_HEARD = 0.1;

/**
 * Compares an issue before and after, channel by channel: what was heard of each in both windows, times what happened to
 * the issues nobody fixed, is what was to be expected. A channel not heard, or new, or silent in either window is left out
 * of both. Undefined: nothing is left.
 */
export function compareWindows(sides: Sides, setting: ComparedSetting): Comparison | undefined {
  const { before, after, hearing, controls, noise, unevenness } = setting;
  const own = { before: tally(sides.before, before), after: tally(sides.after, after) };
  const tallies = controls.map((control) => ({
    before: tally(control.before, before),
    after: tally(control.after, after),
  }));
  const channels = new Set([
    ...own.before.keys(),
    ...own.after.keys(),
    ...tallies.flatMap((each) => [...each.before.keys(), ...each.after.keys()]),
  ]);
  const heard = (channel: string, window: Window) =>
    hearing.heardDays(channel, window) / Math.max(1e-9, (window.to - window.from) / DAY_MS);
  const pace = new Map<string, number>();
  for (const channel of channels) {
    const amount = hearing.amount(channel, before);
    const isHeard = heard(channel, before) >= LEAST_HEARD && heard(channel, after) >= LEAST_HEARD;
    if (amount > 0 && isHeard) pace.set(channel, hearing.amount(channel, after) / amount);
  }
  const silent = silentChannels(noise, before, after, pace);
  for (const channel of silent) pace.delete(channel);
  const spoken = sumTallies([own.before, ...tallies.map((each) => each.before)]);
  for (const channel of pace.keys()) if (!spoken.has(channel)) pace.delete(channel);

  const peopleBefore = sumOver(own.before, pace);
  const heardBefore = [...own.before.values()].reduce((sum, count) => sum + count, 0);
  if (pace.size === 0) return undefined;
  const shareOf = (channel: string) =>
    peopleBefore === 0
      ? (spoken.get(channel) ?? 0) / Math.max(1, sumOver(spoken, pace))
      : (own.before.get(channel) ?? 0) / peopleBefore;
  const over = (value: (channel: string) => number) =>
    [...pace.keys()].reduce((sum, channel) => sum + shareOf(channel) * value(channel), 0);
  const daysBefore = over((channel) => hearing.heardDays(channel, before));
  const daysAfter = over((channel) => hearing.heardDays(channel, after));
  const weekly = ownUnevenness(sides.before, before, pace, hearing, unevenness);
  const weeks = 7 / Math.max(daysBefore, 1) + 7 / Math.max(daysAfter, 1);

  const drift = estimateDrift(
    tallies.map((each) => controlOf(each, pace)),
    unevenness * weeks,
  );
  const all = {
    before: sumTallies(tallies.map((each) => each.before)),
    after: sumTallies(tallies.map((each) => each.after)),
  };
  const driftOf = (channel: string) => {
    if (!drift.isKnown) return 1;
    const seen = (all.after.get(channel) ?? 0) + BELIEF_PEOPLE * drift.ratio;
    return seen / ((all.before.get(channel) ?? 0) * (pace.get(channel) ?? 0) + BELIEF_PEOPLE);
  };
  // drawn to the pooled drift by channel, the whole must not drift from it
  const pulled = sumBy(
    all.before,
    pace,
    (channel, count) => count * (pace.get(channel) ?? 0) * driftOf(channel),
  );
  const pooled = sumBy(all.before, pace, (channel, count) => count * (pace.get(channel) ?? 0) * drift.ratio);
  const scale = drift.isKnown && pulled > 0 ? pooled / pulled : 1;
  const people = Math.max(peopleBefore, 0.5);
  const mean = people * over((channel) => (pace.get(channel) ?? 0) * driftOf(channel) * scale);
  // an issue that comes in bursts may do so again, however steady the others are
  const between = Math.max(drift.between, weekly * weeks);
  const counted = drift.isKnown ? drift.variance : UNKNOWN_DRIFT ** 2;
  const spread = 1 / (peopleBefore + 0.5) + between + counted;
  const expected = { mean, spread };
  const peopleAfter = sumOver(own.after, pace);
  const couldBe = [...own.before].reduce((sum, [channel, count]) => {
    const share = pace.has(channel) ? heard(channel, after) : 0;
    return sum + count * Math.min(1, share);
  }, 0);
  const perDay = 7 * Math.max(weekly, unevenness);
  const lessened = perDay + (drift.isKnown ? daysAfter / (drift.after + 0.5) : 0);
  return {
    ...rateRatio(peopleAfter, expected),
    before,
    after,
    peopleBefore,
    peopleAfter,
    expected,
    daysBefore,
    daysAfter,
    heardShare: heardBefore === 0 ? over((channel) => heard(channel, after)) : couldBe / heardBefore,
    silent,
    drift,
    comesInBursts: weekly >= BURSTS_FROM && peopleBefore >= FEWEST_IN_BURSTS,
    perDay: lessened,
    fixed: Math.max(0, spread - lessened / Math.max(daysAfter, 1)),
  };
}

/** Whether enough of an issue was heard after to say anything of it. */
export function isHeard({ heardShare }: Pick<Comparison, "heardShare">): boolean {
  return heardShare >= LEAST_OF_ISSUE;
}

function silentChannels(
  noise: readonly Sides[],
  before: Window,
  after: Window,
  pace: ReadonlyMap<string, number>,
): string[] {
  const then = sumTallies(noise.map((sides) => tally(sides.before, before)));
  const now = sumTallies(noise.map((sides) => tally(sides.after, after)));
  return [...pace]
    .filter(([channel, ratio]) => {
      const expected = (then.get(channel) ?? 0) * ratio;
      return expected >= SILENT_FROM && (now.get(channel) ?? 0) <= SILENT_BELOW * expected;
    })
    .map(([channel]) => channel);
}

function controlOf(
  each: { before: ReadonlyMap<string, number>; after: ReadonlyMap<string, number> },
  pace: ReadonlyMap<string, number>,
): Control {
  return {
    before: sumOver(each.before, pace),
    after: sumOver(each.after, pace),
    expected: sumBy(each.before, pace, (channel, count) => count * (pace.get(channel) ?? 0)),
  };
}

/**
 * The relative variance of the issue's weekly rate before, from how its people fall into weeks (Dirichlet-multinomial, by
 * moments), drawn to that of the tracker. What came in one burst would have gone without a fix.
 */
function ownUnevenness(
  reports: readonly IndependentReport[],
  { from, to }: Window,
  pace: ReadonlyMap<string, number>,
  hearing: Hearing,
  usual: number,
): number {
  const kept = reports.filter(({ at, channel }) => at >= from && at < to && pace.has(channel));
  const weeks = Math.floor((to - from) / (7 * DAY_MS));
  if (weeks < 2 || kept.length < 2) return usual;
  const start = to - weeks * 7 * DAY_MS;
  const counts = new Array<number>(weeks).fill(0);
  const byChannel = new Map<string, number>();
  for (const { at, channel } of kept) {
    if (at < start) continue;
    const week = Math.floor((at - start) / (7 * DAY_MS));
    counts[week] = (counts[week] ?? 0) + 1;
    byChannel.set(channel, (byChannel.get(channel) ?? 0) + 1);
  }
  const heard = counts.map((_, week) => {
    const window = { from: start + week * 7 * DAY_MS, to: start + (week + 1) * 7 * DAY_MS };
    return [...byChannel].reduce((sum, [channel, count]) => sum + count * hearing.amount(channel, window), 0);
  });
  const people = counts.reduce((sum, count) => sum + count, 0);
  const whole = heard.reduce((sum, amount) => sum + amount, 0);
  const used = counts.flatMap((count, week) => {
    const mean = (people * (heard[week] ?? 0)) / whole;
    return mean > 0 ? [(count - mean) ** 2 / mean] : [];
  });
  if (used.length < 2 || people < 2) return usual;
  const freedom = used.length - 1;
  const likeness = (used.reduce((sum, off) => sum + off, 0) / freedom - 1) / (people - 1);
  const bounded = Math.min(MOST_LIKENESS, likeness);
  const own = (used.length * bounded) / (1 - bounded);
  return Math.max(0, (freedom * own + BELIEF_WEEKS * usual) / (freedom + BELIEF_WEEKS));
}

function sumTallies(tallies: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const each of tallies)
    for (const [channel, count] of each) sums.set(channel, (sums.get(channel) ?? 0) + count);
  return sums;
}

function sumOver(counts: ReadonlyMap<string, number>, channels: ReadonlyMap<string, unknown>): number {
  return sumBy(counts, channels, (_, count) => count);
}

function sumBy(
  counts: ReadonlyMap<string, number>,
  channels: ReadonlyMap<string, unknown>,
  value: (channel: string, count: number) => number,
): number {
  let sum = 0;
  for (const [channel, count] of counts) if (channels.has(channel)) sum += value(channel, count);
  return sum;
}
