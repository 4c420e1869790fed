import type { IssueClock } from "../judge-recurrence/exposure-clock.ts";
import type { IndependentReport } from "../judge-recurrence/independent-reports.ts";

const DAY_MS = 86_400_000;

/** Independent reports of UTC days in a row, beside what could have been heard on each. */
export interface DailyReports {
  /** Start of the first day, ms since 1970. */
  readonly start: number;
  readonly reports: Float64Array;
  /** In days of the tracker's mean exposure; 0 on a day of which nothing was heard. */
  readonly exposure: Float64Array;
}

/** What daily reports are counted from. Times are ms since 1970. */
export interface DailySetting {
  readonly reports: readonly IndependentReport[];
  readonly clock: Pick<IssueClock, "between">;
  /** Since when the tracker is listened to, not since when the issue is known: that it was silent before is evidence. */
  readonly since: number;
  readonly asOf: number;
}

/**
 * Counts independent reports by day. Reports of a day of which nothing was heard are left out: there is nothing to set
 * them against.
 */
export function dailyReports({ reports, clock, since, asOf }: DailySetting): DailyReports {
  const start = Math.floor(since / DAY_MS) * DAY_MS;
  const days = Math.max(0, Math.ceil((asOf - start) / DAY_MS));
  const exposure = Float64Array.from({ length: days }, (_, day) => {
    const from = Math.max(since, start + day * DAY_MS);
    return Math.max(0, clock.between(from, Math.min(asOf, start + (day + 1) * DAY_MS)));
  });
  const counts = new Float64Array(days);
  for (const { at } of reports) {
    const day = Math.floor((at - start) / DAY_MS);
    if (at >= since && at <= asOf && (exposure[day] ?? 0) > 0) counts[day] = (counts[day] ?? 0) + 1;
  }
  return { start, reports: counts, exposure };
}
