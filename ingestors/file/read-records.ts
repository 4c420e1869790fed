import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { z } from "zod";
import type { Page } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { parseJsonRecord } from "./parse-json.ts";
import { EXCERPT_LENGTH, type FileItem, type FilePlan, type RawRecord } from "./plan.ts";
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
  let lastLine = 0;
  let header: readonly string[] | undefined =
    shape.format === "csv" || shape.format === "tsv" ? undefined : [];
  let items: FileItem[] = [];
  let length = 0;

  const page = (isComplete: boolean): Page<FileCursor> => {
    const progress = isComplete || size === 0 ? 1 : Math.min(state.bytesRead / size, 1);
    const done = { items, cursor: { fingerprint, records, isComplete }, progress };
    items = [];
    length = 0;
    return done;
  };
  function* take(cut: readonly RawRecord[]): Generator<Page<FileCursor>> {
    for (const raw of cut) {
      lastLine = raw.line;
      if (header === undefined) {
        header = raw.cells === undefined ? [] : columnNames(raw.cells);
        if (raw.cells !== undefined) continue;
      }
      if (++records <= known) continue;
      items.push(toItem(raw, header, plan));
      length += raw.text.length;
      if (items.length >= PAGE_ITEMS || length >= PAGE_LENGTH) yield page(false);
    }
  }

  const splitter = splitterOf(shape);
  const text = decoder(shape.charset);
  for await (const chunk of readBytes(handle, path, shape.isGzip, state)) {
    signal.throwIfAborted();
    yield* take(splitter.push(text.decode(chunk)));
  }
  signal.throwIfAborted();
  yield* take(splitter.push(text.end()));
  const rest = splitter.end();
  if (state.fault === undefined) {
    yield* take(rest);
  } else if (++records > known) {
    // a row cut through may still look like one, with half a date or half a word in it
    const [half] = rest;
    const fault = { reason: state.fault, raw: excerpt(half?.text ?? "") };
    items.push({ line: half?.line ?? lastLine + 1, fault, plan });
  }
  yield page(true);
}

function toItem(raw: RawRecord, header: readonly string[], plan: FilePlan): FileItem {
  const { line, text, cells, fault } = raw;
  if (fault !== undefined) return { line, fault: { reason: fault, raw: excerpt(text) }, plan };
  if (cells !== undefined) return { line, record: toRecord(header, cells), plan };
  try {
    return { line, record: parseJsonRecord(text), plan };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { line, fault: { reason: error.message, raw: excerpt(text) }, plan };
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
