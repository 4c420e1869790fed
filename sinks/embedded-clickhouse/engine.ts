import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { sqlString } from "../../core/show-sql.ts";

/** What the engine says a text is, judged by its own parser and without running it. */
export interface StatementAnalysis {
  /** How many statements the text holds; 0 when it does not parse. */
  readonly count: number;
  /** `control` covers SET, USE, SYSTEM, KILL, and anything that writes outside the engine (INTO OUTFILE). */
  readonly kind: "read" | "write" | "control" | "unknown";
}

/** A finished statement. Counts are the engine's; an INSERT written as SQL text reports none. */
export interface StatementResult {
  readonly bytes: Buffer;
  readonly readRows: number;
  readonly readBytes: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
}

/** One connection: it keeps its own settings, parameters and database, and runs one statement at a time. */
export interface EngineConnection {
  /**
   * Runs SQL and holds the whole result in memory.
   * @throws {EngineError}
   */
  run(sql: string, format?: string): Promise<StatementResult>;
  /**
   * Runs one SELECT and yields its result block by block. Each block is formatted on its own, so only formats
   * without a frame around the rows come out as one document.
   * @throws {EngineError}
   */
  stream(sql: string, format: string): AsyncGenerator<Buffer, void, void>;
  /**
   * Inserts `payload` by an `INSERT … FORMAT X` head. The caller has made sure that it holds no two line breaks in
   * a row: there the engine takes the rows to end, and runs the rest as SQL. X is not Values, which is SQL throughout.
   * @throws {EngineError}
   */
  insert(head: string, payload: Buffer): Promise<StatementResult>;
  analyse(sql: string): Promise<StatementAnalysis>;
  /** Releases the connection once whatever runs on it has ended. */
  close(): void;
}

export interface Engine {
  readonly version: string;
  connect(): EngineConnection;
  /** Ends the running statements whose connection has this `log_comment`; without one, all of them. */
  kill(comment?: string): Promise<void>;
  /** Releases the directory. The caller has ended or killed what was running. */
  close(): Promise<void>;
}

/** An error the engine reported, under ClickHouse's own code and name. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: number;
  /** ClickHouse's name of the code, such as `UNKNOWN_TABLE`. */
  readonly codeName: string;

  /** `message` carries neither the "Code: N. DB::Exception:" in front nor the name behind. */
  constructor(code: number, codeName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.codeName = codeName;
  }
}

/** The addon's surface, as far as it is used here. */
interface Addon {
  CreateConnection(path: string, args?: readonly string[]): unknown;
  CloseConnection(connection: unknown): void;
  QueryAsyncConnection(connection: unknown, sql: string, format: string): Promise<AddonResult>;
  InsertRawAsyncConnection(
    connection: unknown,
    head: string,
    payload: Buffer,
    countLines: boolean,
  ): Promise<{ rowsWritten: number; bytesWritten: number }>;
  StreamQuery(connection: unknown, sql: string, format: string): unknown;
  StreamFetch(stream: unknown): Promise<{ bytes: Buffer; done: boolean }>;
  StreamCancel(stream: unknown): void;
  DurableClassifyAsync(
    connection: unknown,
    sql: string,
  ): Promise<{ statementCount: number; queryClass: number }>;
}

