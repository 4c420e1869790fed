import type { RepetitionWords } from "../lexicons/repetition-cues.ts";
import type { Token } from "../read-text.ts";

const DAY_MS = 86_400_000;

/** Words that may stand before a date or within it. */
export const BEFORE_DATE = new Set(
  "the on at last el la le den dem der am l' o a past about around early late of de du del di".split(" "),
);

const ISO_DATE = /^(\d{4})$/;

/** Days from a date named at a token to the mention; of several such dates the last before it. `to` is its last token. */
export function daysSinceDate(
  tokens: readonly Token[],
  words: RepetitionWords,
  at: number,
  publishedAt: string,
): { days: number; to: number } | undefined {
  const published = Math.floor(Date.parse(publishedAt) / DAY_MS);
  const first = tokens[at];
  if (first === undefined || !Number.isFinite(published)) return undefined;
  const second = tokens[at + 1];
  const weekday = words.weekdays.get(first.text);
  if (weekday !== undefined && !words.months.has(second?.text ?? "")) {
    // 1970-01-01 was a Thursday
    const days = (published + 4 - weekday) % 7;
    return { days: days === 0 ? 7 : days, to: at };
  }
  const named = words.times.get(first.text);
  if (named !== undefined) return { days: named, to: at };
  const month = words.months.get(first.text);
  if (month !== undefined) return sinceMonth(tokens, at, month, published);
  const day = dayOf(first);
  if (day === undefined) return sinceNumbers(first, published, at);
  const monthAt = BEFORE_DATE.has(second?.text ?? "") ? at + 2 : at + 1;
  const monthAfter = words.months.get(tokens[monthAt]?.text ?? "");
  if (monthAfter !== undefined)
    return dated(yearAt(tokens, monthAt + 1), monthAfter, day, published, monthAt);
  if (second?.text === "/" || second?.text === "-" || second?.text === ".") {
    return sinceSlashes(tokens, at, day, published);
  }
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
  const [, digits] = ISO_DATE.exec(tokens[index]?.text ?? "") ?? [];
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
  return { days: thisYear >= 0 ? thisYear : daysFrom(year - 1), to };
}

/** A bare year. */
function sinceNumbers({ text }: Token, published: number, at: number) {
  const [, digits] = ISO_DATE.exec(text) ?? [];
  const year = Number(digits);
  if (!(year >= 1970 && year <= 2200)) return undefined;
  const days = published - Date.UTC(year, 0, 1) / DAY_MS;
  return days < 0 ? undefined : { days, to: at };
}

/** "3/14" and "14/3" are told apart by the number above twelve; "3/4" is not. */
function sinceSlashes(tokens: readonly Token[], at: number, first: number, published: number) {
  const other = tokens[at + 2];
  const second = other === undefined ? undefined : dayOf(other);
  if (second === undefined) return undefined;
  if (first > 12 && second <= 12) return dated(undefined, second - 1, first, published, at + 2);
  if (second > 12 && first <= 12) return dated(undefined, first - 1, second, published, at + 2);
  return first === second ? dated(undefined, first - 1, second, published, at + 2) : undefined;
}

function sinceDay(day: number, published: number, at: number) {
  const today = new Date(published * DAY_MS).getUTCDate();
  const daysOfLastMonth = new Date(
    Date.UTC(new Date(published * DAY_MS).getUTCFullYear(), new Date(published * DAY_MS).getUTCMonth(), 0),
  ).getUTCDate();
  return { days: day <= today ? today - day : today + daysOfLastMonth - day, to: at };
}
