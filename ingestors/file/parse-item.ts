import { createHash } from "node:crypto";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { MENTION_KINDS, MentionKind } from "../../schemas/mention.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { dateReader, type DateReader } from "./dates.ts";
import {
  cellText,
  cellValue,
  columnReader,
  type ColumnReader,
  type FileRecord,
  type MappedField,
} from "./mapping.ts";
import { FilePlan, type FileItem } from "./plan.ts";
import { readRating } from "./ratings.ts";

/** A plan made ready: the columns split into paths, the date formats chosen. */
interface Reader {
  readonly plan: FilePlan;
  readonly columns: ReadonlyMap<MappedField, ColumnReader>;
  readonly readDate: DateReader;
}

/** All items of a run share one plan, so it is made ready once. */
const readers = new WeakMap<object, Reader>();

/**
 * The mention one item of a file is. Needs nothing but the item, which carries its plan.
 *
 * Its native id is the mapped id or, without one, the first 32 hex digits of the SHA-256 over platform, text, title,
 * date, author, rating and product as the file writes them: the same row always has the same id, and two rows that are
 * alike in all of these are one mention. In `text` and `title` the five entities XML knows (`&amp;` `&lt;` `&gt;`
 * `&quot;` `&#39;`) are decoded, once, because many exporters escape them; other entities stay as they were sent.
 * @throws {EarshotError} record_invalid, naming the column and the value
 */
export function parseItem(item: unknown): Parsed {
  const { record, fault, reader } = readItem(item);
  if (fault !== undefined) throw new EarshotError("record_invalid", fault);
  return { type: "upsert", mention: toMentionFields(record, reader) };
}

/** Where in its file an item stands: `line 17`, or `item 17` of a JSON document. */
export function positionOf(item: unknown): string {
  const { line, plan } = item as Partial<FileItem>;
  return `${plan?.format === "json" ? "item" : "line"} ${line ?? "?"}`;
}

const NO_RECORD: FileRecord = {};

function readItem(item: unknown): { record: FileRecord; fault: string | undefined; reader: Reader } {
  if (typeof item !== "object" || item === null) {
    throw new EarshotError("record_invalid", "This is no item of a file: it has no record and no plan.");
  }
  const { record, fault, plan } = item as Partial<FileItem>;
  const reader = readerOf(plan);
  if (fault !== undefined) return { record: NO_RECORD, fault: fault.reason, reader };
  if (typeof record !== "object" || record === null) {
    throw new EarshotError("record_invalid", "This item of a file has no record.");
  }
  return { record, fault: undefined, reader };
}

function readerOf(plan: unknown): Reader {
  const known = typeof plan === "object" && plan !== null ? readers.get(plan) : undefined;
  if (known !== undefined) return known;
  const checked = FilePlan.safeParse(plan);
  if (!checked.success) {
    const faults = checked.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new EarshotError("record_invalid", `The plan of this item is broken (${faults.join("; ")}).`);
  }
  const columns = new Map<MappedField, ColumnReader>();
  for (const [field, column] of Object.entries(checked.data.map)) {
    columns.set(field as MappedField, columnReader(column));
  }
  const reader: Reader = { plan: checked.data, columns, readDate: dateReader(checked.data) };
  readers.set(plan as object, reader);
  return reader;
}

function toMentionFields(record: FileRecord, reader: Reader): MentionFields {
  const { plan, columns } = reader;
  const raw = (field: MappedField): unknown => columns.get(field)?.(record);
  const value = (field: MappedField): string => cellValue(raw(field));

  const text = proseOf(raw("text"), plan.map.text);
  const title = proseOf(raw("title"), plan.map.title);
  const authorHandle = value("authorHandle").replace(/^@/, "");
  const authorName = value("authorName");
  // a name tells people apart less well than an id, and far better than taking each row for another person
  const authorId = personOf(value("authorId").replace(/^@/, "") || authorHandle || authorName);
  const publishedAt =
    plan.map.publishedAt === undefined && plan.publishedAt !== ""
      ? plan.publishedAt
      : requiredDate(reader, "publishedAt", value("publishedAt"));
  const rating = ratingOf(reader, value("rating"), value("ratingMax"));
  const product = value("product") || plan.product;
  const parentId = value("parentId");
  const id = value("id");
  const nativeId =
    (id === "" ? "" : `${plan.idPrefix}${id}`) ||
    contentId([
      plan.platform,
      text,
      title,
      value("publishedAt"),
      authorId || authorName,
      value("rating"),
      product,
    ]);
  return {
    platform: plan.platform,
    nativeId,
    revision: revisionOf(reader, value("updatedAt")),
    kind: kindOf(plan, value("kind")),
    trackers: plan.trackers,
    text: decodeEntities(text),
    title: decodeEntities(title),
    url: value("url"),
    authorId,
    authorName,
    authorHandle,
    authorFollowers: counterOf(raw("authorFollowers")),
    ...rating,
    product,
    version: value("version"),
    country: value("country") || plan.country,
    languageHint: value("language") || plan.language,
    publishedAt,
    engagement: {
      likes: counterOf(raw("likes")),
      replies: counterOf(raw("replies")),
      shares: counterOf(raw("shares")),
      views: counterOf(raw("views")),
    },
    parentId: parentId === "" ? "" : `${plan.platform}:${parentId}`,
    threadId: value("threadId"),
  };
}

