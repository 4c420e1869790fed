import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, Partitioners, type Admin } from "kafkajs";
import { aDataDir, cliOutput, killStore, runCli, startCli, type Finished, type Running } from "./cli.ts";
import { uniquePrefix } from "./kafka.ts";
import { readMetrics, type Scrape } from "./read-metrics.ts";

/** How long a busy machine may take for what takes a free one seconds. */
const PATIENCE_MS = 200_000;

/** One line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface Health {
  /** 0 when nobody answers. */
  readonly status: number;
  readonly waiting: readonly { readonly what: string; readonly reason: string; readonly since: string }[];
}

/** A process of an installation that runs until it is told to stop. */
export interface Service extends Running {
  /** Lines of its log so far. */
  log(): LogLine[];
  health(): Promise<Health>;
  /** Resolves once it is healthy, with everything it has to join joined. */
  isHealthy(limitMs?: number): Promise<void>;
  /** Resolves once it waits for something whose name and reason fit, joined by a colon. */
  waitsFor(pattern: RegExp, limitMs?: number): Promise<string>;
  metrics(): Promise<Scrape>;
  /** What its monitor or API answers. */
  get(path: string): Promise<Response>;
  /** Asks it to end, as a service manager would. */
  stop(): Promise<Finished>;
  /** Ends it as power loss would. */
  kill(): Promise<void>;
}

/** What is produced to a topic. */
export interface RawMessage {
  readonly key: string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One Earshot with a config, a data directory and topics of its own. */
export interface Installation {
  readonly dataDir: string;
  /** Of its topics and groups. */
  readonly prefix: string;
  start(command: string, ...options: string[]): Service;
  /** Runs a command that ends by itself. */
  run(...args: string[]): Promise<Finished>;
  /** Standard output of a command that must succeed. */
  output(...args: string[]): Promise<string>;
  /** Rows of a statement, asked of the embedded store that some process of the installation keeps open. */
  rows<T = Record<string, unknown>>(sql: string): Promise<T[]>;
  /** Runs a statement as the one who writes there. */
  command(sql: string): Promise<void>;
  /** Writes messages to one of its topics, past the program, to partition 0 in their order. @returns the first's offset */
  produce(topic: string, messages: readonly RawMessage[]): Promise<number>;
  withAdmin<T>(ask: (admin: Admin) => Promise<T>): Promise<T>;
  /** What a group has committed of a topic, over all partitions; -1 counts as nothing. */
  committed(group: string, topic: string): Promise<number>;
  /** How many messages a topic has taken. */
  written(topic: string): Promise<number>;
  /** Kills what still runs and removes everything it has on disk. */
  remove(): Promise<void>;
}

type Config = Readonly<Record<string, unknown>> & {
  /** Beside brokers and prefix; null for an installation without Kafka. */
  readonly kafka?: object | null;
};

/**
 * Makes an installation. `brokers` are also where {@link Installation.produce} writes, whatever its config says.
 * @param config what to say in earshot.yaml, or what makes that up once the data directory is there
 */
export async function anInstallation(
  config: Config | ((dataDir: string) => Promise<Config>),
  brokers: readonly string[],
): Promise<Installation> {
  const prefix = uniquePrefix();
  const home = await aDataDir();
  const { dataDir } = home;
  const file = join(dataDir, "earshot.yaml");
  const { kafka = {}, ...rest } = typeof config === "function" ? await config(dataDir) : config;
  const distributed = kafka === null ? {} : { kafka: { brokers, partitions: 3, ...kafka, prefix } };
  // JSON is YAML too
  await writeFile(file, JSON.stringify({ ...distributed, ...rest }));
  const globals = ["--config", file, "--data", dataDir];
  const services: Service[] = [];
  const client = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });

  async function withAdmin<T>(ask: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = client.admin();
    await admin.connect();
    try {
      return await ask(admin);
    } finally {
      await admin.disconnect();
    }
  }

  async function ask(sql: string, as: "read" | "write"): Promise<string> {
    const read = async (name: string) =>
      JSON.parse(await readFile(join(dataDir, "clickhouse", name), "utf8")) as unknown;
    const { port } = (await read("endpoint.json")) as { port: number };
    const logins = (await read("credentials.json")) as Record<string, { user: string; password: string }>;
    const { user = "", password = "" } = logins[as] ?? {};
    const answer = await fetch(`http://127.0.0.1:${port}/?default_format=JSONEachRow`, {
      method: "POST",
      body: sql,
      headers: { "X-ClickHouse-User": user, "X-ClickHouse-Key": password },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  }

  return {
    dataDir,
    prefix,
    start(command, ...options) {
      const service = asService(startCli([command, ...options, ...globals]));
      services.push(service);
      return service;
    },
    run: (...args) => runCli([...args, ...globals]),
    output: (...args) => cliOutput([...args, ...globals]),
    async rows<T>(sql: string) {
      const lines = (await ask(sql, "read")).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as T);
    },
    command: async (sql) => void (await ask(sql, "write")),
    async produce(topic, messages) {
      const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      try {
        const [taken] = await producer.send({
          topic: `${prefix}${topic}`,
          messages: messages.map(({ headers = {}, ...message }) => ({
            ...message,
            headers: { ...headers },
            partition: 0,
          })),
        });
        return Number(taken?.baseOffset);
      } finally {
        await producer.disconnect();
      }
    },
    withAdmin,
    committed: (group, topic) =>
      withAdmin(async (admin) => {
        const [found] = await admin.fetchOffsets({
          groupId: `${prefix}${group}`,
          topics: [`${prefix}${topic}`],
        });
        return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
      }),
    written: (topic) =>
      withAdmin(async (admin) => {
        // a leader that has just changed is told about with an error
        const ends = await eventually(
          () => admin.fetchTopicOffsets(`${prefix}${topic}`),
          `the ends of ${topic} are told`,
        );
        return ends.reduce((sum, { offset }) => sum + Number(offset), 0);
      }),
    async remove() {
      for (const { child } of services) child.kill("SIGKILL");
      // a store started by hand is a child that holds on to what its parent has open
      killStore(dataDir);
      await Promise.all(services.map(({ finished }) => finished));
      await home.remove();
    },
  };
}

