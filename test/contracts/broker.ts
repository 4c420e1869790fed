import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Broker, Delivery, TopicSpec } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";

const Note = z.strictObject({ id: z.string(), writtenBy: z.string(), n: z.int() });
type Note = z.infer<typeof Note>;

/** A topic of its own for each test. */
function aTopic(name: string, fields: Partial<TopicSpec<Note>> = {}): TopicSpec<Note> {
  return {
    name,
    summary: "Notes.",
    version: 1,
    record: Note,
    key: ({ id }) => id,
    retention: {},
    examples: [],
    ...fields,
  };
}

function notes(count: number, from = 0): Note[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `k${(from + index) % 7}`,
    writtenBy: "test",
    n: from + index,
  }));
}

const forever = new AbortController().signal;

async function until(claim: () => boolean, what: string, limitMs = 200_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !claim();) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${limitMs} ms`);
    await sleep(20);
  }
}

export interface BrokerUnderTest {
  /** A broker of its own connections, on the same cluster and prefix. */
  connect(): Broker;
  /** Makes topics exist; the broker's own way where it has one. */
  create(topics: readonly TopicSpec<Note>[]): Promise<void>;
  /** Why the cluster cannot tell of groups and offsets, nor create topics; absent when it can. */
  readonly noAdmin?: string;
  /** Names that can be owned there. */
  readonly names: readonly string[];
  close(): Promise<void>;
}

/** What every broker must do. Its tests wait a lot, so they run side by side. */
export function brokerContract(name: string, open: () => Promise<BrokerUnderTest>): void {
  describe.concurrent(`broker contract: ${name}`, () => {
    let cluster: BrokerUnderTest;
    let broker: Broker;
    const opened: Broker[] = [];

    beforeAll(async () => {
      cluster = await open();
      broker = connect();
    });
    afterAll(async () => {
      for (const one of opened) await one.close();
      await cluster.close();
    });

    function connect(): Broker {
      const one = cluster.connect();
      opened.push(one);
      return one;
    }

    /** A consumer that keeps what it is delivered. */
    function aReader(
      topic: TopicSpec<Note>,
      group: string,
      onDelivery: (delivery: Delivery<Note>) => Promise<void> = async () => {},
      batchSize = 500,
    ) {
      const stopping = new AbortController();
      const seen: Note[] = [];
      const poison: Delivery<Note>["poison"][number][] = [];
      const done = connect().consume(
        {
          topic,
          group,
          batchSize,
          async onDelivery(delivery) {
            await onDelivery(delivery);
            seen.push(...delivery.records);
            poison.push(...delivery.poison);
          },
        },
        stopping.signal,
      );
      done.catch(() => {});
      return { seen, poison, done, stop: () => (stopping.abort(), done) };
    }

    it("delivers every record written, in order within a key", async () => {
      const topic = aTopic("ordered");
      await cluster.create([topic]);
      const sink = broker.topic(topic);
      await Promise.all([sink.write(notes(300), forever), sink.write(notes(300, 300), forever)]);
      const reader = aReader(topic, "ordered-readers");
      await until(() => reader.seen.length >= 600, "every record");
      await reader.stop();
      expect(reader.seen).toHaveLength(600);
      for (const key of new Set(reader.seen.map(({ id }) => id))) {
        const ofKey = reader.seen.filter(({ id }) => id === key).map(({ n }) => n);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
    });

    it("delivers again what was not handed on, and nothing that was", async () => {
      const topic = aTopic("redelivered");
      await cluster.create([topic]);
      await broker.topic(topic).write(
        notes(50).map((note) => ({ ...note, id: "one" })),
        forever,
      );
      const failure = new EarshotError("processor_failed", "no further");
      let handedOn = 0;
      const first = aReader(
        topic,
        "redelivered-readers",
        async ({ records }) => {
          if (handedOn >= 20) throw failure;
          handedOn += records.length;
        },
        10,
      );
      await expect(first.done).rejects.toBe(failure);
      expect(first.seen.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));

      const second = aReader(topic, "redelivered-readers");
      await until(() => second.seen.length >= 30, "the rest");
      await second.stop();
      expect(second.seen.map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, n) => n + 20));
    });

    it("finishes and commits what is under way when it is told to stop", async () => {
      const topic = aTopic("drained");
      await cluster.create([topic]);
      await broker.topic(topic).write(notes(20), forever);
      let isAtWork = false;
      const first = aReader(topic, "drained-readers", async () => {
        isAtWork = true;
        await sleep(700);
      });
      await until(() => isAtWork, "the first delivery");
      await first.stop();
      expect(first.seen.length).toBeGreaterThan(0);
      const second = aReader(topic, "drained-readers");
      await until(() => first.seen.length + second.seen.length >= 20, "the rest");
      await second.stop();
      expect([...first.seen, ...second.seen].map(({ n }) => n).sort((a, b) => a - b)).toEqual(
        notes(20).map(({ n }) => n),
      );
    });

    it("hands out what cannot be read with its position, beside the records around it", async () => {
      const topic = aTopic("poisoned");
      await cluster.create([topic]);
      const one = { id: "a", writtenBy: "test", n: 1 };
      await broker.topic(topic).write([one], forever);
      await broker.topic(aTopic("poisoned", { version: 9 })).write([one], forever);
      await broker.topic(aTopic("poisoned")).write([{ ...one, n: 0.5 }], forever);
      await broker.topic(topic).write([{ ...one, n: 2 }], forever);
      const reader = aReader(topic, "poisoned-readers");
      await until(() => reader.seen.length + reader.poison.length >= 4, "all four");
      await reader.stop();
      expect(reader.seen.map(({ n }) => n)).toEqual([1, 2]);
      const [newer, wrong] = reader.poison;
      expect(newer?.error.message).toMatch(/schema version 9.*reads version 1/);
      expect(newer?.position).toMatch(/^poisoned\/\d+@\d+$/);
      expect(newer?.payload).toMatchObject({ topic: "poisoned", schemaVersion: "9", key: "a" });
      expect(JSON.parse(newer?.payload.value ?? "")).toEqual({ id: "a", written_by: "test", n: 1 });
      expect(wrong?.error).toMatchObject({ code: "record_invalid" });
      expect(wrong?.error.message).toContain("n: ");
    });

    it("refuses a record larger than it takes, so that it can be isolated", async () => {
      const topic = aTopic("large");
      await cluster.create([topic]);
      const huge = { id: "a", writtenBy: "x".repeat(1_100_000), n: 1 };
      await expect(broker.topic(topic).write([huge], forever)).rejects.toMatchObject({
        code: "sink_rejected",
      });
    });

    it("shares the work among the members of a group and hands it over when one leaves", async () => {
      const topic = aTopic("shared");
      await cluster.create([topic]);
      const first = aReader(topic, "shared-readers");
      const second = aReader(topic, "shared-readers");
      const sink = broker.topic(topic);
      const spread = (from: number) => notes(200, from).map((note) => ({ ...note, id: `${note.n}` }));
      let from = 0;
      await until(() => {
        if (from < 20_000) void sink.write(spread((from += 200)), forever);
        return first.seen.length > 0 && second.seen.length > 0;
      }, "both at work");
      await first.stop();
      await sink.write(spread(100_000), forever);
      const last = new Set(spread(100_000).map(({ n }) => n));
      // some may come again while the group is dealt out anew
      const theirs = () => new Set(second.seen.map(({ n }) => n).filter((n) => last.has(n)));
      await until(() => theirs().size === 200, "the rest with the other");
      await second.stop();
    });

    it("keeps its place in the group while a delivery takes longer than a session", async () => {
      const topic = aTopic("slow");
      await cluster.create([topic]);
      await broker.topic(topic).write([{ id: "a", writtenBy: "test", n: 1 }], forever);
      let deliveries = 0;
      const reader = aReader(topic, "slow-readers", async () => {
        deliveries++;
        await sleep(13_000);
      });
      await until(() => reader.seen.length > 0, "the delivery");
      await reader.stop();
      expect(deliveries).toBe(1);
      const next = aReader(topic, "slow-readers");
      await sleep(3_000);
      await next.stop();
      expect(next.seen).toEqual([]);
    });

    describe("ownership", () => {
      function aProcess(owners: Map<string, number>, clashes: string[]) {
        const stopping = new AbortController();
        const held = new Set<string>();
        const done = connect().share(
          {
            group: "sharers",
            names: cluster.names,
            async onOwned(owned, signal) {
              const count = (owners.get(owned) ?? 0) + 1;
              owners.set(owned, count);
              if (count > 1) clashes.push(owned);
              held.add(owned);
              await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
              held.delete(owned);
              owners.set(owned, (owners.get(owned) ?? 0) - 1);
            },
          },
          stopping.signal,
        );
        done.catch(() => {});
        return { held, stop: () => (stopping.abort(), done) };
      }

      it("gives each name one owner, and another one soon after it left", async () => {
        await cluster.create([]);
        const { names } = cluster;
        const owners = new Map<string, number>();
        const clashes: string[] = [];
        const first = aProcess(owners, clashes);
        await until(() => first.held.size === names.length, "one owning all");
        const second = aProcess(owners, clashes);
        await until(
          () => first.held.size + second.held.size === names.length && second.held.size > 0,
          "two sharing",
        );
        await first.stop();
        expect(first.held.size).toBe(0);
        await until(() => second.held.size === names.length, "the other owning all");
        await second.stop();
        expect([...owners.values()].every((count) => count === 0)).toBe(true);
      });

      it("throws what an owner throws", async () => {
        await cluster.create([]);
        const failure = new Error("a mistake");
        const done = connect().share(
          {
            group: "failing-sharers",
            names: cluster.names,
            onOwned: async () => {
              throw failure;
            },
          },
          forever,
        );
        await expect(done).rejects.toBe(failure);
      });
    });

    it("creates topics, whoever else is at it, and only those that are missing", async ({ skip }) => {
      if (cluster.noAdmin !== undefined) return skip(cluster.noAdmin);
      for (let round = 0; round < 8; round++) {
        const topics = ["one", "two"].map((which) => aTopic(`made-${round}-${which}`));
        const made = await Promise.all([connect().createTopics(topics), broker.createTopics(topics)]);
        expect(made.flat()).toEqual(expect.arrayContaining(topics.map(({ name: made }) => made)));
        expect(await broker.createTopics(topics)).toEqual([]);
      }
    });

    it("says how far a group is, and reads again from where it is told", async ({ skip }) => {
      if (cluster.noAdmin !== undefined) return skip(cluster.noAdmin);
      const topic = aTopic("rewound");
      expect(await broker.createTopics([topic])).toContain("rewound");
      expect(await broker.createTopics([topic])).toEqual([]);
      const readers = { group: "rewound-readers", topic: "rewound" };
      const sum = async (of: "lag" | "retained") =>
        (await broker.lag([readers])).reduce((total, partition) => total + partition[of], 0);

      await broker.topic(topic).write(notes(40), forever);
      expect(await sum("lag")).toBe(40);
      const first = aReader(topic, readers.group);
      await until(() => first.seen.length >= 40, "all");
      await expect(broker.rewind(readers.group, "rewound", undefined)).rejects.toMatchObject({
        code: "request_invalid",
        message: expect.stringContaining("stop them first") as string,
      });
      await first.stop();
      expect(await sum("lag")).toBe(0);
      expect(await sum("retained")).toBe(40);

      await sleep(50);
      const since = new Date();
      await sleep(50);
      await broker.topic(topic).write(notes(5, 40), forever);
      await broker.rewind(readers.group, "rewound", since);
      expect(await sum("lag")).toBe(5);
      await broker.rewind(readers.group, "rewound", undefined);
      const second = aReader(topic, readers.group);
      await until(() => second.seen.length >= 45, "all again");
      await second.stop();
      expect(second.seen.map(({ n }) => n).sort((a, b) => a - b)).toEqual(notes(45).map(({ n }) => n));
    });
  });
}
