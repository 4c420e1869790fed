import { bucketsOf, type DateRange, type Extent } from "../date-range.ts";
import type { BucketRow } from "../query-rows.ts";

/** More lines than this cannot be told apart. */
const MAX_SERIES = 7;

/** How a split names and colours its series. */
export interface SeriesStyle {
  readonly isSplit: boolean;
  /** True when series come in the order of their names (ratings) instead of their size. */
  readonly isOrdered: boolean;
  readonly name: (series: string) => string;
  readonly colour: (series: string) => string;
}

/** Rows of a trend laid out by series and bucket. */
export interface Grid<Row> {
  readonly buckets: readonly number[];
  /** The rows of each series, one per bucket; undefined where the store has none. Largest series first. */
  readonly series: readonly { readonly id: string; readonly rows: readonly (Row | undefined)[] }[];
  /** How many smaller series are not drawn. */
  readonly leftOut: number;
}

/**
 * Lays the rows of a trend out by series and bucket; `weigh` says how large a row is. Series come largest first, at
 * most seven of them.
 */
export function toGrid<Row extends BucketRow>(
  rows: readonly Row[],
  range: DateRange,
  extent: Extent,
  style: SeriesStyle,
  weigh: (row: Row) => number,
): Grid<Row> {
  const aligned = rows[0] && Date.parse(rows[0].bucket);
  const buckets = bucketsOf(range, extent, aligned);
  const found = new Map<string, { weight: number; cells: Map<number, Row> }>();
  for (const row of rows) {
    const series = found.get(row.series) ?? { weight: 0, cells: new Map<number, Row>() };
    series.weight += weigh(row);
    series.cells.set(Date.parse(row.bucket), row);
    found.set(row.series, series);
  }
  const largest = [...found].sort(([, a], [, b]) => b.weight - a.weight);
  const series = largest
    .slice(0, MAX_SERIES)
    .map(([id, { cells }]) => ({ id, rows: buckets.map((bucket) => cells.get(bucket)) }));
  // ratings have an order of their own
  if (style.isOrdered) series.sort((a, b) => toRank(a.id) - toRank(b.id));
  return { buckets, series, leftOut: largest.length - series.length };
}

/** Ratings in their order, what has none last. */
function toRank(id: string): number {
  return id === "" ? Infinity : Number(id);
}
