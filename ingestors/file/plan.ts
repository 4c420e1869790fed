import { z } from "zod";
import { MentionKind } from "../../schemas/mention.ts";
import { Slug, Timestamp } from "../../schemas/primitives.ts";
import { DateOrder, isTimezone } from "./dates.ts";
import { Mapping, type FileRecord } from "./mapping.ts";

export const FILE_FORMATS = ["csv", "tsv", "json", "jsonl"] as const;
export const FileFormat = z.enum(FILE_FORMATS);
export type FileFormat = z.infer<typeof FileFormat>;

const Timezone = z.string().refine(isTimezone, "must be a time zone like Europe/Berlin or UTC");

/** What the user says about a file. Whatever is left out is told from the file's first mebibyte. */
export const FileConfig = z.strictObject({
  path: z.string().min(1).describe("The file, relative to where Earshot runs. May be gzipped."),
  format: z
    .enum(["auto", ...FILE_FORMATS])
    .default("auto")
    .describe("By extension and first bytes when auto."),
  platform: Slug.default("file").describe(
    "Where it was said: x, trustpilot, survey. Part of every mention's id.",
  ),
  kind: MentionKind.optional().describe("Kind of every mention; by default review with a rating, else post."),
  map: Mapping.default({}).describe("Mention field → column. Guessed from the header when empty."),
  timezone: Timezone.default("UTC").describe("Time zone of dates that name none."),
  dateFormat: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Luxon format of the dates, like dd/MM/yy HH:mm."),
  dateOrder: DateOrder.optional().describe(
    "Whether 03/04/2026 is 3 April (day_first) or 4 March (month_first).",
  ),
  ratingMax: z.number().positive().optional().describe("Best possible rating: 5 for stars, 10 for NPS."),
  delimiter: z.string().length(1).optional().describe("What separates the columns of a CSV."),
  charset: z.string().refine(isCharset, "must be an encoding like utf-8 or windows-1252").optional(),
  idPrefix: z
    .string()
    .max(200)
    .optional()
    .describe("Put before every id of the file, to tell it from those of others."),
  publishedAt: Timestamp.optional().describe("When every row was published, for a file that has no dates."),
  product: z.string().max(300).optional().describe("Product of every mention whose column names none."),
  country: z.string().max(100).optional().describe("Country of every mention whose column names none."),
  language: z.string().max(35).optional().describe("Language of every mention whose column names none."),
  trackers: z.array(Slug).max(100).default([]).describe("Trackers every mention of the file belongs to."),
});
export type FileConfig = z.infer<typeof FileConfig>;

function isCharset(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== "";
  } catch {
    return false;
  }
}

/** All that is needed to make a mention of a record. Travels with every item, so that a dead letter can be parsed again. */
export const FilePlan = z.strictObject({
  format: FileFormat,
  platform: Slug,
  kind: MentionKind,
  map: Mapping,
  timezone: Timezone,
  dateFormat: z.string().nullable(),
  dateOrder: DateOrder,
  ratingMax: z.number().positive().nullable(),
  idPrefix: z.string(),
  publishedAt: z.string(),
  product: z.string(),
  country: z.string(),
  language: z.string(),
  trackers: z.array(Slug),
});
export type FilePlan = z.infer<typeof FilePlan>;

/** Why a stretch of the file is no record, and the beginning of that stretch. */
export interface Fault {
  readonly reason: string;
  readonly raw: string;
}

/** One record of the file, or the fault found where one should be. Survives JSON. */
export interface FileItem {
  /** Line the record starts in, the header being line 1; in a JSON array, the number of the item from 1. */
  readonly line: number;
  readonly record?: FileRecord;
  readonly fault?: Fault;
  readonly plan: FilePlan;
}

/** Longest record read, in UTF-16 units. A longer one is rejected and reading goes on after it. */
export const MAX_RECORD_LENGTH = 16 * 1024 * 1024;

/** How much of a faulty stretch is kept for a person to recognise it by. */
export const EXCERPT_LENGTH = 2_000;

/** A stretch of text a splitter cut out: a record, or what is wrong with it. */
export interface RawRecord {
  readonly line: number;
  readonly text: string;
  /** The cells of a CSV row. */
  readonly cells?: readonly string[];
  readonly fault?: string;
}

/** Cuts text into records, in constant memory. Chunks may end anywhere. */
export interface RecordSplitter {
  push(chunk: string): RawRecord[];
  /** What was still open when the file ended. */
  end(): RawRecord[];
}
