import { changesOf, dispersionOf } from "../find-onset/segment-counts.ts";
import type { IndependentReport } from "../judge-recurrence/independent-reports.ts";
import type { Hearing, Window } from "./count-sides.ts";
import { dailyOf } from "./daily-counts.ts";
import type { FixSetting } from "./index.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** Before a fix, so many whole weeks at most and at least are looked at: the fewest that hold enough people. */
const MOST_WEEKS = 12;
const FEWEST_WEEKS = 4;
const ENOUGH_PEOPLE = 100;
/** A level before the fix that lasted less is no baseline; one it fell to must have lasted longer to be believed. */
const SHORTEST_BASELINE_DAYS = 7;
const SHORTEST_FALLEN_DAYS = 14;

/** The time that is looked at: from the longest baseline there may be, or the first mention, until now. */
export function spanOf({ fix, mentions, others, asOf, since }: FixSetting): Window {
  const earliest = fix.at - MOST_WEEKS * WEEK_MS;
  let first = since ?? asOf;
  if (since === undefined)
    for (const { mentions: some } of [{ mentions }, ...others])
      for (const { at } of some) if (at !== undefined && at < first) first = at;
  return { from: Math.min(Math.max(earliest, first), fix.at), to: Math.max(asOf, fix.at) };
}

/**
 * The time before a fix that the time after is compared with: whole weeks, as few as hold enough people, and none from
 * before the issue began or came to the level that was to be fixed. Of an issue younger than that the first report is left
 * out, since the time begins with it.
 */
export function baselineOf(
  reports: readonly IndependentReport[],
  span: Window,
  fixedAt: number,
  hearing: Hearing,
): Window {
  const window = (from: number): Window => ({
    from: Math.min(fixedAt, Math.max(span.from, from)),
    to: fixedAt,
  });
  const first = reports[0]?.at ?? span.from;
  const { days, counts, exposures } = dailyOf(reports, { from: span.from, to: fixedAt }, hearing);
  const cuts = changesOf({ counts, exposures });
  const last = cuts.at(-1);
  const rateOf = (from: number, to: number) =>
    sum(counts.slice(from, to)) / Math.max(1e-9, sum(exposures.slice(from, to)));
  const settled = last === undefined ? span.from : (days[last] ?? span.from);
  const longestBack = fixedAt - SHORTEST_BASELINE_DAYS * DAY_MS;
  if (first > fixedAt - FEWEST_WEEKS * WEEK_MS && first <= longestBack) return window(first + 1);
  const hasFallen = last !== undefined && rateOf(last, counts.length) < rateOf(cuts.at(-2) ?? 0, last);
  const shortest = hasFallen ? fixedAt - SHORTEST_FALLEN_DAYS * DAY_MS : longestBack;
  const earliest = settled <= shortest ? settled : span.from;
  for (let weeks = FEWEST_WEEKS; weeks <= MOST_WEEKS; weeks++) {
    const from = fixedAt - weeks * WEEK_MS;
    if (from <= earliest) return window(earliest);
    if (reports.filter(({ at }) => at >= from).length >= ENOUGH_PEOPLE) return window(from);
  }
  return window(Math.max(earliest, fixedAt - MOST_WEEKS * WEEK_MS));
}

/** Whether an issue was falling before the fix already: Laplace's trend test over the baseline, one-sided at 1 %. */
export function isFallingBefore(
  reports: readonly IndependentReport[],
  window: Window,
  hearing: Hearing,
): boolean {
  const { counts, exposures } = dailyOf(
    reports.filter(({ at }) => at >= window.from),
    window,
    hearing,
  );
  const people = sum(counts);
  const whole = sum(exposures);
  if (people < 10) return false;
  let [passed, place] = [0, 0];
  counts.forEach((count, day) => {
    const heard = exposures[day] ?? 0;
    place += (count * (passed + heard / 2)) / whole / people;
    passed += heard;
  });
  return (place - 0.5) * Math.sqrt((12 * people) / dispersionOf({ counts, exposures })) < -2.326;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
