import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { fetchJars, type KafkaFiles } from "./kafka/jars.ts";
import {
  choosePorts,
  HOST,
  PASSWORD,
  serverProperties,
  USERNAME,
  type KafkaListener,
} from "./kafka/settings.ts";

/** What a broker is to be like. Nothing said: throw-away data, a plain listener on any free port. */
export interface KafkaOptions {
  /** Ways in beside the plain one, which is always there. */
  readonly listeners?: readonly KafkaListener[];
  /** Of the plain listener; the controller takes the next one. Default: any free one. */
  readonly port?: number;
  /** Folder that outlives the broker. Default: a temporary one, removed with it. */
  readonly dataDir?: string;
  /** Empties `dataDir` first. */
  readonly isFresh?: boolean;
}

/** A running Apache Kafka of one node (KRaft, broker and controller in one process), reachable from this computer alone. */
export interface KafkaBroker {
  readonly version: string;
  /** `127.0.0.1:port` of the plain listener. */
  readonly brokers: string[];
  /** @throws {Error} where `listeners` did not ask for it */
  readonly sasl: { readonly brokers: string[]; readonly username: string; readonly password: string };
  /** `caFile` is the PEM certificate to trust. @throws {Error} where `listeners` did not ask for it */
  readonly tls: { readonly brokers: string[]; readonly caFile: string };
  /** Holds its data, `server.properties` and `broker.log`. */
  readonly dataDir: string;
  /** Of the process that runs now; another one after a restart. */
  readonly pid: number | undefined;
  /** Resolves when the process that runs now has ended, whatever ended it. */
  untilExit(): Promise<void>;
  /** Ends it at once with SIGKILL; `restart` brings it back. */
  kill(): Promise<void>;
  /** Ends it, in order or with SIGKILL, and starts it again on the same ports and data. */
  restart(how?: { readonly kill?: boolean }): Promise<void>;
  /** Ends it for good. Temporary data is removed. */
  stop(): Promise<void>;
}

const run = promisify(execFile);
const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 30_000;

const JVM = [
  "-Xms64m",
  "-Xmx512m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-XX:-UsePerfData",
  "-XX:+ExitOnOutOfMemoryError",
  "-Xshare:auto",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
  "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
];

/**
 * Runs the broker as this very process, beside a guard that reads a pipe from its parent: at its end, which comes
 * even when the parent is killed, the guard kills the broker and removes the folder; a word on it sends the guard home.
 */
const GUARDED = `
folder=$1; shift
(read -r _ <&3 || { kill -9 $$; sleep 1; [ -z "$folder" ] || rm -rf "$folder"; }) &
exec "$@" 3<&-`;

/**
 * Fetches Kafka from Maven Central, once, and has a first broker write down its classes.
 * @throws {Error} without Java 17, Maven or network, saying what to do
 */
export async function fetchKafka(): Promise<KafkaFiles> {
  const kafka = await fetchJars();
  if (!existsSync(kafka.classArchive)) await writeClassArchive(kafka);
  return kafka;
}

/** Lets a first broker write down the classes it loaded; it needs an orderly end for that. */
async function writeClassArchive(kafka: KafkaFiles): Promise<void> {
  const draft = `${kafka.classArchive}.${process.pid}`;
  const broker = await openBroker(kafka, {}, [`-XX:ArchiveClassesAtExit=${draft}`]);
  await broker.end("SIGTERM");
  await broker.stop();
  // a JVM that writes none goes on without one, as it does with an empty one
  if (!existsSync(draft)) await writeFile(draft, "");
  await rename(draft, kafka.classArchive);
}