function asService(running: Running): Service {
  let text = "";
  running.child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));

  async function get(path: string): Promise<Response> {
    const [, port] = /"port":(\d+),"msg":"(?:listening|answering health and metrics)"/.exec(text) ?? [];
    if (port === undefined) throw new Error(`it does not say where it answers:\n${text}`);
    return fetch(`http://127.0.0.1:${port}${path}`);
  }

  async function health(): Promise<Health> {
    try {
      const answer = await get("/healthz");
      const { waiting = [] } = (await answer.json()) as Partial<Health>;
      return { status: answer.status, waiting };
    } catch {
      return { status: 0, waiting: [] };
    }
  }

  function log(): LogLine[] {
    return text
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Sooner wrong than {@link eventually} where the process has ended. */
  async function whileItRuns<T>(
    claim: () => Promise<T | false | undefined>,
    what: string,
    limitMs = PATIENCE_MS,
  ) {
    const ended = running.finished.then(({ code }) => {
      throw new Error(`it ended with ${code} before ${what}:\n${text}`);
    });
    return Promise.race([eventually(claim, () => `${what}:\n${text}`, limitMs), ended]);
  }

  return {
    ...running,
    log,
    health,
    async isHealthy(limitMs) {
      const isRunning = /"msg":"(?:running|listening)"/;
      const claim = async () => isRunning.test(text) && (await health()).status === 200;
      await whileItRuns(claim, "it is healthy", limitMs);
    },
    waitsFor(pattern, limitMs) {
      const said = async () => {
        const { waiting } = await health();
        return waiting.map(({ what, reason }) => `${what}: ${reason}`).find((line) => pattern.test(line));
      };
      return whileItRuns(said, `it waits for ${String(pattern)}`, limitMs);
    },
    async metrics() {
      return readMetrics(await (await get("/metrics")).text());
    },
    get,
    async stop() {
      running.child.kill("SIGTERM");
      return running.finished;
    },
    async kill() {
      running.child.kill("SIGKILL");
      await running.finished;
    },
  };
}

/** Resolves with the first answer of `claim` that is neither false nor undefined; what it throws counts as false. */
export async function eventually<T>(
  claim: () => Promise<T | false | undefined> | T | false | undefined,
  what: string | (() => string),
  limitMs = PATIENCE_MS,
): Promise<T> {
  let failure: unknown;
  for (const started = performance.now(); performance.now() - started < limitMs; await sleep(100)) {
    try {
      const found = await claim();
      if (found !== false && found !== undefined) return found;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }
  const claimed = typeof what === "string" ? what : what();
  throw new Error(`within ${limitMs} ms it did not come true that ${claimed}`, { cause: failure });
}
