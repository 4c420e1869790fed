import type { RepetitionWords } from "../lexicons/repetition-cues.ts";
import type { Token } from "../read-text.ts";

const DAY_MS = 86_400_000;

/** Words that may stand before a date or within it. */
export const BEFORE_DATE = new Set(
  "the on at last el la le den dem der am l' o a past about around early late of de du del di".split(" "),
);

const YEAR = /^(\d{4})$/;

/** A date as it is named, and how many days before the mention it was. */
export interface NamedDate {
  /** Undefined where it takes to know when the mention was written, and that is not known. */
  readonly days: number | undefined;
  /** Its last token. */
  readonly to: number;
}

/** The date named at a token; of several such dates the last before the mention. */
export function dateAt(
  tokens: readonly Token[],
  words: RepetitionWords,
  at: number,
  publishedAt: string,
): NamedDate | undefined {
  const named = words.times.get(tokens[at]?.text ?? "");
  if (named !== undefined) return { days: named, to: at };
  const published = Math.floor(Date.parse(publishedAt) / DAY_MS);
  if (Number.isFinite(published)) return daysSinceDate(tokens, words, at, published);
  const found = daysSinceDate(tokens, words, at, AFTER_ALL_DATES);
  return found && { days: undefined, to: found.to };
}

const AFTER_ALL_DATES = Date.UTC(2201, 0, 1) / DAY_MS;

function daysSinceDate(
  tokens: readonly Token[],
  words: RepetitionWords,
  at: number,
  published: number,
): { days: number; to: number } | undefined {
  const first = tokens[at];
  if (first === undefined) return undefined;
  const second = tokens[at + 1];
  const weekday = words.weekdays.get(first.text);
  if (weekday !== undefined && !words.months.has(second?.text ?? "")) {
    // 1970-01-01 was a Thursday
    const days = (published + 4 - weekday) % 7;
    return { days: days === 0 ? 7 : days, to: at };
  }
  const month = words.months.get(first.text);
  if (month !== undefined) return sinceMonth(tokens, at, month, published);
  const numbers = numbersAt(tokens, at);
  if (numbers.parts.length > 1) return sinceNumbers(numbers, words.isDayFirst, published);
  const day = dayOf(first);
  if (day === undefined) return sinceYear(first, published, at);
  const monthAt = BEFORE_DATE.has(second?.text ?? "") ? at + 2 : at + 1;
  const monthAfter = words.months.get(tokens[monthAt]?.text ?? "");
  if (monthAfter !== undefined)
    return dated(yearAt(tokens, monthAt + 1), monthAfter, day, published, monthAt);
  // "the 5th" is a day of this month or of the last
  return /\d(?:st|nd|rd|th)$/.test(first.text) ? sinceDay(day, published, at) : undefined;
}

function dayOf({ kind, text }: Token): number | undefined {
  const [, digits] = /^(\d{1,2})(?:st|nd|rd|th|er|º)?$/.exec(kind === "number" ? text : "") ?? [];
  const day = Number(digits);
  return day >= 1 && day <= 31 ? day : undefined;
}

function yearAt(tokens: readonly Token[], at: number): { year: number; at: number } | undefined {
  const index = tokens[at]?.text === "," ? at + 1 : at;
  const [, digits] = YEAR.exec(tokens[index]?.text ?? "") ?? [];
  const year = Number(digits);
  return year >= 1970 && year <= 2200 ? { year, at: index } : undefined;
}

/** "March", "March 3rd", "March 2025", "March 3, 2025". */
function sinceMonth(tokens: readonly Token[], at: number, month: number, published: number) {
  const after = tokens[at + 1];
  const day = after === undefined ? undefined : dayOf(after);
  const dayAt = day === undefined ? at : at + 1;
  return dated(yearAt(tokens, dayAt + 1), month, day ?? 1, published, dayAt);
}

function dated(
  named: { year: number; at: number } | undefined,
  month: number,
  day: number,
  published: number,
  to: number,
): { days: number; to: number } | undefined {
  const daysFrom = (year: number) => published - Date.UTC(year, month, day) / DAY_MS;
  if (named !== undefined) {
    const days = daysFrom(named.year);
    return days < 0 ? undefined : { days, to: named.at };
  }
  const year = new Date(published * DAY_MS).getUTCFullYear();
  const thisYear = daysFrom(year);
  // where they write it may be a day later than in UTC
  return { days: thisYear >= -1 ? Math.max(0, thisYear) : daysFrom(year - 1), to };
}

/** A bare year. */
function sinceYear({ text }: Token, published: number, at: number) {
  const [, digits] = YEAR.exec(text) ?? [];
  const year = Number(digits);
  if (!(year >= 1970 && year <= 2200)) return undefined;
  const days = published - Date.UTC(year, 0, 1) / DAY_MS;
  return days < 0 ? undefined : { days, to: at };
}

/** A date in numbers: its parts as they stand; `to` is its last token. */
interface Numbers {
  readonly parts: readonly string[];
  readonly isDotted: boolean;
  readonly to: number;
}

const DOTTED = /^\d{1,2}\.\d{1,2}(?:\.\d{2,4})?$/;

/** "3/14", "14.03.2026", "2026-03-14": up to three numbers that touch. */
function numbersAt(tokens: readonly Token[], at: number): Numbers {
  const text = tokens[at]?.text ?? "";
  if (DOTTED.test(text)) return { parts: text.split("."), isDotted: true, to: at };
  const parts = [text];
  let to = at;
  while (parts.length < 3) {
    const separator = tokens[to + 1];
    const next = tokens[to + 2];
    if (separator?.text !== "/" && separator?.text !== "-") break;
    if (next === undefined || !/^\d{1,4}$/.test(next.text) || tokens[to]?.end !== separator.start) break;
    parts.push(next.text);
    to += 2;
  }
  return { parts, isDotted: false, to };
}

/** In English "3/14" and "14/3" are told apart by the number above twelve, and "3/4" not at all; elsewhere the day leads. */
function sinceNumbers({ parts, isDotted, to }: Numbers, isDayFirst: boolean, published: number) {
  const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = parts.map(Number);
  if (YEAR.test(parts[0] ?? "")) {
    const day = parts.length < 3 ? 1 : third;
    return isDate(second, day) ? dated({ year: first, at: to }, second - 1, day, published, to) : undefined;
  }
  // "since 2.5" is a version
  if (isDotted && !isDayFirst && parts.length < 3) return undefined;
  const year = Number.isNaN(third) ? undefined : { year: third < 100 ? 2_000 + third : third, at: to };
  const leadsWithDay = isDayFirst || isDotted || first > 12 || first === second;
  if (leadsWithDay) return isDate(second, first) ? dated(year, second - 1, first, published, to) : undefined;
  return second > 12 && isDate(first, second) ? dated(year, first - 1, second, published, to) : undefined;
}

function isDate(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function sinceDay(day: number, published: number, at: number) {
  const date = new Date(published * DAY_MS);
  const today = date.getUTCDate();
  const daysOfLastMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).getUTCDate();
  return { days: day <= today ? today - day : today + daysOfLastMonth - day, to: at };
}
