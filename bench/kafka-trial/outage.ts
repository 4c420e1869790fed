import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { STORE_THREADS } from "../../cli/stores.ts";
import { LONGEST_DELAY_MS } from "../../core/retry.ts";
import { loadCredentials } from "../../sinks/embedded-clickhouse/credentials.ts";
import { choosePorts } from "../kafka/settings.ts";
import { environment, MAIN, ROLES, startFleet, type Fleet, type Health, type Role } from "./fleet.ts";
import { flow } from "./publish.ts";
import { seeded } from "./random.ts";
import { countFaults, openSite, untilAllRead, type Say, type TrialResult } from "./site.ts";
import { compareWithReference, dumpMentions } from "./store.ts";

export interface OutageTrialOptions {
  /** Gives the same input. */
  readonly seed: number;
  /** Steps of the input per second, before, during and after the outage. */
  readonly perSecond: number;
  readonly feeds: number;
  readonly workers: Readonly<Record<Role, number>>;
  /** How long all is well first, so that the workers' memory is what it is when they work. */
  readonly warmUpMs: number;
  readonly outageMs: number;
  readonly say: Say;
}

/** Resident memory a waiting worker may gain while the store is away, MB. */
const ALLOWED_GROWTH_MB = 60;

/**
 * Resident memory of a process worker at work, MB: two threads with the models each. After four minutes at 300 records a
 * second it was 530, of which the main thread's heap used 90 to 150, no more than at first.
 */
const WORKING_MB = 600;

/** How long a worker may take to notice that the store is away, and that it is back. */
const NOTICE_MS = 15_000;
const RECOVERY_LIMIT_MS = 300_000;

/** Of ten steps so many are new mentions: the others are what becomes of them. */
const MENTIONS_PER_STEP = 0.7;

const SAMPLE_MS = 1_000;

/** Takes the store away while mentions flow, watches the workers' health and memory, and gives it back. */
export async function outageTrial(options: OutageTrialOptions): Promise<TrialResult> {
  const { say, seed, perSecond, warmUpMs, outageMs, feeds } = options;
  const faults: string[] = [];
  const figures: Record<string, string | number> = { seed };
  const seconds = (warmUpMs + outageMs) / 1_000 + 5;
  const mentions = Math.round(perSecond * seconds * MENTIONS_PER_STEP);
  const site = await openSite({ seed, mentions, feeds, poison: 2 });
  const dataDir = join(site.folder, "data");
  const stopping = new AbortController();
  let fleet: Fleet | undefined;
  // workers try it over and over again while it is away, and must not be lent it as a port of their own
  const { plain: port } = await choosePorts(undefined);
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  try {
    server = await startServer(dataDir, site.folder, port);
    const { write } = await loadCredentials(dataDir);
    const clickhouse = { url: server.url, ...write };
    const config = await site.configure("earshot.yaml", { dataDir, clickhouse });
    const running = startFleet({ ...options, config, folder: site.folder, random: seeded(seed) });
    fleet = running;
    await running.untilRunning();
    say(`${running.workers.length} workers run; ${perSecond} events a second flow (seed ${seed})`);
    const inPeace = (task: () => Promise<void>) => task();
    const flowing = flow({ ...options, ...site, brokers: site.kafka.brokers, inPeace }, stopping.signal);
    flowing.catch(() => {});

    const before = await sample(running, warmUpMs, warmUpMs / 2);
    await server.kill();
    const killedAt = performance.now();
    say(`the store was killed; it stays away for ${outageMs / 1_000} s`);
    const early = await sample(running, outageMs / 2, Math.min(NOTICE_MS, outageMs / 4));
    const late = await sample(running, outageMs / 2, 0);
    faults.push(...stateFaults(early), ...stateFaults(late), ...growthFaults({ before, early, late }));
    if (running.lastRebalanceAt() > killedAt)
      faults.push("a group was dealt out anew while the store was away");
    server = await startServer(dataDir, site.folder, port);
    const backAt = performance.now();
    say("the store is back");

    const { published, entries } = await flowing;
    await untilAllRead(site, dataDir, RECOVERY_LIMIT_MS);
    const recovered = performance.now() - backAt;
    // a task that failed just before the store was back may wait that long for its next try
    const mustBeWellAt = backAt + LONGEST_DELAY_MS + NOTICE_MS;
    let after: Samples;
    do after = await sample(running, 2 * SAMPLE_MS, 0);
    while (unwell(after).length > 0 && performance.now() < mustBeWellAt);
    faults.push(...unwell(after));
    const dump = join(site.folder, "after.jsonl");
    await dumpMentions(dataDir, dump);
    faults.push(
      ...(await compareWithReference(dump, site.reference)),
      ...(await countFaults(site, dataDir, ["mentions", "mentions.enriched"])),
    );

    figures["seconds of outage"] = outageMs / 1_000;
    figures["events published"] = published;
    figures["entries of feeds, new or edited"] = entries;
    figures["mentions stored"] = site.reference.mentions().size;
    for (const role of ROLES) {
      const names = running.workers.filter((worker) => worker.role === role).map(({ name }) => name);
      const largest = (of: Samples) => Math.max(...names.map((name) => of.residentMb.get(name) ?? 0));
      figures[`largest ${role} worker before, early, late, after, MB`] = [before, early, late, after]
        .map((samples) => largest(samples).toFixed(0))
        .join(", ");
    }
    figures["seconds until all was stored"] = (recovered / 1_000).toFixed(0);
    figures["what a store worker said"] = late.health.get("store-1")?.at(-1)?.body ?? "nothing";
    figures["what an ingest worker said"] = late.health.get("ingest-1")?.at(-1)?.body ?? "nothing";
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    stopping.abort();
    await fleet?.stop();
    faults.push(...(fleet?.faults() ?? []));
    await server?.kill();
    const keep = faults.length > 0;
    if (keep) say(`logs and data are left in ${site.folder}`);
    await site.close({ keep });
  }
  return { faults, figures };
}

