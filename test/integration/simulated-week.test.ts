import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { openBudget, spendingCountsFrom } from "../../core/budget.ts";
import { ownCursor, type CursorStore } from "../../core/cursors.ts";
import { processingSink, toStored } from "../../core/process.ts";
import { NEVER_POLLED, openSource, type PolledSource } from "../../core/poll-source.ts";
import { rssIngestor } from "../../ingestors/rss/index.ts";
import { openReadChain } from "../../cli/reading.ts";
import { sourceSpending, sourceState } from "../../queries/source-state.ts";
import type { SourceCursor } from "../../schemas/cursor.ts";
import { coverageRows, deadLetterRows, mentionRows, pollRows } from "../../schemas/rows.ts";
import { aContext } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { startStubServer, type StubServer } from "../support/stub-server.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Monday. */
const START = Date.UTC(2026, 10, 9);
const DAYS = 7;
const PUBLISH_EVERY = 10 * MINUTE;
const POLL_EVERY = 15 * MINUTE;
/** The feed shows its newest entries only: ten hours of them. */
const SHOWN = 60;

const hours = (count: number) => START + count * HOUR;

/** What goes wrong, by hour of the week. The feed keeps ten hours, so longer ones lose something. */
const TROUBLES = {
  /** The platform is down: nothing is lost, then something is. */
  down: [
    [10.1, 13.3],
    [30.2, 52.4],
  ],
  /** It limits us for two hours. */
  limited: [[60.1, 60.4]],
  /** Nobody listens: the program is stopped, and starts again as a new process. */
  stopped: [
    [70.2, 75.1],
    [80.3, 96.2],
  ],
} as const;

const isDuring = (windows: readonly (readonly [number, number])[], at: number) =>
  windows.some(([from, to]) => at >= hours(from) && at < hours(to));

let store: TestStore;
let server: StubServer;
let now = START;
const context = { ...aContext(), now: () => new Date(now) };
const signal = new AbortController().signal;

beforeAll(async () => {
  [store, server] = await Promise.all([openTestStore(), startStubServer()]);
});
afterAll(async () => {
  await Promise.all([store.close(), server.close()]);
});

/** Between two polls. */
const entryAt = (number: number) => START - 5 * HOUR + 3 * MINUTE + number * PUBLISH_EVERY;
const newestAt = (at: number) => Math.floor((at - entryAt(0)) / PUBLISH_EVERY);

/** Entries the feed shows at a time, newest first. */
function shownAt(at: number): number[] {
  const newest = newestAt(at);
  return Array.from({ length: SHOWN }, (_, index) => newest - index).filter((number) => number >= 0);
}

