import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { createGunzip } from "node:zlib";
import { NO_LIMITS } from "../core/budget.ts";
import { demoIngestor } from "../ingestors/demo/index.ts";
import { packageRoot } from "../cli/package.ts";

/** Where the labelled development sets lie beside a checkout; they are never part of it. */
export const SHARED_DATA = resolve(packageRoot, "..", "shared", "data");

const AIRLINE = resolve(SHARED_DATA, "airline.jsonl.gz");

/** Texts to measure with: the airline tweets where they are at hand, else the demo story. */
export async function corpus(): Promise<{ name: string; rows: Record<string, unknown>[] }> {
  if (!existsSync(AIRLINE)) return { name: "demo story", rows: await demoRows() };
  const rows: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: createReadStream(AIRLINE).pipe(createGunzip()) })) {
    rows.push(JSON.parse(line) as Record<string, unknown>);
  }
  return { name: "airline.jsonl.gz", rows };
}

async function demoRows(): Promise<Record<string, unknown>[]> {
  const context = { now: () => new Date("2026-03-02T00:00:00.000Z"), log: console, observe: () => {} };
  const config = demoIngestor.config.parse({ endsAt: "2026-03-01T00:00:00.000Z" });
  const rows: Record<string, unknown>[] = [];
  const signal = new AbortController().signal;
  for await (const page of demoIngestor.poll({
    config,
    cursor: undefined,
    queries: [],
    budget: NO_LIMITS,
    signal,
    context,
  })) {
    for (const item of page.items) {
      const parsed = demoIngestor.parse(item, "2026-03-02T00:00:00.000Z");
      if (parsed.type !== "upsert") continue;
      const { nativeId, text, authorHandle, publishedAt } = parsed.mention;
      rows.push({ tweet_id: nativeId, text, name: authorHandle ?? "", tweet_created: publishedAt });
    }
  }
  return rows;
}

/** Writes `count` rows as JSON lines, repeating the corpus with fresh ids. */
export async function writeRows(
  path: string,
  rows: readonly Record<string, unknown>[],
  count: number,
): Promise<void> {
  const file = createWriteStream(path);
  for (let index = 0; index < count; index++) {
    const row = rows[index % rows.length] ?? {};
    const round = Math.floor(index / rows.length);
    const line = JSON.stringify({
      ...row,
      tweet_id: `${String(row["tweet_id"])}${round === 0 ? "" : `-${round}`}`,
    });
    if (!file.write(`${line}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}