/** A stand-alone store, as a ClickHouse server would be. Resolves when it is open. */
async function startServer(dataDir: string, folder: string, port: number) {
  const child = spawn(process.execPath, [MAIN, "clickhouse", "--data", dataDir, "--port", String(port)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(), ...STORE_THREADS },
  });
  const log = createWriteStream(join(folder, "server.log"), { flags: "a" });
  const closed = once(child, "close").finally(() => log.end());
  const opened = new Promise<void>((resolve, reject) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        log.write(`${line}\n`);
        if (line.includes("the store is open")) resolve();
      });
    }
    child.once("close", () => reject(new Error("the stand-alone store ended at its start")));
  });
  await opened;
  return {
    url: `http://127.0.0.1:${port}`,
    async kill() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** What was seen of the workers over a time. */
interface Samples {
  /** Largest resident memory of each worker, MB. */
  readonly residentMb: ReadonlyMap<string, number>;
  /** What each worker answered of its health, oldest first. */
  readonly health: ReadonlyMap<string, readonly (Health | undefined)[]>;
}

/** Looks at the workers for so long. What it sees in the first `skipMs` does not count. */
async function sample(fleet: Fleet, lengthMs: number, skipMs: number): Promise<Samples> {
  const residentMb = new Map<string, number>();
  const health = new Map<string, (Health | undefined)[]>();
  const started = performance.now();
  for (let elapsed = 0; elapsed < lengthMs; elapsed = performance.now() - started) {
    if (elapsed >= skipMs) {
      for (const worker of fleet.workers) {
        const { name } = worker;
        residentMb.set(name, Math.max(residentMb.get(name) ?? 0, worker.residentMb() ?? 0));
        health.set(name, [...(health.get(name) ?? []), await worker.health()]);
      }
    }
    await sleep(Math.min(SAMPLE_MS, lengthMs / 10));
  }
  return { residentMb, health };
}

/** Workers that do not say last that all is well. */
function unwell({ health }: Samples): string[] {
  return [...health].flatMap(([name, answers]) => {
    const last = answers.at(-1);
    return last?.status === 200 ? [] : [`${name} is not well again: ${last?.body ?? "no answer"}`];
  });
}

/** Store workers must say all the time that it is ClickHouse they wait for; process workers need no store. */
function stateFaults({ health }: Samples): string[] {
  return [...health].flatMap(([name, answers]) => {
    const isWell = (answer: Health | undefined) => answer?.status === 200;
    if (name.startsWith("process")) {
      const unwell = answers.find((answer) => !isWell(answer));
      return answers.every(isWell)
        ? []
        : [`${name} is disturbed by the outage: ${unwell?.body ?? "no answer"}`];
    }
    if (!name.startsWith("store")) return [];
    const unclear = answers.find(
      (answer) => answer?.status !== 503 || !/"reason":"ClickHouse/.test(answer.body),
    );
    const isClear = answers.length > 0 && !answers.includes(undefined) && unclear === undefined;
    return isClear ? [] : [`${name} does not say what it waits for: ${unclear?.body ?? "no answer"}`];
  });
}

/** Who waits for the store keeps the memory it had before; who needs none works on, within what work takes. */
function growthFaults({ before, early, late }: Record<"before" | "early" | "late", Samples>): string[] {
  return [...late.residentMb].flatMap(([name, megabytes]) => {
    const largest = Math.max(megabytes, early.residentMb.get(name) ?? 0);
    const first = before.residentMb.get(name) ?? 0;
    const limit = name.startsWith("process") ? WORKING_MB : first + ALLOWED_GROWTH_MB;
    if (largest <= limit) return [];
    return [`${name} grew from ${first.toFixed(0)} to ${largest.toFixed(0)} MB while the store was away`];
  });
}
