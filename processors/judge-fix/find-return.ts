import { dispersionOf, priceOf, splitsOf } from "../find-onset/segment-counts.ts";
import type { IndependentReport } from "../judge-recurrence/independent-reports.ts";
import { isHeard, type Comparison } from "./compare-windows.ts";
import { SHORTEST_AFTER_DAYS } from "./count-days-left.ts";
import type { Hearing, Sides, Window } from "./count-sides.ts";
import { dailyOf } from "./daily-counts.ts";
import { chanceOfMore } from "./rate-ratio.ts";

const DAY_MS = 86_400_000;
/** Both the fall and the rise after it are this sure: the day between them was chosen as the best of all. */
const RETURN_P = 0.005;
/** It is back where it is more than half of what it would have been. */
const RETURNED_FROM = 0.5;

/** Compares the issue, or another, before the fix with a window after it. */
export type Compare = (sides: Sides, after: Window) => Comparison | undefined;

/** An issue that came back: after the fix until it rose, and from then on, each beside before the fix. */
export interface Return {
  readonly fallen: Comparison;
  readonly now: Comparison;
}

/**
 * Whether the issue fell after the fix and then rose again, and when.
 * @param customers where people get the fix one by one, reports of the controls: more of them is no return
 */
export function findReturn(
  own: Sides,
  after: Window,
  compare: Compare,
  hearing: Hearing,
  customers: readonly IndependentReport[] | undefined,
): Return | undefined {
  const { days, counts, exposures } = dailyOf(own.after, after, hearing);
  const heard = customers === undefined ? exposures : smoothed(days, customers);
  const series = { counts, exposures: heard };
  const splits = splitsOf(series, dispersionOf(series), 0, counts.length, SHORTEST_AFTER_DAYS);
  const best = splits.reduce((most, split) => (split.gain > most.gain ? split : most), { at: 0, gain: 0 });
  const at = days[best.at];
  if (best.gain < priceOf(counts.length) || at === undefined) return undefined;
  const fallen = compare(own, { from: after.from, to: at });
  const now = compare(own, { from: at, to: after.to });
  if (fallen === undefined || now === undefined) return undefined;
  if (!isHeard(fallen) || !isHeard(now)) return undefined;
  if (fallen.pFewer > RETURN_P || now.ratio < RETURNED_FROM) return undefined;
  const stayed = {
    mean: (now.expected.mean * (fallen.peopleAfter + 0.5)) / fallen.expected.mean,
    // `perDay` has how uneven the weeks of both are, and what counting the controls of each adds
    spread:
      1 / (fallen.peopleAfter + 0.5) +
      fallen.perDay / fallen.daysAfter +
      now.perDay / now.daysAfter +
      (fallen.drift.between + now.drift.between) / 4,
  };
  return chanceOfMore(now.peopleAfter, stayed, 1) <= RETURN_P ? { fallen, now } : undefined;
}

/** Reports of the week around each day, and a little, so that a day without any is not one not heard. */
function smoothed(days: readonly number[], reports: readonly IndependentReport[]): number[] {
  const times = reports.map(({ at }) => at).sort((a, b) => a - b);
  let [first, next] = [0, 0];
  return days.map((day) => {
    while (next < times.length && (times[next] ?? 0) < day + 4 * DAY_MS) next++;
    while (first < next && (times[first] ?? 0) < day - 3 * DAY_MS) first++;
    return next - first + 0.5;
  });
}
