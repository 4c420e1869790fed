import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import type { Writable } from "node:stream";
import type { Gzip } from "node:zlib";
import { createBrotliCompress, createDeflate, createGzip } from "node:zlib";
import { EngineError } from "./engine.ts";
import type { StatementResult } from "./engine.ts";
import type { Outcome } from "./statement.ts";

/** What every answer of one server has in common. */
export interface ResponseFacts {
  readonly timezone: string;
  readonly displayName: string;
  /** A client that takes no bytes for this long is cut off. */
  readonly sendTimeoutMs: number;
}

const NOT_FOUND = new Set(
  (
    "UNKNOWN_TABLE UNKNOWN_FUNCTION UNKNOWN_IDENTIFIER UNKNOWN_TYPE UNKNOWN_STORAGE UNKNOWN_DATABASE " +
    "UNKNOWN_SETTING UNKNOWN_DIRECTION_OF_SORTING UNKNOWN_AGGREGATE_FUNCTION UNKNOWN_FORMAT " +
    "UNKNOWN_DATABASE_ENGINE UNKNOWN_TYPE_OF_QUERY UNKNOWN_ROLE"
  ).split(" "),
);
const BAD_REQUEST = new Set(
  (
    "BAD_ARGUMENTS CANNOT_COMPILE_REGEXP CANNOT_PARSE_TEXT CANNOT_PARSE_ESCAPE_SEQUENCE " +
    "CANNOT_PARSE_QUOTED_STRING CANNOT_PARSE_DATE CANNOT_PARSE_DATETIME CANNOT_PARSE_NUMBER " +
    "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING CANNOT_PARSE_IPV4 CANNOT_PARSE_IPV6 " +
    "CANNOT_PARSE_INPUT_ASSERTION_FAILED CANNOT_PARSE_UUID DUPLICATE_COLUMN ILLEGAL_COLUMN " +
    "UNKNOWN_ELEMENT_IN_AST UNKNOWN_TYPE_OF_AST_NODE THERE_IS_NO_COLUMN TOO_DEEP_AST TOO_BIG_AST " +
    "UNEXPECTED_AST_STRUCTURE SYNTAX_ERROR INCORRECT_DATA TYPE_MISMATCH VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE"
  ).split(" "),
);
const OTHER_STATUS: Readonly<Record<string, number>> = {
  REQUIRED_PASSWORD: 401,
  UNKNOWN_USER: 403,
  WRONG_PASSWORD: 403,
  AUTHENTICATION_FAILED: 403,
  ACCESS_DENIED: 403,
  TIMEOUT_EXCEEDED: 408,
  QUERY_IS_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  NOT_IMPLEMENTED: 501,
  SOCKET_TIMEOUT: 503,
  CANNOT_OPEN_FILE: 503,
  CANNOT_SCHEDULE_TASK: 503,
};

/**
 * The HTTP status ClickHouse answers an error with.
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/src/Server/HTTP/exceptionCodeToHTTPStatus.cpp
 */
export function statusOf(error: EngineError): number {
  if (NOT_FOUND.has(error.codeName)) return 404;
  if (BAD_REQUEST.has(error.codeName)) return 400;
  return OTHER_STATUS[error.codeName] ?? 500;
}

/** The text ClickHouse answers an error with, without the line break behind it. */
export function errorText(error: EngineError): string {
  return `Code: ${error.code}. DB::Exception: ${error.message} (${error.codeName})`;
}

/** Answers with an error, or breaks the connection when the answer has already begun. */
export function sendError(response: ServerResponse, error: EngineError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = Buffer.from(`${errorText(error)}\n`);
  response.writeHead(statusOf(error), {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Length": body.length,
    "X-ClickHouse-Exception-Code": String(error.code),
    ...(error.codeName === "REQUIRED_PASSWORD"
      ? { "WWW-Authenticate": 'Basic realm="ClickHouse server HTTP API"' }
      : {}),
  });
  response.end(body);
}

