import { setTimeout as pause } from "node:timers/promises";
import { namesOf, namesOfField } from "./header-names.ts";
import type { FileRecord } from "./mapping.ts";
import type { FileFormat, FileItem } from "./plan.ts";
import { cutRecords, howToCut, readRecord, type CutRecords, type Cutting } from "./read-records.ts";
import { unpackBytes, type ReadState } from "./read-text.ts";
import { HEAD_BYTES, isGzipped, sniffHead, type ContentHead, type ShapeHints } from "./sniff-file.ts";
import { isBlank, plainSplitter } from "./split-lines.ts";

/** How records may be written. `lines` has one text a line and nothing else. */
export type RecordFormat = FileFormat | "lines";

/** Content to be read once, from its beginning, as it comes. */
export interface ByteSource {
  /** What to call it in messages; its extension counts. */
  readonly name: string;
  readonly bytes: AsyncIterable<Buffer>;
  /** Whether it is told by what has come soon after the first line, since the rest may take its time. */
  readonly isSlow: boolean;
}

export interface RecordHints extends Omit<ShapeHints, "format"> {
  readonly format?: RecordFormat | "auto" | undefined;
  /** Whether columns are known by name, so that there must be some. */
  readonly hasColumns: boolean;
}

/** Content made ready to be read record by record. */
export interface OpenRecords {
  readonly format: RecordFormat;
  /** Names of the columns; in JSON the paths seen in the sample, of plain lines only `text`. */
  readonly header: readonly string[];
  /** Readable records from the beginning. */
  readonly sample: readonly FileRecord[];
  /**
   * All records in their order, in groups as they come. In a table the header is none, and a row of blank cells is one; of
   * plain lines blank ones are too.
   */
  readonly records: AsyncIterable<readonly Omit<FileItem, "plan">[]>;
  /** The same, cut out but not read yet, for who reads them elsewhere with {@link readRecord}. Either is gone through, once. */
  readonly cuts: AsyncIterable<CutRecords>;
  /** Stored bytes read so far. */
  readonly state: Readonly<ReadState>;
}

/**
 * Tells how content is written and cuts it into records while it comes, in constant memory. Reads all that an import
 * reads, and plain lines besides: what is no JSON, has no table's name and no header with a column of text.
 * @throws {EarshotError} config_invalid (a spreadsheet, no such file), source_unavailable
 */
export async function openRecords(source: ByteSource, hints: RecordHints): Promise<OpenRecords> {
  const { name } = source;
  const state: ReadState = { bytesRead: 0, fault: undefined };
  const { head, chunks } = await peek(source, state);
  const { format: hinted, hasColumns, ...others } = hints;
  const sniffed = sniffHead(head, name, { ...others, ...(hinted === "lines" ? {} : { format: hinted }) });
  const isTable = sniffed.format === "csv" || sniffed.format === "tsv";
  const isOpen =
    (hinted ?? "auto") === "auto" && !hasColumns && !/\.(?:csv|tsv|tab)(?:\.gz|\.gzip)?$/i.test(name);
  const isLines = hinted === "lines" || (isTable && isOpen && !hasTextColumn(head, sniffed));
  const cutting: Cutting = isLines
    ? { charset: sniffed.charset, splitter: plainSplitter(sniffed.lineBreak), header: ["text"] }
    : howToCut({ ...sniffed, keepsBlankRows: true });
  const cuts = cutRecords(chunks, cutting, state);
  return {
    format: isLines ? "lines" : sniffed.format,
    header: isLines ? ["text"] : sniffed.header,
    sample: isLines ? [] : sniffed.sample,
    records: readAll(cuts),
    cuts,
    state,
  };
}

async function* readAll(cuts: AsyncIterable<CutRecords>) {
  for await (const { header, records } of cuts) {
    if (records.length > 0) yield records.map((raw) => readRecord(raw, header));
  }
}

/** How long the beginning of slow content may gather once its first line is there, in milliseconds. */
const PATIENCE_MS = 100;

/** The beginning of some content, and all of it, the beginning with it. */
async function peek({ bytes, isSlow }: ByteSource, state: ReadState) {
  const stored = bytes[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  for (let length = 0; length < 2;) {
    const next = await stored.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const magic = Buffer.concat(first);
  const isGzip = isGzipped(magic);
  const content = unpackBytes(resumed([magic], stored), isGzip, state);
  const chunks: Buffer[] = [];
  let length = 0;
  let isWhole = false;
  let isTold = false;
  let pending = content.next();
  const patience = new AbortController();
  let late: Promise<"late"> | undefined;
  while (length <= HEAD_BYTES) {
    if (isSlow && isTold)
      late ??= pause(PATIENCE_MS, "late" as const, { signal: patience.signal }).catch(() => "late");
    const next = await (late === undefined ? pending : Promise.race([pending, late]));
    if (next === "late") break;
    if (next.done === true) {
      isWhole = true;
      break;
    }
    chunks.push(next.value);
    length += next.value.length;
    isTold ||= isTelling(chunks);
    pending = content.next();
  }
  patience.abort();
  const head: ContentHead = { bytes: Buffer.concat(chunks).subarray(0, HEAD_BYTES), isWhole, isGzip };
  return { head, chunks: resumed(chunks, content, pending) };
}

/** Whether the first line is there, and says more than that a document opens. */
function isTelling(chunks: readonly Buffer[]): boolean {
  const text = Buffer.concat(chunks).toString("latin1").replaceAll("\0", "").trimStart();
  return /^[[{]?\s*[^\s[{][^\r\n]*[\r\n]/.test(text) || /^\[\s*\{/.test(text);
}

/** What was taken already, then the rest. @param pending what was asked for last and has not come yet */
async function* resumed<T>(
  taken: readonly T[],
  rest: AsyncIterator<T>,
  pending?: Promise<IteratorResult<T>>,
): AsyncGenerator<T> {
  try {
    yield* taken;
    for (let next = await (pending ?? rest.next()); next.done !== true; next = await rest.next())
      yield next.value;
  } finally {
    await rest.return?.();
  }
}

const TEXT_NAMES = new Set(namesOfField("text"));

/** Whether the first line is a header: names side by side, one of them known to be a text's. */
function hasTextColumn(
  { bytes, isWhole }: ContentHead,
  { header, sample, charset }: { header: readonly string[]; sample: readonly FileRecord[]; charset: string },
): boolean {
  if (!header.some((column) => namesOf(column).some((name) => TEXT_NAMES.has(name)))) return false;
  if (header.length === 1) return sample.length > 0 || !isWhole;
  const start = new TextDecoder(charset).decode(bytes.subarray(0, 64 * 1024));
  const line = start.split(/[\r\n]+/).find((one) => !isBlank(one)) ?? "";
  // people put a space after a comma, exporters put none
  return (
    !/[^"][,;]\s+[^\s"]/.test(line) &&
    header.every((column) => column.length <= 100 && !/[.!?…]$/.test(column))
  );
}
