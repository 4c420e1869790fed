import type { Hours } from "../routes.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const MORNING: Omit<Hours, "timezone"> = { days: [...DAYS], from: "09:00", to: "09:01" };
/** A week has fewer openings than this, clocks that are set included. */
const MOST_JUMPS = 40;

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Whether somebody is there at a time, in ms. Hours that end before they begin last over midnight. */
export function isWithin(hours: Hours, at: number): boolean {
  const { day, minute } = localTime(hours.timezone, at);
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  const isOn = (index: number) => hours.days.some((name) => name === DAYS[(index + 7) % 7]);
  if (from < to) return isOn(day) && minute >= from && minute < to;
  return (isOn(day) && minute >= from) || (isOn(day - 1) && minute < to);
}

/** The first time, not before `at`, when somebody is there, in ms; a day on which clocks are set may be an hour off. */
export function nextWithin(hours: Hours, at: number): number {
  const from = minutesOf(hours.from);
  let next = at;
  for (let jumps = 0; jumps < MOST_JUMPS && !isWithin(hours, next); jumps++) {
    const { minute } = localTime(hours.timezone, next);
    const start = Math.floor(next / MINUTE) * MINUTE;
    next = start + (minute < from ? from - minute : DAY_MINUTES - minute) * MINUTE;
  }
  return next;
}

/** Nine o'clock in the morning after `at`, in a zone, in ms. */
export function nextMorning(timezone: string, at: number): number {
  const morning = { ...MORNING, timezone };
  return nextWithin(morning, isWithin(morning, at) ? at + MINUTE : at);
}

function localTime(timezone: string, at: number): { readonly day: number; readonly minute: number } {
  const parts = new Map(
    clockOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = DAYS.findIndex((name) => name === parts.get("weekday")?.toLowerCase());
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}

function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known !== undefined) return known;
  const shape = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat("en-US", { ...shape, timeZone: timezone });
  } catch {
    // people are rather told at the wrong hour than never
    clock = new Intl.DateTimeFormat("en-US", { ...shape, timeZone: "UTC" });
  }
  clocks.set(timezone, clock);
  return clock;
}

function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}
