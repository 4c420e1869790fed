import { DateTime, IANAZone, Info } from "luxon";
import { z } from "zod";
import type { Timestamp } from "../../schemas/primitives.ts";

/** Which of the first two numbers of 03/04/2026 is the day. */
export const DateOrder = z.enum(["day_first", "month_first"]);
export type DateOrder = z.infer<typeof DateOrder>;

export interface DateOptions {
  /** Zone of dates that name none. */
  readonly timezone: string;
  readonly dateOrder: DateOrder;
  /** Luxon format; when given, no other is tried. */
  readonly dateFormat: string | null;
}

/** Reads a date as people and exporters write it; undefined when it is none, or lies outside 1970–2100. */
export type DateReader = (written: string) => Timestamp | undefined;

const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(2101, 0, 1);

/** Whether `name` is a time zone this computer knows. */
export function isTimezone(name: string): boolean {
  return name === "UTC" || IANAZone.isValidZone(name);
}

/**
 * Reads ISO 8601 with or without zone, RFC 2822, Twitter's dates, numeric dates in either order, month names in seven
 * languages, Unix seconds to nanoseconds and Excel serial numbers. A date without time is midnight in the time zone.
 */
export function dateReader(options: DateOptions): DateReader {
  const { dateFormat } = options;
  if (dateFormat !== null) {
    return (written) => {
      const read = DateTime.fromFormat(written, dateFormat, { zone: options.timezone, locale: "en" });
      return read.isValid ? toTimestamp(read.toMillis()) : undefined;
    };
  }
  const shapes = [readYearFirst, readTwitter, readNumeric, readNumber, readCompact, readWords];
  // the shapes exclude each other, so starting with the last that fitted changes the speed and never the answer
  let last = readYearFirst;
  return (written) => {
    const remembered = last(written, options);
    if (remembered !== undefined) return toTimestamp(remembered);
    for (const shape of shapes) {
      const at = shape(written, options);
      if (at === undefined) continue;
      last = shape;
      return toTimestamp(at);
    }
    return undefined;
  };
}

function toTimestamp(ms: number): Timestamp | undefined {
  return ms >= EARLIEST_MS && ms < LATEST_MS ? new Date(ms).toISOString() : undefined;
}

interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** Milliseconds since 1970 of a wall time; undefined when there is no such day or hour. */
function instant(
  wall: WallTime,
  offsetMinutes: number | undefined,
  options: DateOptions,
): number | undefined {
  const { year, month, day, hour, minute, second, ms } = wall;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const atUtc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  if (day > 28 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  if (offsetMinutes !== undefined) return atUtc - offsetMinutes * 60_000;
  if (options.timezone === "UTC") return atUtc;
  return DateTime.fromObject(
    { year, month, day, hour, minute, second: Math.min(second, 59), millisecond: ms },
    { zone: options.timezone },
  ).toMillis();
}

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?`;
const ZONE = String.raw`(?:\s*(z|[a-z]{2,5}|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?))?(?:\s*\([^)]{1,60}\))?`;

const YEAR_FIRST = new RegExp(
  String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:t|,?\s+)${TIME}${ZONE})?$`,
  "i",
);

function readYearFirst(written: string, options: DateOptions): number | undefined {
  const match = YEAR_FIRST.exec(written);
  if (match === null) return undefined;
  return fromParts(Number(match[1]), Number(match[3]), Number(match[4]), match, 5, options);
}

const TWITTER = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{2}):(\d{2}):(\d{2}) \+0000 (\d{4})$/;
const ENGLISH_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function readTwitter(written: string, options: DateOptions): number | undefined {
  const match = TWITTER.exec(written);
  if (match === null) return undefined;
  const index = ENGLISH_MONTHS.indexOf(match[1] ?? "?");
  if (index < 0 || index % 3 !== 0) return undefined;
  const [day, hour, minute, second, year] = match.slice(2).map(Number);
  if (year === undefined) return undefined;
  const wall = { year, month: index / 3 + 1, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0 };
  return instant({ ...wall, second: second ?? 0, ms: 0 }, 0, options);
}

/** Dates of three numbers whose order is the question. */
export const NUMERIC = new RegExp(
  String.raw`^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:(?:t|,?\s+(?:-\s+|at\s+|um\s+)?)${TIME}(?:\s+uhr)?${ZONE})?$`,
  "i",
);

function readNumeric(written: string, options: DateOptions): number | undefined {
  const match = NUMERIC.exec(written);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const second = Number(match[3]);
  // nobody writes the month first with dots
  const isDayFirst = match[2] === "." || options.dateOrder === "day_first";
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  return fromParts(fullYear(match[4] ?? ""), month, day, match, 5, options);
}

/** `at` is where the groups of TIME and ZONE begin. */
function fromParts(
  year: number,
  month: number,
  day: number,
  match: RegExpExecArray,
  at: number,
  options: DateOptions,
): number | undefined {
  const hour = readHour(match[at], match[at + 4]);
  if (hour === undefined) return undefined;
  const offset = readZone(match[at + 5]);
  if (offset === null) return undefined;
  const wall = {
    year,
    month,
    day,
    hour,
    minute: Number(match[at + 1] ?? 0),
    second: Number(match[at + 2] ?? 0),
    ms: Number((match[at + 3] ?? "0").padEnd(3, "0").slice(0, 3)),
  };
  return instant(wall, offset, options);
}

function readHour(hour: string | undefined, meridiem: string | undefined): number | undefined {
  const written = Number(hour ?? 0);
  if (meridiem === undefined) return written;
  if (written < 1 || written > 12) return undefined;
  return (written % 12) + (meridiem.toLowerCase() === "p" ? 12 : 0);
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length !== 2) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

