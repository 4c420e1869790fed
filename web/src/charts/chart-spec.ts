import type { Interval } from "../view-state.ts";

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
  /** How many smaller series the split has beside those drawn. */
  readonly leftOut: number;
  readonly left: ChartAxis;
  readonly right?: ChartAxis;
}

/** What a screen reader says of a chart: its extent and each drawn series' highest value. */
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
  return `${title} per ${spec.interval}, from ${bucketName(first)} to ${bucketName(last)}. ${highs.join(". ")}. The numbers are in the table view.`;
}
