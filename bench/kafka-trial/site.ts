import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GROUPS } from "../../cli/groups.ts";
import type { Context } from "../../core/context.ts";
import type { Broker, GroupLag } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import { topics } from "../../schemas/topics.ts";
import { openKafka } from "../../sinks/kafka/index.ts";
import { startKafka, type KafkaBroker } from "../kafka-broker.ts";
import { startFeeds, type FeedServer } from "./feeds.ts";
import { environment, MAIN } from "./fleet.ts";
import { openInput, TRACKER_IDS, trackersOfFeed, type Input, type InputOptions } from "./input.ts";
import { openReference, type Reference } from "./reference.ts";
import { ask } from "./store.ts";

/** Everything a trial has beside its workers: a broker of its own, feeds, what will happen, and what is right then. */
export interface Site {
  /** Removed at the end when nothing was wrong. */
  readonly folder: string;
  readonly kafka: KafkaBroker;
  /** Another team's connection. */
  readonly broker: Broker;
  readonly context: Context;
  readonly feeds: FeedServer;
  readonly feedCount: number;
  readonly input: Input;
  readonly reference: Reference;
  /** Writes an `earshot.yaml` for workers and commands. @returns its path */
  configure(name: string, store: StoreConfig): Promise<string>;
  close(options: { readonly keep: boolean }): Promise<void>;
}

/** Where a config says the store is. */
export interface StoreConfig {
  readonly dataDir: string;
  /** A server's address and login; the embedded store when absent. */
  readonly clickhouse?: { readonly url: string; readonly user: string; readonly password: string };
}

/** How a trial ended. */
export interface TrialResult {
  /** What was wrong; empty when it held. */
  readonly faults: readonly string[];
  /** What was measured, by name, in the order of the trial. */
  readonly figures: Readonly<Record<string, string | number>>;
}

/** Tells people how far a trial is. */
export type Say = (line: string) => void;

