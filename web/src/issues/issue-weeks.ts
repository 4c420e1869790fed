import { DAY, HOUR } from "../format.ts";
import type { CoverageRow } from "../query-rows.ts";
import type { IssueTrendRow } from "./issue-rows.ts";

const WEEK = 7 * DAY;
/** Weeks begin on Monday, and 1970 began on a Thursday. */
const MONDAY = 4 * DAY;
const SHOWN_WEEKS = 26;
/** With nothing newer than this all is history, and the weeks shown end with the newest mention. */
const HISTORY_AFTER = 14 * DAY;

/** The weeks a list of issues is drawn over. */
export interface WeekSpan {
  /** Starts, ms since 1970, oldest first. */
  readonly weeks: readonly number[];
  readonly from: string;
  readonly to: string;
}

/** The last half year, up to now, or to `newest` where that is long ago. Times are ms since 1970. */
export function weeksUpTo(newest: number, now: number): WeekSpan {
  const end = now - newest < HISTORY_AFTER ? now : newest;
  const last = Math.floor((end - MONDAY) / WEEK) * WEEK + MONDAY;
  const weeks = Array.from({ length: SHOWN_WEEKS }, (_, index) => last - (SHOWN_WEEKS - 1 - index) * WEEK);
  const until = Math.ceil((end + 1) / HOUR) * HOUR;
  return {
    weeks,
    from: new Date(weeks[0] ?? last).toISOString(),
    to: new Date(Math.min(last + WEEK, until)).toISOString(),
  };
}

/** People of each issue in each of the weeks, 0 where it was quiet and null where nobody listened. */
export function voicesByIssue(
  { weeks }: WeekSpan,
  rows: readonly IssueTrendRow[],
  ledger: readonly CoverageRow[],
): (issueId: string) => readonly (number | null)[] {
  const unheard = new Set(ledger.filter((row) => row.state === "none").map((row) => Date.parse(row.bucket)));
  const found = new Map<string, number>();
  for (const row of rows) found.set(`${row.issue_id} ${Date.parse(row.bucket)}`, row.voices);
  return (issueId) => weeks.map((week) => found.get(`${issueId} ${week}`) ?? (unheard.has(week) ? null : 0));
}