/** Sends what a statement came to. Waits for the client to take it; resolves when it has, or is gone. */
export async function sendOutcome(
  message: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  outcome: Outcome,
  facts: ResponseFacts,
  elapsedMs: number,
): Promise<void> {
  if (outcome.format !== undefined) {
    response.setHeader("X-ClickHouse-Format", outcome.format);
    response.setHeader("Content-Type", contentType(outcome.format));
  }
  response.setHeader(
    "X-ClickHouse-Summary",
    summary(outcome.kind === "blocks" ? undefined : outcome.result, elapsedMs),
  );
  if (message.method === "HEAD") {
    response.end();
    return;
  }
  if (outcome.kind === "bytes" && outcome.result.bytes.length === 0) {
    response.setHeader("Content-Length", 0);
    response.end();
    return;
  }
  const tag = randomBytes(8).toString("hex");
  response.setHeader("X-ClickHouse-Exception-Tag", tag);
  const body = compressor(message, query, response);
  try {
    for await (const chunk of chunksOf(outcome)) {
      if (!(await write(body, response, chunk, facts.sendTimeoutMs))) return;
    }
    body.end();
    await finished(response, { signal: AbortSignal.timeout(facts.sendTimeoutMs) }).catch(() =>
      response.destroy(),
    );
  } catch (error) {
    if (!(error instanceof EngineError) || response.destroyed) {
      response.destroy();
      throw error;
    }
    // the frame in which ClickHouse (25.11 and later) puts an error behind rows that are already sent
    const text = `${errorText(error)}\n`;
    const frame = `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`;
    await new Promise<void>((resolve) => body.write(frame, () => resolve()));
    if (body !== response) {
      await new Promise<void>((resolve) => (body as Gzip).flush(() => resolve()));
      await new Promise<void>((resolve) => response.write("", () => resolve()));
    }
    // the frame goes out, the end of the body does not: nobody takes a part of the rows for all of them
    response.socket?.destroySoon();
  }
}

async function* chunksOf(outcome: Outcome): AsyncGenerator<Buffer, void, void> {
  if (outcome.kind === "bytes") yield outcome.result.bytes;
  else if (outcome.kind === "blocks") {
    if (outcome.first !== undefined) yield outcome.first;
    yield* outcome.rest;
  } else yield* createReadStream(outcome.path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

/** Writes and waits until there is room for more. False when the client is gone. */
async function write(
  body: Writable,
  response: ServerResponse,
  chunk: Buffer,
  timeoutMs: number,
): Promise<boolean> {
  if (response.destroyed) return false;
  if (body.write(chunk)) return true;
  const waiting = new AbortController();
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  try {
    await Promise.race([
      once(body, "drain", { signal: waiting.signal }),
      once(response, "close", { signal: waiting.signal }),
    ]);
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
  return !response.destroyed;
}

function compressor(message: IncomingMessage, query: URLSearchParams, response: ServerResponse): Writable {
  if (query.get("enable_http_compression") !== "1") return response;
  const accepted = String(message.headers["accept-encoding"] ?? "")
    .split(",")
    .map((part) => part.split(";")[0]?.trim().toLowerCase() ?? "");
  const makers = { gzip: createGzip, br: createBrotliCompress, deflate: createDeflate };
  for (const name of ["gzip", "br", "deflate"] as const) {
    if (!accepted.includes(name)) continue;
    response.setHeader("Content-Encoding", name);
    const stream = makers[name]();
    stream.pipe(response);
    response.once("close", () => stream.destroy());
    return stream;
  }
  return response;
}

function contentType(format: string): string {
  if (/EachRow|Lines|NDJSON/.test(format)) return "application/x-ndjson; charset=UTF-8";
  if (format.startsWith("JSON")) return "application/json; charset=UTF-8";
  if (format.startsWith("CSV")) return "text/csv; charset=UTF-8";
  if (/^(?:TSV|TabSeparated)/.test(format)) return "text/tab-separated-values; charset=UTF-8";
  if (/^(?:Pretty|Vertical|Markdown|Values|SQLInsert|LineAsString|XML)/.test(format))
    return "text/plain; charset=UTF-8";
  return "application/octet-stream";
}

function summary(result: StatementResult | undefined, elapsedMs: number): string {
  return JSON.stringify({
    read_rows: String(result?.readRows ?? 0),
    read_bytes: String(result?.readBytes ?? 0),
    written_rows: String(result?.writtenRows ?? 0),
    written_bytes: String(result?.writtenBytes ?? 0),
    total_rows_to_read: "0",
    result_rows: String(result?.readRows ?? 0),
    result_bytes: String(result?.bytes.length ?? 0),
    elapsed_ns: String(Math.round(elapsedMs * 1e6)),
  });
}
