import type { CoverageRow } from "../query-rows.ts";

/** Which part of the hours of some buckets was heard, 0..1; null where the ledger knows of none. */
export function heardShare(rows: readonly CoverageRow[]): number | null {
  const sum = (count: (row: CoverageRow) => number): number => rows.reduce((all, row) => all + count(row), 0);
  const expected = sum((row) => row.expected_hours);
  // how much of an hour heard in part was heard, nobody knows
  return expected === 0 ? null : sum((row) => row.heard_hours + row.partial_hours / 2) / expected;
}
