import type { Comparison } from "./compare-windows.ts";
import { powerOf } from "./rate-ratio.ts";

/** Any verdict needs a week: no weekday alone. */
export const SHORTEST_AFTER_DAYS = 7;
/** The fall that a verdict has to be able to see, as what is left, and how surely. */
export const HALF = 0.5;
const POWER = 0.9;
const LONGEST_WAIT_DAYS = 365;

/** How many more heard days a verdict needs; null: no number of days would do. */
export interface DaysLeft {
  readonly moreDays: number | null;
  /** There is enough to see a fall by half: what was seen lies between that and none. */
  readonly isBetween: boolean;
}

/**
 * Counts the heard days that are still needed for a fall by half to show in 9 of 10 cases, at the pace and the spread seen;
 * where there are as many already, those needed to tell what was seen from the further of a half and none.
 */
export function daysLeft(comparison: Comparison): DaysLeft {
  const { daysAfter, ratio } = comparison;
  const left = (days: number | null) => (days === null ? null : Math.max(1, Math.ceil(days - daysAfter)));
  const needed = daysNeeded(comparison, HALF, 1);
  if (needed === null || daysAfter < needed) return { moreDays: left(needed), isBetween: false };
  const further = ratio < Math.SQRT1_2 ? 1 : HALF;
  return { moreDays: left(daysNeeded(comparison, ratio, further)), isBetween: true };
}

/** Heard days after a fix until one ratio shows beside another in 9 of 10 cases; null: never. */
function daysNeeded(comparison: Comparison, truth: number, against: number): number | null {
  const { expected, daysAfter, daysBefore, peopleBefore, perDay, fixed } = comparison;
  if (peopleBefore === 0) return null;
  const pace = daysAfter >= 1 ? expected.mean / daysAfter : peopleBefore / Math.max(1, daysBefore);
  for (
    let days = SHORTEST_AFTER_DAYS;
    days <= LONGEST_WAIT_DAYS;
    days += Math.max(1, Math.floor(days / 20))
  ) {
    const then = { mean: pace * days, spread: fixed + perDay / days };
    if (powerOf(then, truth, against) >= POWER) return days;
  }
  return null;
}
