import { afterAll, beforeAll, expect, it } from "vitest";
import type { App } from "../../cli/app.ts";
import { runSource } from "../../cli/scheduler.ts";
import { parseConfig } from "../../core/config.ts";
import type { Sink } from "../../core/contracts.ts";
import { ownCursor } from "../../core/cursors.ts";
import { ingestors } from "../../ingestors/index.ts";
import { sourceSpending, sourceState } from "../../queries/source-state.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";

let opened: TestStore;
let feed: StubServer;

beforeAll(async () => {
  [opened, feed] = await Promise.all([openTestStore(), startStubServer()]);
});
afterAll(() => Promise.all([opened.close(), feed.close()]));

const nowhere: Sink<unknown> = {
  name: "nowhere",
  write: async () => {},
  check: async () => {},
  close: async () => {},
};

it("counts what a poll has cost that was stopped before its end", async () => {
  feed.on("/feed", { hang: "before_headers" });
  const { store } = opened;
  const context = aContext();
  const config = parseConfig(
    { sources: [{ type: "rss", id: "news", url: `${feed.url}/feed`, allowPrivateHosts: true }] },
    ingestors,
    {},
    "test",
  );
  const ask: App["ask"] = (query, params) => store.query(query.statement(params), query.row);
  const cursor = ownCursor({ load: async () => undefined, save: async () => {} }, "news", context);
  const pipeline = { events: nowhere, deadLetters: nowhere, cursor, context };
  const [entry] = config.sources;
  if (entry === undefined) throw new Error("no source");
  const stopping = new AbortController();
  const running = runSource({ config, context, store, ask } as App, pipeline, entry, stopping.signal);
  await feed.received(1);
  stopping.abort();
  await running;
  const spent = await ask(sourceSpending, { source: "news", since: "2026-03-01T00:00:00.000Z" });
  expect(spent).toMatchObject([{ requests: 1 }]);
  // it says nothing of how the source is
  expect(await ask(sourceState, { source: "news" })).toEqual([]);
});
