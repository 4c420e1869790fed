import type { FileHandle } from "node:fs/promises";
import { EarshotError } from "../../core/errors.ts";
import type { FileRecord } from "./mapping.ts";
import { parseJsonRecord } from "./parse-json.ts";
import type { FileFormat, RawRecord, RecordSplitter } from "./plan.ts";
import { decoder, openFile, readBytes, type ReadState } from "./read-text.ts";
import { csvSplitter, type CsvShape } from "./split-csv.ts";
import { jsonSplitter } from "./split-json.ts";
import { isBlank, jsonlSplitter } from "./split-lines.ts";

/** How a file is written down: what a reader must know before the first record. */
export interface FileShape {
  readonly format: FileFormat;
  readonly isGzip: boolean;
  /** WHATWG name of the encoding. */
  readonly charset: string;
  readonly lineBreak: "\n" | "\r";
  /** Only of csv and tsv. */
  readonly delimiter: string;
  readonly isQuoted: boolean;
}

export interface SniffedFile extends FileShape {
  readonly path: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** Whether all of the file has been looked at. */
  readonly isWhole: boolean;
  /** Column names in the order of the file; in JSON the paths seen in the sample, like `user.name`. */
  readonly header: readonly string[];
  /** Readable records from the beginning of the file, at most {@link SAMPLE_RECORDS}. */
  readonly sample: readonly FileRecord[];
}

/** What the user already knows of a file. */
export interface ShapeHints {
  readonly format?: FileFormat | "auto" | undefined;
  readonly delimiter?: string | undefined;
  readonly charset?: string | undefined;
}

/** How much of some content is looked at, unpacked. */
export const HEAD_BYTES = 1024 * 1024;
const DELIMITER_SAMPLE_LENGTH = 64 * 1024;
const SAMPLE_RECORDS = 1_000;

/**
 * Tells from a file's first mebibyte how it is written, its columns and some records.
 * @throws {EarshotError} config_invalid (no such file, a spreadsheet), source_unavailable
 */
export async function sniffFile(path: string, hints: ShapeHints = {}): Promise<SniffedFile> {
  const { handle, size } = await openFile(path);
  try {
    const magic = Buffer.alloc(2);
    const { bytesRead } = await handle.read(magic, 0, 2, 0);
    const isGzip = isGzipped(magic.subarray(0, bytesRead));
    const head = { ...(await readHead(handle, path, isGzip)), isGzip };
    return { path, size, ...sniffHead(head, path, hints) };
  } finally {
    await handle.close();
  }
}

/** Whether content begins as gzip does. */
export function isGzipped(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The beginning of some content. */
export interface ContentHead {
  /** Unpacked. */
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** Whether the content came packed. */
  readonly isGzip: boolean;
}

/**
 * Tells from the beginning of some content how it is written, its columns and some records.
 * @param name what to call it in messages; its extension counts
 * @throws {EarshotError} config_invalid when it is a spreadsheet
 */
export function sniffHead(
  { bytes, isWhole, isGzip }: ContentHead,
  name: string,
  hints: ShapeHints,
): Omit<SniffedFile, "path" | "size"> {
  const isZip = bytes.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004"));
  const isOldExcel = bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
  if (isZip || isOldExcel) {
    const what = isZip ? "a zip archive or an Excel workbook" : "an old Excel workbook";
    throw new EarshotError(
      "config_invalid",
      `${name} is ${what}; save the sheet as CSV (UTF-8) and import that.`,
    );
  }
  const charset = hints.charset ?? detectCharset(bytes, isWhole);
  const text = decoder(charset).decode(bytes);
  const lineBreak = text.includes("\n") || !text.includes("\r") ? "\n" : "\r";
  const format =
    hints.format === undefined || hints.format === "auto" ? detectFormat(name, text) : hints.format;
  const isTable = format === "csv" || format === "tsv";
  const table = isTable ? detectTable(text, isWhole, lineBreak, format, hints.delimiter) : NO_TABLE;
  const shape: FileShape = {
    format: isTable ? table.format : format,
    isGzip,
    charset,
    lineBreak,
    ...table.csv,
  };
  const cut = splitHead(splitterOf(shape), text, isWhole);
  return { isWhole, ...shape, ...(isTable ? sampleTable(cut) : sampleJson(cut)) };
}

/** The splitter of a file of this shape. A CSV's first record is its header. */
export function splitterOf(shape: FileShape & Pick<CsvShape, "keepsBlankRows">): RecordSplitter {
  switch (shape.format) {
    case "csv":
    case "tsv":
      return csvSplitter(shape);
    case "jsonl":
      return jsonlSplitter(shape.lineBreak);
    case "json":
      return jsonSplitter();
  }
}

async function readHead(handle: FileHandle, path: string, isGzip: boolean) {
  const chunks: Buffer[] = [];
  let length = 0;
  const state: ReadState = { bytesRead: 0, fault: undefined };
  for await (const chunk of readBytes(handle, path, isGzip, state)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > HEAD_BYTES) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, HEAD_BYTES), isWhole: length <= HEAD_BYTES };
}

