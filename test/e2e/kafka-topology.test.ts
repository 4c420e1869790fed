import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { runCli } from "../support/cli.ts";
import { ANSWER_MS, growingFeeds } from "../support/growing-feeds.ts";
import { anInstallation, eventually, type Installation, type Service } from "../support/installation.ts";
import { describeKafka, kafkaBrokers } from "../support/kafka.ts";

// many processes that wait for each other, side by side on a busy machine

const trackers = [{ id: "acme", name: "Acme Parcels" }];

async function installed(test: TestContext, config: Record<string, unknown>): Promise<Installation> {
  const made = await anInstallation(config, kafkaBrokers);
  test.onTestFinished(() => made.remove());
  return made;
}

interface Cursor {
  readonly source: string;
  readonly generation: number;
  readonly sequence: number;
}

async function cursorsOf(earshot: Installation): Promise<Map<string, Cursor>> {
  const rows = await earshot.rows<Cursor>(
    "SELECT source, toUInt32(generation) AS generation, toUInt32(sequence) AS sequence FROM cursors",
  );
  return new Map(rows.map((row) => [row.source, row]));
}

/** Grows with every save, and more with every owner. */
function placeOf({ generation, sequence }: Cursor): number {
  return generation * 1e6 + sequence;
}

/** The sources a worker has taken over and not released. */
function sourcesOf(worker: Service): string[] {
  const owned = new Set<string>();
  for (const { msg, source } of worker.log()) {
    if (msg === "source taken over") owned.add(String(source));
    if (msg === "source released") owned.delete(String(source));
  }
  return [...owned].sort();
}

