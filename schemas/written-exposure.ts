import { z } from "zod";
import { Exposure } from "./change.ts";

/** The measure that is counted from mentions where none is imported, so none can be imported by its name. */
export const VOICES_MEASURE = "voices";

const DAY = /^\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+]00:?00)?)?$/;

/** An exposure as people and exporters write it. */
export const WrittenExposure = z.strictObject({
  tracker: Exposure.shape.tracker.describe("Of which tracker."),
  measure: Exposure.shape.measure
    .refine(
      (name) => name !== VOICES_MEASURE,
      "voices are counted from mentions; give what you import another name",
    )
    .describe("What is counted: orders, active_users, installs."),
  version: z.string().trim().max(100).default("").describe("Of one version alone; empty: of all together."),
  day: z
    .string()
    .trim()
    .regex(DAY, "must be a day like 2026-03-02, in UTC")
    .transform((text) => text.slice(0, 10))
    .pipe(z.iso.date("there is no such day"))
    .refine((day) => day >= "1970", "must not be before 1970")
    .describe("UTC."),
  count: z
    .union(
      [
        z.number(),
        z
          .string()
          .trim()
          .regex(/^-?\d{1,15}(?:\.\d+)?$/)
          .transform(Number),
      ],
      { error: "must be a number like 1234 or 1234.5" },
    )
    .pipe(z.number().nonnegative("must not be negative").max(1e15))
    .describe("How many that day."),
});
export type WrittenExposure = z.infer<typeof WrittenExposure>;
