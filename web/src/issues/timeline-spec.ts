import type { ChartEvent } from "../charts/chart-events.ts";
import type { ChartSeries, ChartSpec } from "../charts/chart-spec.ts";
import { countsOf, toGrid, type GridSeries, type TrendData } from "../charts/series-grid.ts";
import type { DateRange } from "../date-range.ts";
import { DAY, formatCompact, formatCount } from "../format.ts";
import { sentenceCase } from "../wording.ts";
import type { ChangeRow, IssueRow, IssueTrendRow } from "./issue-rows.ts";

/** How long a bucket of a timeline is. */
export type TimelineInterval = "day" | "week";

/** Shown before the first mention: what we did then may be why. */
const BEFORE = 14 * DAY;
/** Longer stretches are drawn by week unless asked otherwise. */
const LONGEST_BY_DAY = 150 * DAY;
/** With nothing newer than this all is history. */
const HISTORY_AFTER = 14 * DAY;
/** More letters than these there are not. */
const MOST_EVENTS = 26;

/** From two weeks before the first mention up to now, or to `newest` where that is long ago. ms since 1970. */
export function timelineRange(
  issue: Pick<IssueRow, "first_at">,
  newest: number,
  now: number,
  asked: TimelineInterval | undefined,
): DateRange {
  const isLive = now - newest < HISTORY_AFTER;
  const end = isLive ? now : newest;
  const first = issue.first_at === null ? end : Date.parse(issue.first_at);
  const from = Math.floor((first - BEFORE) / DAY) * DAY;
  const to = Math.ceil((end + 1) / DAY) * DAY;
  const interval = asked ?? (to - from > LONGEST_BY_DAY ? "week" : "day");
  return { name: "custom", from, to, before: null, interval, isLive };
}

/** A change with the letter it has in the chart. */
export interface MarkedChange extends ChartEvent {
  readonly change: ChangeRow;
}

/** Changes in the order of time, the latest 26 of them, each with a letter. */
export function eventsOf(changes: readonly ChangeRow[]): readonly MarkedChange[] {
  const inOrder = [...changes].sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
  return inOrder.slice(-MOST_EVENTS).map((change, index) => ({
    letter: String.fromCharCode(65 + index),
    at: Date.parse(change.at),
    label: `${sentenceCase(change.kind)}: ${change.title}`,
    change,
  }));
}

/** People, and upon them what they said beyond one mention each: a high light part means few who are loud. */
export function timelineSpec(data: TrendData<IssueTrendRow>, events: readonly ChartEvent[]): ChartSpec {
  const rows = data.rows.map((row) => ({ ...row, series: "all" }));
  const style = { isSplit: false, isOrdered: false, name: () => "", colour: () => "" };
  const grid = toGrid({ ...data, rows }, style, (row) => row.mentions);
  const cells: GridSeries<IssueTrendRow & { series: string }> = grid.series[0] ?? {
    id: "all",
    rows: [],
    isHeard: [],
  };
  const { isHeard } = cells;
  const shared = { isHeard, format: formatCount } as const;
  const series: ChartSeries[] = [
    {
      ...shared,
      id: "voices",
      label: "People",
      colour: "--volume",
      shape: "bar",
      isStacked: true,
      values: countsOf(cells, (row) => row.voices),
    },
    {
      ...shared,
      id: "further",
      label: "Further mentions of theirs",
      colour: "--neutral",
      shape: "bar",
      isStacked: true,
      values: countsOf(cells, (row) => row.mentions - row.voices),
    },
    {
      ...shared,
      id: "mentions",
      label: "Mentions in all",
      colour: "--muted",
      shape: "none",
      values: countsOf(cells, (row) => row.mentions),
    },
    {
      ...shared,
      id: "copies",
      label: "Of these repeat others",
      colour: "--muted",
      shape: "none",
      values: countsOf(cells, (row) => row.copies),
    },
  ];
  return {
    buckets: grid.buckets,
    marks: grid.marks,
    interval: data.range.interval,
    leftOut: 0,
    series,
    events,
    left: { format: formatCompact, min: 0 },
  };
}
