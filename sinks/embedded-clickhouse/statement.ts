import type { Engine, EngineConnection, StatementResult } from "./engine.ts";
import { sqlString } from "../../core/show-sql.ts";
import { EngineError, sqlName } from "./engine.ts";
import type { Gate } from "./gate.ts";
import { createGate } from "./gate.ts";
import { withRevision } from "./native-revision.ts";
import type { StatementRequest } from "./request.ts";
import type { Sessions } from "./sessions.ts";
import type { Spool } from "./spool.ts";
import { findForbiddenName, findOutsideCall, readShape } from "./sql-text.ts";

/** What a reader's query may use up. Requests may lower these, never raise them. */
export interface ReadLimits {
  readonly maxExecutionSeconds: number;
  readonly maxMemoryBytes: number;
  readonly maxResultRows: number;
  readonly maxResultBytes: number;
  readonly maxThreads: number;
}

export interface StatementLimits {
  readonly read: ReadLimits;
  /** Statements of readers that run at once; the rest wait. */
  readonly concurrentReads: number;
  /** Statements of writers that run at once; the rest wait. */
  readonly concurrentWrites: number;
}

export type Access = "write" | "read";

/** Who asks. Each user has places of its own for statements that run at once. */
export interface StatementUser {
  readonly name: string;
  readonly access: Access;
}

/** What a statement came to. `format` is undefined when it returns no rows. */
export type Outcome =
  | { readonly kind: "bytes"; readonly result: StatementResult; readonly format: string | undefined }
  | {
      readonly kind: "file";
      readonly path: string;
      readonly result: StatementResult;
      readonly format: string;
    }
  | {
      readonly kind: "blocks";
      /** Undefined for a result without rows. It is here already, so that an error before it is an HTTP status. */
      readonly first: Buffer | undefined;
      readonly rest: AsyncGenerator<Buffer, void, void>;
      readonly format: string;
    };

export interface Statements {
  /**
   * Runs one request and hands its outcome to `reply`; the connection stays open until `reply` is done.
   * @param signal aborts when the client is gone: a query is killed, an INSERT is let through
   * @throws {EngineError}
   */
  execute(
    request: StatementRequest,
    user: StatementUser,
    signal: AbortSignal,
    reply: (outcome: Outcome) => Promise<void>,
  ): Promise<void>;
}

// Formats without a frame around the rows: blocks that were formatted one by one make one document.
const FRAMELESS = new Set(
  (
    "JSONEachRow JSONLines NDJSON JSONStringsEachRow JSONCompactEachRow JSONCompactStringsEachRow CSV TSV " +
    "TabSeparated TSVRaw TabSeparatedRaw Raw RowBinary Native"
  ).split(" "),
);

const SELECTS = new Set(["SELECT", "WITH", "FROM"]);
const READS = new Set([...SELECTS, "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK"]);
const MAX_WAITING = 200;
const KILL_EVERY_MS = 250;
// Rows given with a statement end here for the engine, even inside a string, and what follows runs as SQL.
const END_OF_ROWS = "\n\n";
// below max_query_size, which long parameters exceed
const SAFE_SQL_LENGTH = 50_000;

// Settings that shape the output and touch nothing else. format_schema and format_template_* name files.
const READER_SETTINGS =
  /^(?:(?!output_format_schema$)output_format_\w+|date_time_\w+|session_timezone|join_use_nulls|extremes|format_csv_\w+|format_tsv_\w+|limit|offset|max_block_size|prefer_column_name_to_alias|use_query_cache)$/;

