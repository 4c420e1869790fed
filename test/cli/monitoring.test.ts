import { afterEach, describe, expect, test } from "vitest";
import { openMonitor, type RunningApi } from "../../api/server.ts";
import { openMonitoring, type ProcessMonitoring } from "../../cli/monitoring.ts";
import type { Observation } from "../../core/context.ts";
import type { GroupLag } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask } from "../support/ask.ts";
import { aContext } from "../support/builders.ts";
import { readMetrics, type Scrape } from "../support/read-metrics.ts";

const START = Date.parse("2026-03-02T10:00:00.000Z");
const READ = { topic: "mentions", group: "earshot.process" } as const;

const running: RunningApi[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((monitor) => monitor.close()));
});

interface Watched extends ProcessMonitoring {
  /** What Prometheus gets. */
  readonly scrape: () => Promise<Scrape>;
  /** Lets so much time go by. */
  readonly pass: (ms: number) => void;
}

/** Monitoring with a clock of its own, asked over HTTP. */
async function watch(): Promise<Watched> {
  let at = START;
  const monitoring = openMonitoring(() => new Date(at));
  const monitor = await openMonitor({
    host: "127.0.0.1",
    port: 0,
    monitoring,
    auth: { tokens: [], required: false, allowedHosts: [] },
    context: aContext(),
  });
  running.push(monitor);
  return {
    ...monitoring,
    pass: (ms) => void (at += ms),
    async scrape() {
      const { status, text } = await ask(monitor, "/metrics");
      expect(status).toBe(200);
      return readMetrics(text);
    },
  };
}

function aDelivery(
  fields: Partial<Extract<Observation, { kind: "delivered" }>> = {},
): Extract<Observation, { kind: "delivered" }> {
  return {
    kind: "delivered",
    ...READ,
    partition: 0,
    records: 10,
    poison: 0,
    seconds: 0.3,
    lag: 0,
    ...fields,
  };
}

function aLag(fields: Partial<GroupLag> = {}): GroupLag {
  return { ...READ, partition: 0, retained: 100, lag: 0, expired: 0, ...fields };
}

const lagKey = (partition: number) =>
  `earshot_lag{group="earshot.process",partition="${partition}",topic="mentions"}`;

describe("metrics", () => {
  test("count what sources gave", async () => {
    const { observe, scrape } = await watch();
    observe({ kind: "polled", source: "news", mentions: 3, deletions: 1 });
    observe({ kind: "polled", source: "news", mentions: 4, deletions: 0 });
    observe({ kind: "polled", source: "reviews", mentions: 0, deletions: 0 });
    const { of } = await scrape();
    expect(of("earshot_mentions_total")).toEqual({
      'earshot_mentions_total{source="news"}': 7,
      'earshot_mentions_total{source="reviews"}': 0,
    });
    expect(of("earshot_deletions_total")).toEqual({
      'earshot_deletions_total{source="news"}': 1,
      'earshot_deletions_total{source="reviews"}': 0,
    });
  });

  test("count records by outcome and time their batches", async () => {
    const { observe, scrape } = await watch();
    observe(aDelivery({ records: 9, poison: 1, seconds: 0.3 }));
    observe(aDelivery({ records: 20, seconds: 200, partition: 4 }));
    const { of, samples, types } = await scrape();
    const labels = 'group="earshot.process"';
    const topic = 'topic="mentions"';
    expect(of("earshot_records_total")).toEqual({
      [`earshot_records_total{${labels},outcome="ok",${topic}}`]: 29,
      [`earshot_records_total{${labels},outcome="poison",${topic}}`]: 1,
    });
    expect(types.get("earshot_batch_seconds")).toBe("histogram");
    const bucket = (le: string) => samples.get(`earshot_batch_seconds_bucket{${labels},le="${le}",${topic}}`);
    expect(["0.25", "0.5", "120", "+Inf"].map(bucket)).toEqual([0, 1, 1, 2]);
    expect(samples.get(`earshot_batch_seconds_count{${labels},${topic}}`)).toBe(2);
    expect(samples.get(`earshot_batch_seconds_sum{${labels},${topic}}`)).toBeCloseTo(200.3);
  });

  test("tell what this process has of each group, and how often that changed", async () => {
    const { observe, scrape } = await watch();
    observe({ kind: "rebalanced", group: "earshot.process", partitions: [0, 1, 2] });
    observe({ kind: "rebalanced", group: "earshot.process", partitions: [1] });
    observe({ kind: "owned", group: "earshot.ingest", names: ["news", "reviews"] });
    observe({ kind: "owned", group: "earshot.detect", names: ["acme"] });
    observe({ kind: "owned", group: "earshot.detect", names: [] });
    const { samples } = await scrape();
    expect(samples.get('earshot_rebalances_total{group="earshot.process"}')).toBe(2);
    expect(samples.get('earshot_partitions{group="earshot.process"}')).toBe(1);
    expect(samples.get('earshot_owned{group="earshot.ingest"}')).toBe(2);
    expect(samples.get('earshot_owned{group="earshot.detect"}')).toBe(0);
  });

  test("count dead letters from zero on, so that the first one is seen to come", async () => {
    const { observe, scrape } = await watch();
    observe({ kind: "dead_letters", stage: "process", count: 2 });
    expect((await scrape()).of("earshot_dead_letters_total")).toEqual({
      'earshot_dead_letters_total{stage="parse"}': 0,
      'earshot_dead_letters_total{stage="publish"}': 0,
      'earshot_dead_letters_total{stage="read"}': 0,
      'earshot_dead_letters_total{stage="process"}': 2,
      'earshot_dead_letters_total{stage="store"}': 0,
      'earshot_dead_letters_total{stage="deliver"}': 0,
    });
  });

  test("have the process's own, and belong to one monitoring alone", async () => {
    const { observe } = await watch();
    observe({ kind: "polled", source: "news", mentions: 3, deletions: 1 });
    const other = await (await watch()).scrape();
    expect(other.samples.get("process_resident_memory_bytes")).toBeGreaterThan(1_000_000);
    expect(other.types.has("nodejs_eventloop_lag_seconds")).toBe(true);
    expect(other.of("earshot_mentions_total")).toEqual({});
  });

  test("stay readable whatever a source is called", async () => {
    const { observe, scrape } = await watch();
    observe({ kind: "polled", source: 'a "b" \\ c\n# TYPE d counter', mentions: 1, deletions: 0 });
    expect((await scrape()).of("earshot_mentions_total")).toEqual({
      'earshot_mentions_total{source="a \\"b\\" \\\\ c\\n# TYPE d counter"}': 1,
    });
  });

  test("survive a clock that is set back", async () => {
    const { observe, scrape } = await watch();
    observe(aDelivery({ seconds: -3_600 }));
    const { samples } = await scrape();
    expect(samples.get('earshot_batch_seconds_sum{group="earshot.process",topic="mentions"}')).toBe(0);
  });
});

