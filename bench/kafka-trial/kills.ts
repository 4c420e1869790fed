import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { queueing } from "../../core/turns.ts";
import { readEndpoint } from "../../sinks/embedded-clickhouse/credentials.ts";
import { ROLES, startFleet, type Fleet, type Role } from "./fleet.ts";
import { compareLogWithDump } from "./log.ts";
import { flow, type Flow } from "./publish.ts";
import { seeded, type Random } from "./random.ts";
import {
  countFaults,
  earshot,
  generations,
  openSite,
  untilAllRead,
  type Say,
  type Site,
  type TrialResult,
} from "./site.ts";
import { toColumnTime } from "../../schemas/rows.ts";
import { ask, compareDumps, compareWithReference, dumpMentions } from "./store.ts";

export interface KillTrialOptions {
  /** Gives the same input and the same order of kills. */
  readonly seed: number;
  /** Distinct mentions; duplicates, edits, new counters and deletions come on top. */
  readonly mentions: number;
  /** Steps of the input per second. */
  readonly perSecond: number;
  readonly feeds: number;
  /** Messages nobody can read. */
  readonly poison: number;
  readonly workers: Readonly<Record<Role, number>>;
  /** Those who read everything again; feeds would be observed anew, so nobody polls them. */
  readonly replayWorkers: Readonly<Record<"process" | "store", number>>;
  /** `kill -9` of workers, of each kind in turn. */
  readonly kills: number;
  /** `kill -9` of the embedded store's child, on top. */
  readonly storeKills: number;
  /** Restarts of the broker, every other one after `kill -9`. */
  readonly brokerRestarts: number;
  /** No group may be dealt out anew for so long in the end. */
  readonly settleMs: number;
  readonly say: Say;
}

/** What a trial may take at most to be through with what is left. */
const DRAIN_LIMIT_MS = 300_000;
const SETTLE_LIMIT_MS = 120_000;
const ALL_TOPICS = ["mentions", "mentions.enriched"];

const TURNS: readonly Role[] = ["process", "store", "ingest"];

type Disturbance = Role | "broker" | "store child";

/**
 * Kills workers, the store's child and the broker at random moments while mentions flow, then compares the store with
 * what went in, and replays the topic into the full store and into an empty one.
 */
export async function killTrial(options: KillTrialOptions): Promise<TrialResult> {
  const { say, seed } = options;
  const faults: string[] = [];
  const figures: Record<string, string | number> = { seed };
  const site = await openSite(options);
  let fleet: Fleet | undefined;
  try {
    const dataDir = join(site.folder, "data");
    const config = await site.configure("earshot.yaml", { dataDir });
    const before = join(site.folder, "before.jsonl");
    fleet = startFleet({ ...options, config, folder: site.folder, random: seeded(seed + 1) });
    await fleet.untilRunning();
    say(`${fleet.workers.length} workers run; ${options.mentions} mentions begin to flow (seed ${seed})`);

    await live(site, fleet, dataDir, options, figures);
    await dumpMentions(dataDir, before);
    faults.push(
      ...(await compareWithReference(before, site.reference)),
      ...(await countFaults(site, dataDir, ALL_TOPICS)),
      ...(await compareLogWithDump(site.broker, before, DRAIN_LIMIT_MS)),
    );
    figures["mentions stored"] = site.reference.mentions().size;
    figures["mentions deleted"] = site.reference.counts().deleted;
    figures["dead letters planted"] = site.reference.poison().length;
    say(`compared with the reference, and with what the log keeps: ${verdict(faults)}`);
    await fleet.stop();
    faults.push(...fleet.faults());

    const full = await replay({ ...options, site, config, dataDir, before, planted: ALL_TOPICS });
    say(`replayed into the full store: ${verdict(full.faults)}`);
    const freshDir = join(site.folder, "fresh");
    const freshConfig = await site.configure("fresh.yaml", { dataDir: freshDir });
    const target = { config: freshConfig, dataDir: freshDir, planted: ["mentions"] };
    const empty = await replay({ ...options, ...target, site, before });
    say(`replayed into an empty store: ${verdict(empty.faults)}`);
    faults.push(...full.faults, ...empty.faults);
    figures["records replayed"] = empty.records;
    figures["replayed per second, full store"] = full.perSecond;
    figures["replayed per second, empty store"] = empty.perSecond;
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await fleet?.stop();
    const keep = faults.length > 0;
    if (keep) say(`logs and data are left in ${site.folder}`);
    await site.close({ keep });
  }
  return { faults, figures };
}

