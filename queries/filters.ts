import { z } from "zod";
import type { Statement } from "../core/contracts.ts";
import { toColumnTime } from "../schemas/rows.ts";
import { Instant, SlugList, TextList, wholeNumber } from "./values.ts";

/** Parameters every question about mentions accepts; an absent or empty one does not narrow. */
export const filterParams = {
  from: Instant.optional().describe("Published at or after this time."),
  to: Instant.optional().describe("Published before this time."),
  tracker: SlugList.optional().describe("Belongs to any of these trackers."),
  platform: SlugList.optional().describe("Said on any of these platforms."),
  language: TextList.optional().describe("Detected in any of these languages, ISO 639-1 or `und`."),
  source: TextList.optional().describe("Brought by any of these sources."),
  rating_min: wholeNumber(0, 5).optional().describe("At least this many stars; every scale is read as 0..5."),
  rating_max: wholeNumber(0, 5).optional().describe("At most this many stars; every scale is read as 0..5."),
  by_us: z
    .enum(["exclude", "include", "only"])
    .default("exclude")
    .describe("What to do with what our own accounts wrote."),
  spam: z
    .enum(["exclude", "include", "only"])
    .default("exclude")
    .describe("What to do with what is likely no customer's voice: promotions, bots, link bait."),
};

/** The accepted values of {@link filterParams}. */
export type Filters = z.infer<z.ZodObject<typeof filterParams>>;

/** Conditions on one row of `mentions`, all of which must hold, with the values of their placeholders. */
export interface Conditions {
  readonly all: readonly string[];
  readonly params: Statement["params"];
}

/** Whole stars 0..5 of a rating on any scale, halves up; NULL without a rating. */
export const STARS = "floor(rating * 5 / rating_max + 0.5)";

/** The conditions the shared filters stand for. */
export function filterConditions(filters: Filters): Conditions {
  const all: string[] = [];
  const params: Record<string, unknown> = {};
  const add = (name: string, condition: string, value: unknown) => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
    all.push(condition);
    params[name] = value;
  };
  const { from, to } = filters;
  add("from", "published_at >= {from:DateTime64(3, 'UTC')}", from && toColumnTime(from));
  add("to", "published_at < {to:DateTime64(3, 'UTC')}", to && toColumnTime(to));
  add("tracker", "hasAny(trackers, {tracker:Array(String)})", filters.tracker);
  add("platform", "platform IN {platform:Array(String)}", filters.platform);
  add("language", "language IN {language:Array(String)}", filters.language);
  add("source", "source IN {source:Array(String)}", filters.source);
  add("rating_min", `${STARS} >= {rating_min:UInt8}`, filters.rating_min);
  add("rating_max", `${STARS} <= {rating_max:UInt8}`, filters.rating_max);
  if (filters.by_us !== "include") all.push(filters.by_us === "only" ? "by_us" : "NOT by_us");
  if (filters.spam !== "include") all.push(filters.spam === "only" ? "is_spam" : "NOT is_spam");
  return { all, params };
}

/** `WHERE …` over the conditions, one a line; empty when there are none. */
export function where(all: readonly string[]): string {
  return all.length === 0 ? "" : `WHERE ${all.join("\n  AND ")}`;
}