describe("what is waited for", () => {
  test("is told with the first time and the latest reason until it goes on", async () => {
    const { observe, waiting, scrape, pass } = await watch();
    const what = "write mentions";
    const key = `earshot_waiting{what="${what}"}`;
    observe({ kind: "waiting", what, reason: "ClickHouse does not answer." });
    pass(60_000);
    observe({ kind: "waiting", what, reason: "ClickHouse is starting." });
    expect(waiting()).toEqual([
      { what, reason: "ClickHouse is starting.", since: "2026-03-02T10:00:00.000Z" },
    ]);
    expect((await scrape()).of("earshot_waiting")).toEqual({ [key]: 1 });

    observe({ kind: "resumed", what });
    expect(waiting()).toEqual([]);
    expect((await scrape()).of("earshot_waiting")).toEqual({});

    pass(60_000);
    observe({ kind: "waiting", what, reason: "ClickHouse does not answer." });
    expect(waiting()).toMatchObject([{ since: "2026-03-02T10:02:00.000Z" }]);
  });

  test("is told apart by name, the longest first", async () => {
    const { observe, waiting, pass } = await watch();
    for (const what of ["b", "a", "c"]) {
      observe({ kind: "waiting", what, reason: "away" });
      pass(1_000);
    }
    observe({ kind: "waiting", what: "b", reason: "still away" });
    observe({ kind: "resumed", what: "a" });
    observe({ kind: "resumed", what: "never waited for" });
    expect(waiting().map(({ what }) => what)).toEqual(["b", "c"]);
  });

  test("comes back when another loop still waits under a name that one of them cleared", async () => {
    const { observe, waiting } = await watch();
    const wait = () => observe({ kind: "waiting", what: "write dead letters", reason: "away" });
    wait();
    wait();
    observe({ kind: "resumed", what: "write dead letters" });
    expect(waiting()).toEqual([]);
    wait();
    expect(waiting()).toHaveLength(1);
  });

  test("is bounded in number and length, and what found no room is told when there is some", async () => {
    const { observe, waiting, scrape } = await watch();
    const wait = (what: string) => observe({ kind: "waiting", what, reason: "x".repeat(10_000) });
    for (let count = 0; count < 1_000; count++) wait(`source ${count}`);
    expect(waiting()).toHaveLength(200);
    expect(waiting().every(({ reason }) => reason.length === 500)).toBe(true);
    expect(Object.keys((await scrape()).of("earshot_waiting"))).toHaveLength(200);
    observe({ kind: "resumed", what: "source 999" });
    observe({ kind: "resumed", what: "source 0" });
    wait("source 999");
    const names = waiting().map(({ what }) => what);
    expect([names.length, names[0], names.at(-1)]).toEqual([200, "source 1", "source 999"]);
  });
});