/** The part of the store that decides what a statement may do and runs it on a connection of its own. */
export function createStatements(
  engine: Engine,
  spool: Spool,
  sessions: Sessions,
  limits: StatementLimits,
): Statements {
  // one per user: an analyst's slow questions must not keep the dashboard waiting
  const gates = new Map<string, Gate>();
  const gateOf = ({ name, access }: StatementUser): Gate => {
    const places = access === "read" ? limits.concurrentReads : limits.concurrentWrites;
    const gate = gates.get(name) ?? createGate(places, MAX_WAITING);
    gates.set(name, gate);
    return gate;
  };
  const running = new Set<string>();

  async function execute(
    request: StatementRequest,
    user: StatementUser,
    signal: AbortSignal,
    reply: (outcome: Outcome) => Promise<void>,
  ): Promise<void> {
    const { access } = user;
    if (running.has(request.queryId)) {
      throw new EngineError(
        216,
        "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
        `Query with id = ${request.queryId} is already running.`,
      );
    }
    running.add(request.queryId);
    // takes its place in the gate last: a request that waits for its session holds up nobody else
    const work = async (connection: EngineConnection): Promise<void> => {
      const leave = await gateOf(user).enter(signal);
      try {
        await executeOn(connection, request, access, signal, reply);
      } finally {
        leave();
      }
    };
    try {
      // a reader can neither SET nor make tables, so a session would hold nothing
      if (request.session !== undefined && access === "write") {
        await sessions.use(request.session, [...settingsOf(request, access).keys()], work);
      } else {
        const connection = engine.connect();
        try {
          await work(connection);
        } finally {
          connection.close();
        }
      }
    } finally {
      running.delete(request.queryId);
    }
  }

  async function executeOn(
    connection: EngineConnection,
    request: StatementRequest,
    access: Access,
    signal: AbortSignal,
    reply: (outcome: Outcome) => Promise<void>,
  ): Promise<void> {
    // before the request's settings hold, which would change what formats the text (an offset leaves none of it)
    const canonical = access === "read" ? await canonicalText(connection, request.sql) : undefined;
    const before = preamble(request, access);
    if (before.length > SAFE_SQL_LENGTH) await connection.run(`SET max_query_size = ${4 * before.length}`);
    await connection.run(before);
    const { sql, isQuery } = await admit(connection, request, canonical);
    if (signal.aborted) throw new EngineError(394, "QUERY_WAS_CANCELLED", "The client went away.");
    let killing: NodeJS.Timeout | undefined;
    const kill = (): void => {
      // again and again: the engine may not have begun yet, and a kill only meets what runs
      killing ??= setInterval(() => void engine.kill(request.queryId).catch(() => undefined), KILL_EVERY_MS);
      void engine.kill(request.queryId).catch(() => undefined);
    };
    if (isQuery) signal.addEventListener("abort", kill, { once: true });
    try {
      const outcome = await run(connection, request, sql, isQuery);
      try {
        await reply(outcome);
      } finally {
        if (outcome.kind === "file") await spool.remove(outcome.path);
        if (outcome.kind === "blocks") await outcome.rest.return();
      }
    } finally {
      signal.removeEventListener("abort", kill);
      clearInterval(killing);
    }
  }

  function settingsOf(request: StatementRequest, access: Access): Map<string, string> {
    // log_comment is how a statement is found again to kill it; chdb turns `1` into `SELECT 1` unless told not to
    const settings = new Map([
      ["log_comment", request.queryId],
      ["implicit_select", "0"],
      ["max_query_size", access === "read" ? "4194304" : "262144"],
    ]);
    if (access === "write") {
      for (const [name, value] of request.settings) settings.set(name, value);
      return settings;
    }
    const ceilings: Record<string, number> = {
      max_execution_time: limits.read.maxExecutionSeconds,
      max_memory_usage: limits.read.maxMemoryBytes,
      max_result_rows: limits.read.maxResultRows,
      max_result_bytes: limits.read.maxResultBytes,
      max_threads: limits.read.maxThreads,
      max_rows_to_read: Infinity,
      max_bytes_to_read: Infinity,
    };
    for (const [name, ceiling] of Object.entries(ceilings)) {
      if (Number.isFinite(ceiling)) settings.set(name, String(ceiling));
    }
    settings.set("allow_introspection_functions", "0");
    for (const [name, value] of request.settings) {
      const ceiling = ceilings[name];
      // clickhouse-go, and so Grafana, sends its own deadline unasked: more than is allowed means as long as allowed
      if (name === "max_execution_time" && Number(value) > limits.read.maxExecutionSeconds) continue;
      const lowers = ceiling !== undefined && Number(value) > 0 && Number(value) <= ceiling;
      if (!lowers && !READER_SETTINGS.test(name)) {
        if (name === "readonly" && Number(value) > 0) continue;
        throw new EngineError(
          164,
          "READONLY",
          ceiling === undefined
            ? `Cannot modify '${name}' setting in readonly mode.`
            : `Cannot modify '${name}' setting in readonly mode: it may only be lowered, from ${ceiling}.`,
        );
      }
      settings.set(name, value);
    }
    return settings;
  }

  function preamble(request: StatementRequest, access: Access): string {
    const changes = [...settingsOf(request, access)].map(([name, value]) => {
      if (!/^\w+$/.test(name)) throw new EngineError(115, "UNKNOWN_SETTING", `Unknown setting '${name}'.`);
      return `${name} = ${sqlString(value)}`;
    });
    for (const [name, value] of request.params) {
      if (!/^\w+$/.test(name)) throw new EngineError(36, "BAD_ARGUMENTS", `Bad parameter name '${name}'.`);
      changes.push(`param_${name} = ${sqlString(value)}`);
    }
    const parts = [`SET ${changes.join(", ")}`];
    if (request.database !== undefined) parts.push(`USE ${sqlName(request.database)}`);
    if (access === "read") parts.push("SET readonly = 1");
    return parts.join("; ");
  }

  /** Refuses what may not run; answers the text to run and whether it only reads. */
  async function admit(
    connection: EngineConnection,
    request: StatementRequest,
    canonical: string | undefined,
  ): Promise<{ sql: string; isQuery: boolean }> {
    if (request.sql.trim() === "") throw new EngineError(62, "SYNTAX_ERROR", "Empty query.");
    const analysis = await connection.analyse(request.sql);
    if (analysis.count > 1) {
      throw new EngineError(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed).");
    }
    const isQuery = analysis.kind === "read" && analysis.count === 1;
    if (canonical === undefined) {
      if (analysis.kind === "control" && READS.has(readShape(request.sql).verb)) {
        throw new EngineError(243, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed.");
      }
      if (request.readOnly && !isQuery)
        throw new EngineError(164, "READONLY", "A GET request may only read; use POST.");
      return { sql: request.sql, isQuery };
    }
    if (!isQuery) throw new EngineError(164, "READONLY", "Cannot execute query in readonly mode.");
    const outside = findOutsideCall(canonical);
    if (outside !== undefined) {
      throw new EngineError(164, "READONLY", `Cannot use the table function '${outside}' in readonly mode.`);
    }
    const name = findForbiddenName(canonical, request.params);
    if (name !== undefined) {
      throw new EngineError(497, "ACCESS_DENIED", `Not enough privileges to use the name '${name}'.`);
    }
    // what was judged is what runs: nothing is left for a comment or an odd quote to hide in
    return { sql: canonical, isQuery };
  }

  async function run(
    connection: EngineConnection,
    request: StatementRequest,
    text: string,
    isQuery: boolean,
  ): Promise<Outcome> {
    if (request.insert !== undefined) {
      return {
        kind: "bytes",
        result: await insertRows(connection, request, request.insert),
        format: undefined,
      };
    }
    const shape = readShape(text);
    const format = shape.format?.name ?? request.format ?? "TabSeparated";
    if (!/^\w+$/.test(format)) throw new EngineError(73, "UNKNOWN_FORMAT", `Unknown format ${format}`);
    const isNative = format === "Native";
    const revised = (blocks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer, void, void> =>
      withRevision(blocks, isNative ? request.nativeRevision : 0);
    if (isQuery && SELECTS.has(shape.verb)) {
      const arrays = "output_format_json_array_of_rows";
      const framed = shape.totals || request.settings.has(arrays) || text.includes(arrays);
      // Native leaves totals out
      if (FRAMELESS.has(format) && (!framed || isNative)) {
        const rest = revised(connection.stream(text, format));
        const first = await rest.next();
        return { kind: "blocks", first: first.done ? undefined : first.value, rest, format };
      }
      const path = spool.newPath();
      const end = shape.format?.start ?? shape.end;
      const sql = `${text.slice(0, end)}\nINTO OUTFILE ${sqlString(path)} COMPRESSION 'none' FORMAT ${format} ${
        shape.format === undefined ? "" : text.slice(shape.format.end, shape.end)
      }`;
      try {
        return { kind: "file", path, result: await connection.run(sql), format };
      } catch (error) {
        await spool.remove(path);
        throw error;
      }
    }
    const result = await connection.run(text, format);
    const parts: Buffer[] = [];
    for await (const part of revised([result.bytes])) parts.push(part);
    const bytes = Buffer.concat(parts);
    return {
      kind: "bytes",
      result: { ...result, bytes },
      format: isQuery || bytes.length > 0 ? format : undefined,
    };
  }

  async function insertRows(
    connection: EngineConnection,
    request: StatementRequest,
    insert: NonNullable<StatementRequest["insert"]>,
  ): Promise<StatementResult> {
    if (insert.usesInput) {
      // the engine accepts it and writes nothing
      throw new EngineError(48, "NOT_IMPLEMENTED", "INSERT … SELECT FROM input() is not supported.");
    }
    const format = insert.format ?? request.format ?? "TabSeparated";
    const clause = insert.format === undefined ? ` FORMAT ${sqlName(format)}` : "";
    const rows = request.rows;
    // the engine refuses an INSERT of no rows, a server takes it for granted
    if (rows === undefined || (rows.kind === "memory" && rows.bytes.length === 0)) return NOTHING;
    const isSql = /^values$/i.test(format);
    if (rows.kind === "memory" && !isSql && !rows.bytes.includes(END_OF_ROWS)) {
      return connection.insert(`${request.sql.trimEnd()}${clause}`, rows.bytes);
    }
    const path = rows.kind === "file" ? rows.path : await spool.write(rows.bytes);
    try {
      const sql = `${request.sql.slice(0, insert.sourceAt)} FROM INFILE ${sqlString(path)} COMPRESSION 'none' ${request.sql.slice(insert.sourceAt)}${clause}`;
      const result = await connection.run(sql);
      return { ...result, writtenRows: result.readRows, writtenBytes: result.readBytes };
    } finally {
      if (rows.kind === "memory") await spool.remove(path);
    }
  }

  return { execute };
}

/** The statement as the engine itself would write it. Throws the engine's syntax error for what does not parse. */
async function canonicalText(connection: EngineConnection, sql: string): Promise<string> {
  try {
    if (sql.length > SAFE_SQL_LENGTH) await connection.run("SET max_query_size = 8388608");
    const result = await connection.run(`SELECT formatQuerySingleLine(${sqlString(sql)})`, "TSVRaw");
    return result.bytes.toString("utf8").replace(/\n$/, "");
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = error.message.replace(/: In scope SELECT formatQuerySingleLine\([\s\S]*$/, "");
    throw new EngineError(error.code, error.codeName, message, { cause: error });
  }
}

const NOTHING: StatementResult = {
  bytes: Buffer.alloc(0),
  readRows: 0,
  readBytes: 0,
  writtenRows: 0,
  writtenBytes: 0,
};
