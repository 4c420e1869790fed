const WALL_CLOCK = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
});

/** When the next day begins in California, where YouTube's quota begins anew; right on days that are 23 or 25 hours long. */
export function nextMidnightPacific(now: Date): Date {
  const { year, month, day } = wallClock(now);
  const midnight = Date.UTC(year, month - 1, day + 1);
  const guess = new Date(midnight - offsetAt(now));
  return new Date(midnight - offsetAt(guess));
}

/** How far the clocks there are ahead of UTC, in ms. */
function offsetAt(at: Date): number {
  const { year, month, day, hour, minute, second } = wallClock(at);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at.getTime() / 1_000) * 1_000;
}

function wallClock(at: Date) {
  const parts = new Map(WALL_CLOCK.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}
