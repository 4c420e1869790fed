import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openClickHouse, type ClickHouseStore } from "../../sinks/clickhouse.ts";
import { openEmbeddedServer } from "../../sinks/embedded-clickhouse/server.ts";
import { migrate } from "../../sinks/migrate.ts";
import { aContext } from "./builders.ts";

export const DDL_DIRECTORY = resolve(import.meta.dirname, "../../schemas/clickhouse");

export interface TestStore {
  /** Writes, schema applied. */
  readonly store: ClickHouseStore;
  /** As the dashboard and analysts read: limited and read-only. */
  readonly reader: ClickHouseStore;
  readonly url: string;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** The real engine over its real HTTP protocol, in this process, on a folder of its own. One per test file. */
export async function openTestStore(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "earshot-test-"));
  const context = aContext();
  const server = await openEmbeddedServer(
    {
      dataDir,
      port: 0,
      users: [
        { name: "writer", password: "w", access: "write" },
        { name: "reader", password: "r", access: "read" },
      ],
    },
    context,
  );
  const open = (user: string, password: string) =>
    openClickHouse(
      { locate: async () => ({ url: server.url, user, password, database: "default" }) },
      context,
    );
  const store = await open("writer", "w");
  await migrate(store, { directory: DDL_DIRECTORY }, context);
  const reader = await open("reader", "r");
  return {
    store,
    reader,
    url: server.url,
    dataDir,
    async close() {
      await store.close();
      await reader.close();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
