import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import type { Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseJsonRecord } from "./parse-json.ts";
import { EXCERPT_LENGTH, type FileItem, type FilePlan, type RawRecord, type RecordSplitter } from "./plan.ts";
import { decoder, openFile, readBytes, type ReadState } from "./read-text.ts";
import { columnNames, splitterOf, toRecord, type FileShape } from "./sniff-file.ts";

/** Where reading a file stands. */
export const FileCursor = z.strictObject({
  /** Size and a hash of both ends of the file the count belongs to, see {@link fingerprintOf}. */
  fingerprint: z.string(),
  /** Records read, rejected ones included, the header not. */
  records: z.int().nonnegative(),
  isComplete: z.boolean(),
});
export type FileCursor = z.infer<typeof FileCursor>;

export interface ReadOptions {
  readonly path: string;
  readonly shape: FileShape;
  readonly plan: FilePlan;
  readonly cursor: FileCursor | undefined;
  readonly signal: AbortSignal;
}

const PAGE_ITEMS = 1_000;
const PAGE_LENGTH = 4 * 1024 * 1024;

/**
 * The records of a file in its order, page by page, each page with a checkpoint. A cursor that was not complete and
 * belongs to the same content resumes behind its last record; any other starts at the beginning.
 * @throws {EarshotError} config_invalid, source_unavailable
 */
export async function* readRecords(options: ReadOptions): AsyncGenerator<Page<FileCursor>> {
  const { handle, size } = await openFile(options.path);
  try {
    yield* readPages(handle, size, options);
  } finally {
    await handle.close();
  }
}

async function* readPages(
  handle: FileHandle,
  size: number,
  options: ReadOptions,
): AsyncGenerator<Page<FileCursor>> {
  const { path, shape, plan, cursor, signal } = options;
  // read another way, the rows before the checkpoint are other rows
  const planHash = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 16);
  const fingerprint = `${await fingerprintOf(handle, size)}:${planHash}`;
  const isResumed = cursor !== undefined && !cursor.isComplete && cursor.fingerprint === fingerprint;
  const known = isResumed ? cursor.records : 0;
  const state: ReadState = { bytesRead: 0, fault: undefined };
  let records = 0;
  let items: FileItem[] = [];
  let length = 0;

  const page = (isComplete: boolean): Page<FileCursor> => {
    const progress = isComplete || size === 0 ? 1 : Math.min(state.bytesRead / size, 1);
    const done = { items, cursor: { fingerprint, records, isComplete }, progress };
    items = [];
    length = 0;
    return done;
  };

  for await (const cut of cutRecords(readBytes(handle, path, shape.isGzip, state), howToCut(shape), state)) {
    signal.throwIfAborted();
    for (const raw of cut.records) {
      if (++records <= known) continue;
      items.push({ ...readRecord(raw, cut.header), plan });
      length += raw.text.length;
      if (items.length >= PAGE_ITEMS || length >= PAGE_LENGTH) yield page(false);
    }
  }
  signal.throwIfAborted();
  yield page(true);
}

/** How bytes are cut into records. */
export interface Cutting {
  readonly charset: string;
  readonly splitter: RecordSplitter;
  /** Names of the cells, where the first record does not say them. */
  readonly header: readonly string[] | undefined;
}

/** How a file of this shape is cut. */
export function howToCut(shape: Parameters<typeof splitterOf>[0]): Cutting {
  const isTable = shape.format === "csv" || shape.format === "tsv";
  return { charset: shape.charset, splitter: splitterOf(shape), header: isTable ? undefined : [] };
}

/** Records cut out of one chunk, with the names of their cells. */
export interface CutRecords {
  readonly header: readonly string[];
  readonly records: readonly RawRecord[];
}

/** Cuts content into records, chunk by chunk, and tells at its end what is wrong with the container, if anything. */
export async function* cutRecords(
  chunks: AsyncIterable<Buffer>,
  cutting: Cutting,
  state: ReadState,
): AsyncGenerator<CutRecords> {
  const { splitter, charset } = cutting;
  const text = decoder(charset);
  let { header } = cutting;
  let lastLine = 0;

  const named = (cut: readonly RawRecord[]): CutRecords => {
    const [first] = cut;
    lastLine = cut.at(-1)?.line ?? lastLine;
    if (header !== undefined || first === undefined) return { header: header ?? [], records: cut };
    header = first.cells === undefined ? [] : columnNames(first.cells);
    return { header, records: first.cells === undefined ? cut : cut.slice(1) };
  };

  for await (const chunk of chunks) yield named(splitter.push(text.decode(chunk)));
  yield named(splitter.push(text.end()));
  const rest = splitter.end();
  if (state.fault === undefined) {
    yield named(rest);
    return;
  }
  // a row cut through may still look like one, with half a date or half a word in it
  const [half] = rest;
  const fault = { line: half?.line ?? lastLine + 1, text: half?.text ?? "", fault: state.fault };
  yield { header: header ?? [], records: [fault] };
}

/** What a record says, or what is wrong with it. */
export function readRecord(raw: RawRecord, header: readonly string[]): Omit<FileItem, "plan"> {
  const { line, text, cells, fault } = raw;
  if (fault !== undefined) return { line, fault: { reason: fault, raw: excerpt(text) } };
  if (cells !== undefined) return { line, record: toRecord(header, cells) };
  try {
    return { line, record: parseJsonRecord(text) };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { line, fault: { reason: error.message, raw: excerpt(text) } };
  }
}

/** The beginning of a faulty stretch, for a person to recognise it by. */
function excerpt(text: string): string {
  return text.length > EXCERPT_LENGTH ? `${text.slice(0, EXCERPT_LENGTH)}…` : text;
}

const END_BYTES = 64 * 1024;

/**
 * Size plus SHA-256 of the first and last 64 KiB. A hash of all of it would have to read 5 GB before the first row of a
 * resumed import. A file that grew, was sorted anew or exported again differs in one of the three; one edited in its
 * middle to the same length does not, and then a resumed run misses the edits before its checkpoint and no run after it,
 * for a finished import always starts at the beginning.
 */
async function fingerprintOf(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(END_BYTES);
  for (const position of [0, Math.max(size - END_BYTES, 0)]) {
    const { bytesRead } = await handle.read(buffer, 0, END_BYTES, position);
    hash.update(buffer.subarray(0, bytesRead));
  }
  return `${size}-${hash.digest("hex").slice(0, 32)}`;
}