async function answerOf<T>(service: Service, query: string): Promise<T[]> {
  const answer = await service.get(`/api/v1/queries/${query}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { rows: T[] }).rows;
}

describeKafka("Earshot over Kafka", () => {
  describe.concurrent("as its parts", () => {
    it("shares its work among processes, hands over what a killed one owned, and drains", async (test) => {
      const names = ["east", "north", "south", "west"];
      const feeds = await growingFeeds(names);
      test.onTestFinished(() => feeds.close());
      const earshot = await installed(test, { trackers, sources: feeds.sources });
      const ingesting = [earshot.start("ingest"), earshot.start("ingest")] as const;
      const others = ["process", "process", "store", "detect"].map((name) => earshot.start(name));
      const page = earshot.start("serve", "--port", "0");
      for (const service of [...ingesting, ...others, page]) await service.isHealthy();

      await eventually(
        () => ingesting.every((worker) => sourcesOf(worker).length === 2),
        "each polls its half of the sources",
      );
      expect(ingesting.flatMap(sourcesOf).sort()).toEqual(names);
      await eventually(async () => {
        const found = await answerOf<{ source: string; mentions: number }>(page, "source_health");
        return found.length === names.length && found.every(({ mentions }) => mentions > 0);
      }, "the page tells of every source");
      const [summary] = await answerOf<{ mentions: number }>(page, "summary");
      expect(summary?.mentions).toBeGreaterThanOrEqual(names.length);
      expect(await answerOf(page, "latest_mentions?source=north&limit=1")).toMatchObject([
        { platform: "rss", source: "north", trackers: ["acme"] },
      ]);
      expect((await page.get("/metrics")).status).toBe(200);
      const owned = ingesting.map(async (worker) =>
        (await worker.metrics()).samples.get('earshot_owned{group="earshot.ingest"}'),
      );
      expect(await Promise.all(owned)).toEqual([2, 2]);

      const [killed, heir] = ingesting;
      const orphans = sourcesOf(killed);
      const before = await cursorsOf(earshot);
      const polls = new Map(orphans.map((name) => [name, feeds.askedAt(name).length]));
      const killedAt = performance.now();
      await killed.kill();
      await eventually(
        () => orphans.every((name) => feeds.askedAt(name).length > (polls.get(name) ?? 0) + 1),
        "the other polls them",
      );
      for (const name of orphans) {
        const heirs = feeds.askedAt(name).filter((at) => at > killedAt + ANSWER_MS);
        expect((heirs[0] ?? Infinity) - killedAt).toBeLessThan(30_000);
      }
      expect(sourcesOf(heir)).toEqual(names);
      for (const name of names) {
        const gaps = feeds.askedAt(name).map((at, index, all) => at - (all[index - 1] ?? -Infinity));
        expect(Math.min(...gaps)).toBeGreaterThan(ANSWER_MS - 20);
      }

      feeds.freeze();
      await eventually(async () => {
        const [row] = await earshot.rows<{ n: number }>("SELECT toUInt32(count()) AS n FROM mentions");
        return row?.n === feeds.entries();
      }, "everything in the feeds is stored");
      // the killed one may have published an entry of each source without having saved that it had
      expect(await earshot.written("mentions")).toBeLessThanOrEqual(feeds.entries() + orphans.length);
      const after = await cursorsOf(earshot);
      for (const name of names) {
        const [was, is] = [before.get(name), after.get(name)];
        if (was === undefined || is === undefined) throw new Error(`${name} has no cursor`);
        expect(placeOf(is)).toBeGreaterThan(placeOf(was));
        if (orphans.includes(name)) expect(is.generation).toBeGreaterThan(was.generation);
      }

      for (const service of [heir, ...others, page]) {
        const { code, stderr } = await service.stop();
        expect(code).toBe(0);
        expect(stderr).toMatch(/"msg":"stopped"\}\n$/);
      }
    });

    it("does everything in one process as earshot start", async (test) => {
      const feeds = await growingFeeds(["news"]);
      test.onTestFinished(() => feeds.close());
      const earshot = await installed(test, { trackers, sources: feeds.sources });
      const whole = earshot.start("start", "--port", "0");
      await whole.isHealthy();
      await eventually(async () => {
        const [row] = await answerOf<{ mentions: number }>(whole, "summary");
        return (row?.mentions ?? 0) >= 2;
      }, "what the feed says is stored");
      expect(await earshot.written("mentions")).toBeGreaterThanOrEqual(2);
      // what is stored is counted a moment later
      await eventually(async () => {
        const { samples } = await whole.metrics();
        const counted = [
          ["earshot.process", "mentions"],
          ["earshot.store", "mentions.enriched"],
        ].map(([group, topic]) =>
          samples.get(`earshot_records_total{group="${group}",outcome="ok",topic="${topic}"}`),
        );
        return counted.every((records = 0) => records >= 2);
      }, "both groups have counted what they handed on");
      const metrics = await whole.metrics();
      expect(metrics.of("earshot_owned")).toEqual({
        'earshot_owned{group="earshot.ingest"}': 1,
        'earshot_owned{group="earshot.detect"}': 2,
        'earshot_owned{group="earshot.keep"}': 1,
      });
      expect((await whole.stop()).code).toBe(0);
    });

    it("imports a file with the same counts as without Kafka, and reads a topic again on request", async (test) => {
      const earshot = await installed(test, { trackers });
      const direct = await anInstallation({ trackers, kafka: null }, kafkaBrokers);
      test.onTestFinished(() => direct.remove());
      const rows = Array.from(
        { length: 40 },
        (_, index) => `${index},The zip broke ${index},1,2026-02-0${1 + (index % 9)}`,
      );
      const file = [
        "id,review,stars,date",
        ...rows,
        ...rows.slice(3, 8),
        "9,Now it is mended,5,2026-02-01",
        "100,No date here,4,",
        "101,Odd date,4,the day after",
      ].join("\n");
      await writeFile(join(earshot.dataDir, "reviews.csv"), file);
      const path = join(earshot.dataDir, "reviews.csv");
      const importing = ["import", path, "--platform", "shop", "--tracker", "acme", "--yes"];

      const [processing, storing] = [earshot.start("process"), earshot.start("store")];
      await processing.isHealthy();
      await storing.isHealthy();
      const reportOf = async (one: Installation, ...more: string[]) =>
        JSON.parse(await one.output(...importing, ...more, "--json")) as Record<string, unknown>;
      const foreseen = await reportOf(earshot, "--dry-run");
      expect(await earshot.written("mentions")).toBe(0);
      const [first, firstDirect] = await Promise.all([reportOf(earshot), reportOf(direct)]);
      expect(firstDirect).toMatchObject({ new: 40, duplicate: 6, rejected: 2 });
      expect(first).toEqual(firstDirect);
      expect(foreseen).toEqual(firstDirect);

      const content = "SELECT id, text, rating, sentiment_label FROM mentions ORDER BY id";
      await eventually(
        async () => (await earshot.rows("SELECT 1 FROM mentions")).length === 40,
        "it is stored",
      );
      const expected = await direct.output("sql", content, "--format", "json");
      const stored = async () => {
        const rows = await earshot.rows(content);
        return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      };
      expect(await stored()).toBe(expected);

      const [said, second] = await Promise.all([earshot.output(...importing), reportOf(direct)]);
      expect(said).toMatch(/brought 0 new, /);
      expect(said).toContain(`${String(second["duplicate"])} duplicate`);
      expect(said).toContain(`${String(second["rejected"])} rejected`);
      expect(said).toContain("in the store as soon as its workers have read them");

      await eventually(
        async () => (await earshot.rows("SELECT 1 FROM dead_letters")).length === 2,
        "they are filed",
      );
      const listed = await earshot.output("dead-letters", "list");
      expect(listed).toMatch(/file:reviews\.csv.*line 48/);
      expect(listed).toMatch(/file:reviews\.csv.*line 49/);
      expect(await earshot.output("dead-letters", "replay")).toMatch(/^0 replayed, 2 failed again\n/);

      const isSettled = async () =>
        (await earshot.committed("earshot.store", "mentions.enriched")) ===
        (await earshot.written("mentions.enriched"));
      await eventually(isSettled, "all is read");
      const total = await earshot.written("mentions");
      expect(JSON.parse(await earshot.output("topics", "list", "--json"))).toMatchObject([
        { topic: "mentions", partitions: 3, group: "earshot.process", retained: total, lag: 0, expired: 0 },
        { topic: "mentions.enriched", partitions: 3, group: "earshot.store", lag: 0, expired: 0 },
        { topic: "dead-letters", partitions: 3, group: "earshot.store-dead-letters", lag: 0, expired: 0 },
      ]);
      const [created, checked, refused] = await Promise.all([
        earshot.output("topics", "create"),
        earshot.output("check"),
        earshot.run("topics", "replay", "mentions"),
      ]);
      expect(created).toBe("Every topic is there.\n");
      expect(checked).toMatch(/^ok {3}kafka: .*; 0 records wait to be read$/m);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/1 process reads mentions as earshot\.process; stop them first/);

      expect((await processing.stop()).code).toBe(0);
      const all = await earshot.output("topics", "replay", "mentions");
      expect(all).toContain(`earshot.process will read ${total} records of mentions again when it runs.`);
      const readBefore = await earshot.written("mentions.enriched");
      const rereading = earshot.start("process");
      await eventually(
        async () => (await earshot.written("mentions.enriched")) === readBefore + total,
        "it is read again",
      );
      await eventually(isSettled, "all is stored again");
      expect(await stored()).toBe(expected);
      expect(await earshot.rows("SELECT 1 FROM dead_letters")).toHaveLength(2);
      for (const service of [rereading, storing]) expect((await service.stop()).code).toBe(0);
    });

    it("imports before any worker has run, making the topics there are to be", async (test) => {
      const earshot = await installed(test, { trackers });
      const path = join(earshot.dataDir, "one.csv");
      await writeFile(path, "review,date\nIt broke,2026-02-01\n");
      const importing = earshot.start("import", path, "--yes", "--json");
      const { code, stdout, stderr } = await Promise.race([
        importing.finished,
        importing.until(/"tries":4/).then(() => importing.stop()),
      ]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ new: 1, rejected: 0 });
      expect(await earshot.written("mentions")).toBe(1);
    });

    it("scores without a store in reach", async (test) => {
      const earshot = await installed(test, { trackers, clickhouse: { url: "http://127.0.0.1:1" } });
      const processing = earshot.start("process");
      await processing.isHealthy();
      await eventually(
        () => processing.log().some(({ msg }) => msg === "partitions assigned"),
        "it has joined",
      );
      await processing.isHealthy();
      const storing = earshot.start("store");
      await storing.waitsFor(/^connect to ClickHouse: ClickHouse does not answer/);
      expect((await processing.stop()).code).toBe(0);
    });
  });
});

describe.concurrent("the commands that work through Kafka", () => {
  it.for(["ingest", "process", "store", "detect", "topics list", "topics create", "topics replay mentions"])(
    "without kafka: in the config earshot %s ends with code 2 and says what to do",
    async (command) => {
      const { code, stdout, stderr } = await runCli(command.split(" "));
      expect(code).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toMatch(
        /^earshot \w+ works through Kafka: name its brokers under kafka\.brokers in the config\. Without Kafka, earshot start runs everything in one process\./,
      );
    },
  );
});
