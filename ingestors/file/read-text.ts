import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { EarshotError } from "../../core/errors.ts";
import { decodeWindows1252 } from "../windows-1252.ts";

const CHUNK_BYTES = 256 * 1024;
/** A gzip chunk may hold a thousand times its size, so less of it is taken at once. */
const GZIP_CHUNK_BYTES = 16 * 1024;

/** A regular file opened for reading. @throws {EarshotError} config_invalid when there is none or it may not be read */
export async function openFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    // without O_NONBLOCK opening a named pipe would wait for its writer
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await handle.stat();
    if (stats.isFile()) return { handle, size: stats.size };
    await handle.close();
  } catch (cause) {
    throw new EarshotError(
      "config_invalid",
      `${path} cannot be opened (${codeOf(cause)}); check the name and who may read it.`,
      { cause },
    );
  }
  throw new EarshotError("config_invalid", `${path} is no file; name a CSV, JSON or JSON-lines file.`);
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error)
    return error.code === "ENOENT" ? "no such file" : String(error.code);
  return String(error);
}

/** The bytes of a file as they lie on the disk, up to and including `size`. */
async function* readRaw(handle: FileHandle, path: string, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at).catch((cause: unknown) => {
      throw new EarshotError(
        "source_unavailable",
        `${path} could not be read after ${at} bytes (${codeOf(cause)}); check the disk.`,
        { cause },
      );
    });
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What reading bytes found out along the way. */
export interface ReadState {
  /** Bytes taken from the disk so far: compressed ones where the file is. */
  bytesRead: number;
  /** What is wrong with the gzip container; everything before the fault has been yielded. */
  fault: string | undefined;
}

/** The content of a file, unpacked when it is gzip. Damage to the container ends it early and is told in `state`. */
export function readBytes(
  handle: FileHandle,
  path: string,
  isGzip: boolean,
  state: ReadState,
): AsyncGenerator<Buffer> {
  return unpackBytes(readRaw(handle, path, isGzip ? GZIP_CHUNK_BYTES : CHUNK_BYTES), isGzip, state);
}

/** The bytes of a regular file as they lie on the disk. @throws {EarshotError} config_invalid, source_unavailable */
export async function* readStored(path: string): AsyncGenerator<Buffer> {
  const { handle } = await openFile(path);
  try {
    yield* readRaw(handle, path, CHUNK_BYTES);
  } finally {
    await handle.close();
  }
}

/** Bytes as they come, unpacked when they are gzip. Damage to the container ends them early and is told in `state`. */
export async function* unpackBytes(
  chunks: AsyncIterable<Buffer>,
  isGzip: boolean,
  state: ReadState,
): AsyncGenerator<Buffer> {
  yield* isGzip
    ? inflate(countSlices(chunks, GZIP_CHUNK_BYTES, state), state)
    : countSlices(chunks, CHUNK_BYTES, state);
}

async function* countSlices(
  chunks: AsyncIterable<Buffer>,
  bytes: number,
  state: ReadState,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += bytes) {
      const slice = chunk.subarray(at, at + bytes);
      state.bytesRead += slice.length;
      yield slice;
    }
  }
}

/**
 * Unpacks gzip chunk by chunk. Not a pipe: a pipe that meets the end of a truncated file drops what is still buffered,
 * and the rows before the cut are to be kept.
 */
async function* inflate(chunks: AsyncIterable<Buffer>, state: ReadState): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let unpacked: Buffer[] = [];
  gunzip.on("data", (chunk: Buffer) => unpacked.push(chunk));
  const failed = new Promise<void>((resolve) => {
    gunzip.on("error", (error: NodeJS.ErrnoException) => {
      state.fault =
        error.code === "Z_BUF_ERROR"
          ? "The gzip file is cut short: what came after this place is missing. Fetch it again and import it again."
          : "The gzip file is damaged: nothing after this place can be read. Fetch it again and import it again.";
      resolve();
    });
  });
  const takeUnpacked = (): Buffer[] => {
    const taken = unpacked;
    unpacked = [];
    return taken;
  };
  try {
    for await (const chunk of chunks) {
      await Promise.race([new Promise<void>((resolve) => gunzip.write(chunk, () => resolve())), failed]);
      yield* takeUnpacked();
      if (state.fault !== undefined) return;
    }
    await Promise.race([new Promise<void>((resolve) => gunzip.on("end", resolve).end()), failed]);
    yield* takeUnpacked();
  } finally {
    gunzip.destroy();
  }
}

/** Turns chunks of bytes into text; bytes that mean nothing in the encoding become U+FFFD. */
export interface Decoder {
  decode(bytes: Uint8Array): string;
  end(): string;
}

/** The decoder of an encoding, which drops a byte order mark. */
export function decoder(charset: string): Decoder {
  const { encoding } = new TextDecoder(charset);
  if (encoding === "windows-1252") return { decode: decodeWindows1252, end: () => "" };
  const inner = new TextDecoder(encoding);
  return { decode: (bytes) => inner.decode(bytes, { stream: true }), end: () => inner.decode() };
}
