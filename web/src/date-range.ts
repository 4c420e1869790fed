import { DAY, HOUR } from "./format.ts";
import type { Interval, RangeName, ViewState } from "./view-state.ts";

/** Everything the store holds, in time and number. `last` is the newest mention or the last poll. Milliseconds since 1970. */
export interface Extent {
  readonly first: number;
  readonly last: number;
  readonly mentions: number;
}

/** A resolved range: `from` inclusive, `to` exclusive, ms since 1970. */
export interface DateRange {
  readonly name: RangeName;
  readonly from: number;
  readonly to: number;
  /** The period of equal length before it, as far as this one has passed. Null where nothing could be before. */
  readonly before: { readonly from: number; readonly to: number } | null;
  readonly interval: Interval;
  /** False when the newest mention and the last poll are so old that ranges end at them instead of now. */
  readonly isLive: boolean;
}

/** Data older than this is history: ranges end at its newest mention. */
const HISTORY_AFTER = 14 * DAY;
/** With fewer mentions than this in an average month, thirty days would look empty. */
const FEW_A_MONTH = 30;
/** Younger data has nothing before the last thirty days to compare them with: all of it is shown. */
const YOUNG = 60 * DAY;
const MAX_BUCKETS = 1_500;

const LENGTHS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY } as const;
export const INTERVAL_MS: Readonly<Record<Interval, number>> = { hour: HOUR, day: DAY, week: 7 * DAY };

/** The range a view asks for, fitted to the data: the default and the relative ranges follow the newest mention. */
export function resolveRange(view: ViewState, extent: Extent, now: number): DateRange {
  const isLive = now - extent.last < HISTORY_AFTER;
  const anchor = isLive ? now : extent.last + 1;
  const name = chooseName(view, extent);
  const { from, to } = stretch(name, view, extent, anchor);
  const passed = Math.min(to, now) - from;
  const hasBefore = name !== "all" && passed > 0;
  return {
    name,
    from,
    to,
    before: hasBefore ? { from: from - passed, to: from } : null,
    interval: chooseInterval(view.interval, Math.min(to, extent.last) - Math.max(from, extent.first)),
    isLive,
  };
}

/** Whether a span can be shown in this interval without drowning in buckets. */
export function fitsInterval(interval: Interval, span: number): boolean {
  return span / INTERVAL_MS[interval] <= MAX_BUCKETS;
}

/**
 * Starts of all buckets of a range, clipped to the stretch data exists for: outside it silence means "not heard yet",
 * not zero. `aligned` is a bucket the store gave, which tells where its weeks begin.
 */
export function bucketsOf(range: DateRange, extent: Extent, aligned: number | undefined): number[] {
  const step = INTERVAL_MS[range.interval];
  const monday = 4 * DAY;
  const phase = (aligned ?? (range.interval === "week" ? monday : 0)) % step;
  const floor = (at: number): number => Math.floor((at - phase) / step) * step + phase;
  const buckets: number[] = [];
  const end = Math.min(range.to - 1, extent.last);
  for (let at = floor(Math.max(range.from, extent.first)); at <= end; at += step) buckets.push(at);
  return buckets;
}

function chooseName(view: ViewState, extent: Extent): RangeName {
  if (view.range === "custom" && view.from === "" && view.to === "") return "30d";
  if (view.range !== "") return view.range;
  const span = extent.last - extent.first;
  const perMonth = extent.mentions / Math.max(1, span / (30 * DAY));
  return span < YOUNG || perMonth < FEW_A_MONTH ? "all" : "30d";
}

function stretch(
  name: RangeName,
  view: ViewState,
  extent: Extent,
  anchor: number,
): { from: number; to: number } {
  const first = floorTo(DAY, extent.first);
  if (name === "all") return { from: first, to: ceilTo(DAY, extent.last + 1) };
  if (name === "custom") {
    const from = view.from === "" ? first : Date.parse(view.from);
    const to = (view.to === "" ? floorTo(DAY, anchor) : Date.parse(view.to)) + DAY;
    return to > from ? { from, to } : { from: to - DAY, to: from + DAY };
  }
  const to = ceilTo(name === "24h" ? HOUR : DAY, anchor);
  return { from: to - LENGTHS[name], to };
}

function chooseInterval(asked: Interval | "", span: number): Interval {
  if (asked !== "" && fitsInterval(asked, span)) return asked;
  if (span <= 3 * DAY) return "hour";
  return span <= 120 * DAY ? "day" : "week";
}

function floorTo(step: number, at: number): number {
  return Math.floor(at / step) * step;
}

function ceilTo(step: number, at: number): number {
  return Math.ceil(at / step) * step;
}
