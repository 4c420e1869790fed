import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import type { App } from "../../cli/app.ts";
import { rematchChanged } from "../../cli/rematch.ts";
import { parseConfig } from "../../core/config.ts";
import { processingSink, toStored } from "../../core/process.ts";
import { ingestors } from "../../ingestors/index.ts";
import { openReadChain } from "../../cli/reading.ts";
import { deadLetterRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import type { MentionFields } from "../../core/contracts.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
let opened: TestStore;
let now = new Date("2026-03-02T12:00:00.000Z");
const context = { ...aContext(), now: () => now };

beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());

/** Applies a config whose one tracker looks for this. */
async function apply(query: string | undefined, name = "Acme"): Promise<void> {
  now = new Date(now.getTime() + 60_000);
  const feed = { type: "rss", trackers: ["acme"], url: "https://herald.example/feed" };
  const config = parseConfig(
    {
      trackers: [
        { id: "acme", name, ...(query === undefined ? {} : { query }) },
        { id: "birch", name: "Birch" },
      ],
      sources: [
        { ...feed, id: "news" },
        { ...feed, id: "our-blog", matching: "all" },
        { ...feed, id: "their-news", trackers: ["birch"] },
      ],
    },
    ingestors,
    {},
    "test",
  );
  const ask: App["ask"] = (asked, params) => opened.store.query(asked.statement(params), asked.row);
  const events = processingSink({
    chain: openReadChain({ aspects: {} }),
    toEvent: toStored("test"),
    target: opened.store.table(mentionRows),
    deadLetters: opened.store.table(deadLetterRows),
    context,
  });
  await rematchChanged({ config, store: opened.store, context, ask }, events, signal);
}

async function acmes(): Promise<string[]> {
  const rows = await opened.store.query(
    { sql: "SELECT native_id FROM mentions WHERE has(trackers, 'acme') ORDER BY native_id", params: {} },
    z.object({ native_id: z.string() }),
  );
  return rows.map(({ native_id }) => native_id);
}

async function lastProcessed(): Promise<string | undefined> {
  const [row] = await opened.store.query(
    { sql: "SELECT max(processed_at) AS at FROM mentions", params: {} },
    z.object({ at: z.string() }),
  );
  return row?.at;
}

it("matches what is stored again when a query changes, but not what belongs to its trackers anyway", async () => {
  const stored = (
    nativeId: string,
    text: string,
    fields: Partial<MentionFields> & { source?: string } = {},
  ): StoredEvent => ({
    type: "upsert",
    mention: aMention({ nativeId, text, source: "news", trackers: ["acme"], revision: 5, ...fields }),
    enrichment: anEnrichment(),
  });
  const events = [
    stored("1", "acme is late"),
    stored("2", "acme is great"),
    stored("3", "nothing", { source: "our-blog" }),
    stored("4", "We are sorry", { byUs: true, parentId: "x:1" }),
    stored("5", "acme is late, birch is not", { source: "their-news" }),
  ];
  await opened.store.table(mentionRows).write(events, signal);

  // the first time there is nothing to compare with
  await apply("acme");
  expect(await acmes()).toEqual(["1", "2", "3", "4", "5"]);
  await apply("acme AND late");
  expect(await acmes()).toEqual(["1", "3", "4", "5"]);
  await apply("acme AND great");
  expect(await acmes()).toEqual(["2", "3", "4"]);
  await apply(undefined);
  expect(await acmes()).toEqual(["1", "2", "3", "4"]);
});

it("shows analysts what is followed, and matches nothing again when only the name changes", async () => {
  await apply("acme AND late");
  const before = await lastProcessed();
  await apply("acme AND late", "Acme Parcels");
  const rows = await opened.reader.query(
    { sql: "SELECT id, name, kind, query FROM trackers", params: {} },
    z.record(z.string(), z.unknown()),
  );
  expect(rows).toContainEqual({ id: "acme", name: "Acme Parcels", kind: "brand", query: "acme AND late" });
  expect(await lastProcessed()).toBe(before);
});
