import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { parseConfig, type Config } from "../core/config.ts";
import type { Context } from "../core/context.ts";
import type { Query } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import type { CursorStore } from "../core/ingest.ts";
import { ingestors } from "../ingestors/index.ts";
import { sourceCursor } from "../queries/source-cursor.ts";
import { cursorRows, fromColumnTime } from "../schemas/rows.ts";
import { openClickHouse, type ClickHouseStore } from "../sinks/clickhouse.ts";
import { attachEmbedded, type EmbeddedAttachment } from "../sinks/embedded-clickhouse/attach.ts";
import { migrate } from "../sinks/migrate.ts";
import { openContext } from "./log.ts";

/** Options every command accepts, before or after its name. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Folder of the package: where the DDL and the built page are found, from sources and from dist/ alike. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(from: string): string {
  if (existsSync(join(from, "package.json"))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error("package.json was not found above the program");
  return findPackageRoot(parent);
}

const Manifest = z.object({ version: z.string() });

/** Version of this program, from package.json. */
export const packageVersion = Manifest.parse(
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")),
).version;

/**
 * Reads the config named by the options (default `earshot.yaml` here, which may be absent).
 * @throws {EarshotError} config_invalid
 */
export async function readConfig(options: GlobalOptions): Promise<Config> {
  const path = resolve(options.config ?? "earshot.yaml");
  let raw: unknown = {};
  if (existsSync(path)) {
    try {
      raw = parseYaml(await readFile(path, "utf8"));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new EarshotError("config_invalid", `${path} is not YAML: ${detail}`, { cause: error });
    }
  } else if (options.config !== undefined) {
    throw new EarshotError("config_invalid", `There is no config at ${path}; check --config.`);
  }
  const config = parseConfig(raw, ingestors, await readVariables(dirname(path)), path);
  const url = process.env["CLICKHOUSE_URL"];
  const clickhouse =
    url !== undefined && config.clickhouse.url === undefined
      ? {
          ...config.clickhouse,
          url,
          user: process.env["CLICKHOUSE_USER"] ?? config.clickhouse.user,
          password: process.env["CLICKHOUSE_PASSWORD"] ?? config.clickhouse.password,
        }
      : config.clickhouse;
  return { ...config, clickhouse, dataDir: resolve(options.data ?? config.dataDir) };
}

/** The environment, with `.env` beside the config filling in what it does not set. */
async function readVariables(folder: string): Promise<Record<string, string | undefined>> {
  const path = join(folder, ".env");
  if (!existsSync(path)) return process.env;
  return { ...parseEnv(await readFile(path, "utf8")), ...process.env };
}

/** Environment of the process that runs the embedded store: its statements need more threads than libuv starts with. */
export const STORE_THREADS = { UV_THREADPOOL_SIZE: "16" } as const;

/** A running program's connections. */
export interface App {
  readonly config: Config;
  readonly context: Context;
  /** Writes, and reads for the loops. */
  readonly store: ClickHouseStore;
  /** Reads for an analyst: limited in time, memory and rows. */
  readonly reader: ClickHouseStore;
  /** Reads for the page and API, limited too, and never waiting behind an analyst's questions. */
  readonly dashboard: ClickHouseStore;
  readonly cursors: CursorStore;
  /** Aborted by Ctrl-C or a termination signal. */
  readonly signal: AbortSignal;
  /** Rows of a named question, asked as the loops do. */
  ask<P extends z.ZodObject, R extends z.ZodObject>(
    query: Query<P, R>,
    params: z.infer<P>,
  ): Promise<z.infer<R>[]>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Who this is, for messages: `earshot import, pid 17`. */
  readonly holder: string;
  /** Refuse when another process already schedules sources on this data directory. */
  readonly isScheduler?: boolean;
}

/**
 * Connects everything: config, log, store (starting the embedded child when none runs) and its schema.
 * @throws {EarshotError} config_invalid, sink_unavailable
 */
