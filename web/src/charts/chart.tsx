import {
  BarChart,
  CustomChart,
  LineChart,
  type BarSeriesOption,
  type CustomSeriesOption,
  type LineSeriesOption,
} from "echarts/charts";
import {
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  type GridComponentOption,
  type TooltipComponentOption,
} from "echarts/components";
import { init, use as register, type ComposeOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { eventsIn } from "./chart-events.ts";
import { tooltipOf } from "./chart-tooltip.ts";
import { runsOf, wordOf } from "./coverage-marks.ts";
import { hatchIn } from "./hatch.ts";
import { describeChart, type ChartAxis, type ChartSeries, type ChartSpec } from "./chart-spec.ts";
import { formatBucket, formatTick } from "../format.ts";
import { useIsDark, useIsStill } from "../use-media.ts";

register([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  MarkLineComponent,
  CanvasRenderer,
]);

type Option = ComposeOption<
  BarSeriesOption | CustomSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ChartProps {
  readonly title: string;
  readonly spec: ChartSpec;
  /** Start of the bucket to mark, ms since 1970. */
  readonly picked?: number | undefined;
  /** Absent where a bucket cannot be picked. */
  readonly onPick?: ((bucket: number) => void) | undefined;
}

/** A trend drawn by ECharts. A click anywhere in a bucket's column picks it. The only file that knows ECharts. */
export default function Chart({ title, spec, picked, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const isDark = useIsDark();
  const isStill = useIsStill();

  useEffect(() => {
    if (!box.current) return;
    const made = init(box.current, null, { renderer: "canvas" });
    chart.current = made;
    const resizes = new ResizeObserver(() => {
      made.resize();
    });
    resizes.observe(box.current);
    return () => {
      resizes.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);

  useEffect(() => {
    const made = chart.current;
    if (!made || !box.current) return;
    const style = getComputedStyle(box.current);
    const colour = (variable: string): string => style.getPropertyValue(variable).trim();
    made.setOption(
      { ...toOption(spec, picked, colour, style.fontFamily), animation: !isStill },
      { replaceMerge: ["series", "xAxis", "yAxis"] },
    );
    if (!onPick) return;
    const surface = made.getZr();
    const bucketAt = (event: { offsetX: number; offsetY: number }): number | undefined => {
      const point = [event.offsetX, event.offsetY];
      if (!made.containPixel("grid", point)) return undefined;
      const index: unknown = made.convertFromPixel({ gridIndex: 0 }, point)[0];
      return typeof index === "number" ? spec.buckets[Math.max(0, index)] : undefined;
    };
    const pick = (event: { offsetX: number; offsetY: number }): void => {
      const bucket = bucketAt(event);
      if (bucket !== undefined) onPick(bucket);
    };
    const point = (event: { offsetX: number; offsetY: number }): void => {
      surface.setCursorStyle(bucketAt(event) === undefined ? "default" : "pointer");
    };
    surface.on("click", pick);
    surface.on("mousemove", point);
    return () => {
      surface.off("click", pick);
      surface.off("mousemove", point);
    };
  }, [spec, picked, onPick, isDark, isStill]);

  const label = describeChart(title, spec, (at) => formatBucket(at, spec.interval));
  return <div ref={box} className="chart" role="img" aria-label={label} />;
}

function toOption(
  spec: ChartSpec,
  picked: number | undefined,
  colour: (variable: string) => string,
  fontFamily: string,
): Option {
  const drawn = spec.series.filter((series) => series.shape !== "none");
  const isBanded = drawn.some((series) => series.shape === "bar");
  const years = new Set(spec.buckets.map((at) => new Date(at).getUTCFullYear()));
  const spansYears = years.size > 2;
  const hasEvents = (spec.events ?? []).length > 0;
  const text = { color: colour("--muted"), fontFamily, fontSize: 11 };
  const valueAxis = (axis: ChartAxis, isFirst: boolean) => ({
    type: "value" as const,
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    ...(axis.step === undefined ? {} : { interval: axis.step }),
    splitNumber: 4,
    axisLabel: { ...text, formatter: axis.format },
    splitLine: { show: isFirst, lineStyle: { color: colour("--grid") } },
    axisLine: { show: false },
    axisTick: { show: false },
  });
  return {
    textStyle: { fontFamily },
    animationDuration: 250,
    animationDurationUpdate: 250,
    grid: {
      left: 4,
      right: spec.right ? 4 : 12,
      top: hasEvents ? 30 : 12,
      bottom: 4,
      outerBoundsMode: "same",
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      className: "chart-tooltip",
      // an element and no markup: the page's policy forbids inline styles, and names come from outside
      formatter: (hit) => tooltipOf(spec, Array.isArray(hit) ? hit[0]?.dataIndex : hit.dataIndex, colour),
      axisPointer: isBanded
        ? { type: "shadow", shadowStyle: { color: colour("--hover-band") } }
        : { type: "line", lineStyle: { color: colour("--muted"), type: "solid" } },
      transitionDuration: 0,
    },
    xAxis: {
      type: "category",
      data: spec.buckets.map((at) => formatTick(at, spec.interval, spansYears)),
      boundaryGap: isBanded || spec.buckets.length === 1,
      axisLabel: { ...text, hideOverlap: true, margin: 10, ...hourLabels(spec) },
      axisLine: { lineStyle: { color: colour("--line") } },
      axisTick: { show: false },
    },
    yAxis: [valueAxis(spec.left, true), ...(spec.right ? [valueAxis(spec.right, false)] : [])],
    series: [
      bandsOf(spec, colour, text),
      ...drawn.map((series, index) =>
        toSeries(series, colour, index === 0 ? linesOf(spec, picked, colour) : undefined),
      ),
    ],
  };
}

/** Labels of an hourly axis at hours a day can be cut into, so that they read 06:00, 12:00, 18:00. */
function hourLabels(spec: ChartSpec) {
  if (spec.interval !== "hour") return {};
  const hours = [1, 2, 3, 6, 12].find((step) => spec.buckets.length / step <= 12) ?? 24;
  const isShown = (index: number): boolean => new Date(spec.buckets[index] ?? 0).getUTCHours() % hours === 0;
  return { interval: isShown };
}

/** Behind everything else: what was not heard, hatched, and what was heard in part, tinted. */
function bandsOf(
  spec: ChartSpec,
  colour: (variable: string) => string,
  text: { readonly color: string; readonly fontFamily: string; readonly fontSize: number },
): CustomSeriesOption {
  const runs = runsOf(spec.marks);
  const hatch = hatchIn(colour("--unheard"));
  const renderItem: CustomSeriesOption["renderItem"] = (params, api) => {
    const run = runs[params.dataIndex];
    const area = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
    if (!run) return null;
    const widthOf = api.size?.([1, 0]);
    const half = (Array.isArray(widthOf) ? (widthOf[0] ?? 0) : (widthOf ?? 0)) / 2;
    const left = Math.max(area.x, (api.coord([run.first, 0])[0] ?? 0) - half);
    const right = Math.min(area.x + area.width, (api.coord([run.last, 0])[0] ?? 0) + half);
    const width = right - left;
    const tint = {
      type: "rect" as const,
      shape: { x: left, y: area.y, width, height: area.height },
      style: { fill: colour("--unheard-tint") },
    };
    if (run.state === "partial") {
      // above the plot, where no bar hides it
      const strip = { x: left, y: area.y - 6, width, height: 3 };
      return {
        type: "group",
        children: [tint, { ...tint, shape: strip, style: { fill: colour("--partial") } }],
      };
    }
    const lines = { ...tint, style: { fill: hatch } };
    if (width < MIN_LABEL_WIDTH) return { type: "group", children: [tint, lines] };
    const label = {
      type: "text" as const,
      x: left + width / 2,
      y: area.y + area.height / 2,
      style: {
        text: wordOf(run),
        fill: text.color,
        font: `${text.fontSize}px ${text.fontFamily}`,
        align: "center" as const,
        verticalAlign: "middle" as const,
        backgroundColor: colour("--surface"),
        borderRadius: 4,
        padding: [2, 3],
      },
    };
    return { type: "group", children: [tint, lines, label] };
  };
  return {
    id: "coverage",
    type: "custom",
    silent: true,
    z: 1,
    animation: false,
    tooltip: { show: false },
    data: runs.map(({ first, last }) => [first, last]),
    encode: { x: [0, 1], tooltip: [] },
    renderItem,
  };
}

/** Narrower bands say what they are in tooltip and legend alone. */
const MIN_LABEL_WIDTH = 50;

function toSeries(
  series: ChartSeries,
  colour: (variable: string) => string,
  lines: ReturnType<typeof linesOf> | undefined,
): BarSeriesOption | LineSeriesOption {
  const paint = colour(series.colour);
  const shared = {
    id: series.id,
    name: series.label,
    data: series.values.map((value) => value ?? "-"),
    yAxisIndex: series.axis === "right" ? 1 : 0,
    color: paint,
    ...(series.isStacked ? { stack: "all" } : {}),
    // also where there are none, so that earlier ones go
    ...(lines && { markLine: { silent: true, symbol: "none", data: lines } }),
    emphasis: { disabled: true },
  };
  if (series.shape === "bar") {
    const round = series.isStacked ? 0 : [3, 3, 0, 0];
    return {
      ...shared,
      type: "bar",
      barMaxWidth: 36,
      barCategoryGap: "22%",
      itemStyle: { borderRadius: round },
    };
  }
  const isFew = series.values.filter((value) => value !== null).length < 3;
  const isLonely = (index: number): boolean =>
    [index - 1, index + 1].every((beside) => (series.values[beside] ?? null) === null);
  // a point between two gaps has no line to be seen by
  const hasLonely = series.values.some((value, index) => value !== null && isLonely(index));
  return {
    ...shared,
    type: "line",
    lineStyle: { width: series.values.length > 60 ? 1.4 : 2, type: series.isDashed ? "dashed" : "solid" },
    symbol: "circle",
    symbolSize: isFew
      ? 7
      : hasLonely
        ? (_value: unknown, { dataIndex }: { dataIndex: number }) => (isLonely(dataIndex) ? 5 : 0)
        : 5,
    showSymbol: isFew || hasLonely,
    connectNulls: false,
    ...(series.shape === "area" ? { areaStyle: { opacity: 0.15 } } : {}),
  };
}

/** Lines through whole buckets: the picked one, and those in which something happened, with its letters above. */
function linesOf(spec: ChartSpec, picked: number | undefined, colour: (variable: string) => string) {
  const pickedAt = picked === undefined ? -1 : spec.buckets.indexOf(picked);
  const happened = spec.buckets.flatMap((_bucket, index) => {
    const letters = eventsIn(spec, index).map(({ letter }) => letter);
    if (letters.length === 0) return [];
    return [
      {
        xAxis: index,
        lineStyle: { color: colour("--soft"), width: 1, type: "dashed" as const },
        label: {
          show: true,
          formatter: letters.join(" "),
          color: colour("--ink"),
          fontWeight: "bold" as const,
          fontSize: 11,
          distance: 5,
          padding: [2, 4],
          borderRadius: 4,
          borderWidth: 1,
          borderColor: colour("--line"),
          backgroundColor: colour("--surface"),
        },
      },
    ];
  });
  if (pickedAt < 0) return happened;
  const lineStyle = { color: colour("--accent"), width: 2, type: "solid" as const };
  return [...happened, { xAxis: pickedAt, lineStyle, label: { show: false } }];
}
