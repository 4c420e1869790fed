import { join } from "node:path";
import type { Config } from "../core/config.ts";
import type { Context } from "../core/context.ts";
import type { CursorStore } from "../core/cursors.ts";
import { sourceCursor } from "../queries/source-cursor.ts";
import { cursorRows, fromColumnTime } from "../schemas/rows.ts";
import { openClickHouse, type ClickHouseStore } from "../sinks/clickhouse.ts";
import { attachEmbedded, type EmbeddedAttachment } from "../sinks/embedded-clickhouse/attach.ts";
import { migrate } from "../sinks/migrate.ts";
import { packageRoot, programFile } from "./package.ts";

/** Environment of the process that runs the embedded store: its statements need more threads than libuv starts with. */
export const STORE_THREADS = { UV_THREADPOOL_SIZE: "16" } as const;

/** The store, as each kind of user reaches it. */
export interface Stores {
  /** Writes, and reads for the loops. */
  readonly store: ClickHouseStore;
  /** Reads for an analyst: limited in time, memory and rows. */
  readonly reader: ClickHouseStore;
  /** Reads for the page and API, limited too, and never waiting behind an analyst's questions. */
  readonly dashboard: ClickHouseStore;
  readonly cursors: CursorStore;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Who this is, for messages: `earshot import, pid 17`. */
  readonly holder: string;
  /** Refuse when another process already schedules sources on this data directory. */
  readonly isScheduler?: boolean;
}

/**
 * Connects to the store, starting the embedded child when none runs, and brings its schema up to date.
 * @throws {EarshotError} config_invalid, sink_unavailable
 */
export async function openStores(config: Config, options: StoreOptions, context: Context): Promise<Stores> {
  const locator =
    config.clickhouse.url === undefined ? embeddedLocator(config, options, context) : serverLocator(config);
  const opened: ClickHouseStore[] = [];
  const open = async (access: "write" | "read" | "dashboard", settings: Record<string, string | number>) => {
    const store = await openClickHouse({ locate: () => locator.locate(access), settings }, context);
    opened.push(store);
    return store;
  };
  const close = async () => {
    for (const store of opened) await store.close();
    await locator.close();
  };
  try {
    const store = await open("write", {});
    const reader = await open("read", readerSettings(config));
    const dashboard = await open("dashboard", readerSettings(config));
    const { cluster } = config.clickhouse;
    const directory = join(packageRoot, "schemas", "clickhouse");
    await migrate(store, { directory, ...(cluster === undefined ? {} : { cluster }) }, context);
    return { store, reader, dashboard, cursors: cursorsIn(store), close };
  } catch (error) {
    await close();
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
function embeddedLocator(config: Config, options: StoreOptions, context: Context): Locator {
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
  return [process.execPath, programFile("main"), "clickhouse", "--child", "--data", dataDir];
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
