import type { MentionFields } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { guessMapping } from "./guess-mapping.ts";
import { namesOf, namesOfField } from "./header-names.ts";
import {
  cellText,
  cellValue,
  columnReader,
  type FileRecord,
  type MappedField,
  type Mapping,
} from "./mapping.ts";
import type { OpenRecords } from "./open-records.ts";
import { parseItem } from "./parse-item.ts";
import type { FileItem, FilePlan } from "./plan.ts";

/** Columns somebody named, each for a field. */
export type KnownColumns = Pick<Mapping, "id" | "text" | "title" | "rating" | "language" | "publishedAt">;

export interface RecordPlanOptions {
  readonly columns: KnownColumns;
  /** Best possible rating; told from the values when absent. */
  readonly ratingMax?: number | undefined;
  /** When records were published that do not say. */
  readonly publishedAt: Timestamp;
}

/** What the fields of records are read from. */
export interface RecordPlan {
  readonly map: Mapping;
  /** The record's own id; its line, or number in a JSON document, where it has none. */
  idOf(item: Omit<FileItem, "plan">): string;
  /** The mention a record is. @throws {EarshotError} record_invalid, naming the column and the value */
  fieldsOf(item: Omit<FileItem, "plan">): MentionFields;
}

/**
 * Says for opened records which column is what. Named columns are followed as they stand; the others are told by name
 * and values, as for an import, with two differences: an id may repeat, and a date is never guessed. What a guessed
 * rating column says beyond its scale is left out; what a named column says must be right.
 * @throws {EarshotError} config_invalid: no such column, no text
 */
export function planRecords(opened: OpenRecords, name: string, options: RecordPlanOptions): RecordPlan {
  const { format, header, sample } = opened;
  const known = resolveColumns(opened, name, options.columns);
  const guess = guessMapping(header, sample, known);
  const map: Mapping = { ...known };
  const choose = (field: keyof KnownColumns, ...candidates: readonly (string | undefined)[]): void => {
    const taken = Object.values(map);
    const column = candidates.find((candidate) => candidate !== undefined && !taken.includes(candidate));
    if (column !== undefined) map[field] ??= column;
  };
  const isJson = format === "json" || format === "jsonl";
  const only = !isJson && header.length === 1 ? header[0] : undefined;
  choose("text", guess.map.text, findByName("text", header), only);
  choose("id", findByName("id", header));
  choose("title", guess.map.title);
  choose("rating", guess.map.rating);
  choose("language", guess.map.language, findByName("language", header));
  if (map.text === undefined && map.title === undefined && header.length > 0) {
    throw new EarshotError(
      "config_invalid",
      `No field of ${name} is known to be the text; say which is, like --text FIELD (${fieldsThere(header)}).`,
    );
  }

  const { id: idColumn, rating, ...others } = map;
  const unrated: FilePlan = {
    format: format === "lines" ? "csv" : format,
    platform: "file",
    kind: guess.kind,
    map: others,
    timezone: "UTC",
    dateFormat: null,
    dateOrder: guess.dateOrder?.dateOrder ?? "day_first",
    ratingMax: options.ratingMax ?? guess.ratingMax ?? 5,
    idPrefix: "",
    publishedAt: options.publishedAt,
    product: "",
    country: "",
    language: "",
    trackers: [],
  };
  const rated: FilePlan = rating === undefined ? unrated : { ...unrated, map: { ...others, rating } };
  const readId = idColumn === undefined ? () => undefined : columnReader(idColumn);
  const readDate = map.publishedAt === undefined ? () => undefined : columnReader(map.publishedAt);
  const isFreeForm = known.text === undefined && isJson;
  const readText = map.text === undefined ? () => undefined : columnReader(map.text);

  return {
    map,
    idOf: ({ line, record }) => (record === undefined ? "" : cellValue(readId(record))) || String(line),
    fieldsOf(item) {
      const { record } = item;
      const text =
        isFreeForm && record !== undefined && readText(record) === undefined ? otherText(record) : undefined;
      const isUndated = record !== undefined && cellValue(readDate(record)) === "";
      const fitted = (plan: FilePlan): FilePlan => {
        const { publishedAt, ...undated } = plan.map;
        const dated = isUndated || publishedAt === undefined ? undated : plan.map;
        return { ...plan, map: text === undefined ? dated : { ...dated, text } };
      };
      if (known.rating !== undefined) return parse(item, fitted(rated));
      try {
        return parse(item, fitted(rated));
      } catch (error) {
        if (rated === unrated || !(error instanceof EarshotError)) throw error;
        return parse(item, fitted(unrated));
      }
    },
  };
}

function parse(item: Omit<FileItem, "plan">, plan: FilePlan): MentionFields {
  const parsed = parseItem({ ...item, plan });
  if (parsed.type === "upsert") return parsed.mention;
  throw new EarshotError("record_invalid", "This record is no mention.");
}

/** The named columns as the content spells them. */
function resolveColumns(
  { format, header, sample }: OpenRecords,
  name: string,
  columns: KnownColumns,
): KnownColumns {
  const resolved: KnownColumns = {};
  for (const [field, column] of Object.entries(columns) as [keyof KnownColumns, string][]) {
    const read = columnReader(column);
    const isThere = header.includes(column) || sample.some((record) => read(record) !== undefined);
    const alike = header.find((one) => one.toLowerCase() === column.toLowerCase());
    if (!isThere && alike === undefined && (format === "lines" || header.length > 0)) {
      throw new EarshotError("config_invalid", `${name} has no field ${column}; ${fieldsThere(header)}.`);
    }
    resolved[field] = isThere ? column : (alike ?? column);
  }
  return resolved;
}

function fieldsThere(header: readonly string[]): string {
  return `its fields are ${header.slice(0, 40).join(", ").slice(0, 1_000)}`;
}

function findByName(field: MappedField, header: readonly string[]): string | undefined {
  const names = namesOfField(field);
  let best: { readonly column: string; readonly rank: number } | undefined;
  for (const column of header) {
    for (const name of namesOf(column)) {
      const rank = names.indexOf(name);
      if (rank >= 0 && (best === undefined || rank < best.rank)) best = { column, rank };
    }
  }
  return best?.column;
}

/** The text column of a record that is written otherwise than the first ones. */
function otherText(record: FileRecord): string | undefined {
  return findByName(
    "text",
    Object.keys(record).filter((key) => cellText(record[key]) !== ""),
  );
}
