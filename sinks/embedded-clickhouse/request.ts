import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Engine } from "./engine.ts";
import { EngineError } from "./engine.ts";
import type { Payload, Spool } from "./spool.ts";
import type { InsertHead } from "./sql-text.ts";
import { readShape } from "./sql-text.ts";

/** One HTTP request to the store, taken apart. */
export interface StatementRequest {
  readonly queryId: string;
  /** The statement, without the rows an INSERT brings along. */
  readonly sql: string;
  /** Set when `rows` belong to the statement. */
  readonly insert: InsertHead | undefined;
  readonly rows: Payload | undefined;
  readonly settings: ReadonlyMap<string, string>;
  /** `{name:Type}` values, escaped as ClickHouse's HTTP interface has them. */
  readonly params: ReadonlyMap<string, string>;
  readonly database: string | undefined;
  /** The format asked for outside of the SQL. */
  readonly format: string | undefined;
  /** The protocol revision a client expects Native blocks in; 0 for the one of files. */
  readonly nativeRevision: number;
  /** A GET may not change anything. */
  readonly readOnly: boolean;
  readonly session:
    { readonly id: string; readonly timeoutMs: number; readonly mustExist: boolean } | undefined;
}

/** How much a request may bring. */
export interface BodyLimits {
  /** Larger bodies are refused, counted after decompression. Bytes. */
  readonly maxBodyBytes: number;
  /** Larger bodies wait in a file. Bytes. */
  readonly memoryBodyBytes: number;
}

// Options of ClickHouse's HTTP interface. What is not among them is a setting.
const HTTP_OPTIONS = new Set(
  (
    "query database user password quota_key default_format query_id session_id session_timeout session_check " +
    "close_session compress decompress buffer_size wait_end_of_query role stacktrace client_protocol_version " +
    "enable_http_compression http_zlib_compression_level send_progress_in_http_headers " +
    "http_headers_progress_interval_ms http_response_buffer_size http_wait_end_of_query add_http_cors_header " +
    "cancel_http_readonly_queries_on_client_close http_write_exception_in_output_format log_comment " +
    "http_native_compression_disable_checksumming_on_decompress"
  ).split(" "),
);

const MAX_HEAD_BYTES = 65_536;
const MAX_SESSION_MS = 3_600_000;

/** The id the client gave the request, or a new one. */
export function queryIdOf(query: URLSearchParams): string {
  const id = query.get("query_id") ?? "";
  // it is echoed in a header
  return /^[\x20-\x7e]{1,256}$/.test(id) ? id : randomUUID();
}

/**
 * Reads a request to the end of its body.
 * @throws {EngineError} for a body too large, an encoding nobody can undo, an option that is not supported
 */
export async function readRequest(
  message: IncomingMessage,
  query: URLSearchParams,
  queryId: string,
  limits: BodyLimits,
  spool: Spool,
  engine: Engine,
): Promise<StatementRequest> {
  if (query.get("decompress") === "1") {
    throw new EngineError(48, "NOT_IMPLEMENTED", "decompress=1 is not supported; use Content-Encoding.");
  }
  if (query.get("compress") === "1") {
    // a client that asks for ClickHouse's own compression cannot read anything else
    throw new EngineError(48, "NOT_IMPLEMENTED", "compress=1 is not supported; use Accept-Encoding: gzip.");
  }
  let body = await readBody(message, limits, spool, engine);
  const fields = new Map(query);
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(
    message.headers["content-type"] ?? "",
  );
  if (boundary?.[1] !== undefined) {
    const bytes = await wholeBody(body, spool);
    for (const [name, value] of readMultipart(bytes, boundary[1])) fields.set(name, value);
    body = { kind: "memory", bytes: Buffer.alloc(0) };
  }

  const settings = new Map<string, string>();
  const params = new Map<string, string>();
  for (const [name, value] of fields) {
    if (name.startsWith("param_")) params.set(name.slice("param_".length), value);
    else if (!HTTP_OPTIONS.has(name)) settings.set(name, value);
  }
  const sessionId = fields.get("session_id") ?? "";
  const seconds = Number(fields.get("session_timeout") ?? 60);
  return {
    queryId,
    ...(await splitStatement(fields.get("query") ?? "", body, spool)),
    settings,
    params,
    database: fields.get("database") ?? headerOf(message, "x-clickhouse-database"),
    format: headerOf(message, "x-clickhouse-format") ?? fields.get("default_format"),
    nativeRevision: Number(fields.get("client_protocol_version") ?? 0),
    readOnly: message.method === "GET" || message.method === "HEAD",
    session:
      sessionId === ""
        ? undefined
        : {
            id: sessionId,
            timeoutMs: Math.min(Number.isFinite(seconds) ? seconds * 1000 : 60_000, MAX_SESSION_MS),
            mustExist: fields.get("session_check") === "1",
          },
  };
}

