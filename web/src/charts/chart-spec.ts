import type { Interval } from "../view-state.ts";
import { eventsIn, listEvents, type ChartEvent } from "./chart-events.ts";
import { listBuckets, type CoverageMark } from "./coverage-marks.ts";

/** One line, area or row of bars over the buckets of a chart. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** CSS variable that holds its colour. */
  readonly colour: string;
  /** `none` is told in the tooltip and the table only. */
  readonly shape: "bar" | "line" | "area" | "none";
  /** One value per bucket; null where there is nothing to say. */
  readonly values: readonly (number | null)[];
  /** One per bucket: false where nobody listened and nothing is known, which is no data and never zero. */
  readonly isHeard: readonly boolean[];
  readonly format: (value: number) => string;
  readonly axis?: "left" | "right";
  readonly isStacked?: boolean;
  readonly isDashed?: boolean;
}

export interface ChartAxis {
  readonly format: (value: number) => string;
  readonly min?: number;
  readonly max?: number;
  /** Distance of the grid lines; chosen by the chart where absent. */
  readonly step?: number;
}

/** A trend as it is drawn, told to a screen reader and shown as a table: one thing for all three. */
export interface ChartSpec {
  readonly buckets: readonly number[];
  readonly interval: Interval;
  readonly series: readonly ChartSeries[];
  /** One per bucket: how it was not heard in full; undefined where it was, or where nothing is known of it. */
  readonly marks: readonly (CoverageMark | undefined)[];
  /** How many smaller series the split has beside those drawn. */
  readonly leftOut: number;
  /** What happened meanwhile, drawn as a line through its bucket. */
  readonly events?: readonly ChartEvent[];
  readonly left: ChartAxis;
  readonly right?: ChartAxis;
}

/** A value as tooltip and table tell it: `no data` where nobody listened, a dash where there is nothing to say. */
export function formatValue({ values, isHeard, format }: ChartSeries, index: number): string {
  const value = values[index];
  if (value !== null && value !== undefined) return format(value);
  return isHeard[index] === false ? "no data" : "–";
}

/** What a screen reader says of a chart: its extent, each drawn series' highest value, and what was not heard. */
export function describeChart(title: string, spec: ChartSpec, bucketName: (at: number) => string): string {
  const first = spec.buckets[0];
  const last = spec.buckets.at(-1);
  if (first === undefined || last === undefined) return `${title}: nothing to draw.`;
  const highs = spec.series
    .filter((series) => series.shape !== "none")
    .map((series) => {
      const high = Math.max(...series.values.map((value) => value ?? -Infinity));
      const at = spec.buckets[series.values.indexOf(high)];
      if (at === undefined) return `${series.label}: no values`;
      return `${series.label}: highest ${series.format(high)} in ${bucketName(at)}`;
    });
  const unheard = (["none", "partial"] as const).flatMap((state) => {
    const count = spec.marks.filter((mark) => mark?.state === state).length;
    if (count === 0) return [];
    const what = state === "none" ? "No data for" : "Partly heard:";
    return [`${what} ${listBuckets(spec, state, bucketName)}`];
  });
  const events = spec.buckets.flatMap((bucket, index) => {
    const found = eventsIn(spec, index);
    return found.length === 0 ? [] : [`In ${bucketName(bucket)}: ${listEvents(found)}`];
  });
  const said = [...highs, ...unheard, ...events].join(". ");
  return `${title} per ${spec.interval}, from ${bucketName(first)} to ${bucketName(last)}. ${said}. The numbers are in the table view.`;
}
