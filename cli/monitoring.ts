import { setTimeout as sleep } from "node:timers/promises";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Monitoring, Waiting } from "../api/monitor.ts";
import type { Observation } from "../core/context.ts";
import type { GroupLag } from "../core/contracts.ts";
import { cutText } from "../core/mention.ts";
import { DEAD_LETTER_STAGES } from "../schemas/dead-letter.ts";

/** Health and metrics of this process, made of what its loops observe. */
export interface ProcessMonitoring extends Monitoring {
  /** Takes what a loop observed; give it to the context. */
  readonly observe: (observation: Observation) => void;
  /**
   * From now on lags are asked for when metrics are: at most once in 5 s, one read at a time, and without keeping the
   * answer waiting for more than 3 s. While `read` fails or takes longer, the last lags known stay.
   */
  readonly readLagsWith: (read: () => Promise<readonly GroupLag[]>) => void;
}

/** So many things waited for at once are listed; the rest is when it is told again and there is room. */
const MAX_WAITS = 200;
const MAX_REASON_LENGTH = 500;

const LAG_CACHE_MS = 5_000;
const LAG_LIMIT_MS = 3_000;

/** From a handful of records in memory to thousands into a store that is busy. */
const BATCH_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/**
 * Counts what is observed, in a registry of its own, and remembers what is waited for.
 * What is waited for goes by its name: when several loops wait under one, the first that goes on clears it, and one
 * that still cannot brings it back at its next try.
 * @see https://prometheus.io/docs/practices/naming/
 */
