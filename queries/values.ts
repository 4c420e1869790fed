import { z } from "zod";
import { Slug, Timestamp } from "../schemas/primitives.ts";
import { fromColumnTime } from "../schemas/rows.ts";

/** What parameters accept: values as a URL gives them (text, comma-separated lists) and values already typed. */

/** An instant in a parameter: ISO 8601 with a zone, or a bare day meaning its midnight UTC. */
export const Instant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/,
    "must be a time like 2026-03-02T10:00:00Z or a day like 2026-03-02",
  )
  .transform((text, context) => {
    const at = new Date(text);
    // the store's time columns begin in 1900 and end in 2299
    if (Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1900 || at.getUTCFullYear() > 2298) {
      context.addIssue(`there is no such time as ${text}, or it lies outside 1900-2298`);
      return z.NEVER;
    }
    return at.toISOString();
  })
  .pipe(Timestamp);

/** A list of texts: an array, or text with commas between the values (`\,` is a comma within one). */
export const TextList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? splitList(value) : value))
  .pipe(z.array(z.string().min(1).max(300)).max(100));

/** Like {@link TextList}, of slugs. */
export const SlugList = TextList.pipe(z.array(Slug));

/** A list of values out of a fixed set. */
export function choiceList<const T extends readonly [string, ...string[]]>(choices: T) {
  return TextList.pipe(z.array(z.enum(choices)));
}

/** A whole number between two bounds, both included. */
export function wholeNumber(minimum: number, maximum: number) {
  return z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d{1,15}$/, "must be a whole number")
        .transform(Number),
    ])
    .pipe(z.int().min(minimum).max(maximum));
}

/** True or false, as text or typed. */
export const Flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
  .pipe(z.boolean());

function splitList(text: string): string[] {
  return text
    .split(/(?<!\\),/)
    .map((part) => part.replaceAll("\\,", ",").trim())
    .filter((part) => part !== "");
}

/** What columns give: ClickHouse's JSON read as the numbers and times of a row. */

/** A count; servers that quote 64-bit integers give it as text. */
export const Count = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .pipe(z.int().nonnegative());

/** A time in ms since 1970; servers that quote 64-bit integers give it as text. */
export const Milliseconds = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

/** A UTC instant, from a Date, DateTime or DateTime64 column. */
export const Time = z
  .string()
  .transform((at) => fromColumnTime(`${at}${"0000-00-00 00:00:00.000".slice(at.length)}`))
  .pipe(Timestamp);
