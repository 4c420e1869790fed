import { afterAll, beforeAll, expect, it } from "vitest";
import type { App } from "../../cli/app.ts";
import { runSource } from "../../cli/scheduler.ts";
import { parseConfig } from "../../core/config.ts";
import type { Sink } from "../../core/contracts.ts";
import { ownCursor } from "../../core/cursors.ts";
import { ingestors } from "../../ingestors/index.ts";
import { sourceHealth } from "../../queries/source-health.ts";
import { sourceSpending, sourceState } from "../../queries/source-state.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";

const QUARTER = 15 * 60_000;

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

/** Runs a source that polls every quarter of an hour from `path`, until `isDone`. */
async function run(
  id: string,
  path: string,
  at: string,
  isDone: (ask: App["ask"]) => Promise<void>,
): Promise<App["ask"]> {
  const { store } = opened;
  const context = aContext(at);
  const config = parseConfig(
    { sources: [{ type: "rss", id, url: `${feed.url}${path}`, allowPrivateHosts: true }] },
    ingestors,
    {},
    "test",
  );
  const ask: App["ask"] = (query, params) => store.query(query.statement(params), query.row);
  const cursor = ownCursor({ load: async () => undefined, save: async () => {} }, id, context);
  const pipeline = { events: nowhere, deadLetters: nowhere, cursor, context };
  const [entry] = config.sources;
  if (entry === undefined) throw new Error("no source");
  const stopping = new AbortController();
  const running = runSource({ config, context, store, ask } as App, pipeline, entry, stopping.signal);
  try {
    await isDone(ask);
  } finally {
    stopping.abort();
    await running;
  }
  return ask;
}

it("counts what a poll has cost that was stopped before its end", async () => {
  feed.on("/feed", { hang: "before_headers" });
  const at = "2026-03-02T10:00:00.000Z";
  const ask = await run("news", "/feed", at, () => feed.received(1));
  const spent = await ask(sourceSpending, { source: "news", since: "2026-03-01T00:00:00.000Z" });
  expect(spent).toMatchObject([{ requests: 1 }]);
  // it says nothing of how the source is
  expect(await ask(sourceState, { source: "news" })).toEqual([]);
});

it.each([
  ["its next turn", "free", {}, 0],
  [
    "its first turn after the platform's wait",
    "busy",
    { status: 429, headers: { "retry-after": "7200" } },
    2,
  ],
])("writes down %s as the next poll", async (_when, id, reply, hours) => {
  const empty = `<rss version="2.0"><channel><title>t</title></channel></rss>`;
  feed.on(`/${id}`, { body: empty, ...reply });
  // the schedule goes by the real clock
  const now = Date.now();
  const nextPoll = async (ask: App["ask"]) => {
    const rows = await ask(sourceHealth, sourceHealth.params.parse({}));
    return Date.parse(rows.find(({ source }) => source === id)?.next_poll_at ?? "");
  };
  const ask = await run(id, `/${id}`, new Date(now).toISOString(), async (ask) => {
    await expect.poll(() => nextPoll(ask), { timeout: 20_000 }).toBeGreaterThan(0);
  });
  const at = await nextPoll(ask);
  expect(at % QUARTER).toBe(0);
  expect(at - now).toBeGreaterThan(hours * 4 * QUARTER);
  expect(at - now).toBeLessThanOrEqual((hours * 4 + 1) * QUARTER + 30_000);
});
