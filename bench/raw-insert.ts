import { createReadStream, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Session } from "chdb";
import { packageRoot } from "../cli/package.ts";
import { mentionRows } from "../schemas/rows.ts";
import { splitStatements } from "../sinks/migrate.ts";

/** Inserts rows (JSONCompactEachRow, one file) into the same tables with chdb alone, and prints rows per second. */
const [path = "", dataDir = "", batchSize = "1000"] = process.argv.slice(2);
const directory = join(packageRoot, "schemas", "clickhouse");
const session = new Session(dataDir);
for (const name of (await readdir(directory)).sort()) {
  for (const statement of splitStatements(readFileSync(join(directory, name), "utf8")))
    session.query(statement);
}
let batch: string[] = [];
let rows = 0;
let spentMs = 0;
for await (const line of createInterface({ input: createReadStream(path) })) {
  batch.push(line);
  if (batch.length >= Number(batchSize)) await flush();
}
await flush();
process.stdout.write(`${JSON.stringify({ rows, perSecond: (rows / spentMs) * 1000 })}\n`);
session.close();

async function flush(): Promise<void> {
  if (batch.length === 0) return;
  const values = Buffer.from(batch.join("\n"));
  const started = performance.now();
  await session.insert({
    table: mentionRows.table,
    columns: mentionRows.columns,
    format: "JSONCompactEachRow",
    values,
  });
  spentMs += performance.now() - started;
  rows += batch.length;
  batch = [];
}