/**
 * Starts Apache Kafka and resolves once it answers. It ends with this process at the latest, even if that is killed.
 * @throws {Error} when it cannot be fetched or does not start, with the end of its log
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaBroker> {
  const kafka = await fetchKafka();
  const flags = [`-XX:SharedArchiveFile=${kafka.classArchive}`];
  for (let attempt = 1; ; attempt++) {
    try {
      return await openBroker(kafka, options, flags);
    } catch (error) {
      // between the choice of a port and the start another program can take it
      const isTaken = error instanceof Error && /already in use/i.test(error.message);
      if (!isTaken || options.port !== undefined || attempt === 3) throw error;
    }
  }
}

async function openBroker(
  kafka: KafkaFiles,
  options: KafkaOptions,
  flags: readonly string[],
): Promise<KafkaBroker & { end(signal: "SIGTERM" | "SIGKILL"): Promise<void> }> {
  const ports = await choosePorts(options.port);
  const isTemporary = options.dataDir === undefined;
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), "earshot-kafka-")));
  if (options.isFresh === true) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const listeners = new Set<KafkaListener>(["plain", ...(options.listeners ?? [])]);
  const properties = join(folder, "server.properties");
  const logFile = join(folder, "broker.log");
  const caFile = join(folder, "ca.pem");
  let current: ReturnType<typeof launch> | undefined;

  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const timer = setTimeout(() => current?.child.kill("SIGKILL"), STOP_LIMIT_MS);
    current?.child.kill(signal);
    await current?.exited;
    clearTimeout(timer);
  };
  const stop = async () => {
    // nothing of temporary data is kept, so there is nothing to be written down first
    await end(isTemporary ? "SIGKILL" : "SIGTERM");
    if (isTemporary) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const start = async () => {
    current = launch(
      [...JVM, ...flags, "-cp", kafka.classpath, "kafka.Kafka", properties],
      logFile,
      isTemporary ? folder : "",
    );
    await untilItAnswers(`${HOST}:${ports.plain}`, clusterId(folder), current, logFile);
  };
  const open = (listener: KafkaListener): string[] => {
    if (!listeners.has(listener))
      throw new Error(`This broker has no ${listener} listener; ask for it at its start.`);
    return [`${HOST}:${ports[listener]}`];
  };

  try {
    await rm(logFile, { force: true });
    if (listeners.has("tls") && !existsSync(caFile)) await makeCertificate(folder, caFile);
    await writeFile(properties, serverProperties(folder, ports, listeners));
    if (!existsSync(join(folder, "data", "meta.properties"))) await format(kafka, properties);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    version: kafka.version,
    brokers: open("plain"),
    get sasl() {
      return { brokers: open("sasl"), username: USERNAME, password: PASSWORD };
    },
    get tls() {
      return { brokers: open("tls"), caFile };
    },
    dataDir: folder,
    get pid() {
      return current?.child.pid;
    },
    untilExit: async () => current?.exited,
    kill: () => end("SIGKILL"),
    restart: async ({ kill = false } = {}) => {
      await end(kill ? "SIGKILL" : "SIGTERM");
      await start();
    },
    stop,
    end,
  };
}

function launch(javaArguments: readonly string[], logFile: string, folderToRemove: string) {
  const log = openSync(logFile, "a");
  // a group of its own: Ctrl-C reaches this process, which then ends the broker in order
  const child = spawn("sh", ["-c", GUARDED, "kafka", folderToRemove, "java", ...javaArguments], {
    detached: true,
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  const guard = child.stdio[3] as Writable;
  guard.on("error", () => guard.destroy());
  const state = { hasExited: false };
  const exited = once(child, "exit").then(() => {
    state.hasExited = true;
    guard.end("home\n", () => guard.destroy());
  });
  return { child, exited, state };
}

async function untilItAnswers(
  address: string,
  expectedClusterId: string,
  { state }: ReturnType<typeof launch>,
  logFile: string,
): Promise<void> {
  const started = performance.now();
  while ((await clusterIdAt(address)) !== expectedClusterId) {
    const hasTimedOut = performance.now() - started > START_LIMIT_MS;
    if (state.hasExited || hasTimedOut) {
      const what = hasTimedOut
        ? `did not answer on ${address} within ${START_LIMIT_MS / 1000} s`
        : "ended at its start";
      const tail = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-30).join("\n");
      throw new Error(`Kafka ${what}. The end of its log:\n${tail}`);
    }
    await sleep(50);
  }
}

/** The id tells our broker from another one that has the port already. */
async function clusterIdAt(address: string): Promise<string | undefined> {
  const admin = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    requestTimeout: 5_000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } catch {
    return undefined;
  } finally {
    await admin.disconnect();
  }
}

function clusterId(folder: string): string {
  const meta = readFileSync(join(folder, "data", "meta.properties"), "utf8");
  return /^cluster\.id=(.+)$/m.exec(meta)?.[1] ?? "";
}

async function format(kafka: KafkaFiles, properties: string): Promise<void> {
  const scram = ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
    "--add-scram",
    `${mechanism}=[name=${USERNAME},password=${PASSWORD}]`,
  ]);
  const id = randomBytes(16).toString("base64url").replace(/^-/, "A");
  const storage = ["kafka.tools.StorageTool", "format", "--standalone", "-t", id, "-c", properties, ...scram];
  await run("java", [...JVM, "-cp", kafka.classpath, ...storage]);
}

/** One self-signed certificate, which is the server's and the one to trust. */
async function makeCertificate(folder: string, caFile: string): Promise<void> {
  const store = ["-alias", "broker", "-keystore", join(folder, "keystore.p12"), "-storepass", PASSWORD];
  const key = ["-keyalg", "EC", "-groupname", "secp256r1", "-validity", "3650", "-storetype", "PKCS12"];
  const name = ["-dname", "CN=localhost", "-ext", `san=ip:${HOST},dns:localhost`];
  await run("keytool", ["-genkeypair", ...store, ...key, ...name]);
  await run("keytool", ["-exportcert", "-rfc", ...store, "-file", caFile]);
}
