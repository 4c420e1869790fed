import type { Mention } from "../schemas/mention.ts";

/** The rating as a share of the best there is, 0.2 for one star of five; undefined when there is none on a known scale. */
export function starShare({ rating, ratingMax }: Pick<Mention, "rating" | "ratingMax">): number | undefined {
  if (rating === null || ratingMax === null || !(ratingMax > 0) || !Number.isFinite(rating)) return undefined;
  return rating / ratingMax;
}

/** Up to so many stars are a complaint by themselves: two of five. */
export const LOW_SHARE = 0.4;
/** From so many stars on a text says what was good: four of five. */
export const HIGH_SHARE = 0.8;
