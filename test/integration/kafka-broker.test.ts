import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Kafka, logLevel, Partitioners, type KafkaConfig } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKafka, type KafkaBroker } from "../../bench/kafka-broker.ts";
import { describeKafka, describeOwnKafka, kafkaBrokers, uniquePrefix } from "../support/kafka.ts";
import { startKafkaMock } from "../support/kafka-mock.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PROGRAMS = join(ROOT, "dist", "bench");

function connect(config: KafkaConfig): Kafka {
  return new Kafka({ logLevel: logLevel.NOTHING, retry: { retries: 8, maxRetryTime: 2_000 }, ...config });
}

async function createTopic(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
  await admin.disconnect();
}

async function produce(kafka: Kafka, topic: string, values: readonly string[]): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ key: value, value })) });
  await producer.disconnect();
}

/** The first `count` values of the topic, sorted. */
async function consume(kafka: Kafka, topic: string, count: number): Promise<string[]> {
  const values: string[] = [];
  const consumer = kafka.consumer({ groupId: uniquePrefix(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((settle, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      values.push(message.value?.toString() ?? "");
      if (values.length === count) settle();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return values.sort();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Node running a built program. */
function start(args: readonly string[], cwd = ROOT) {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  let hasEnded = false;
  const ended = once(child, "close").then(([code, signal]) => {
    hasEnded = true;
    return (code ?? signal) as number | NodeJS.Signals;
  });
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(said);
      if (found !== null) return found;
      if (hasEnded) throw new Error(`It ended before it said ${String(pattern)}:\n${said}`);
      await Promise.race([once(child.stdout, "data"), ended]);
    }
  };
  return { child, ended, until };
}

async function topicsSeen(config: KafkaConfig): Promise<string[]> {
  const admin = connect({ retry: { retries: 0 }, ...config }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe("the version of Kafka", () => {
  it("is the one docker-compose.yml runs", () => {
    const [, tested] =
      /<kafka\.version>(.+)</.exec(readFileSync(join(ROOT, "bench/kafka/pom.xml"), "utf8")) ?? [];
    expect(readFileSync(join(ROOT, "docker-compose.yml"), "utf8")).toContain(
      `image: apache/kafka:${tested}\n`,
    );
  });
});

describeKafka("the shared broker", () => {
  it("hands records from a producer to a consumer group", async () => {
    const kafka = connect({ brokers: [...kafkaBrokers] });
    const topic = `${uniquePrefix()}round-trip`;
    await createTopic(kafka, topic);
    await produce(kafka, topic, ["a", "b", "c"]);
    expect(await consume(kafka, topic, 3)).toEqual(["a", "b", "c"]);
  });

  it("creates no topic that was not asked for", async () => {
    const topic = `${uniquePrefix()}unknown`;
    const kafka = connect({ brokers: [...kafkaBrokers], retry: { retries: 0 } });
    await expect(produce(kafka, topic, ["a"])).rejects.toThrow(/does not host this topic-partition/);
    expect(await topicsSeen({ brokers: [...kafkaBrokers] })).not.toContain(topic);
  });
});

describeOwnKafka("a broker of one's own", () => {
  let broker: KafkaBroker;
  beforeAll(async () => {
    broker = await startKafka({ listeners: ["plain", "sasl", "tls"] });
  });
  afterAll(() => broker.stop());

  it("keeps its records and its address when it is restarted, even after kill -9", async () => {
    const kafka = connect({ brokers: broker.brokers });
    const topic = `${uniquePrefix()}restart`;
    const before = broker.pid;
    await createTopic(kafka, topic);
    await produce(kafka, topic, ["a"]);
    await broker.restart();
    await produce(kafka, topic, ["b"]);
    await broker.kill();
    await expect(topicsSeen({ brokers: broker.brokers })).rejects.toThrow();
    await broker.restart({ kill: true });
    expect(await consume(kafka, topic, 2)).toEqual(["a", "b"]);
    expect(broker.pid).not.toBe(before);
  });

  it.each(["plain", "scram-sha-256", "scram-sha-512"] as const)(
    "accepts the right password and refuses a wrong one (%s)",
    async (mechanism) => {
      const { brokers, username, password } = broker.sasl;
      const login = (sasl: { username: string; password: string }) =>
        topicsSeen({ brokers, sasl: { mechanism, ...sasl } as NonNullable<KafkaConfig["sasl"]> });
      await expect(login({ username, password })).resolves.toEqual(expect.any(Array));
      await expect(login({ username, password: "wrong" })).rejects.toThrow(/authentication/i);
      await expect(topicsSeen({ brokers })).rejects.toThrow();
    },
  );

  it("shows those who trust its certificate that it is the one they mean", async () => {
    const { brokers, caFile } = broker.tls;
    const ca = readFileSync(caFile, "utf8");
    await expect(topicsSeen({ brokers, ssl: { ca: [ca] } })).resolves.toEqual(expect.any(Array));
    await expect(topicsSeen({ brokers, ssl: true })).rejects.toThrow(/self.signed certificate/);
  });

  it("says so when it is asked for a listener it was not started with", async () => {
    const other = await startKafka();
    expect(() => other.sasl).toThrow("no sasl listener");
    await other.stop();
    expect(existsSync(other.dataDir)).toBe(false);
  });

  it("names the port that is taken", async () => {
    const port = Number(broker.brokers[0]?.split(":")[1]);
    await expect(startKafka({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
  });
});

describeOwnKafka("a broker whose parent is killed", () => {
  it("ends with it and leaves no folder", async () => {
    const script = `
      const { startKafka } = await import(${JSON.stringify(join(PROGRAMS, "kafka-broker.js"))});
      const { pid, dataDir } = await startKafka();
      console.log(JSON.stringify({ pid, dataDir }));`;
    const parent = start(["--input-type=module", "--eval", script]);
    const [text] = await parent.until(/^{.*}$/m);
    const { pid, dataDir } = JSON.parse(text) as { pid: number; dataDir: string };
    expect(isAlive(pid)).toBe(true);
    expect(existsSync(dataDir)).toBe(true);
    parent.child.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => existsSync(dataDir), { timeout: 10_000 }).toBe(false);
  });
});

describeOwnKafka("npm run kafka:dev", () => {
  it("says where it is, stops on Ctrl-C, keeps what it has until it is told to start afresh", async () => {
    const folder = await mkdtemp(join(tmpdir(), "earshot-kafka-dev-"));
    const topic = `${uniquePrefix()}kept`;
    const program = join(PROGRAMS, "kafka-dev.js");
    const topicsOfARun = async (
      port: number,
      options: readonly string[],
      use: (kafka: Kafka) => Promise<void>,
    ) => {
      const running = start([program, "--port", String(port), ...options], folder);
      const [, address = ""] = await running.until(/brokers: \["(.+)"\]/);
      expect(address).toBe(`127.0.0.1:${port}`);
      await use(connect({ brokers: [address] }));
      const topics = await topicsSeen({ brokers: [address] });
      running.child.kill("SIGINT");
      expect(await running.ended).toBe(0);
      return topics;
    };
    try {
      expect(await topicsOfARun(19_192, [], (kafka) => createTopic(kafka, topic))).toContain(topic);
      expect(await topicsOfARun(19_292, [], async () => {})).toContain(topic);
      expect(await topicsOfARun(19_192, ["--fresh"], async () => {})).not.toContain(topic);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("the mock cluster", () => {
  it("answers metadata with its three brokers", async ({ skip }) => {
    const mock = await startKafkaMock();
    if (mock === undefined) return skip("there is no kcat here");
    try {
      const admin = connect({ brokers: mock.brokers }).admin();
      await admin.connect();
      expect((await admin.describeCluster()).brokers).toHaveLength(3);
      await admin.disconnect();
    } finally {
      await mock.stop();
    }
  });
});
