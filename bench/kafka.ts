import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CompressionTypes, Kafka, logLevel, Partitioners } from "kafkajs";
import { programFile } from "../cli/package.ts";
import { toMention } from "../core/mention.ts";
import { toMessage } from "../core/messages.ts";
import { loadCredentials, readEndpoint } from "../sinks/embedded-clickhouse/credentials.ts";
import { openKafka } from "../sinks/kafka/index.ts";
import type { MentionEvent } from "../schemas/mention.ts";
import { mentionsTopic, topics } from "../schemas/topics.ts";
import { corpus } from "./corpus.ts";
import { startKafka } from "./kafka-broker.ts";

const MAIN = programFile("main");
const BATCH = 500;
const GROUP_START_MS = 8_000;

/** Latency is measured well below the top rate, as in a day's work. */
const LATENCY_RATE = 200;
const LATENCY_SECONDS = 20;

/** The distributed pipeline beside kafkajs alone on the same records and the same broker. */
export async function benchKafka(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-bench-kafka-"));
  let broker;
  try {
    broker = await startKafka();
  } catch (error) {
    process.stdout.write(`SKIPPED: the Kafka benchmark. ${error instanceof Error ? error.message : ""}\n`);
    return;
  }
  const pipeline = new Pipeline(folder, broker.brokers);
  try {
    const { name, rows } = await corpus();
    const events = Array.from({ length: count }, (_, index) => anEvent(rows, index, "bench"));
    const alone = await measureAlone(broker.brokers, events);
    const { perSecond, cpu } = await pipeline.measureRate(events, broker.pid);
    const { p50, p99 } = await pipeline.measureLatency(rows);
    const line = (what: string, figure: string, beside = "") =>
      process.stdout.write(`${what.padEnd(60)} ${figure.padStart(11)}  ${beside}\n`);
    const ratio = (of: number) => `Earshot runs at ${(perSecond / of).toFixed(2)}× of it`;
    line(`mentions → process → store through Kafka (${name}, ${count})`, perSecond.toFixed(0));
    line("kafkajs alone producing the same records", alone.produced.toFixed(0), ratio(alone.produced));
    line("kafkajs alone consuming them", alone.consumed.toFixed(0), ratio(alone.consumed));
    for (const [stage, seconds] of Object.entries(cpu)) {
      line(`processor time per mention: ${stage}`, `${((seconds / count) * 1e6).toFixed(0)} µs`);
    }
    line(`produced to queryable at ${LATENCY_RATE}/s, p50`, `${p50.toFixed(0)} ms`);
    line(`produced to queryable at ${LATENCY_RATE}/s, p99`, `${p99.toFixed(0)} ms`);
  } finally {
    await pipeline.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

function anEvent(rows: readonly Record<string, unknown>[], index: number, source: string): MentionEvent {
  const row = rows[index % rows.length] ?? {};
  const observedAt = new Date().toISOString();
  const mention = toMention(
    {
      platform: "x",
      nativeId: `${source}-${index}`,
      kind: "post",
      text: String(row["text"]),
      authorId: String(row["name"]),
      publishedAt: "2026-03-01T09:00:00.000Z",
    },
    // several trackers, so that several partitions of the enriched topic carry them
    { source, trackers: [`tracker-${index % 8}`], observedAt },
  );
  return { type: "upsert", mention };
}

/** kafkajs with our settings (compression, batches, acks) and nothing behind it. */
async function measureAlone(brokers: string[], events: readonly MentionEvent[]) {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: "alone", numPartitions: 12 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = events.map((event) => {
    const { key, value, headers } = toMessage(mentionsTopic, event);
    return { key, value, headers: { ...headers } };
  });
  const producedMs = await timed(async () => {
    for (let at = 0; at < messages.length; at += BATCH) {
      const batch = messages.slice(at, at + BATCH);
      await producer.send({ topic: "alone", acks: -1, compression: CompressionTypes.GZIP, messages: batch });
    }
  });
  await producer.disconnect();

  const consumer = kafka.consumer({ groupId: "alone" });
  await consumer.connect();
  await consumer.subscribe({ topics: ["alone"], fromBeginning: true });
  let seen = 0;
  let joinedAt = 0;
  consumer.on(consumer.events.GROUP_JOIN, () => (joinedAt = performance.now()));
  const consumedMs = await new Promise<number>((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          seen += batch.messages.length;
          if (seen >= messages.length) resolve(performance.now() - joinedAt);
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  const perSecond = (ms: number) => (events.length / ms) * 1_000;
  return { produced: perSecond(producedMs), consumed: perSecond(consumedMs) };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** One process worker, one store worker and the embedded store, as a user starts them. */
class Pipeline {
  readonly #folder: string;
  readonly #kafka: ReturnType<typeof openKafka>;
  readonly #children = new Map<string, ChildProcess>();
  readonly #brokers: string[];

  constructor(folder: string, brokers: string[]) {
    this.#folder = folder;
    this.#brokers = brokers;
    const silent = () => {};
    this.#kafka = openKafka(
      {
        brokers,
        clientId: "bench",
        prefix: "",
        tls: false,
        partitions: 12,
        replication: 1,
        retentionHours: 24,
        maxMessageBytes: 32_000_000,
      },
      {
        now: () => new Date(),
        log: { debug: silent, info: silent, warn: silent, error: silent },
        observe: silent,
      },
    );
  }

  /** Everything is produced while the workers run; the clock stops when all of it can be queried. */
  async measureRate(events: readonly MentionEvent[], brokerPid: number | undefined) {
    await this.#kafka.createTopics(topics);
    await this.#start();
    const before = await this.#cpu(brokerPid);
    const sink = this.#kafka.topic(mentionsTopic);
    const signal = new AbortController().signal;
    const elapsedMs = await timed(async () => {
      for (let at = 0; at < events.length; at += BATCH)
        await sink.write(events.slice(at, at + BATCH), signal);
      const sql = "SELECT count() FROM mentions WHERE source = 'bench'";
      while (Number(await this.#ask(sql)) < events.length) await sleep(100);
    });
    const after = await this.#cpu(brokerPid);
    const cpu: Record<string, number> = {};
    for (const [stage, seconds] of Object.entries(after)) cpu[stage] = seconds - (before[stage] ?? 0);
    return { perSecond: (events.length / elapsedMs) * 1_000, cpu };
  }

  /** From before the send to the first answer of the store that holds the mention. */
  async measureLatency(rows: readonly Record<string, unknown>[]) {
    const sink = this.#kafka.topic(mentionsTopic);
    const signal = new AbortController().signal;
    const sentAt = new Map<string, number>();
    const latencies: number[] = [];
    const step = 10;
    const total = LATENCY_RATE * LATENCY_SECONDS;
    const started = performance.now();
    const producing = (async () => {
      for (let at = 0; at < total; at += step) {
        const dueAt = started + (at / LATENCY_RATE) * 1_000;
        await sleep(Math.max(0, dueAt - performance.now()));
        const events = Array.from({ length: step }, (_, index) => anEvent(rows, at + index, "latency"));
        const now = performance.now();
        for (const event of events) if (event.type === "upsert") sentAt.set(event.mention.nativeId, now);
        await sink.write(events, signal);
      }
    })();
    while (latencies.length < total) {
      const sql =
        "SELECT native_id FROM mention_rows WHERE source = 'latency' AND observed_at > now64() - INTERVAL 5 SECOND";
      const ids = (await this.#ask(sql)).split("\n");
      const now = performance.now();
      for (const id of ids) {
        const sent = sentAt.get(id);
        if (sent === undefined) continue;
        latencies.push(now - sent);
        sentAt.delete(id);
      }
      if (performance.now() - started > (LATENCY_SECONDS + 30) * 1_000) {
        throw new Error(`${total - latencies.length} of ${total} mentions did not arrive`);
      }
      await sleep(5);
    }
    await producing;
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    return { p50: at(0.5), p99: at(0.99) };
  }

  async close(): Promise<void> {
    await this.#kafka.close();
    for (const child of this.#children.values()) {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    }
  }

  async #start(): Promise<void> {
    const config = join(this.#folder, "earshot.yaml");
    const dataDir = join(this.#folder, "data");
    await writeFile(config, JSON.stringify({ dataDir, kafka: { brokers: this.#brokers } }));
    for (const name of ["store", "process"]) {
      const child = spawn(process.execPath, [MAIN, name, "--config", config], { stdio: "ignore" });
      this.#children.set(name, child);
    }
    while ((await readEndpoint(dataDir)) === undefined) await sleep(50);
    // partitions are dealt out before the clock starts, as in a running installation
    await sleep(GROUP_START_MS);
  }

  async #ask(sql: string): Promise<string> {
    const dataDir = join(this.#folder, "data");
    const endpoint = await readEndpoint(dataDir);
    const { write } = await loadCredentials(dataDir);
    const response = await fetch(
      `http://127.0.0.1:${endpoint?.port ?? ""}/?query=${encodeURIComponent(sql)}`,
      {
        headers: { "X-ClickHouse-User": write.user, "X-ClickHouse-Key": write.password },
      },
    );
    if (!response.ok) throw new Error(`the store answered ${response.status}: ${await response.text()}`);
    return (await response.text()).trim();
  }

  /** Processor seconds so far, by stage. */
  async #cpu(brokerPid: number | undefined): Promise<Record<string, number>> {
    const endpoint = await readEndpoint(join(this.#folder, "data"));
    return {
      "producing (this program)": cpuSeconds(process.pid),
      process: cpuSeconds(this.#children.get("process")?.pid),
      store: cpuSeconds(this.#children.get("store")?.pid),
      "the embedded engine": cpuSeconds(endpoint?.pid),
      "the broker": cpuSeconds(brokerPid),
    };
  }
}

/** User and system time of a process, from Linux's proc; 0 where there is none. */
function cpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
