import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from "echarts/charts";
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
import { tooltipOf } from "./chart-tooltip.ts";
import { describeChart, type ChartAxis, type ChartSeries, type ChartSpec } from "./chart-spec.ts";
import { formatBucket, formatTick } from "../format.ts";
import { useIsDark, useIsStill } from "../use-media.ts";

register([BarChart, LineChart, GridComponent, TooltipComponent, MarkLineComponent, CanvasRenderer]);

type Option = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ChartProps {
  readonly title: string;
  readonly spec: ChartSpec;
  /** Start of the bucket to mark, ms since 1970. */
  readonly picked: number | undefined;
  readonly onPick: (bucket: number) => void;
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
    grid: { left: 4, right: spec.right ? 4 : 12, top: 12, bottom: 4, outerBoundsMode: "same" },
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
    series: drawn.map((series, index) =>
      toSeries(series, colour, index === 0 && picked !== undefined ? spec.buckets.indexOf(picked) : -1),
    ),
  };
}

/** Labels of an hourly axis at hours a day can be cut into, so that they read 06:00, 12:00, 18:00. */
function hourLabels(spec: ChartSpec) {
  if (spec.interval !== "hour") return {};
  const hours = [1, 2, 3, 6, 12].find((step) => spec.buckets.length / step <= 12) ?? 24;
  const isShown = (index: number): boolean => new Date(spec.buckets[index] ?? 0).getUTCHours() % hours === 0;
  return { interval: isShown };
}

function toSeries(
  series: ChartSeries,
  colour: (variable: string) => string,
  markedIndex: number,
): BarSeriesOption | LineSeriesOption {
  const paint = colour(series.colour);
  const shared = {
    id: series.id,
    name: series.label,
    data: series.values.map((value) => value ?? "-"),
    yAxisIndex: series.axis === "right" ? 1 : 0,
    color: paint,
    ...(series.isStacked ? { stack: "all" } : {}),
    ...(markedIndex < 0 ? {} : { markLine: markAt(markedIndex, colour("--accent")) }),
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
  const isLonely = series.values.filter((value) => value !== null).length < 3;
  return {
    ...shared,
    type: "line",
    lineStyle: { width: series.values.length > 60 ? 1.4 : 2, type: series.isDashed ? "dashed" : "solid" },
    symbol: "circle",
    symbolSize: isLonely ? 7 : 5,
    showSymbol: isLonely,
    connectNulls: false,
    ...(series.shape === "area" ? { areaStyle: { opacity: 0.15 } } : {}),
  };
}

function markAt(index: number, paint: string) {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: paint, width: 2, type: "solid" as const },
    data: [{ xAxis: index }],
  };
}