/** Everything until the groups have read all and are at rest. */
async function live(
  site: Site,
  fleet: Fleet,
  dataDir: string,
  options: KillTrialOptions,
  figures: Record<string, string | number>,
): Promise<void> {
  const { say, settleMs, kills, storeKills, brokerRestarts, seed } = options;
  const takePlace = queueing();
  const inPeace = async (task: () => Promise<void>) => {
    const place = takePlace();
    try {
      await place.turn;
      await task();
    } finally {
      place.leave();
    }
  };
  const stopping = new AbortController();
  const watching = watch(fleet, dataDir, stopping.signal);
  watching.catch(() => {});
  const started = performance.now();
  let flowed: Flow;
  try {
    const flowing = flow({ ...options, ...site, brokers: site.kafka.brokers, inPeace }, stopping.signal);
    const random = seeded(seed + 2);
    const disturbing = disturb({ site, fleet, dataDir, options, inPeace, random }, stopping.signal);
    [flowed] = await Promise.all([flowing, disturbing]);
  } finally {
    stopping.abort();
  }
  const calmSince = performance.now();
  const { published, entries, seconds } = flowed;
  say(`${published} events and ${entries} entries of feeds went in within ${seconds.toFixed(0)} s`);
  await untilAllRead(site, dataDir, DRAIN_LIMIT_MS);
  const drained = performance.now();
  await untilSettled(fleet, settleMs);
  await untilAllRead(site, dataDir, DRAIN_LIMIT_MS);

  const { takeovers, residentMb } = await watching;
  const total = (drained - started) / 1_000;
  figures["events published"] = published;
  figures["entries of feeds, new or edited"] = entries;
  figures["kills of workers"] = kills;
  figures["kills of the store's child"] = storeKills;
  figures["broker restarts"] = brokerRestarts;
  figures["seconds until all was stored"] = total.toFixed(0);
  figures["records per second, kills included"] = ((published + entries) / total).toFixed(0);
  figures["seconds to catch up after the last record"] = ((drained - calmSince) / 1_000).toFixed(1);
  figures["last rebalance, seconds after the last record"] = (
    (fleet.lastRebalanceAt() - calmSince) /
    1_000
  ).toFixed(1);
  for (const [group, count] of Object.entries(fleet.rebalances()).sort()) {
    figures[`partitions assigned, ${group}`] = count;
  }
  figures["sources taken over"] = takeovers;
  for (const role of ROLES) figures[`largest ${role} worker, MB`] = Math.round(residentMb[role]);
}

interface DisturbOptions {
  readonly site: Site;
  readonly fleet: Fleet;
  readonly dataDir: string;
  readonly options: KillTrialOptions;
  readonly inPeace: (task: () => Promise<void>) => Promise<void>;
  readonly random: Random;
}

/** Does all the harm of the trial, spread over the time mentions flow. */
async function disturb(
  { site, fleet, dataDir, options, inPeace, random }: DisturbOptions,
  signal: AbortSignal,
): Promise<void> {
  const plan = planHarm(options, random);
  let restarts = 0;
  for (const [index, harm] of plan.entries()) {
    const due = ((index + 0.3 + 0.6 * random.next()) / plan.length) * 0.97;
    while (site.input.progress() < due) await sleep(50, undefined, { signal });
    const share = `${Math.round(site.input.progress() * 100)} %`;
    if (harm === "broker") {
      const kill = restarts++ % 2 === 0;
      await inPeace(() => site.kafka.restart({ kill }));
      options.say(`  ${share}: broker restarted${kill ? " after kill -9" : ""}`);
    } else if (harm === "store child") {
      const endpoint = await readEndpoint(dataDir);
      if (endpoint !== undefined) process.kill(endpoint.pid, "SIGKILL");
      options.say(`  ${share}: killed the store's child`);
    } else options.say(`  ${share}: killed ${await fleet.kill(harm, signal)}`);
  }
}

