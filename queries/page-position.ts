import { z } from "zod";
import { Timestamp } from "../schemas/primitives.ts";
import { fromColumnTime } from "../schemas/rows.ts";

/** Where a page of a list ends: the time and id of its last row, as each row's `cursor` holds them. */
const PagePosition = z
  .string()
  .max(2_000)
  .regex(/^[A-Za-z0-9_-]+$/, "must be the `cursor` of a row")
  .refine((text) => decodePosition(text) !== undefined, "must be the `cursor` of a row");

/** The parameter that asks for the rows after a page. */
export const before = PagePosition.optional().describe(
  "The `cursor` of the last row of the page before: gives the rows after it.",
);

/** The condition for rows older than a position, for lists ordered by `time` and id, newest first. */
export function olderThan(time: string, position: string | undefined) {
  const found = position === undefined ? undefined : decodePosition(position);
  if (found === undefined) return { all: [], params: {} };
  return {
    all: [`(${time}, id) < ({before_at:DateTime64(3, 'UTC')}, {before_id:String})`],
    params: { before_at: found.at, before_id: found.id },
  };
}

/** The column that gives a row's position. */
export function positionSql(time: string): string {
  return `base64URLEncode(concat(toString(${time}), ' ', id))`;
}

const TIME_LENGTH = "2026-03-02 10:00:00.000".length;

function decodePosition(position: string): { at: string; id: string } | undefined {
  const text = Buffer.from(position, "base64url").toString("utf8");
  const at = text.slice(0, TIME_LENGTH);
  const id = text.slice(TIME_LENGTH + 1);
  return Timestamp.safeParse(fromColumnTime(at)).success && id !== "" ? { at, id } : undefined;
}
