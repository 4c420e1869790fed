const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `12,345`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** `12.3K`, for axes and counters where room is short. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 1_000 ? String(Math.round(value * 10) / 10) : compact.format(value);
}

/** `1 person`, `14 people`. */
export function formatPeople(count: number): string {
  return count === 1 ? "1 person" : `${formatCount(count)} people`;
}

/** `1 mention`, `14 mentions`. */
export function formatMany(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** A rate with two digits that count: `1.3`, `0.079`, `170`. */
export function formatRate(rate: number): string {
  return twoDigits.format(rate);
}

/** A share 0..1 as `18.4%`; whole above 99.95 and at 0. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return percent === 0 || percent === 100 ? `${percent}%` : `${percent.toFixed(1)}%`;
}

/** `+12`, `−4`, `0`: a signed number with a real minus. */
export function formatSigned(value: number, digits = 0): string {
  const rounded = Number(value.toFixed(digits));
  const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "";
  return `${sign}${Math.abs(rounded).toFixed(digits)}`;
}

/** `2 Mar 2026`, UTC. */
export function formatDay(at: number): string {
  return inUtc(at, { day: "numeric", month: "short", year: "numeric" });
}

/** `2 Mar 2026, 10:05 UTC`. */
export function formatMoment(at: number): string {
  return `${formatDay(at)}, ${formatClock(at)} UTC`;
}

/** `10:05`, UTC; with seconds `10:05:09`. */
export function formatClock(at: number, hasSeconds = false): string {
  return new Date(at).toISOString().slice(11, hasSeconds ? 19 : 16);
}

/** The stretch one bucket stands for, `2 Mar 2026, 10:00–11:00 UTC` or `2–8 Mar 2026`. */
export function formatBucket(start: number, interval: "hour" | "day" | "week"): string {
  if (interval === "hour")
    return `${formatDay(start)}, ${formatClock(start)}–${formatClock(start + HOUR)} UTC`;
  const weekday = inUtc(start, { weekday: "short" });
  return interval === "day" ? `${weekday} ${formatDay(start)}` : formatDays(start, start + 7 * DAY);
}

/** The days from `from` up to but not including `to`: `26 Jan – 24 Feb 2015`. */
export function formatDays(from: number, to: number): string {
  const last = to - 1;
  const isOneYear = new Date(from).getUTCFullYear() === new Date(last).getUTCFullYear();
  const first = isOneYear ? inUtc(from, { day: "numeric", month: "short" }) : formatDay(from);
  return formatDay(from) === formatDay(last) ? formatDay(from) : `${first} – ${formatDay(last)}`;
}

/** Label of a bucket on the axis: short, and with the year only where the axis spans several. */
export function formatTick(at: number, interval: "hour" | "day" | "week", spansYears: boolean): string {
  if (interval === "hour" && new Date(at).getUTCHours() !== 0) return formatClock(at);
  if (spansYears) return inUtc(at, { month: "short", year: "numeric" });
  return inUtc(at, { day: "numeric", month: "short" });
}

/** `3 hours ago`, seen from `now`. */
export function formatAgo(at: number, now: number): string {
  const ago = Math.max(0, now - at);
  if (ago < MINUTE) return "just now";
  if (ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), "minute");
  if (ago < DAY) return relative.format(-Math.floor(ago / HOUR), "hour");
  if (ago < 45 * DAY) return relative.format(-Math.floor(ago / DAY), "day");
  if (ago < 365 * DAY) return relative.format(-Math.floor(ago / (30.44 * DAY)), "month");
  return relative.format(-Math.floor(ago / (365.25 * DAY)), "year");
}

/** `in 3 hours`, seen from `now`. */
export function formatAhead(at: number, now: number): string {
  const ahead = Math.max(0, at - now);
  if (ahead < HOUR) return relative.format(Math.max(1, Math.ceil(ahead / MINUTE)), "minute");
  if (ahead < DAY) return relative.format(Math.round(ahead / HOUR), "hour");
  return relative.format(Math.round(ahead / DAY), "day");
}

/** A length of time in its largest unit: `3 hours`, `1 minute`. */
export function formatLength(ms: number): string {
  const [size, unit] = ms < HOUR ? [MINUTE, "minute"] : ms < 2 * DAY ? [HOUR, "hour"] : [DAY, "day"];
  const count = Math.max(1, Math.round(ms / size));
  return `${formatCount(count)} ${unit}${count === 1 ? "" : "s"}`;
}

/** `$0.25`; sums below a cent as `<$0.01`. */
export function formatUsd(usd: number): string {
  if (usd === 0) return "$0";
  return usd < 0.01 ? "<$0.01" : dollars.format(usd);
}

function inUtc(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(at);
}
