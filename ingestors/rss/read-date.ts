import type { Timestamp } from "../../schemas/primitives.ts";

/** Hours east of Greenwich of the zone names feeds use; RFC 822 knows the American ones and UT, the rest is practice. */
const ZONE_HOURS: Readonly<Record<string, number>> = {
  ...{ UT: 0, UTC: 0, GMT: 0, Z: 0, WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3, MSK: 3 },
  ...{ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10 },
  ...{ IST: 5.5, HKT: 8, SGT: 8, JST: 9, KST: 9, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
};

/** Languages whose month names feeds put into RFC 822 dates although they must not. */
const MONTH_LANGUAGES = ["en", "de", "es", "fr", "it", "pt", "nl", "sv", "da", "pl", "ru", "tr"];
/** Made when the first date is read: it takes a twentieth of a second. */
let months: ReadonlyMap<string, number> | undefined;

const ISO =
  /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?(?: [A-Z]{3,4})?$/i;
const DAY_FIRST = /(?<![\d:])(\d{1,2})[ .-]+(?:de )?([\p{L}]{3,})\.?[ ,-]+(?:de )?(\d{4}|\d{2})(?!\d)/u;
const MONTH_FIRST = /([\p{L}]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (?:.* )?(\d{4})(?!\d)/u;
const CLOCK = /(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AP]M)?/i;
const OFFSET = /([+-]\d{2}):?(\d{2})/;
const ZONE_NAME = /\b[A-Z]{1,4}\b/;

/**
 * The instant a date of a feed means: RFC 822 and 2822, RFC 3339 and its shortened forms, and how both are commonly
 * misspelt (no zone = UTC, no seconds, two-digit years, month names of other languages, `Jan 3, 2026 1:47 PM EST`).
 * Undefined for anything else; days written with numbers only, other than year first, are ambiguous and not guessed.
 * @see https://www.rfc-editor.org/rfc/rfc2822#section-3.3 https://www.w3.org/TR/NOTE-datetime
 */
export function readDate(written: string): Timestamp | undefined {
  const text = written.slice(0, 100).replace(/\s+/g, " ").trim();
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [
      ,
      year,
      month = "1",
      day = "1",
      hour = "0",
      minute = "0",
      second = "0",
      fraction = "0",
      zone = "",
    ] = iso;
    const ms = Math.trunc(Number(`0.${fraction}`) * 1000);
    return instant(
      Number(year),
      Number(month),
      Number(day),
      [Number(hour), Number(minute), Number(second), ms],
      zone,
    );
  }
  const dayFirst = DAY_FIRST.exec(text);
  const monthFirst = dayFirst === null ? MONTH_FIRST.exec(text) : null;
  const [day, name, year] =
    dayFirst !== null
      ? [dayFirst[1], dayFirst[2], dayFirst[3]]
      : [monthFirst?.[2], monthFirst?.[1], monthFirst?.[3]];
  months ??= monthNumbers();
  const month = months.get(monthKey(name ?? ""));
  if (month === undefined) return undefined;
  const clock = CLOCK.exec(text);
  const zone = clock === null ? "" : text.slice(clock.index + clock[0].length);
  return instant(fullYear(year ?? ""), month, Number(day), timeOfDay(clock), zone);
}

/** RFC 2822: two digits below 50 are of this century. */
function fullYear(year: string): number {
  if (year.length !== 2) return Number(year);
  return Number(year) + (Number(year) < 50 ? 2000 : 1900);
}

function timeOfDay(clock: RegExpExecArray | null): [number, number, number, number] {
  const [, hour = "0", minute = "0", second = "0", half = ""] = clock ?? [];
  const isAfternoon = /pm/i.test(half);
  const hours = half === "" ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  return [hours, Number(minute), Number(second), 0];
}

function instant(
  year: number,
  month: number,
  day: number,
  [hour, minute, second, ms]: readonly [number, number, number, number],
  zone: string,
): Timestamp | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), ms));
  // The 31st of February must not become the 3rd of March.
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > daysInMonth || year < 1000) return undefined;
  return new Date(local.getTime() - offsetMs(zone)).toISOString();
}

function offsetMs(zone: string): number {
  const [, hours, minutes] = OFFSET.exec(zone) ?? [];
  if (hours !== undefined) {
    const sign = hours.startsWith("-") ? -1 : 1;
    return (Number(hours) * 60 + sign * Number(minutes)) * 60_000;
  }
  return (ZONE_HOURS[ZONE_NAME.exec(zone.toUpperCase())?.[0] ?? ""] ?? 0) * 3_600_000;
}

/** The first letters of every month in every language that tell it from the others. */
function monthNumbers(): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const language of MONTH_LANGUAGES) {
    for (const width of ["long", "short"] as const) {
      const format = new Intl.DateTimeFormat(language, { day: "numeric", month: width, timeZone: "UTC" });
      for (let month = 1; month <= 12; month++) {
        const parts = format.formatToParts(new Date(Date.UTC(2026, month - 1, 1)));
        const name = monthKey(parts.find(({ type }) => type === "month")?.value ?? "");
        if (name.length >= 3 && !numbers.has(name)) numbers.set(name, month);
      }
    }
  }
  return numbers;
}

function monthKey(name: string): string {
  return name
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^\p{L}]/gu, "");
}