/** Byte order mark, else zero bytes in every other place, else UTF-8 where nearly all fits, else windows-1252. */
function detectCharset(bytes: Buffer, isWhole: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const zeros = [0, 0];
  const looked = Math.min(bytes.length, 4_096) & ~1;
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > looked * 0.2 && even < odd / 4) return "utf-16le";
  if (even > looked * 0.2 && odd < even / 4) return "utf-16be";
  const text = new TextDecoder("utf-8").decode(bytes, { stream: !isWhole });
  const foreign = text.match(/[\u0080-\uffff]/g) ?? [];
  const broken = foreign.filter((character) => character === "\ufffd").length;
  return broken * 20 > foreign.length ? "windows-1252" : "utf-8";
}

function detectFormat(name: string, text: string): FileFormat {
  const extension = /\.(csv|tsv|tab|json|jsonl|ndjson)(?:\.gz|\.gzip)?$/i.exec(name)?.[1]?.toLowerCase();
  const start = text.slice(0, DELIMITER_SAMPLE_LENGTH).trimStart();
  if (/^\[\s*(?:\{|\]\s*$)/.test(start)) return "json";
  if (extension === "jsonl" || extension === "ndjson") return "jsonl";
  if (/^\{\s*(?:"|\}\s*$)/.test(start)) return isJsonLines(text) ? "jsonl" : "json";
  if (extension === undefined && /^\{.*[\r\n]+\{\s*".*\}/.test(start)) return "jsonl";
  if (extension === "json") return "json";
  return extension === "tsv" || extension === "tab" ? "tsv" : "csv";
}

/** Whether the first lines are objects by themselves; one line alone is unless it wraps a list of records. */
function isJsonLines(text: string): boolean {
  const lines = text.split(/[\r\n]+/, 4).filter((line) => !isBlank(line));
  const [first = "", second] = lines;
  // a first line cut short is a broken record, one that ends in an open bracket or a comma the beginning of a document
  if (second !== undefined) return second.trimStart().startsWith("{") && !/[[{:,]\s*$/.test(first);
  return !/:\s*\[\s*\{/.test(first) && first.trimEnd().endsWith("}");
}

const NO_TABLE = { format: "csv" as FileFormat, csv: { delimiter: ",", isQuoted: true } };
const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter under which most rows have as many cells as the header, and whether quotes mean something. */
function detectTable(
  text: string,
  isWhole: boolean,
  lineBreak: "\n" | "\r",
  format: FileFormat,
  hinted: string | undefined,
): typeof NO_TABLE {
  const head = text.slice(0, DELIMITER_SAMPLE_LENGTH);
  const isAll = isWhole && head.length === text.length;
  const judge = (delimiter: string, isQuoted: boolean) => {
    const [header, ...rows] = splitHead(csvSplitter({ delimiter, isQuoted, lineBreak }), head, isAll);
    const columns = header?.cells?.length ?? 0;
    const faults = rows.filter((row) => row.fault !== undefined).length;
    const isWrapped = rows.some((row) => row.cells?.some((cell) => /^".+"$/s.test(cell)) ?? false);
    return { delimiter, columns, faults, fit: rows.length === 0 ? 1 : 1 - faults / rows.length, isWrapped };
  };
  const named = /^"?sep=(.)"?\r?$/im.exec(head.slice(0, 10))?.[1] ?? hinted;
  const first = format === "tsv" ? ["\t", ...DELIMITERS] : DELIMITERS;
  const [best] = (named === undefined ? first : [named])
    .map((delimiter) => judge(delimiter, true))
    .sort((a, b) => score(b) - score(a));
  const delimiter = best?.delimiter ?? ",";
  const unquoted = judge(delimiter, false);
  const isQuoted = best === undefined || best.faults === 0 || unquoted.faults > 0 || unquoted.isWrapped;
  return { format: delimiter === "\t" ? "tsv" : "csv", csv: { delimiter, isQuoted } };
}

function score(judged: { columns: number; fit: number }): number {
  return judged.columns < 2 ? 0 : Math.round(judged.fit * 10) + Math.min(judged.columns, 99) / 100;
}

/** The records of a file's beginning; the one the beginning cuts through is left out. */
function splitHead(splitter: RecordSplitter, head: string, isWhole: boolean): RawRecord[] {
  const records = splitter.push(head);
  return isWhole ? [...records, ...splitter.end()] : records;
}

function sampleTable([first, ...rows]: readonly RawRecord[]) {
  const header = first?.cells === undefined ? [] : columnNames(first.cells);
  const sample: FileRecord[] = [];
  for (const { cells } of rows) {
    if (sample.length === SAMPLE_RECORDS) break;
    if (cells !== undefined) sample.push(toRecord(header, cells));
  }
  return { header, sample };
}

function sampleJson(records: readonly RawRecord[]) {
  const header = new Set<string>();
  const sample: FileRecord[] = [];
  for (const { text, fault } of records) {
    if (sample.length === SAMPLE_RECORDS) break;
    if (fault !== undefined) continue;
    try {
      const record = parseJsonRecord(text);
      sample.push(record);
      addPaths(record, "", header, 4);
    } catch (error) {
      // a broken record says nothing about the columns; reading the file will reject it
      if (!(error instanceof EarshotError)) throw error;
    }
  }
  return { header: [...header], sample };
}

function addPaths(record: object, prefix: string, paths: Set<string>, levels: number): void {
  for (const [key, value] of Object.entries(record) as [string, unknown][]) {
    const path = `${prefix}${key}`;
    if (typeof value === "object" && value !== null && !Array.isArray(value) && levels > 1) {
      addPaths(value, `${path}.`, paths, levels - 1);
    } else {
      paths.add(path);
    }
  }
}

/** Names of a CSV's columns: nameless ones are `column_3`, a repeated name gets its place, `date_7`. */
export function columnNames(cells: readonly string[]): string[] {
  const names = new Set<string>();
  return cells.map((cell, index) => {
    const trimmed = cell.trim();
    let name = trimmed === "" ? `column_${index + 1}` : trimmed;
    while (names.has(name)) name = `${name}_${index + 1}`;
    names.add(name);
    return name;
  });
}

/** A row by column name, without a prototype: a column called `__proto__` is a column like any other. */
export function toRecord(header: readonly string[], cells: readonly string[]): FileRecord {
  const record = Object.create(null) as FileRecord;
  for (let index = 0; index < header.length; index++) {
    record[header[index] ?? ""] = cells[index] ?? "";
  }
  return record;
}