export function openMonitoring(now: () => Date): ProcessMonitoring {
  const registry = new Registry();
  const metrics = openMetrics(registry);
  const waits = new Map<string, Waiting>();
  let refreshLags: (() => Promise<void>) | undefined;
  const lagOfOurs = new Map<string, Labels<"group" | "topic" | "partition">>();

  function wait(what: string, reason: string): void {
    if (!waits.has(what) && waits.size >= MAX_WAITS) return;
    const since = waits.get(what)?.since ?? now().toISOString();
    waits.set(what, { what, reason: cutText(reason, MAX_REASON_LENGTH), since });
    metrics.waiting.set({ what }, 1);
  }

  function resume(what: string): void {
    if (waits.delete(what)) metrics.waiting.remove({ what });
  }

  function countDelivery(delivery: Extract<Observation, { kind: "delivered" }>): void {
    const { topic, group, records, poison, seconds } = delivery;
    // the wall clock may be set back in between
    metrics.batchSeconds.observe({ topic, group }, Math.max(0, seconds));
    metrics.records.inc({ topic, group, outcome: "ok" }, records);
    metrics.records.inc({ topic, group, outcome: "poison" }, poison);
    const labels = { group, topic, partition: String(delivery.partition) };
    lagOfOurs.set(JSON.stringify(labels), labels);
    metrics.lag.set(labels, delivery.lag);
  }

  function countRebalance(group: string, partitions: readonly number[]): void {
    metrics.rebalances.inc({ group });
    metrics.partitions.set({ group }, partitions.length);
    // whoever has the partition now tells its lag; the broker tells every partition's
    if (refreshLags !== undefined) return;
    for (const [key, labels] of lagOfOurs) {
      if (labels.group !== group || partitions.includes(Number(labels.partition))) continue;
      lagOfOurs.delete(key);
      metrics.lag.remove(labels);
    }
  }

  function takeLags(lags: readonly GroupLag[]): void {
    metrics.expired.reset();
    for (const { group, topic, partition, lag, expired } of lags) {
      metrics.lag.set({ group, topic, partition: String(partition) }, lag);
      metrics.expired.inc({ group, topic }, expired);
    }
  }

  return {
    observe(observation) {
      switch (observation.kind) {
        case "waiting":
          return wait(observation.what, observation.reason);
        case "resumed":
          return resume(observation.what);
        case "delivered":
          return countDelivery(observation);
        case "rebalanced":
          return countRebalance(observation.group, observation.partitions);
        case "owned":
          return metrics.owned.set({ group: observation.group }, observation.names.length);
        case "dead_letters":
          return metrics.deadLetters.inc({ stage: observation.stage }, observation.count);
        case "polled":
          metrics.mentions.inc({ source: observation.source }, observation.mentions);
          return metrics.deletions.inc({ source: observation.source }, observation.deletions);
      }
    },
    readLagsWith(read) {
      refreshLags = refreshing(read, takeLags, () => metrics.lagFailures.inc(), now);
    },
    waiting: () => [...waits.values()],
    async metrics() {
      await refreshLags?.();
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

type Labels<Name extends string> = Readonly<Record<Name, string>>;

function openMetrics(registry: Registry) {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const metrics = {
    mentions: new Counter({
      name: "earshot_mentions_total",
      help: "Mentions heard from a source, new or changed.",
      labelNames: ["source"],
      registers,
    }),
    deletions: new Counter({
      name: "earshot_deletions_total",
      help: "Deletions heard from a source.",
      labelNames: ["source"],
      registers,
    }),
    batchSeconds: new Histogram({
      name: "earshot_batch_seconds",
      help: "Seconds from reading a batch of a topic until everything of it was handed on durably.",
      labelNames: ["topic", "group"],
      buckets: BATCH_SECONDS,
      registers,
    }),
    records: new Counter({
      name: "earshot_records_total",
      help: "Records read from a topic and handed on durably; poison ones, which could not be read, as dead letters.",
      labelNames: ["topic", "group", "outcome"],
      registers,
    }),
    lag: new Gauge({
      name: "earshot_lag",
      help: "Records of a partition its group has not read yet. Several processes may tell it: take the largest.",
      labelNames: ["group", "topic", "partition"],
      registers,
    }),
    lagFailures: new Counter({
      name: "earshot_lag_failures_total",
      help: "Times the broker did not tell the lags in time, so that the last ones known were given again.",
      registers,
    }),
    expired: new Gauge({
      name: "earshot_expired",
      help: "Records the broker has removed before the group had read them, since it last read.",
      labelNames: ["group", "topic"],
      registers,
    }),
    rebalances: new Counter({
      name: "earshot_rebalances_total",
      help: "Times the group's partitions were dealt out anew to this process.",
      labelNames: ["group"],
      registers,
    }),
    partitions: new Gauge({
      name: "earshot_partitions",
      help: "Partitions dealt to this process.",
      labelNames: ["group"],
      registers,
    }),
    owned: new Gauge({
      name: "earshot_owned",
      help: "Names this process owns: sources in earshot.ingest, trackers in earshot.detect.",
      labelNames: ["group"],
      registers,
    }),
    waiting: new Gauge({
      name: "earshot_waiting",
      help: "1 while this cannot go on and is tried again; absent otherwise.",
      labelNames: ["what"],
      registers,
    }),
    deadLetters: new Counter({
      name: "earshot_dead_letters_total",
      help: "Dead letters written by this process.",
      labelNames: ["stage"],
      registers,
    }),
  };
  // a counter that first appears with its first dead letter would not be seen to rise
  for (const stage of DEAD_LETTER_STAGES) metrics.deadLetters.inc({ stage }, 0);
  return metrics;
}

/** Gives the function that brings lags up to date, within the limits of {@link ProcessMonitoring.readLagsWith}. */
function refreshing(
  read: () => Promise<readonly GroupLag[]>,
  take: (lags: readonly GroupLag[]) => void,
  onFailure: () => void,
  now: () => Date,
): () => Promise<void> {
  let takenAt: number | undefined;
  let reading: Promise<boolean> | undefined;

  async function readOnce(): Promise<boolean> {
    const startedAt = now().getTime();
    try {
      take(await read());
      takenAt = startedAt;
      return true;
    } catch {
      // metrics are wanted most while something is broken
      return false;
    }
  }

  return async () => {
    const ageMs = takenAt === undefined ? Infinity : now().getTime() - takenAt;
    if (ageMs >= 0 && ageMs < LAG_CACHE_MS) return;
    // a late answer is still taken, for the next who asks
    reading ??= readOnce().finally(() => (reading = undefined));
    if (!(await within(LAG_LIMIT_MS, reading))) onFailure();
  };
}

async function within(limitMs: number, answer: Promise<boolean>): Promise<boolean> {
  const timer = new AbortController();
  try {
    return await Promise.race([answer, sleep(limitMs, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}