export async function openApp(globals: GlobalOptions, options: OpenOptions): Promise<App> {
  const config = await readConfig(globals);
  // a command that answers and ends is quiet unless something is wrong
  const level = options.isScheduler !== true && config.logLevel === "info" ? "warn" : config.logLevel;
  const context = openContext({ level, isPretty: process.stderr.isTTY });
  const signal = abortOnSignals(context);
  const locator =
    config.clickhouse.url === undefined ? embeddedLocator(config, options, context) : serverLocator(config);
  try {
    const store = await openClickHouse({ locate: () => locator.locate("write") }, context);
    const reader = await openClickHouse(
      { locate: () => locator.locate("read"), settings: readerSettings(config) },
      context,
    );
    const dashboard = await openClickHouse(
      { locate: () => locator.locate("dashboard"), settings: readerSettings(config) },
      context,
    );
    const { cluster } = config.clickhouse;
    const directory = join(packageRoot, "schemas", "clickhouse");
    await migrate(store, { directory, ...(cluster === undefined ? {} : { cluster }) }, context);
    return {
      config,
      context,
      store,
      reader,
      dashboard,
      cursors: cursorsIn(store),
      signal,
      ask: (query, params) => store.query(query.statement(params), query.row),
      async close() {
        await store.close();
        await reader.close();
        await dashboard.close();
        await locator.close();
      },
    };
  } catch (error) {
    await locator.close();
    throw error;
  }
}

/** On a server where nobody named a read-only user, every statement of a reader is made read-only and limited. */
function readerSettings(config: Config): Record<string, string | number> {
  const { url, readUser } = config.clickhouse;
  if (url === undefined || readUser !== undefined) return {};
  return {
    readonly: 1,
    max_execution_time: 60,
    max_memory_usage: 1_000_000_000,
    max_result_rows: 10_000_000,
  };
}

interface Locator {
  locate(
    access: "write" | "read" | "dashboard",
  ): Promise<{ url: string; user: string; password: string; database: string }>;
  close(): Promise<void>;
}

function serverLocator(config: Config): Locator {
  const { url, user, password, readUser, readPassword, database } = config.clickhouse;
  return {
    locate: async (access) => ({
      url: url ?? "",
      user: access === "write" ? user : (readUser ?? user),
      password: access === "write" || readUser === undefined ? password : (readPassword ?? ""),
      database,
    }),
    close: async () => {},
  };
}

/** Finds the embedded child, starting it when it is not there, and again whenever it was lost. */
function embeddedLocator(config: Config, options: OpenOptions, context: Context): Locator {
  let attachment: Promise<EmbeddedAttachment> | undefined;
  let isClosed = false;
  const attach = () => {
    const attaching = attachEmbedded(
      {
        dataDir: config.dataDir,
        holder: options.holder,
        ...(options.isScheduler === true ? { exclusive: "scheduler" as const } : {}),
        command: childCommand(config.dataDir),
        env: { ...process.env, ...STORE_THREADS },
      },
      context,
    );
    attachment = attaching;
    attaching.then(
      (found) => {
        found.onLost(() => {
          if (attachment !== attaching || isClosed) return;
          context.log.warn({ dataDir: config.dataDir }, "the embedded store went away; restarting it");
          // at once, not at the next statement: the lease is what tells others that this process is there
          void attach();
        });
      },
      () => {
        if (attachment === attaching) attachment = undefined;
      },
    );
    return attaching;
  };
  return {
    async locate(access) {
      const found = await (attachment ?? attach());
      return { url: found.url, ...found[access], database: "default" };
    },
    async close() {
      isClosed = true;
      const found = await attachment?.catch(() => undefined);
      await found?.detach();
    },
  };
}

function childCommand(dataDir: string): string[] {
  return [
    process.execPath,
    join(packageRoot, "dist", "cli", "main.js"),
    "clickhouse",
    "--child",
    "--data",
    dataDir,
  ];
}

function cursorsIn(store: ClickHouseStore): CursorStore {
  const sink = store.table(cursorRows);
  return {
    async load(source) {
      const [row] = await store.query(sourceCursor.statement({ source }), sourceCursor.row);
      if (row === undefined) return undefined;
      const { saved_at: savedAt, ...rest } = row;
      return { ...rest, savedAt: fromColumnTime(savedAt) };
    },
    save: (cursor, signal) => sink.write([cursor], signal),
  };
}

/** Aborts at the first SIGINT or SIGTERM, so that loops drain; a second one ends the process at once. */
export function abortOnSignals(context: Context): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      context.log.info({ signal: name }, "stopping; once more to stop at once");
      controller.abort(new DOMException(`stopped by ${name}`, "AbortError"));
    });
  }
  return controller.signal;
}