interface AddonResult {
  readonly bytes: Buffer;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

const CLASSES = ["read", "write", "write", "control"] as const;

/**
 * Opens the engine on a directory, which it locks against every other process.
 *
 * The addon is used directly and not through chdb's `Session`: a Session's close waits for every statement in
 * the process, its insert knows eight formats, and its bound parameters go through one process-wide queue.
 *
 * @param directory where tables live; made when absent
 * @throws {EngineError} when another process has the directory open or it cannot be read
 */
export function openEngine(directory: string, configFile: string): Engine {
  const addon = loadAddon();
  const path = resolve(directory);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(configFile, ENGINE_CONFIG, { mode: 0o600 });
  const anchor = open([`--config-file=${resolve(configFile)}`]);
  const busy = new Set<Promise<unknown>>();
  const releasing = new Set<Promise<void>>();

  function open(args?: readonly string[]): unknown {
    try {
      const connection =
        args === undefined ? addon.CreateConnection(path) : addon.CreateConnection(path, args);
      if (connection) return connection;
    } catch (cause) {
      throw new EngineError(0, "CANNOT_OPEN", `The store at ${path} cannot be opened.`, { cause });
    }
    throw new EngineError(0, "CANNOT_OPEN", `The store at ${path} cannot be opened.`);
  }

  function connect(): EngineConnection {
    const connection = open();
    let running: Promise<unknown> = Promise.resolve();
    let closed = false;

    // Closing a connection under a running call aborts the engine for the whole process, so every call is
    // remembered and close() waits for it.
    async function call<T>(start: () => Promise<T>): Promise<T> {
      if (closed) throw new EngineError(236, "ABORTED", "The connection is closed.");
      const started = start();
      running = started.catch(() => undefined);
      busy.add(running);
      try {
        return await started;
      } catch (error) {
        throw engineError(error);
      } finally {
        busy.delete(running);
      }
    }

    return {
      async run(sql, format = "TabSeparated") {
        const result = await call(() => addon.QueryAsyncConnection(connection, sql, format));
        return {
          bytes: result.bytes,
          readRows: result.rowsRead,
          readBytes: result.bytesRead,
          writtenRows: 0,
          writtenBytes: 0,
        };
      },
      async *stream(sql, format) {
        if (closed) throw new EngineError(236, "ABORTED", "The connection is closed.");
        let handle: unknown;
        try {
          handle = addon.StreamQuery(connection, sql, format);
        } catch (error) {
          throw engineError(error);
        }
        let done = false;
        try {
          for (;;) {
            const block = await call(() => addon.StreamFetch(handle));
            if (block.done) break;
            yield block.bytes;
          }
          done = true;
        } catch (error) {
          done = true;
          throw error;
        } finally {
          if (!done) addon.StreamCancel(handle);
        }
      },
      async insert(head, payload) {
        const result = await call(() => addon.InsertRawAsyncConnection(connection, head, payload, false));
        return {
          bytes: Buffer.alloc(0),
          readRows: 0,
          readBytes: 0,
          writtenRows: result.rowsWritten,
          writtenBytes: result.bytesWritten,
        };
      },
      async analyse(sql) {
        const found = await call(() => addon.DurableClassifyAsync(connection, sql));
        return { count: found.statementCount, kind: CLASSES[found.queryClass] ?? "unknown" };
      },
      close() {
        if (closed) return;
        closed = true;
        const released = running.then(() => addon.CloseConnection(connection));
        releasing.add(released);
        void released.finally(() => releasing.delete(released));
      },
    };
  }

  async function kill(comment?: string): Promise<void> {
    const connection = connect();
    try {
      const own = "query NOT LIKE 'KILL QUERY%'";
      await connection.run(
        `KILL QUERY WHERE ${comment === undefined ? own : `Settings['log_comment'] = ${sqlString(comment)}`} ASYNC`,
      );
    } finally {
      connection.close();
    }
  }

  return {
    version: packageVersion(),
    connect,
    kill,
    async close() {
      while (busy.size + releasing.size > 0) await Promise.all([...busy, ...releasing]);
      addon.CloseConnection(anchor);
    },
  };
}

/** A name as a quoted ClickHouse identifier. */
export function sqlName(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&").replaceAll("\0", "\\0")}\``;
}

const require = createRequire(import.meta.url);

function chdbDirectory(): string {
  return dirname(require.resolve("chdb/package.json"));
}

function loadAddon(): Addon {
  const loader = require(join(chdbDirectory(), "dist", "loader.js")) as { loadNative(): Addon };
  return loader.loadNative();
}

function packageVersion(): string {
  return (require(join(chdbDirectory(), "package.json")) as { version: string }).version;
}

function engineError(error: unknown): EngineError {
  const text = error instanceof Error ? error.message : String(error);
  const code = /^Code: (\d+)\. /.exec(text);
  const codeName = /\(([A-Z][A-Z0-9_]+)\)\s*$/.exec(text);
  // the engine wraps some errors in themselves: "Code: 115. DB::Exception: Code: 115. DB::Exception: …"
  const message = text
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, "")
    .replace(/(?:\s*\([A-Z][A-Z0-9_]+\)(?: \(version [^)]*\)\.?)?)+\s*$/, "");
  return new EngineError(Number(code?.[1] ?? 1001), codeName?.[1] ?? "STD_EXCEPTION", message, {
    cause: error,
  });
}

// A laptop's share of a server: the defaults assume a machine of its own.
const ENGINE_CONFIG = `<clickhouse>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
  <compiled_expression_cache_size>16777216</compiled_expression_cache_size>
  <query_cache><max_size_in_bytes>16777216</max_size_in_bytes></query_cache>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>2</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>2</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
</clickhouse>
`;