/** The value of a header that a client sends once. */
export function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readBody(
  message: IncomingMessage,
  limits: BodyLimits,
  spool: Spool,
  engine: Engine,
): Promise<Payload> {
  const encoding = (message.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const decoder = decoderFor(encoding);
  if (decoder === undefined && !["identity", "", "lz4", "zstd", "xz", "bz2", "snappy"].includes(encoding)) {
    throw new EngineError(572, "UNSUPPORTED_MEDIA_TYPE", `Unknown Content-Encoding: ${encoding}`);
  }
  let stream: Readable = message;
  if (decoder !== undefined) {
    stream = message.pipe(decoder);
    message.once("error", (error) => decoder.destroy(error));
  }
  const payload = await collectDecoded(stream, limits, spool);
  if (decoder !== undefined || encoding === "identity" || encoding === "") return payload;
  const plain = await spool.decompress(payload, encoding, engine);
  try {
    return await spool.collect(createReadStream(plain), limits.maxBodyBytes, limits.memoryBodyBytes);
  } finally {
    await spool.remove(plain);
  }
}

async function collectDecoded(stream: Readable, limits: BodyLimits, spool: Spool): Promise<Payload> {
  try {
    return await spool.collect(stream, limits.maxBodyBytes, limits.memoryBodyBytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!/^(?:Z_|ERR__ERROR_FORMAT|ERR_BROTLI|ERR_PADDING)/.test(code)) throw error;
    throw new EngineError(354, "ZLIB_INFLATE_FAILED", "The body is not what its Content-Encoding says.", {
      cause: error,
    });
  }
}

function decoderFor(encoding: string) {
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Tells SQL and rows apart: ClickHouse takes both from the URL's `query` followed by the body. */
async function splitStatement(
  urlQuery: string,
  body: Payload,
  spool: Spool,
): Promise<Pick<StatementRequest, "sql" | "insert" | "rows">> {
  const urlInsert = readShape(urlQuery).insert;
  if (urlInsert !== undefined && urlInsert.format !== "Values") {
    const inline = urlQuery.slice(urlInsert.dataStart);
    if (inline.trim() === "")
      return { sql: urlQuery.slice(0, urlInsert.dataStart), insert: urlInsert, rows: body };
  }
  if (urlQuery.trim() === "") {
    // latin1 keeps one character per byte, so offsets in the head are offsets in the body
    const head = (await firstBytes(body)).toString("latin1");
    const insert = readShape(head).insert;
    if (insert?.format !== undefined && insert.format !== "Values" && insert.dataStart <= head.length) {
      const sql = Buffer.from(head.slice(0, insert.dataStart), "latin1").toString("utf8");
      const rows = await dropBytes(body, insert.dataStart, spool);
      return { sql, insert: readShape(sql).insert, rows };
    }
  }
  const bytes = await wholeBody(body, spool);
  if (!isUtf8(bytes)) {
    throw new EngineError(
      62,
      "SYNTAX_ERROR",
      "The query is not valid UTF-8; send binary rows with INSERT … FORMAT.",
    );
  }
  const text = bytes.toString("utf8");
  const sql = urlQuery.trim() === "" ? text : text === "" ? urlQuery : `${urlQuery}\n${text}`;
  return { sql, insert: undefined, rows: undefined };
}

async function firstBytes(body: Payload): Promise<Buffer> {
  if (body.kind === "memory") return body.bytes.subarray(0, MAX_HEAD_BYTES);
  const file = await open(body.path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_HEAD_BYTES), 0, MAX_HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function dropBytes(body: Payload, count: number, spool: Spool): Promise<Payload> {
  if (body.kind === "memory") return { kind: "memory", bytes: body.bytes.subarray(count) };
  const path = await spool.copyFrom(body.path, count);
  await spool.remove(body.path);
  return { kind: "file", path };
}

async function wholeBody(body: Payload, spool: Spool): Promise<Buffer> {
  if (body.kind === "memory") return body.bytes;
  await spool.remove(body.path);
  throw new EngineError(
    307,
    "TOO_MANY_BYTES",
    "The statement is too long; send rows with INSERT … FORMAT JSONEachRow.",
  );
}

function readMultipart(body: Buffer, boundary: string): Map<string, string> {
  const fields = new Map<string, string>();
  const parts = body.toString("latin1").split(`--${boundary}`).slice(1, -1);
  for (const part of parts) {
    const gap = part.indexOf("\r\n\r\n");
    const head = part.slice(0, gap);
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
    if (name === undefined) continue;
    if (/;\s*filename=/i.test(head)) {
      throw new EngineError(
        48,
        "NOT_IMPLEMENTED",
        "External tables are not supported; insert into a temporary table.",
      );
    }
    fields.set(name, Buffer.from(part.slice(gap + 4, -2), "latin1").toString("utf8"));
  }
  return fields;
}
