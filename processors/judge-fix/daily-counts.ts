import type { IndependentReport } from "../judge-recurrence/independent-reports.ts";
import type { Hearing, Window } from "./count-sides.ts";

const DAY_MS = 86_400_000;

/** Counts of the heard days of a window, beside what could be heard on each. */
export interface DailyCounts {
  /** Start of each, ms since 1970. */
  readonly days: readonly number[];
  readonly counts: readonly number[];
  readonly exposures: readonly number[];
}

/** Counts reports by day, from the start of the window on, with what could be heard of their channels. */
export function dailyOf(
  reports: readonly IndependentReport[],
  { from, to }: Window,
  hearing: Hearing,
): DailyCounts {
  const shares = new Map<string, number>();
  for (const { channel } of reports) shares.set(channel, (shares.get(channel) ?? 0) + 1 / reports.length);
  const all = Math.ceil((to - from) / DAY_MS);
  const found = new Float64Array(all);
  for (const { at } of reports)
    if (at >= from && at < to) {
      const day = Math.floor((at - from) / DAY_MS);
      found[day] = (found[day] ?? 0) + 1;
    }
  const days: number[] = [];
  const counts: number[] = [];
  const exposures: number[] = [];
  for (let day = 0; day < all; day++) {
    const window = { from: from + day * DAY_MS, to: Math.min(to, from + (day + 1) * DAY_MS) };
    let exposure = 0;
    for (const [channel, share] of shares) exposure += share * hearing.amount(channel, window);
    if (exposure <= 0) continue;
    days.push(window.from);
    counts.push(found[day] ?? 0);
    exposures.push(exposure);
  }
  return { days, counts, exposures };
}
