import type { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import type { Timestamp } from "../schemas/primitives.ts";

/**
 * An item as a schema describes it.
 * @param what names the kind of item in the message: `a Hacker News item`
 * @throws {EarshotError} record_invalid, naming the fields that are wrong
 */
export function readItem<S extends z.ZodType>(schema: S, item: unknown, what: string): z.output<S> {
  const read = schema.safeParse(item);
  if (read.success) return read.data;
  throw new EarshotError(
    "record_invalid",
    `This is not ${what} as the platform used to send it: ${faultsIn(read.error)}.`,
  );
}

/** The first faults a schema found, each with the field it is in. */
export function faultsIn({ issues }: z.ZodError): string {
  return issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}

/**
 * An instant as platforms write it: ISO 8601 with a zone, RFC 2822, or a number of seconds since 1970.
 * @throws {EarshotError} record_invalid
 */
export function readTime(value: string | number, what: string): Timestamp {
  const at = new Date(typeof value === "number" ? value * 1_000 : value);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new EarshotError(
    "record_invalid",
    `${what} has no time that can be read: ${String(value).slice(0, 100)}.`,
  );
}
