import { dateReader, NUMERIC, type DateOrder } from "./dates.ts";

/** The order chosen for a file's numeric dates, and why, for a person to confirm. */
export interface DateOrderChoice {
  readonly dateOrder: DateOrder;
  /** False when both orders were possible and one was assumed. */
  readonly isDecided: boolean;
  readonly reason: string;
}

/**
 * Decides once for a file whether its numeric dates have the day or the month first; undefined when it has none.
 * `values` are dates in the order of the file.
 */
export function decideDateOrder(values: readonly string[], timezone: string): DateOrderChoice | undefined {
  const pairs: [number, number][] = [];
  for (const value of values) {
    const match = NUMERIC.exec(value);
    if (match !== null && match[2] !== ".") pairs.push([Number(match[1]), Number(match[3])]);
  }
  if (pairs.length === 0) return undefined;
  const firstAbove = pairs.filter(([first]) => first > 12).length;
  const secondAbove = pairs.filter(([, second]) => second > 12).length;
  if (firstAbove > secondAbove) {
    return { dateOrder: "day_first", isDecided: true, reason: "the first number goes above 12" };
  }
  if (secondAbove > firstAbove) {
    return { dateOrder: "month_first", isDecided: true, reason: "the second number goes above 12" };
  }
  const dayFirst = countTurns(values, "day_first");
  const monthFirst = countTurns(values, "month_first");
  if (pairs.length > 4 && Math.min(dayFirst, monthFirst) === 0 && dayFirst !== monthFirst) {
    const dateOrder = dayFirst === 0 ? "day_first" : "month_first";
    return { dateOrder, isDecided: true, reason: "only in this order are the rows sorted by time" };
  }
  const isAmerican = values.some((value) => /[ap]\.?m\.?$/i.test(value)) || timezone.startsWith("America/");
  return {
    dateOrder: isAmerican ? "month_first" : "day_first",
    isDecided: false,
    reason: "no number goes above 12, so both orders are possible; say --date-order if this one is wrong",
  };
}

/** How often the times turn from rising to falling or back. */
function countTurns(values: readonly string[], dateOrder: DateOrder): number {
  const read = dateReader({ timezone: "UTC", dateOrder, dateFormat: null });
  let turns = 0;
  let direction = 0;
  let before: string | undefined;
  for (const value of values) {
    const at = read(value);
    if (at === undefined) continue;
    const step = before === undefined || at === before ? 0 : at > before ? 1 : -1;
    if (step !== 0 && direction !== 0 && step !== direction) turns++;
    if (step !== 0) direction = step;
    before = at;
  }
  return turns;
}
