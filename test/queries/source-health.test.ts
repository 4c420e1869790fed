import { afterAll, beforeAll, expect, test } from "vitest";
import { hourLeft } from "../../core/coverage.ts";
import { sourceHealth } from "../../queries/source-health.ts";
import { sourceSpending, sourceState } from "../../queries/source-state.ts";
import type { Poll } from "../../schemas/poll.ts";
import { coverageRows, mentionRows, pollRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { aMention, anEnrichment, aPoll } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const signal = new AbortController().signal;
const now = new Date();
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();

let opened: TestStore;

/** A poll that ended so many hours ago. */
function polled(source: string, hours: number, fields: Partial<Poll> = {}): Poll {
  return aPoll({
    source,
    at: ago(hours),
    requests: 1,
    coveredFrom: ago(100),
    heardUntil: ago(hours),
    ...fields,
  });
}

/** What is left of ten requests, until a time. */
const left = (remaining: number, resetsAt: string) =>
  ({ resource: "requests", per: "day", remaining, allowed: 10, resetsAt }) as const;

/** Twelve mentions of a source, one an hour, the last one so many hours ago. */
function hourly(source: string, last: number): StoredEvent[] {
  return Array.from({ length: 12 }, (_, index) => ({
    type: "upsert",
    mention: aMention({ source, publishedAt: ago(last + index), observedAt: ago(last + index) }),
    enrichment: anEnrichment(),
  }));
}

beforeAll(async () => {
  opened = await openTestStore();
  const said = [...hourly("lively", 1), ...hourly("quiet", 20), ...hourly("long-quiet", 24 * 60)];
  await opened.store.table(mentionRows).write(said, signal);
  await opened.store.table(pollRows).write(
    [
      polled("lively", 3, { outcome: "failed", code: "source_unavailable", reason: "502", failures: 1 }),
      polled("lively", 0, { requests: 2, usd: 0.25, nextPollAt: ago(-0.5), budget: [left(4, ago(-9))] }),
      polled("quiet", 0.1, { budget: [left(0, ago(0.05))] }),
      polled("long-quiet", 0.1),
      polled("broken", 0.2),
      polled("broken", 0.1, {
        outcome: "failed",
        code: "source_unavailable",
        reason: "it answered 502",
        failures: 2,
        notBefore: ago(-1),
      }),
      polled("locked", 0.1, {
        outcome: "stopped",
        code: "source_unauthorized",
        reason: "check token",
        failures: 1,
      }),
      polled("fresh", 0.1, {
        coveredFrom: null,
        heardUntil: null,
        outcome: "failed",
        code: "source_changed",
      }),
      // asking for the past costs, and says nothing of how a source is
      polled("broken", 0, {
        outcome: "asked",
        requests: 5,
        heardUntil: null,
        coveredFrom: null,
        budget: [left(5, ago(-9))],
      }),
      polled("asked", 0, { outcome: "asked" }),
      // written twice, as after an unclear answer
      polled("lively", 0, { requests: 2, usd: 0.25, nextPollAt: ago(-0.5), budget: [left(4, ago(-9))] }),
      polled("removed", 30, { nextPollAt: ago(29), budget: [left(4, ago(-9))] }),
    ],
    signal,
  );
  const gone = [hourLeft("removed", ago(3)), hourLeft("quiet", ago(3))];
  // put back since
  const heard = { ...hourLeft("quiet", ago(2)), state: "complete", reason: "" } as const;
  await opened.store.table(coverageRows).write([...gone, heard], signal);
});
afterAll(() => opened.close());

test("source_health tells connected, silent, degraded and unauthorized sources apart, and why", async () => {
  const rows = await opened.reader.query(
    sourceHealth.statement(sourceHealth.params.parse({})),
    sourceHealth.row,
  );
  expect(rows.map(({ source, state, reason }) => [source, state, reason])).toEqual([
    ["asked", "unknown", ""],
    ["broken", "degraded", "it answered 502"],
    ["fresh", "degraded", ""],
    ["lively", "connected", ""],
    ["locked", "unauthorized", "check token"],
    ["long-quiet", "silent", ""],
    ["quiet", "silent", ""],
    ["removed", "removed", ""],
  ]);
  const of = (name: string) => rows.find(({ source }) => source === name);
  expect(of("lively")).toMatchObject({ mentions: 12, usual_gap_s: 3_600, usd_this_month: 0.25, failures: 0 });
  expect(of("broken")).toMatchObject({ failures: 2, not_before: ago(-1), heard_until: ago(0.1) });
  expect(of("asked")).toMatchObject({ last_polled_at: null, heard_until: null });
  expect(of("fresh")).toMatchObject({
    heard_until: null,
    not_before: null,
    mentions: 0,
    last_published_at: null,
  });
});

test("source_health says how far behind each source is, when it is polled next and what it may still spend", async () => {
  const at = ago(0);
  const params = sourceHealth.params.parse({ at });
  const rows = await opened.reader.query(sourceHealth.statement(params), sourceHealth.row);
  const of = (name: string) => rows.find(({ source }) => source === name);
  const ofTen = (remaining: number) => [{ resource: "requests", per: "day", remaining, allowed: 10 }];
  expect(of("lively")).toMatchObject({ lag_s: 0, next_poll_at: ago(-0.5), budget: ofTen(4) });
  // its window is over
  expect(of("quiet")).toMatchObject({ lag_s: 360, next_poll_at: null, budget: ofTen(10) });
  // asking for the past spends of the same budget
  expect(of("broken")).toMatchObject({ lag_s: 360, budget: ofTen(5) });
  expect(of("fresh")).toMatchObject({ lag_s: null, budget: [] });
  expect(of("asked")).toMatchObject({ lag_s: null, next_poll_at: null, budget: [] });
  expect(of("removed")).toMatchObject({ lag_s: null, next_poll_at: null, heard_until: ago(30) });
});

test("source_state is what the latest poll left, and source_spending counts each poll once", async () => {
  const state = await opened.store.query(sourceState.statement({ source: "broken" }), sourceState.row);
  expect(state).toEqual([
    {
      covered_from: ago(100),
      heard_until: ago(0.1),
      failures: 2,
      not_before: ago(-1),
    },
  ]);
  const spent = await opened.store.query(
    sourceSpending.statement({ source: "lively", since: ago(24) }),
    sourceSpending.row,
  );
  const usd = spent.reduce((sum, hour) => sum + hour.usd, 0);
  expect(usd).toBe(0.25);
});
