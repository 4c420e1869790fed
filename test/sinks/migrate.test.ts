import { cp, mkdtemp, writeFile, appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Store } from "../../core/contracts.ts";
import { forCluster, migrate, splitStatements } from "../../sinks/migrate.ts";
import { aContext } from "../support/builders.ts";
import { DDL_DIRECTORY, openTestStore, type TestStore } from "../support/embedded-store.ts";

describe("migrations", () => {
  let opened: TestStore;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(() => opened.close());

  it("does nothing the second time", async () => {
    expect(await migrate(opened.store, { directory: DDL_DIRECTORY }, aContext())).toEqual([]);
  });

  it("can be run by several processes at once", async () => {
    const directory = await mkdtemp(join(tmpdir(), "earshot-ddl-"));
    await writeFile(
      join(directory, "9001_extra.sql"),
      "CREATE TABLE IF NOT EXISTS extra (a UInt8) ENGINE = MergeTree ORDER BY a;\n",
    );
    const runs = Array.from({ length: 4 }, () => migrate(opened.store, { directory }, aContext()));
    await expect(Promise.all(runs)).resolves.toHaveLength(4);
    expect(await migrate(opened.store, { directory }, aContext())).toEqual([]);
  });

  it("ends with the latest of a view, also when another process was through meanwhile", async () => {
    const directory = await mkdtemp(join(tmpdir(), "earshot-ddl-"));
    const replace = (version: number) => `CREATE OR REPLACE VIEW raced AS SELECT ${version} AS version;\n`;
    await writeFile(join(directory, "9101_older.sql"), replace(1));
    await writeFile(join(directory, "9102_newer.sql"), replace(2));
    let isOvertaken = false;
    const slow: Store = {
      ...opened.store,
      query: (statement, row) => opened.store.query(statement, row),
      command: async (sql) => {
        if (sql.includes("VIEW raced") && !isOvertaken) {
          isOvertaken = true;
          await migrate(opened.store, { directory }, aContext());
        }
        await opened.store.command(sql);
      },
    };
    await migrate(slow, { directory }, aContext());
    const latest = { sql: "SELECT version FROM raced", params: {} };
    expect(await opened.store.query(latest, z.object({ version: z.number() }))).toEqual([{ version: 2 }]);
  });

  it("refuses a file that was changed after it was applied", async () => {
    const directory = await mkdtemp(join(tmpdir(), "earshot-ddl-"));
    await cp(DDL_DIRECTORY, directory, { recursive: true });
    await appendFile(join(directory, "0001_mentions.sql"), "\n-- an afterthought\n");
    await expect(migrate(opened.store, { directory }, aContext())).rejects.toMatchObject({
      code: "config_invalid",
    });
  });

  it("splits at semicolons that end a line and leaves comments out", () => {
    expect(splitStatements("-- about\nSELECT 1;\n\nSELECT ';' AS a;\n-- end\n")).toEqual([
      "SELECT 1",
      "SELECT ';' AS a",
    ]);
  });

  it("turns tables into replicated ones on a cluster, and nothing else", () => {
    const table = "CREATE TABLE IF NOT EXISTS t\n(a UInt8)\nENGINE = ReplacingMergeTree(a)\nORDER BY a";
    expect(forCluster(table, "main")).toBe(
      "CREATE TABLE IF NOT EXISTS t ON CLUSTER 'main'\n(a UInt8)\nENGINE = ReplicatedReplacingMergeTree(a)\nORDER BY a",
    );
    expect(forCluster(table, undefined)).toBe(table);
    expect(forCluster("CREATE VIEW IF NOT EXISTS v AS SELECT 1", "main")).toBe(
      "CREATE VIEW IF NOT EXISTS v ON CLUSTER 'main' AS SELECT 1",
    );
    expect(forCluster("CREATE OR REPLACE VIEW v AS SELECT 1", "main")).toBe(
      "CREATE OR REPLACE VIEW v ON CLUSTER 'main' AS SELECT 1",
    );
  });
});