/** Broker restarts and kills of the store are spread evenly among the kills of workers. */
function planHarm({ kills, storeKills, brokerRestarts }: KillTrialOptions, random: Random): Disturbance[] {
  const turns = Array.from({ length: kills }, (_, kill) => TURNS[kill % TURNS.length] ?? "process");
  const plan: Disturbance[] = turns
    .map((role) => ({ role, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ role }) => role);
  const spread = (harm: Disturbance, count: number) => {
    const among = plan.length;
    for (let index = count - 1; index >= 0; index--) {
      plan.splice(Math.round(((index + 0.5) * among) / count), 0, harm);
    }
  };
  spread("store child", storeKills);
  spread("broker", brokerRestarts);
  return plan;
}

/** Notes the workers' memory, and that no cursor's generation ever goes back. */
async function watch(fleet: Fleet, dataDir: string, signal: AbortSignal) {
  const residentMb: Record<Role, number> = { ingest: 0, process: 0, store: 0 };
  const latest = new Map<string, number>();
  let takeovers = 0;
  while (!signal.aborted) {
    for (const worker of fleet.workers) {
      residentMb[worker.role] = Math.max(residentMb[worker.role], worker.residentMb() ?? 0);
    }
    for (const [source, generation] of (await generations(dataDir)) ?? []) {
      const before = latest.get(source) ?? 0;
      if (generation < before)
        throw new Error(`the cursor of ${source} went from generation ${before} to ${generation}`);
      takeovers += generation - before;
      latest.set(source, generation);
    }
    await sleep(1_000, undefined, { signal }).catch(() => {});
  }
  return { takeovers, residentMb };
}

function verdict(faults: readonly string[]): string {
  return faults.length === 0 ? "equal" : `${faults.length} FAULTS`;
}

async function untilSettled(fleet: Fleet, settleMs: number): Promise<void> {
  const started = performance.now();
  while (performance.now() - fleet.lastRebalanceAt() < settleMs) {
    if (performance.now() - started > SETTLE_LIMIT_MS) {
      throw new Error(`groups are still dealt out anew ${SETTLE_LIMIT_MS / 1_000} s after the last kill`);
    }
    await sleep(100);
  }
}

interface ReplayOptions {
  readonly site: Site;
  readonly config: string;
  readonly dataDir: string;
  /** Dump to end up with. */
  readonly before: string;
  /** Topics whose planted messages this store has heard of. */
  readonly planted: readonly string[];
  readonly replayWorkers: KillTrialOptions["replayWorkers"];
}

/** Reads all that `mentions` retains into a store, and compares it with an earlier dump. @returns what differs, and how long it took */
async function replay({ site, config, dataDir, before, planted, replayWorkers }: ReplayOptions) {
  const beganAt = new Date();
  const said = await earshot(["topics", "replay", "mentions", "--config", config]);
  const records = Number(/will read (\d+) records/.exec(said)?.[1] ?? 0);
  const workers = { ...replayWorkers, ingest: 0 };
  const fleet = startFleet({ config, workers, folder: site.folder, random: seeded(0) });
  const faults: string[] = records > 0 ? [] : [`nothing was replayed: ${said}`];
  let seconds = 0;
  try {
    await fleet.untilRunning();
    await untilAllRead(site, undefined, DRAIN_LIMIT_MS);
    seconds = (Date.now() - beganAt.getTime()) / 1_000;
    const after = `${before}.after`;
    await dumpMentions(dataDir, after);
    const [old] = await ask<{ count: string | number }>(
      dataDir,
      `SELECT count() AS count FROM mentions WHERE processed_at < '${toColumnTime(beganAt.toISOString())}'`,
    );
    if (Number(old?.count) > 0) faults.push(`${old?.count} mentions were not read again by the replay`);
    faults.push(...(await compareDumps(before, after)), ...(await countFaults(site, dataDir, planted)));
  } finally {
    await fleet.stop();
  }
  faults.push(...fleet.faults());
  return { faults, records, perSecond: Math.round(records / seconds) };
}
