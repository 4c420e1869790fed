import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Engine } from "./engine.ts";
import { sqlString } from "../../core/show-sql.ts";
import { EngineError } from "./engine.ts";

/** Bytes of a request: in memory while they are few, in a file beyond. */
export type Payload =
  { readonly kind: "memory"; readonly bytes: Buffer } | { readonly kind: "file"; readonly path: string };

/** Temporary files beside the tables, for what is too large to hold in memory. */
export interface Spool {
  /** A path nobody else uses; nothing exists there yet. */
  newPath(): string;
  /**
   * Reads a stream to its end.
   * @throws {EngineError} code 307 above `maxBytes`
   */
  collect(stream: Readable, maxBytes: number, memoryBytes: number): Promise<Payload>;
  /** A new file of these bytes. */
  write(bytes: Buffer): Promise<string>;
  /** A copy of a file without its first bytes. */
  copyFrom(path: string, offset: number): Promise<string>;
  /**
   * Undoes a compression that Node cannot, by way of the engine; answers the path of the plain bytes.
   * `method` is lz4, zstd, xz, bz2 or snappy.
   */
  decompress(payload: Payload, method: string, engine: Engine): Promise<string>;
  remove(path: string): Promise<void>;
}

/** Opens the spool and clears what a killed process left in it. */
export async function openSpool(directory: string): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory))
    await rm(join(directory, name), { recursive: true, force: true });

  const spool: Spool = {
    newPath: () => join(directory, randomUUID()),

    async collect(stream, maxBytes, memoryBytes) {
      const chunks: Buffer[] = [];
      let size = 0;
      let path: string | undefined;
      try {
        const bounded = bound(stream, maxBytes);
        for await (const chunk of bounded) {
          chunks.push(chunk);
          size += chunk.length;
          if (size > memoryBytes) {
            path = spool.newPath();
            await pipeline(concat(chunks.splice(0), bounded), createWriteStream(path, { mode: 0o600 }));
            return { kind: "file", path };
          }
        }
        return {
          kind: "memory",
          bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
        };
      } catch (error) {
        if (path !== undefined) await spool.remove(path);
        throw error;
      }
    },

    async write(bytes) {
      const path = spool.newPath();
      await writeFile(path, bytes, { mode: 0o600 });
      return path;
    },

    async copyFrom(path, offset) {
      const copy = spool.newPath();
      await pipeline(createReadStream(path, { start: offset }), createWriteStream(copy, { mode: 0o600 }));
      return copy;
    },

    async decompress(payload, method, engine) {
      const packed = payload.kind === "file" ? payload.path : await spool.write(payload.bytes);
      const unpacked = spool.newPath();
      const connection = engine.connect();
      try {
        await connection.run(
          `SELECT * FROM file(${sqlString(packed)}, 'RawBLOB', 'blob String', ${sqlString(method)})
           INTO OUTFILE ${sqlString(unpacked)} COMPRESSION 'none' FORMAT RawBLOB`,
        );
        return unpacked;
      } catch (error) {
        await spool.remove(unpacked);
        throw error;
      } finally {
        connection.close();
        await spool.remove(packed);
      }
    },

    async remove(path) {
      await rm(path, { force: true });
    },
  };
  return spool;
}

async function* bound(stream: Readable, maxBytes: number): AsyncGenerator<Buffer, void, void> {
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) {
      throw new EngineError(
        307,
        "TOO_MANY_BYTES",
        `The request body is larger than ${maxBytes} bytes; send less at once.`,
      );
    }
    yield bytes;
  }
}

async function* concat(
  first: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  yield* first;
  yield* rest;
}
