import { createClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Sink, Statement, Store, TableSpec } from "../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../core/errors.ts";
import { cutText } from "../core/mention.ts";
import { showSql } from "../core/show-sql.ts";

/** Where a ClickHouse server answers HTTP, and as whom we speak to it. */
export interface ClickHouseEndpoint {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A store that can also hand out a result as the server formats it. */
export interface ClickHouseStore extends Store {
  /** The result of any statement in one of ClickHouse's formats, as it arrives. Settings hold for this statement alone. */
  stream(
    sql: string,
    format: string,
    signal: AbortSignal,
    settings?: Readonly<Record<string, string | number>>,
  ): Promise<AsyncIterable<Uint8Array>>;
}

export interface ClickHouseOptions {
  /** Gives the address, asked before every statement: an embedded store may have been restarted elsewhere. */
  readonly locate: () => Promise<ClickHouseEndpoint>;
  readonly requestTimeoutMs?: number;
  /** Settings of every statement, such as `readonly`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * Opens a store over ClickHouse's HTTP interface: a server, a cluster or the embedded child alike.
 * @throws {EarshotError} sink_unavailable when the address cannot be found
 * @see https://clickhouse.com/docs/integrations/javascript
 */
export async function openClickHouse(options: ClickHouseOptions, context: Context): Promise<ClickHouseStore> {
  const connection = new Connection(options, context);
  await connection.client();
  return {
    table: (spec) => tableSink(connection, spec),
    query: (statement, row) => connection.use("answer", "read", (client) => readRows(client, statement, row)),
    command: (sql) =>
      connection.use("run a statement", "read", async (client) => {
        await client.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } });
      }),
    stream: (sql, format, signal, settings = {}) =>
      connection.use("run this statement", "ask", async (client) => {
        const result = await client.exec({
          query: sql,
          abort_signal: signal,
          clickhouse_settings: { ...settings, default_format: format } as Record<string, string | number>,
        });
        return result.stream as AsyncIterable<Uint8Array>;
      }),
    check: () => connection.use("pass a check", "read", ping),
    close: () => connection.close(),
  };
}

/** The client's own ping resolves, whatever happens. */
async function ping(client: ClickHouseClient): Promise<void> {
  const answer = await client.ping({ select: true });
  if (!answer.success) throw answer.error;
}

function tableSink<T>(connection: Connection, spec: TableSpec<T>): Sink<T> {
  return {
    name: spec.table,
    async write(records, signal) {
      if (records.length === 0) return;
      const values = records.map((record) => spec.toRow(record));
      await connection.use(`take ${records.length} rows of ${spec.table}`, "write", async (client) => {
        await client.insert({
          table: spec.table,
          values,
          columns: [...spec.columns] as [string, ...string[]],
          format: "JSONCompactEachRow",
          abort_signal: signal,
        });
      });
    },
    check: async () => {
      await connection.use("pass a check", "read", ping);
    },
    close: async () => {},
  };
}

/** Bound parameters travel in the URL; longer ones (a thousand ids) go into the body as literals instead. */
const MAX_URL_PARAMS_LENGTH = 4_000;