/** RFC 2822's names and the two of central Europe; other abbreviations mean different things in different places. */
const ZONE_HOURS: ReadonlyMap<string, number> = new Map([
  ["z", 0],
  ["ut", 0],
  ["utc", 0],
  ["gmt", 0],
  ["est", -5],
  ["edt", -4],
  ["cst", -6],
  ["cdt", -5],
  ["mst", -7],
  ["mdt", -6],
  ["pst", -8],
  ["pdt", -7],
  ["cet", 1],
  ["cest", 2],
]);

/** Minutes east of UTC; undefined when none is named, null when the name is unknown. */
function readZone(zone: string | undefined): number | undefined | null {
  if (zone === undefined) return undefined;
  const named = ZONE_HOURS.get(zone.toLowerCase());
  if (named !== undefined) return named * 60;
  const match = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > 14 * 60) return null;
  return match[1] === "-" ? -minutes : minutes;
}

const EXCEL_EPOCH_DAY = 25_569;
const DAY_MS = 86_400_000;

/** Excel serial numbers (five digits before the point), Unix seconds, milliseconds, microseconds, nanoseconds. */
function readNumber(written: string, options: DateOptions): number | undefined {
  const match = /^(\d+)(?:[.,](\d+))?$/.exec(written);
  if (match === null) return undefined;
  const digits = match[1] ?? "";
  const number = Number(`${digits}.${match[2] ?? "0"}`);
  switch (digits.length) {
    case 5: {
      // a serial number is a wall time: rounding to seconds undoes the binary fraction
      const at = new Date(Math.round((number - EXCEL_EPOCH_DAY) * (DAY_MS / 1000)) * 1000);
      const wall = {
        year: at.getUTCFullYear(),
        month: at.getUTCMonth() + 1,
        day: at.getUTCDate(),
        hour: at.getUTCHours(),
        minute: at.getUTCMinutes(),
        second: at.getUTCSeconds(),
        ms: 0,
      };
      return instant(wall, undefined, options);
    }
    case 9:
    case 10:
      return Math.round(number * 1000);
    case 12:
    case 13:
      return Math.floor(number);
    case 15:
    case 16:
      return Math.floor(number / 1000);
    case 18:
    case 19:
      return Math.floor(number / 1_000_000);
    default:
      return undefined;
  }
}

const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})(z|[+-]\d{2}:?\d{2})?)?$/i;

function readCompact(written: string, options: DateOptions): number | undefined {
  const match = COMPACT.exec(written);
  if (match === null) return undefined;
  const offset = readZone(match[7]);
  if (offset === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const wall = { year, month, day, hour: Number(match[4] ?? 0), minute: Number(match[5] ?? 0) };
  return instant({ ...wall, second: Number(match[6] ?? 0), ms: 0 }, offset, options);
}

const LOCALES = ["en", "de", "fr", "es", "it", "pt", "nl"];
const FILLERS = new Set(
  "of the at um a as le la el il den am de del du em alle om uhr kl th st nd rd er".split(" "),
);

let words: { months: ReadonlyMap<string, number>; weekdays: ReadonlySet<string> } | undefined;

function calendarWords() {
  if (words !== undefined) return words;
  const months = new Map<string, number>([["sept", 9]]);
  const weekdays = new Set<string>();
  for (const locale of LOCALES) {
    for (const length of ["long", "short"] as const) {
      for (const list of [Info.months(length, { locale }), Info.monthsFormat(length, { locale })]) {
        list.forEach((name, index) => months.set(plainWord(name), index + 1));
      }
      for (const name of Info.weekdays(length, { locale })) {
        for (const part of name.split("-")) weekdays.add(plainWord(part));
      }
    }
  }
  words = { months, weekdays };
  return words;
}

function plainWord(word: string): string {
  return word.normalize("NFD").replace(/\P{L}/gu, "").toLowerCase();
}

const CLOCK = new RegExp(String.raw`(?:^|[\s,t])${TIME}${ZONE}(?=$|[\s,])`, "i");

/** Dates with a month's name: `Feb 24, 2015 11:35 PM`, `24 février 2015`, `31-Jul-18`, RFC 2822. */
function readWords(written: string, options: DateOptions): number | undefined {
  if (written.length > 100 || !/\p{L}{3}/u.test(written)) return undefined;
  const clock = CLOCK.exec(written);
  const rest = clock === null ? written : written.replace(clock[0], " ");
  const names = (rest.match(/\p{L}+/gu) ?? []).map(plainWord);
  const month = findMonth(names);
  const numbers = rest.match(/\d+/g) ?? [];
  if (month === undefined || numbers.length !== 2) return undefined;
  const [first = "", second = ""] = numbers;
  const [year, day] = first.length === 4 ? [first, second] : [second, first];
  if ((year.length !== 4 && year.length !== 2) || day.length > 2) return undefined;
  if (clock !== null) return fromParts(fullYear(year), month, Number(day), clock, 1, options);
  const wall = { year: fullYear(year), month, day: Number(day), hour: 0, minute: 0, second: 0, ms: 0 };
  return instant(wall, undefined, options);
}

/** The one month named; undefined when there is none, or a word that belongs in no date. */
function findMonth(names: readonly string[]): number | undefined {
  const { months, weekdays } = calendarWords();
  const named = names.filter((name) => months.has(name));
  // "mar" is March, and Tuesday in French and Spanish: before another month it is the weekday
  const month = named.at(-1);
  if (month === undefined || named.slice(0, -1).some((name) => !weekdays.has(name))) return undefined;
  if (!names.every((name) => months.has(name) || weekdays.has(name) || FILLERS.has(name))) return undefined;
  return months.get(month);
}
