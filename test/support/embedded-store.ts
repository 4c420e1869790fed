import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { openClickHouse, type ClickHouseStore } from "../../sinks/clickhouse.ts";
import { openEmbeddedServer } from "../../sinks/embedded-clickhouse/server.ts";
import { migrate } from "../../sinks/migrate.ts";
import { aContext } from "./builders.ts";

const ROOT = resolve(import.meta.dirname, "../..");
export const DDL_DIRECTORY = join(ROOT, "schemas", "clickhouse");

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
  await giveSchema(dataDir);
  return openMigrated(dataDir);
}

/**
 * Puts the tables, all empty, into a data directory that no process has open. They are made once and copied from then
 * on: applying all migrations takes more than a second.
 */
export async function giveSchema(dataDir: string): Promise<void> {
  const made = join(ROOT, "node_modules", ".cache", "earshot", `store-${ddlHash()}`);
  if (!existsSync(made)) {
    await mkdir(dirname(made), { recursive: true });
    // on the same disk, or it could not be moved
    const first = await openMigrated(await mkdtemp(`${made}-`), { isKept: true });
    await first.close();
    await rename(join(first.dataDir, "clickhouse", "store"), made).catch((error: unknown) => {
      // another test file may have been quicker
      if (!existsSync(made)) throw error;
    });
    await rm(first.dataDir, { recursive: true, force: true });
  }
  await cp(made, join(dataDir, "clickhouse", "store"), { recursive: true });
}

function ddlHash(): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(DDL_DIRECTORY).sort()) hash.update(readFileSync(join(DDL_DIRECTORY, name)));
  return hash.digest("hex").slice(0, 16);
}

async function openMigrated(dataDir: string, { isKept = false } = {}): Promise<TestStore> {
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
      if (!isKept) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
