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

/** Stands for the date of records that have none: what is read must not depend on the day it is read. */
export const UNDATED: Timestamp = "1970-01-01T00:00:00.000Z";

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

/** Which column of some records is what. Can be copied to another thread. */
export interface RecordColumns {
  readonly map: Mapping;
  readonly rated: FilePlan;
  /** The same without the rating, for a record where a guessed column says none. Absent: it must be right. */
  readonly unrated?: FilePlan;
  /** Whether a record may have its text elsewhere. */
  readonly isFreeForm: boolean;
}

/**
 * Says for opened records which column is what. Named columns are followed as they stand; the others are told by name
 * and values, as for an import, with two differences: an id may repeat, and a date is never guessed. What a guessed
 * rating column says beyond its scale is left out; what a named column says must be right.
 * @throws {EarshotError} config_invalid: no such column, no text
 */
export function chooseColumns(opened: OpenRecords, name: string, options: RecordPlanOptions): RecordColumns {
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

  const { rating, ...others } = map;
  delete others.id;
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
  return {
    map,
    rated: rating === undefined ? unrated : { ...unrated, map: { ...others, rating } },
    ...(rating === undefined || known.rating !== undefined ? {} : { unrated }),
    isFreeForm: known.text === undefined && isJson,
  };
}

/** Makes ready what reads the fields of records from their columns. */
export function planColumns({ map, rated, unrated, isFreeForm }: RecordColumns): RecordPlan {
  const readId = map.id === undefined ? () => undefined : columnReader(map.id);
  const readDate = map.publishedAt === undefined ? () => undefined : columnReader(map.publishedAt);
  const readText = map.text === undefined ? () => undefined : columnReader(map.text);
  const parseRated = fittingParser(rated);
  const parseUnrated = unrated && fittingParser(unrated);

  return {
    map,
    idOf: ({ line, record }) => (record === undefined ? "" : cellValue(readId(record))) || String(line),
    fieldsOf(item) {
      const { record } = item;
      const text =
        isFreeForm && record !== undefined && readText(record) === undefined ? otherText(record) : undefined;
      const isUndated = record !== undefined && cellValue(readDate(record)) === "";
      if (parseUnrated === undefined) return parseRated(item, isUndated, text);
      try {
        return parseRated(item, isUndated, text);
      } catch (error) {
        if (!(error instanceof EarshotError)) throw error;
        return parseUnrated(item, isUndated, text);
      }
    },
  };
}

/** {@link chooseColumns} and {@link planColumns} in one. */
export function planRecords(opened: OpenRecords, name: string, options: RecordPlanOptions): RecordPlan {
  return planColumns(chooseColumns(opened, name, options));
}

/** Parses items by a plan, less its column of dates, or with another of texts, for an item that needs it. */
function fittingParser(plan: FilePlan) {
  const undated: FilePlan = { ...plan, map: { ...plan.map } };
  delete undated.map.publishedAt;
  return (item: Omit<FileItem, "plan">, isUndated: boolean, text: string | undefined): MentionFields => {
    const fitted = isUndated ? undated : plan;
    return parse(item, text === undefined ? fitted : { ...fitted, map: { ...fitted.map, text } });
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
