import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";

export interface MigrateOptions {
  /** Folder of numbered files, `0001_mentions.sql`. */
  readonly directory: string;
  /** ClickHouse cluster to create everything on; absent on a single server. */
  readonly cluster?: string;
}

const APPLIED_TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    number     UInt32,
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number`;

const Applied = z.object({ number: z.number(), name: z.string(), checksum: z.string() });

/** How often a file is tried, and how long is waited in between, ms. */
const TRIES = 20;
const PAUSE_MS = 250;

/**
 * Applies the numbered DDL that this store does not have yet, in order. Safe to run twice and by several processes at
 * once: every statement says IF NOT EXISTS or OR REPLACE, and a file is tried again, since a view that another process
 * replaces may be gone for a moment. Several that run at once end with the latest of each view.
 * @returns the names applied now
 * @throws {EarshotError} config_invalid when a file that was applied has been changed since
 */
export async function migrate(store: Store, options: MigrateOptions, context: Context): Promise<string[]> {
  const { directory, cluster } = options;
  await store.command(forCluster(APPLIED_TABLE, cluster));
  const applied = await appliedTo(store);
  const done: string[] = [];
  for (const name of (await readdir(directory)).filter((file) => /^\d{4}_.*\.sql$/.test(file)).sort()) {
    const number = Number(name.slice(0, 4));
    const text = await readFile(join(directory, name), "utf8");
    const checksum = createHash("sha256").update(text).digest("hex");
    const before = applied.get(number);
    if (before !== undefined) {
      if (before.checksum === checksum) continue;
      throw new EarshotError(
        "config_invalid",
        `${name} was applied to this store with other content; migrations are forward only, so add a new file instead.`,
      );
    }
    // whoever ran a file may have put an older view over one of a later file that another process ran meanwhile
    if (done.length === 0 && (await appliedTo(store)).has(number)) continue;
    const statements = splitStatements(text).map((statement) => forCluster(statement, cluster));
    await apply(store, statements);
    await store.command(
      `INSERT INTO schema_migrations (number, name, checksum) VALUES (${number}, '${name}', '${checksum}')`,
    );
    context.log.info({ migration: name }, "schema changed");
    done.push(name);
  }
  return done;
}

/** Runs a file's statements. @throws {EarshotError} what the store said of the last try */
async function apply(store: Store, statements: readonly string[]): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      for (const statement of statements) await store.command(statement);
      return;
    } catch (error) {
      if (tried === TRIES || !(error instanceof EarshotError)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function appliedTo(store: Store): Promise<ReadonlyMap<number, z.infer<typeof Applied>>> {
  const rows = await store.query(
    { sql: "SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number", params: {} },
    Applied,
  );
  return new Map(rows.map((row) => [row.number, row]));
}

/** The statements of a DDL file: ended by a semicolon at the end of a line, comments removed. */
export function splitStatements(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, "")
    .split(/;[ \t]*(?:\r?\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/** The statement as a cluster wants it: `ON CLUSTER` after the name, `Replicated…` engines. */
export function forCluster(statement: string, cluster: string | undefined): string {
  if (cluster === undefined) return statement;
  return statement
    .replace(
      /^(CREATE (?:TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS \w+|CREATE OR REPLACE VIEW \w+|ALTER TABLE \w+)/,
      `$1 ON CLUSTER '${cluster.replace(/'/g, "\\'")}'`,
    )
    .replace(/ENGINE = (?=\w*MergeTree)/, "ENGINE = Replicated");
}
