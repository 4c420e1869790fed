import type { SourceHealthRow } from "../query-rows.ts";

/** When any source was last polled, ms since 1970; 0 when none ever was. */
export function lastPoll(sources: readonly SourceHealthRow[]): number {
  return Math.max(0, ...sources.map((row) => (row.last_polled_at ? Date.parse(row.last_polled_at) : 0)));
}