function feedAt(at: number): string {
  const items = shownAt(at).map(
    (number) =>
      `<item><guid>https://herald.example/${number}</guid><title>Story ${number}</title>` +
      `<description>Words of story ${number}</description><pubDate>${new Date(entryAt(number)).toUTCString()}</pubDate></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>${items.join("")}</channel></rss>`;
}

const cursors: CursorStore & { saved: SourceCursor[] } = {
  saved: [],
  load: async () => cursors.saved.at(-1),
  save: async (cursor) => void cursors.saved.push(cursor),
};

/** A process that takes the source over: all it knows is in the store. */
async function startProcess(): Promise<PolledSource> {
  const [found] = await store.store.query(sourceState.statement({ source: "week" }), sourceState.row);
  const spent = await store.store.query(
    sourceSpending.statement({ source: "week", since: spendingCountsFrom(new Date(now)) }),
    sourceSpending.row,
  );
  const before = spent.map((hour) => ({ ...hour, at: new Date(hour.at) }));
  return openSource(
    {
      source: "week",
      belonging: { trackers: ["acme"] },
      redactKey: undefined,
      ingestor: rssIngestor,
      config: rssIngestor.config.parse({ url: `${server.url}/feed`, allowPrivateHosts: true }),
      events: processingSink({
        chain: openReadChain({ aspects: {} }),
        toEvent: toStored("test"),
        target: store.store.table(mentionRows),
        deadLetters: store.store.table(deadLetterRows),
        context,
      }),
      deadLetters: store.store.table(deadLetterRows),
      coverage: store.store.table(coverageRows),
      polls: store.store.table(pollRows),
      // one request a quarter of an hour, but for one day with less
      budget: openBudget("week", { requestsPerDay: 80 }, before, context),
      cursor: ownCursor(cursors, "week", context),
      context,
    },
    found === undefined
      ? NEVER_POLLED
      : {
          coveredFrom: found.covered_from,
          heardUntil: found.heard_until,
          failures: found.failures,
          notBefore: found.not_before,
        },
  );
}

it("over a week of outages, limits and spent budgets stores once what was offered, and marks exactly the hours lost", async () => {
  const offered = new Set<number>();
  server.on("/feed", () => {
    if (isDuring(TROUBLES.down, now)) return { status: 503 };
    if (isDuring(TROUBLES.limited, now)) return { status: 429, headers: { "retry-after": "7200" } };
    for (const number of shownAt(now)) offered.add(number);
    return { body: feedAt(now) };
  });

  let source: PolledSource | undefined;
  const outcomes = new Map<string, number>();
  for (; now <= hours(DAYS * 24); now += POLL_EVERY) {
    if (isDuring(TROUBLES.stopped, now)) {
      source = undefined;
      continue;
    }
    source ??= await startProcess();
    const { notBefore } = source.state();
    if (notBefore !== null && now < Date.parse(notBefore)) continue;
    const { outcome, code } = await source.poll(signal);
    outcomes.set(`${outcome} ${code}`, (outcomes.get(`${outcome} ${code}`) ?? 0) + 1);
  }
  const end = now - POLL_EVERY;

  // every kind of trouble was met
  expect([...outcomes.keys()].sort()).toEqual([
    "failed budget_spent",
    "failed source_rate_limited",
    "failed source_unavailable",
    "ok ",
  ]);

  const stored = await store.store.query(
    { sql: "SELECT native_id, count() AS times FROM mentions GROUP BY native_id", params: {} },
    z.object({ native_id: z.string(), times: z.coerce.number() }),
  );
  const numbers = new Set(stored.map(({ native_id }) => Number(native_id.split("/").at(-1))));
  expect(stored.every(({ times }) => times === 1)).toBe(true);
  expect([...numbers].sort((a, b) => a - b)).toEqual([...offered].sort((a, b) => a - b));

  // what was published and never offered to us is lost; the ledger has to say so, and nothing else
  const lost = Array.from({ length: newestAt(end) + 1 }, (_, number) => number).filter(
    (number) => !offered.has(number),
  );
  expect(lost.length).toBeGreaterThan(50);
  const expected = new Map<string, string>();
  for (let hour = START + HOUR; hour < end - HOUR; hour += HOUR) {
    const of = (list: readonly number[]) =>
      list.filter((n) => entryAt(n) >= hour && entryAt(n) < hour + HOUR).length;
    const missing = of(lost);
    expected.set(
      new Date(hour).toISOString(),
      missing === 0 ? "complete" : missing === 6 ? "none" : "partial",
    );
  }
  const rows = await store.store.query(
    { sql: "SELECT hour, state FROM coverage WHERE source = 'week' ORDER BY hour", params: {} },
    z.object({ hour: z.string(), state: z.string() }),
  );
  const ledger = new Map(rows.map(({ hour, state }) => [`${hour.replace(" ", "T")}Z`, state]));
  const wrong = [...expected].filter(([hour, state]) => ledger.get(hour) !== state);
  expect(wrong.map(([hour, state]) => `${hour} is ${ledger.get(hour)}, should be ${state}`)).toEqual([]);
}, 300_000);