describe("lag", () => {
  test("is what the last delivery left, of the partitions that are ours", async () => {
    const { observe, scrape } = await watch();
    observe(aDelivery({ partition: 0, lag: 900 }));
    observe(aDelivery({ partition: 0, lag: 400 }));
    observe(aDelivery({ partition: 1, lag: 7 }));
    observe(aDelivery({ partition: 1, lag: 8, group: "earshot.store", topic: "mentions.enriched" }));
    expect((await scrape()).of("earshot_lag{")).toMatchObject({ [lagKey(0)]: 400, [lagKey(1)]: 7 });

    observe({ kind: "rebalanced", group: "earshot.process", partitions: [0] });
    expect((await scrape()).of("earshot_lag{")).toEqual({
      [lagKey(0)]: 400,
      'earshot_lag{group="earshot.store",partition="1",topic="mentions.enriched"}': 8,
    });
  });

  test("is read from the broker where it can be, of every partition, with what expired unread", async () => {
    const { observe, readLagsWith, scrape } = await watch();
    observe(aDelivery({ partition: 0, lag: 1 }));
    readLagsWith(async () => [
      aLag({ partition: 0, lag: 500, expired: 20 }),
      aLag({ partition: 1, lag: 0, expired: 3 }),
      aLag({ group: "earshot.store", topic: "mentions.enriched" }),
    ]);
    const { of } = await scrape();
    const lags = {
      [lagKey(0)]: 500,
      [lagKey(1)]: 0,
      'earshot_lag{group="earshot.store",partition="0",topic="mentions.enriched"}': 0,
    };
    expect(of("earshot_lag{")).toEqual(lags);
    expect(of("earshot_expired")).toEqual({
      'earshot_expired{group="earshot.process",topic="mentions"}': 23,
      'earshot_expired{group="earshot.store",topic="mentions.enriched"}': 0,
    });
    observe({ kind: "rebalanced", group: "earshot.process", partitions: [1] });
    expect((await scrape()).of("earshot_lag{")).toEqual(lags);
  });

  test("is read at most once in five seconds, and once for all who ask at the same time", async () => {
    const { readLagsWith, metrics, scrape, pass } = await watch();
    let reads = 0;
    let answer: () => void = () => {};
    const gate = new Promise<void>((resolve) => (answer = resolve));
    readLagsWith(async () => {
      reads++;
      await gate;
      return [aLag({ lag: reads, expired: 1 })];
    });
    const both = [metrics(), metrics()];
    answer();
    for (const { body } of await Promise.all(both)) expect(readMetrics(body).samples.get(lagKey(0))).toBe(1);
    pass(4_999);
    expect((await scrape()).samples.get(lagKey(0))).toBe(1);
    pass(1);
    const { samples, of } = await scrape();
    expect(samples.get(lagKey(0))).toBe(2);
    expect(Object.values(of("earshot_expired"))).toEqual([1]);
    expect(reads).toBe(2);
    // a clock that was set back tells no age
    pass(-60_000);
    expect((await scrape()).samples.get(lagKey(0))).toBe(3);
  });

  test.each([
    [
      "refuses",
      () =>
        Promise.reject<readonly GroupLag[]>(new EarshotError("sink_unavailable", "Kafka does not answer.")),
    ],
    [
      "is a mistake of ours",
      (): Promise<readonly GroupLag[]> => {
        throw new TypeError("not a function");
      },
    ],
  ])("stays as last known when the read %s, which is counted, and is read again", async (_how, fail) => {
    const { readLagsWith, scrape, pass } = await watch();
    let reads = 0;
    readLagsWith(() => (++reads === 2 || reads === 3 ? fail() : Promise.resolve([aLag({ lag: reads })])));
    const lag = async () => {
      const { samples } = await scrape();
      return [samples.get(lagKey(0)), samples.get("earshot_lag_failures_total")];
    };
    expect(await lag()).toEqual([1, 0]);
    pass(5_000);
    expect(await lag()).toEqual([1, 1]);
    expect(await lag()).toEqual([1, 2]);
    expect(await lag()).toEqual([4, 2]);
  });

  test("stays as last known when the broker hangs; its late answer is given to the next who asks", async () => {
    const { observe, readLagsWith, scrape } = await watch();
    observe(aDelivery({ lag: 40 }));
    let reads = 0;
    let answer: (lags: readonly GroupLag[]) => void = () => {};
    readLagsWith(() => {
      reads++;
      return new Promise((resolve) => (answer = resolve));
    });
    const { samples } = await scrape();
    expect(samples.get(lagKey(0))).toBe(40);
    expect(samples.get("earshot_lag_failures_total")).toBe(1);
    answer([aLag({ lag: 41 })]);
    expect((await scrape()).samples.get(lagKey(0))).toBe(41);
    expect(reads).toBe(1);
  });
});