/** Sets a site up, with its topics. */
export async function openSite(options: InputOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-kafka-trial-"));
  const kafka = await startKafka();
  const context: Context = { now: () => new Date(), log: SILENT, observe: () => {} };
  const broker = openKafka(
    {
      brokers: kafka.brokers,
      clientId: "another-team",
      prefix: "",
      tls: false,
      partitions: 12,
      replication: 1,
      retentionHours: 7 * 24,
      maxMessageBytes: 32_000_000,
    },
    context,
  );
  const creating = { what: "create topics", maxAttempts: 10 };
  await retrying(() => broker.createTopics(topics), creating, new AbortController().signal, context);
  const feeds = await startFeeds(options.feeds);
  return {
    folder,
    kafka,
    broker,
    context,
    feeds,
    feedCount: options.feeds,
    input: openInput(options),
    reference: openReference(),
    async configure(name, store) {
      const path = join(folder, name);
      await mkdir(store.dataDir, { recursive: true });
      // JSON is YAML
      await writeFile(path, JSON.stringify(configOf(kafka.brokers, feeds.urls, store), null, 2));
      return path;
    },
    async close({ keep }) {
      await broker.close();
      await feeds.close();
      await kafka.stop();
      if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function configOf(brokers: readonly string[], urls: readonly string[], { dataDir, clickhouse }: StoreConfig) {
  return {
    dataDir,
    trackers: TRACKER_IDS.map((id) => ({ id, name: id })),
    sources: urls.map((url, feed) => ({
      type: "rss",
      id: sourceOf(feed),
      trackers: trackersOfFeed(feed),
      schedule: "*/2 * * * * *",
      url,
      platform: "news",
      allowPrivateHosts: true,
      maxBytes: 50 * 1024 * 1024,
      timeoutMs: 60_000,
    })),
    kafka: { brokers },
    ...(clickhouse === undefined ? {} : { clickhouse }),
  };
}

function sourceOf(feed: number): string {
  return `feed-${feed}`;
}

/** Runs a command to its end. @returns what it printed @throws {Error} when it fails */
export async function earshot(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const output = Buffer.concat(chunks).toString("utf8").trim();
  if (code !== 0) throw new Error(`earshot ${args.join(" ")} ended with ${code ?? "a signal"}: ${output}`);
  return output;
}

/** Asked so often in a row, since a record moves on behind the back of one question: from feed to topic to topic. */
const QUIET_CHECKS = 3;

/**
 * Waits until every group has read everything and every cursor holds its feed's newest state.
 * @throws {Error} after the limit, saying what is left
 */
export async function untilAllRead(site: Site, dataDir: string | undefined, limitMs: number): Promise<void> {
  const started = performance.now();
  for (let quiet = 0; quiet < QUIET_CHECKS;) {
    const left = [
      ...(await lagging(site.broker)),
      ...(dataDir === undefined ? [] : await staleCursors(site, dataDir)),
    ];
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (performance.now() - started > limitMs) {
      throw new Error(`not everything was read ${Math.round(limitMs / 1_000)} s later: ${left.join("; ")}`);
    }
    await sleep(250);
  }
}

async function lagging(broker: Broker): Promise<string[]> {
  let lags: GroupLag[];
  try {
    lags = await broker.lag(Object.values(GROUPS));
  } catch (error) {
    if (error instanceof EarshotError && error.retried) return [error.message];
    throw error;
  }
  return lags
    .filter(({ lag }) => lag > 0)
    .map(({ group, topic, partition, lag }) => `${group} lacks ${lag} of ${topic}/${partition}`);
}

interface CursorRow {
  readonly source: string;
  readonly generation: string | number;
  readonly cursor: string;
}

/** Feeds whose newest state is not what their cursor holds. */
export async function staleCursors({ feeds, feedCount }: Site, dataDir: string): Promise<string[]> {
  const rows = await cursorRows(dataDir);
  if (rows === undefined) return ["the store does not answer"];
  return Array.from({ length: feedCount }, (_, feed) => feed).flatMap((feed) => {
    const { etag, entries } = feeds.stateOf(feed);
    const found = rows.find(({ source }) => source === sourceOf(feed));
    if (found === undefined) return entries === 0 ? [] : [`${sourceOf(feed)} has no cursor`];
    const cursor = JSON.parse(found.cursor || "{}") as { etag?: string; entries?: number };
    if (cursor.etag === etag && (cursor.entries ?? 0) === entries) return [];
    return [`the cursor of ${sourceOf(feed)} is at ${cursor.etag ?? "no version"}, the feed at ${etag}`];
  });
}

/** The generation of each source's cursor; undefined while the store does not answer. */
export async function generations(dataDir: string): Promise<ReadonlyMap<string, number> | undefined> {
  const rows = await cursorRows(dataDir);
  return rows && new Map(rows.map(({ source, generation }) => [source, Number(generation)]));
}

async function cursorRows(dataDir: string): Promise<CursorRow[] | undefined> {
  try {
    return await ask<CursorRow>(dataDir, "SELECT source, generation, cursor FROM cursors");
  } catch {
    return undefined;
  }
}

/** What is wrong with the counts of a store, and with its dead letters: those planted in `planted` topics must be all. */
export async function countFaults(
  { reference }: Site,
  dataDir: string,
  planted: readonly string[],
): Promise<string[]> {
  const right = reference.counts();
  const [[engagement], [revisions], [deleted]] = await Promise.all([
    ask<Counts>(
      dataDir,
      "SELECT count() AS snapshots, sum(likes) AS likes FROM engagement WHERE mention_id LIKE 'forum:%'",
    ),
    ask<Counts>(
      dataDir,
      "SELECT count() AS revisions FROM mention_revisions WHERE mention_id LIKE 'forum:%'",
    ),
    ask<Counts>(dataDir, "SELECT uniqExact(id) AS deleted FROM mention_rows WHERE is_deleted = 1"),
  ]);
  const found = { ...engagement, ...revisions, ...deleted };
  const faults = Object.entries(right).flatMap(([name, count]) => {
    const counted = Number(found[name as keyof Counts]);
    return counted === count ? [] : [`${counted} ${name} were counted, ${count} are right`];
  });
  return [...faults, ...(await deadLetterFaults(reference, dataDir, planted))];
}

type Counts = Partial<Record<"snapshots" | "likes" | "revisions" | "deleted", string | number>>;

async function deadLetterFaults(
  reference: Reference,
  dataDir: string,
  planted: readonly string[],
): Promise<string[]> {
  const rows = await ask<{ source: string; stage: string; reason: string; payload: string }>(
    dataDir,
    "SELECT source, stage, reason, payload FROM dead_letters",
  );
  const left = reference.poison().filter(({ topic }) => planted.includes(topic));
  const faults: string[] = [];
  for (const { source, stage, reason, payload } of rows) {
    const at = left.findIndex(
      ({ name, topic }) => stage === "read" && source === topic && new RegExp(`${name}\\b`).test(payload),
    );
    if (at >= 0) left.splice(at, 1);
    else faults.push(`a dead letter that should not be, of ${source} at ${stage}: ${reason}`);
  }
  return [...faults, ...left.map(({ name, topic }) => `${name} in ${topic} became no dead letter`)];
}