async function readRows<R extends z.ZodType>(
  client: ClickHouseClient,
  statement: Statement,
  row: R,
): Promise<z.infer<R>[]> {
  const isLong = JSON.stringify(statement.params).length > MAX_URL_PARAMS_LENGTH;
  const result = await client.query({
    query: isLong ? showSql(statement) : statement.sql,
    ...(isLong ? {} : { query_params: { ...statement.params } }),
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  const rows = await result.json();
  return rows.map((found) => row.parse(found));
}

/** One client, made anew when the address changes. */
class Connection {
  readonly #options: ClickHouseOptions;
  readonly #context: Context;
  #current: { endpoint: ClickHouseEndpoint; client: ClickHouseClient } | undefined;

  constructor(options: ClickHouseOptions, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  async use<T>(what: string, purpose: Purpose, call: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    const client = await this.client();
    try {
      return await call(client);
    } catch (error) {
      throw translate(what, purpose, error);
    }
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.client.close();
  }

  async client(): Promise<ClickHouseClient> {
    const endpoint = await this.#options.locate();
    const previous = this.#current;
    if (previous !== undefined && sameEndpoint(previous.endpoint, endpoint)) return previous.client;
    this.#context.log.debug({ url: endpoint.url, user: endpoint.user }, "connecting to ClickHouse");
    const client = createClient({
      url: endpoint.url,
      username: endpoint.user,
      password: endpoint.password,
      database: endpoint.database,
      application: "earshot",
      clickhouse_settings: this.#options.settings ?? {},
      request_timeout: this.#options.requestTimeoutMs ?? 120_000,
      max_open_connections: 10,
      json: {
        parse: JSON.parse,
        // a row may be JSON already
        stringify: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
      },
      // every failure is translated and thrown; the client's own lines would only repeat it beside our JSON log
      log: { level: ClickHouseLogLevel.OFF },
    });
    this.#current = { endpoint, client };
    await previous?.client.close();
    return client;
  }
}

function sameEndpoint(a: ClickHouseEndpoint, b: ClickHouseEndpoint): boolean {
  return a.url === b.url && a.user === b.user && a.password === b.password && a.database === b.database;
}

/**
 * What a row can be to blame for: values and formats that do not fit. Everything else a write meets is the store's
 * trouble (disk, memory, replicas, too many parts, read-only), for which no row may become a dead letter.
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
const ROW_CODES = new Set(
  "6 25 26 27 32 33 38 41 43 53 69 70 72 117 128 130 131 153 190 321 349 407 441 467 469 582 638 675 676".split(
    " ",
  ),
);
/** Limits and overload: the same statement may do another time. */
const PASSING_CODES = new Set("159 202 203 209 210 225 236 241 242 252 279 319 999".split(" "));
/** No such column, table or database, or no grant: no row can be at fault, and waiting does not help. */
const STRUCTURE_CODES = new Set("10 16 60 81 497".split(" "));
const AUTHENTICATION_CODES = new Set("192 193 194 516".split(" "));

/** Why the store was asked: to take rows, to answer a loop or page, or to run what a person typed. */
type Purpose = "write" | "read" | "ask";

function translate(what: string, purpose: Purpose, error: unknown): unknown {
  if (error instanceof EarshotError) return error;
  if (error instanceof ClickHouseError) return translateAnswer(what, purpose, error);
  // a mistake of ours, or an answer that does not fit the schema it is read with
  if (error instanceof TypeError || error instanceof RangeError || error instanceof z.ZodError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new EarshotError(
    "sink_unavailable",
    `ClickHouse does not answer (${cutText(detail, 300)}), so Earshot could not ${what}.`,
    { cause: error },
  );
}

function translateAnswer(what: string, purpose: Purpose, error: ClickHouseError): EarshotError {
  const { code } = error;
  const reason = cutText(`${error.message.split("\n")[0] ?? ""} (${error.type ?? code})`, 1_000);
  const failed = (as: ErrorCode, message: string) =>
    new EarshotError(as, `${message} It said: ${reason}`, {
      cause: error,
      details: { clickhouseCode: Number(code) },
    });
  if (AUTHENTICATION_CODES.has(code)) {
    return failed(
      "config_invalid",
      "ClickHouse refused our user; check clickhouse.user and clickhouse.password.",
    );
  }
  if (PASSING_CODES.has(code)) return failed("sink_unavailable", `ClickHouse could not ${what} now.`);
  if (purpose === "ask") return failed("request_invalid", "ClickHouse refused this statement.");
  if (STRUCTURE_CODES.has(code)) {
    const advice = "its schema or grants are not ours; check clickhouse.database";
    return failed("config_invalid", `ClickHouse could not ${what}: ${advice}.`);
  }
  const isRowAtFault = purpose === "read" || ROW_CODES.has(code);
  return failed(isRowAtFault ? "sink_rejected" : "sink_unavailable", `ClickHouse did not ${what}.`);
}
