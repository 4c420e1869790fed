import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";

/** The mention fields a column can be mapped to. `updatedAt` becomes the mention's revision. */
export const MAPPED_FIELDS = [
  "id",
  "text",
  "title",
  "url",
  "publishedAt",
  "updatedAt",
  "authorId",
  "authorName",
  "authorHandle",
  "authorFollowers",
  "rating",
  "ratingMax",
  "product",
  "version",
  "country",
  "language",
  "likes",
  "replies",
  "shares",
  "views",
  "parentId",
  "threadId",
  "kind",
] as const;

export type MappedField = (typeof MAPPED_FIELDS)[number];

/** Which column each mention field is read from. A column is a header name or, in JSON, a path like `user.name`. */
export const Mapping = z.partialRecord(z.enum(MAPPED_FIELDS), z.string().min(1).max(1_000));
export type Mapping = z.infer<typeof Mapping>;

/** One row of a file by column name. Made without a prototype, so that a column may be called `__proto__`. */
export type FileRecord = Record<string, unknown>;

/**
 * The mapping written as `text=review,publishedAt=date`. A comma in a column's name is written `\,`.
 * @throws {EarshotError} config_invalid, naming the unknown field and listing the known ones
 */
export function parseMapping(written: string): Mapping {
  const mapping: Mapping = {};
  for (const part of written.split(/(?<!\\),/)) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    const field = part.slice(0, Math.max(at, 0)).trim();
    const column = part
      .slice(at + 1)
      .replaceAll("\\,", ",")
      .trim();
    if (at < 1 || column === "") {
      throw new EarshotError(
        "config_invalid",
        `"${part.trim().slice(0, 80)}" is no mapping; write field=column, like text=review.`,
      );
    }
    if (!isMappedField(field)) {
      throw new EarshotError(
        "config_invalid",
        `There is no mention field "${field.slice(0, 80)}"; the fields are ${MAPPED_FIELDS.join(", ")}.`,
      );
    }
    if (mapping[field] !== undefined) {
      throw new EarshotError("config_invalid", `${field} is mapped twice; keep one of the two.`);
    }
    mapping[field] = column;
  }
  return mapping;
}

function isMappedField(name: string): name is MappedField {
  return (MAPPED_FIELDS as readonly string[]).includes(name);
}

/** Reads one column of a record: a key as it is written or, failing that, a path of keys joined by dots. */
export type ColumnReader = (record: FileRecord) => unknown;

/** The reader of a column. Only a record's own keys are read, never what `constructor` or `__proto__` inherit. */
export function columnReader(column: string): ColumnReader {
  const path = column.split(".");
  return (record) => {
    if (Object.hasOwn(record, column)) return record[column];
    if (path.length === 1) return undefined;
    let value: unknown = record;
    for (const key of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as FileRecord)[key];
    }
    return value;
  };
}

/** What a cell says as trimmed text; empty for null and for a list or object, which say nothing by themselves. */
export function cellText(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  return "";
}

const ABSENT = /^(?:null|nan|n\/a|na|none|nil|nat|undefined|\\N|-|--|–|—)$/i;

/** The same for columns of numbers, times and names, where exporters write `NULL`, `n/a` or `-` for nothing. */
export function cellValue(value: unknown): string {
  const text = cellText(value);
  return ABSENT.test(text) ? "" : text;
}
