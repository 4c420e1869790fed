import { z } from "zod";

/**
 * UTC instant with milliseconds, `2026-03-02T10:00:00.000Z`, from 1970 to 2299 as the store can keep it. The only way a
 * time travels between components.
 */
export const Timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, "must be a UTC time like 2026-03-02T10:00:00.000Z")
  .refine(isInstant, "must be a time there is, from 1970 to 2299");
export type Timestamp = z.infer<typeof Timestamp>;

/** Lower-case name of a platform, tracker or source type: `x`, `app_store`, `acme`. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "must be 1-64 of a-z, 0-9, _ and -, starting with a letter or digit");
export type Slug = z.infer<typeof Slug>;

/** A counter a platform shows; null = not shown, never 0 for "unknown". */
export const Counter = z.int().nonnegative().nullable();

/** Dates such as 30 February are read as another day, so they do not come back as they were written. */
function isInstant(text: string): boolean {
  const at = Date.parse(text);
  return at >= 0 && text < "2300" && new Date(at).toISOString() === text;
}
