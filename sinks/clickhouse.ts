import { createClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseClient } from "@clickhouse/client";
import type { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Sink, Statement, Store, TableSpec } from "../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../core/errors.ts";
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
  stream(sql: string, format: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

export interface ClickHouseOptions {
  /** Gives the address; asked again after the connection is lost, since an embedded store may have been restarted. */
  readonly locate: () => Promise<ClickHouseEndpoint>;
  readonly requestTimeoutMs?: number;
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
    query: (statement, row) =>
      connection.use("read", "sink_rejected", (client) => readRows(client, statement, row)),
    command: (sql) =>
      connection.use("run a statement", "sink_rejected", async (client) => {
        await client.command({ query: sql, clickhouse_settings: { wait_end_of_query: 1 } });
      }),
    stream: (sql, format, signal) =>
      connection.use("run this statement", "request_invalid", async (client) => {
        const result = await client.exec({
          query: sql,
          abort_signal: signal,
          clickhouse_settings: { default_format: format } as Record<string, string>,
        });
        return result.stream as AsyncIterable<Uint8Array>;
      }),
    check: () =>
      connection.use("be checked", "sink_rejected", async (client) => {
        const answer = await client.ping({ select: true });
        if (!answer.success) throw answer.error;
      }),
    close: () => connection.close(),
  };
}

function tableSink<T>(connection: Connection, spec: TableSpec<T>): Sink<T> {
  return {
    name: spec.table,
    async write(records, signal) {
      if (records.length === 0) return;
      const values = records.map((record) => spec.toRow(record));
      await connection.use(
        `take ${records.length} rows of ${spec.table}`,
        "sink_rejected",
        async (client) => {
          await client.insert({
            table: spec.table,
            values,
            columns: [...spec.columns] as [string, ...string[]],
            format: "JSONCompactEachRow",
            abort_signal: signal,
          });
        },
      );
    },
    check: async () => {
      await connection.use("be checked", "sink_rejected", (client) => client.ping());
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
  #isLost = false;
  #locating: Promise<ClickHouseClient> | undefined;

  constructor(options: ClickHouseOptions, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  async client(): Promise<ClickHouseClient> {
    if (this.#current !== undefined && !this.#isLost) return this.#current.client;
    this.#locating ??= this.#locate().finally(() => {
      this.#locating = undefined;
    });
    return this.#locating;
  }

  /** @param rejectedAs the code of an error the server will repeat however often it is asked */
  async use<T>(
    what: string,
    rejectedAs: "sink_rejected" | "request_invalid",
    call: (client: ClickHouseClient) => Promise<T>,
  ): Promise<T> {
    const client = await this.client();
    try {
      return await call(client);
    } catch (error) {
      const translated = translate(what, rejectedAs, error);
      if (translated instanceof EarshotError && isConnectionFault(error)) this.#isLost = true;
      throw translated;
    }
  }

  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.client.close();
  }

  async #locate(): Promise<ClickHouseClient> {
    const endpoint = await this.#options.locate();
    const previous = this.#current;
    this.#isLost = false;
    if (previous !== undefined && sameEndpoint(previous.endpoint, endpoint)) return previous.client;
    this.#context.log.debug({ url: endpoint.url, user: endpoint.user }, "connecting to ClickHouse");
    const client = createClient({
      url: endpoint.url,
      username: endpoint.user,
      password: endpoint.password,
      database: endpoint.database,
      application: "earshot",
      request_timeout: this.#options.requestTimeoutMs ?? 120_000,
      max_open_connections: 10,
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
 * Server errors that pass by themselves: too many queries, memory or time limits, read-only replicas, too many parts,
 * Keeper sessions.
 * @see https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp
 */
const PASSING_CODES = new Set([
  "159",
  "202",
  "203",
  "209",
  "210",
  "225",
  "236",
  "241",
  "242",
  "252",
  "279",
  "319",
  "999",
]);
/** No such column, table or database, or no grant: no row can be at fault. */
const STRUCTURE_CODES = new Set(["10", "16", "60", "81", "497"]);
const AUTHENTICATION_CODES = new Set(["192", "193", "194", "516"]);

function isConnectionFault(error: unknown): boolean {
  return !(error instanceof ClickHouseError) && hasSystemCode(error);
}

function hasSystemCode(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && /^E[A-Z_]+$/.test(error.code)) return true;
  return (
    /socket hang up|timeout error|other side closed|connection/i.test(error.message) ||
    hasSystemCode(error.cause)
  );
}

function translate(what: string, rejectedAs: ErrorCode, error: unknown): unknown {
  if (error instanceof EarshotError) return error;
  if (error instanceof ClickHouseError) {
    const reason = `${error.message.split("\n")[0] ?? ""} (${error.type ?? error.code})`.slice(0, 1_000);
    if (AUTHENTICATION_CODES.has(error.code)) {
      return new EarshotError(
        "config_invalid",
        `ClickHouse refused our user; check clickhouse.user and clickhouse.password. It said: ${reason}`,
        { cause: error },
      );
    }
    if (PASSING_CODES.has(error.code)) {
      return new EarshotError("sink_unavailable", `ClickHouse could not ${what} now: ${reason}`, {
        cause: error,
      });
    }
    if (rejectedAs === "sink_rejected" && STRUCTURE_CODES.has(error.code)) {
      return new EarshotError(
        "config_invalid",
        `ClickHouse could not ${what}, for its schema or grants are not ours; check clickhouse.database. It said: ${reason}`,
        { cause: error },
      );
    }
    return new EarshotError(rejectedAs, `ClickHouse refused to ${what}: ${reason}`, {
      cause: error,
      details: { clickhouseCode: Number(error.code) },
    });
  }
  if (hasSystemCode(error)) {
    const detail = error instanceof Error ? error.message : String(error);
    return new EarshotError(
      "sink_unavailable",
      `ClickHouse does not answer (${detail}), so Earshot could not ${what}; it will try again.`,
      { cause: error },
    );
  }
  return error;
}
