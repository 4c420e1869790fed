import { bucketsOf, type DateRange, type Extent } from "../date-range.ts";
import type { BucketRow, CoverageRow } from "../query-rows.ts";
import { readCoverage, type CoverageMark } from "./coverage-marks.ts";

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

/** What a trend is drawn from: its rows, what the ledger says of them, and the stretch to draw. */
export interface TrendData<Row> {
  readonly rows: readonly Row[];
  readonly coverage: readonly CoverageRow[];
  readonly range: DateRange;
  readonly extent: Extent;
}

/** One series of a {@link Grid}. */
export interface GridSeries<Row> {
  readonly id: string;
  /** One per bucket; undefined where the store has none. */
  readonly rows: readonly (Row | undefined)[];
  /** One per bucket: false where nobody listened and the store has none. */
  readonly isHeard: readonly boolean[];
}

/** Rows of a trend laid out by series and bucket. */
export interface Grid<Row> {
  readonly buckets: readonly number[];
  /** Largest series first. */
  readonly series: readonly GridSeries<Row>[];
  /** One per bucket. */
  readonly marks: readonly (CoverageMark | undefined)[];
  /** How many smaller series are not drawn. */
  readonly leftOut: number;
}

/**
 * Lays the rows of a trend out by series and bucket; `weigh` says how large a row is. Series come largest first, at
 * most seven of them.
 */
export function toGrid<Row extends BucketRow>(
  { rows, coverage, range, extent }: TrendData<Row>,
  style: SeriesStyle,
  weigh: (row: Row) => number,
): Grid<Row> {
  const aligned = rows[0] && Date.parse(rows[0].bucket);
  const buckets = bucketsOf(range, widen(extent, coverage), aligned);
  const { isHeard, mark } = readCoverage(coverage, rows);
  const found = new Map<string, { weight: number; cells: Map<number, Row> }>();
  for (const row of rows) {
    const series = found.get(row.series) ?? { weight: 0, cells: new Map<number, Row>() };
    series.weight += weigh(row);
    series.cells.set(Date.parse(row.bucket), row);
    found.set(row.series, series);
  }
  const largest = [...found].sort(([, a], [, b]) => b.weight - a.weight);
  const series = largest.slice(0, MAX_SERIES).map(([id, { cells }]) => ({
    id,
    rows: buckets.map((bucket) => cells.get(bucket)),
    isHeard: buckets.map((bucket) => cells.has(bucket) || isHeard(id, bucket)),
  }));
  // ratings have an order of their own
  if (style.isOrdered) series.sort((a, b) => toRank(a.id) - toRank(b.id));
  return { buckets, series, marks: buckets.map(mark), leftOut: largest.length - series.length };
}

/** A count per bucket: where the store has no row, 0, or null where nobody listened. */
export function countsOf<Row>(
  { rows, isHeard }: GridSeries<Row>,
  count: (row: Row) => number,
): (number | null)[] {
  return rows.map((row, index) => (row ? count(row) : isHeard[index] === false ? null : 0));
}

/** The stretch that mentions or the ledger tell of. */
function widen(extent: Extent, coverage: readonly CoverageRow[]): Extent {
  const known = [coverage[0], coverage.at(-1)].flatMap((row) => (row ? [Date.parse(row.bucket)] : []));
  return { ...extent, first: Math.min(extent.first, ...known), last: Math.max(extent.last, ...known) };
}

/** Ratings in their order, what has none last. */
function toRank(id: string): number {
  return id === "" ? Infinity : Number(id);
}
