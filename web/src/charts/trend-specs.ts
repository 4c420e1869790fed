import type { DateRange } from "../date-range.ts";
import type { ChartAxis, ChartSeries, ChartSpec } from "./chart-spec.ts";
import { formatCompact, formatCount, formatShare, formatSigned } from "../format.ts";
import type { ComplaintRow, SentimentRow, VolumeRow } from "../query-rows.ts";
import { netSentiment, ratio, scored } from "./net-sentiment.ts";
import {
  countsOf,
  toGrid,
  type Grid,
  type GridSeries,
  type SeriesStyle,
  type TrendData,
} from "./series-grid.ts";

/** Whether a chart shows shares of the whole or counts. */
export type Measure = "share" | "count";

const COUNT_AXIS: ChartAxis = { format: formatCompact, min: 0 };
const SHARE_AXIS: ChartAxis = { format: (value) => `${Number((value * 100).toFixed(1))}%`, min: 0 };

/** Mentions and their distinct authors; one line per series when split. */
export function volumeSpec(data: TrendData<VolumeRow>, style: SeriesStyle): ChartSpec {
  const grid = toGrid(data, style, (row) => row.mentions);
  const counts = { format: formatCount };
  const series = grid.series.flatMap((cells): ChartSeries[] => {
    const { id, isHeard } = cells;
    const name = style.isSplit ? style.name(id) : "Mentions";
    return [
      {
        ...counts,
        id,
        label: name,
        values: countsOf(cells, (row) => row.mentions),
        isHeard,
        colour: style.isSplit ? style.colour(id) : "--volume",
        shape: style.isSplit ? "line" : "bar",
        isDashed: id === "",
      },
      {
        ...counts,
        id: `${id}/authors`,
        label: style.isSplit ? `${name}, authors` : "Authors",
        values: countsOf(cells, (row) => row.authors),
        isHeard,
        colour: style.isSplit ? style.colour(id) : "--ink",
        shape: style.isSplit ? "none" : "line",
      },
    ];
  });
  return { ...commonOf(grid, data.range), series, left: COUNT_AXIS };
}

const LABELS = [
  { id: "negative", label: "Negative", colour: "--negative" },
  { id: "neutral", label: "Neutral", colour: "--neutral" },
  { id: "positive", label: "Positive", colour: "--positive" },
] as const;

/** Shares of (or counts per) sentiment label; net sentiment per series when split. */
export function sentimentSpec(
  data: TrendData<SentimentRow>,
  style: SeriesStyle,
  measure: Measure,
): ChartSpec {
  const grid = toGrid(data, style, (row) => scored(row) + row.unscored);
  const common = commonOf(grid, data.range);
  if (style.isSplit) {
    const series = grid.series.map(({ id, rows, isHeard }): ChartSeries => ({
      id,
      ...lineOf(id, style),
      values: rows.map((row) => netSentiment(row)),
      isHeard,
      format: (value) => formatSigned(value),
    }));
    return {
      ...common,
      series,
      left: { format: (value) => formatSigned(value), min: -100, max: 100, step: 50 },
    };
  }
  const cells = grid.series[0] ?? NO_CELLS;
  const { rows, isHeard } = cells;
  const isShare = measure === "share";
  const series = LABELS.map(({ id, label, colour }): ChartSeries => ({
    id,
    label,
    colour,
    shape: "bar",
    isStacked: true,
    values: isShare
      ? rows.map((row) => ratio(row?.[id], row && scored(row)))
      : countsOf(cells, (row) => row[id]),
    isHeard,
    format: isShare ? formatShare : formatCount,
  }));
  const unscored: ChartSeries = {
    id: "unscored",
    label: "Unscored",
    colour: "--unscored",
    shape: isShare ? "none" : "bar",
    isStacked: true,
    values: countsOf(cells, (row) => row.unscored),
    isHeard,
    format: formatCount,
  };
  const net: ChartSeries = {
    id: "net",
    label: "Net sentiment",
    colour: "--ink",
    shape: "none",
    values: rows.map((row) => netSentiment(row)),
    isHeard,
    format: (value) => formatSigned(value),
  };
  const left = isShare ? { ...SHARE_AXIS, max: 1, step: 0.25 } : COUNT_AXIS;
  return { ...common, series: [...series, unscored, net], left };
}

/** Complaints as bars with their share as a line; one line of either per series when split. */
export function complaintSpec(
  data: TrendData<ComplaintRow>,
  style: SeriesStyle,
  measure: Measure,
): ChartSpec {
  const grid = toGrid(data, style, (row) => row.mentions);
  const common = commonOf(grid, data.range);
  if (style.isSplit) {
    const isShare = measure === "share";
    const series = grid.series.map((cells): ChartSeries => ({
      id: cells.id,
      ...lineOf(cells.id, style),
      values: isShare
        ? cells.rows.map((row) => row?.complaint_share ?? null)
        : countsOf(cells, (row) => row.complaints),
      isHeard: cells.isHeard,
      format: isShare ? formatShare : formatCount,
    }));
    return { ...common, series, left: isShare ? shareAxis(series) : COUNT_AXIS };
  }
  const cells = grid.series[0] ?? NO_CELLS;
  const { isHeard } = cells;
  const base = { axis: "left", format: formatCount, isHeard } as const;
  const counts: ChartSeries[] = [
    {
      ...base,
      id: "complaints",
      label: "Complaints",
      colour: "--negative",
      shape: "bar",
      values: countsOf(cells, (row) => row.complaints),
    },
    {
      ...base,
      id: "complainants",
      label: "Distinct complainants",
      colour: "--negative",
      shape: "none",
      values: countsOf(cells, (row) => row.complainants),
    },
  ];
  const share: ChartSeries = {
    id: "share",
    label: "Share of mentions",
    colour: "--ink",
    shape: "line",
    axis: "right",
    values: cells.rows.map((row) => row?.complaint_share ?? null),
    isHeard,
    format: formatShare,
  };
  return {
    ...common,
    series: [...counts, share],
    left: COUNT_AXIS,
    right: shareAxis([share]),
  };
}

/** An axis for shares; near the top it ends at 100%, for there is nothing above. */
function shareAxis(series: readonly ChartSeries[]): ChartAxis {
  const highest = Math.max(...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  return highest > 0.8 ? { ...SHARE_AXIS, max: 1, step: 0.25 } : SHARE_AXIS;
}

/** How one series of a split is drawn; what belongs to none is dashed. */
function lineOf(
  id: string,
  style: SeriesStyle,
): Pick<ChartSeries, "label" | "colour" | "shape" | "isDashed"> {
  return { label: style.name(id), colour: style.colour(id), shape: "line", isDashed: id === "" };
}

const NO_CELLS: GridSeries<never> = { id: "", rows: [], isHeard: [] };

function commonOf(
  { buckets, marks, leftOut }: Grid<unknown>,
  { interval }: DateRange,
): Pick<ChartSpec, "buckets" | "marks" | "interval" | "leftOut"> {
  return { buckets, marks, interval, leftOut };
}