function contentId(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

function proseOf(raw: unknown, column: string | undefined): string {
  if (typeof raw === "object" && raw !== null) {
    throw invalid(
      `Column ${column} holds a list or an object, not text; map a path into it, like ${column}.body.`,
    );
  }
  return cellText(raw);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&#39;", "'"],
]);

/** Empty for what platforms write in place of an author: those are many people, or nobody knows who. */
function personOf(id: string): string {
  return /^(?:a google user|anonymous|anonym|anonyme|an[oó]nimo|guest|unknown|deleted|\[deleted\]|n\/a)$/i.test(
    id,
  )
    ? ""
    : id;
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES.get(entity) ?? entity);
}

function requiredDate(reader: Reader, field: MappedField, written: string): Timestamp {
  const column = reader.plan.map[field];
  if (column === undefined)
    throw invalid("There is no date: map a column to publishedAt, or give one for all rows with --date.");
  if (written === "") throw invalid(`There is no date in column ${column}.`);
  const at = reader.readDate(written);
  if (at !== undefined) return at;
  throw invalid(
    `"${shorten(written)}" in column ${column} is no date from 1970 to 2100; say --date-format or correct it.`,
  );
}

function revisionOf(reader: Reader, written: string): number {
  return written === "" ? 0 : Date.parse(requiredDate(reader, "updatedAt", written));
}

function ratingOf(
  reader: Reader,
  written: string,
  writtenMax: string,
): Pick<MentionFields, "rating" | "ratingMax"> {
  const { plan } = reader;
  if (written === "") return { rating: null, ratingMax: null };
  const read = readRating(written);
  if (read === undefined) throw invalid(`"${shorten(written)}" in column ${plan.map.rating} is no rating.`);
  const ratingMax = read.max ?? (writtenMax === "" ? undefined : toNumber(writtenMax)) ?? plan.ratingMax ?? 5;
  if (!(ratingMax > 0))
    throw invalid(`"${shorten(writtenMax)}" in column ${plan.map.ratingMax} is no best rating.`);
  if (read.rating < 0 || read.rating > ratingMax) {
    throw invalid(
      `${read.rating} in column ${plan.map.rating} is outside 0 to ${ratingMax}; say --rating-max if that is wrong.`,
    );
  }
  return { rating: read.rating, ratingMax };
}

function kindOf(plan: FilePlan, written: string): MentionKind {
  if (written === "") return plan.kind;
  const kind = MentionKind.safeParse(written.toLowerCase());
  if (kind.success) return kind.data;
  throw invalid(
    `"${shorten(written)}" in column ${plan.map.kind} is no kind; kinds are ${MENTION_KINDS.join(", ")}.`,
  );
}

/** A counter the file shows, like `1,234`; null for anything else, which is the same as not shown. */
export function counterOf(raw: unknown): number | null {
  const written = cellValue(raw);
  if (written === "") return null;
  const plain = /^\d{1,3}(?:[,.\s']\d{3})+$/.test(written) ? written.replace(/\D/g, "") : written;
  const number = toNumber(plain);
  return Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function toNumber(written: string): number {
  return /^\d+(?:[.,]\d+)?$/.test(written) ? Number(written.replace(",", ".")) : Number.NaN;
}

function shorten(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}

function invalid(message: string): EarshotError {
  return new EarshotError("record_invalid", message);
}
