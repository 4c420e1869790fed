import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { programFile } from "../../cli/package.ts";
import type { Random } from "./random.ts";

/** The kinds of workers of a trial. */
export const ROLES = ["ingest", "process", "store"] as const;
export type Role = (typeof ROLES)[number];

export interface FleetOptions {
  /** Path of the workers' earshot.yaml. */
  readonly config: string;
  readonly workers: Readonly<Record<Role, number>>;
  /** Folder for a log of each worker. */
  readonly folder: string;
  readonly random: Random;
}

/** What one worker answers of its health. */
export interface Health {
  readonly status: number;
  readonly body: string;
}

/** One worker process, started again whenever it was killed. */
export interface Worker {
  readonly name: string;
  readonly role: Role;
  /** Whether it has joined its group. */
  isRunning(): boolean;
  /** Resident memory in MB; undefined while there is none. */
  residentMb(): number | undefined;
  /** Undefined while it does not answer. */
  health(): Promise<Health | undefined>;
}

/** Worker processes under a supervisor that only restarts what was killed, as an operator's would. */
export interface Fleet {
  readonly workers: readonly Worker[];
  /** Kills one of a kind with SIGKILL, waiting for one to run if none does. @returns its name */
  kill(role: Role, signal: AbortSignal): Promise<string>;
  /** Resolves when all have joined their groups. @throws {Error} after a minute */
  untilRunning(): Promise<void>;
  /** When a group was last dealt out anew to one of them, by `performance.now()`. */
  lastRebalanceAt(): number;
  /** How often members were dealt a share of their group, by group. */
  rebalances(): Readonly<Record<string, number>>;
  /** What should not have been: workers that ended by themselves, errors in their logs. */
  faults(): readonly string[];
  /** Stops all in order; those that do not end within their time are killed and become faults. */
  stop(): Promise<void>;
}

export const MAIN = programFile("main");

/** The environment of what a trial starts: the store is the config's alone. */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, CLICKHOUSE_URL: undefined };
}

/** What is kept of a worker's log to show with a fault. */
const TAIL = 12;
const START_LIMIT_MS = 60_000;
/** Longer than a worker takes to drain: 10 s for its batch, 20 s for a broker that does not answer. */
const STOP_LIMIT_MS = 45_000;

interface Line {
  readonly level?: number;
  readonly msg?: string;
  readonly group?: string;
  readonly monitor?: string;
}

/** Starts the workers. They are not waited for. */
export function startFleet({ config, workers, folder, random }: FleetOptions): Fleet {
  const rebalances: Record<string, number> = {};
  const faults: string[] = [];
  let lastRebalanceAt = performance.now();

  const onLine = (name: string, { level, msg, group }: Line, line: string) => {
    if (msg === "partitions assigned" && group !== undefined) {
      lastRebalanceAt = performance.now();
      rebalances[group] = (rebalances[group] ?? 0) + 1;
    }
    if ((level ?? 0) >= 50) faults.push(`${name} logged an error: ${line}`);
  };
  const supervised = ROLES.flatMap((role) =>
    Array.from({ length: workers[role] }, (_, index) => {
      const name = `${role}-${index + 1}`;
      const log = createWriteStream(join(folder, `${name}.log`), { flags: "a" });
      return supervise({ name, role, config, log, random, onLine, faults });
    }),
  );

  return {
    workers: supervised,
    async kill(role, signal) {
      const candidates = supervised.filter((worker) => worker.role === role);
      for (;;) {
        const running = candidates.filter((worker) => worker.isRunning());
        if (running.length > 0) {
          const victim = random.pick(running);
          victim.kill();
          return victim.name;
        }
        await sleep(50, undefined, { signal });
      }
    },
    async untilRunning() {
      const started = performance.now();
      while (!supervised.every((worker) => worker.isRunning())) {
        if (performance.now() - started > START_LIMIT_MS) {
          const missing = supervised.filter((worker) => !worker.isRunning()).map(({ name }) => name);
          throw new Error(`${missing.join(", ")} did not start within ${START_LIMIT_MS / 1_000} s`);
        }
        await sleep(50);
      }
    },
    lastRebalanceAt: () => lastRebalanceAt,
    rebalances: () => rebalances,
    faults: () => faults,
    stop: async () => void (await Promise.all(supervised.map((worker) => worker.stop()))),
  };
}

interface SuperviseOptions {
  readonly name: string;
  readonly role: Role;
  readonly config: string;
  readonly log: WriteStream;
  readonly random: Random;
  readonly onLine: (name: string, parsed: Line, line: string) => void;
  readonly faults: string[];
}

function supervise({ name, role, config, log, random, onLine, faults }: SuperviseOptions) {
  let child: ChildProcess | undefined;
  let monitor: string | undefined;
  let hasJoined = false;
  let isKilled = false;
  let isStopping = false;
  let restart: NodeJS.Timeout | undefined;
  let tail: string[] = [];

  const start = () => {
    tail = [];
    hasJoined = isKilled = false;
    const started = spawn(process.execPath, [MAIN, role, "--config", config], {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment(),
    });
    child = started;
    for (const input of [started.stdout, started.stderr]) createInterface({ input }).on("line", note);
    started.once("close", (code: number | null, signal: NodeJS.Signals | null) => {
      monitor = undefined;
      if (isStopping) {
        // 130: stopped by a signal
        if (code !== 0 && code !== 130) faults.push(ending("did not stop in order", code, signal));
        return;
      }
      if (!isKilled) faults.push(ending("ended by itself", code, signal));
      restart = setTimeout(start, 200 + random.below(2_800));
    });
  };
  const note = (line: string) => {
    log.write(`${line}\n`);
    tail = [...tail.slice(1 - TAIL), line];
    const parsed = readLine(line);
    if (parsed.msg === "running") monitor = parsed.monitor;
    if (parsed.msg === "partitions assigned") hasJoined = true;
    onLine(name, parsed, line);
  };
  const ending = (what: string, code: number | null, signal: NodeJS.Signals | null) =>
    `${name} ${what} (${code === null ? signal : `code ${code}`}); its log ends with:\n  ${tail.join("\n  ")}`;
  const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null;

  start();
  return {
    name,
    role,
    isRunning: () => hasJoined && isAlive() && !isKilled,
    residentMb() {
      if (!isAlive()) return undefined;
      try {
        const status = readFileSync(`/proc/${child?.pid}/status`, "utf8");
        const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
        // one that was just killed has none any more
        return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
      } catch {
        return undefined;
      }
    },
    async health(): Promise<Health | undefined> {
      if (monitor === undefined) return undefined;
      try {
        const response = await fetch(`${monitor}/healthz`, { signal: AbortSignal.timeout(5_000) });
        return { status: response.status, body: await response.text() };
      } catch {
        return undefined;
      }
    },
    kill() {
      isKilled = true;
      child?.kill("SIGKILL");
    },
    async stop() {
      isStopping = true;
      clearTimeout(restart);
      if (child !== undefined && isAlive()) {
        const ended = once(child, "close");
        const timer = setTimeout(() => child?.kill("SIGKILL"), STOP_LIMIT_MS);
        child.kill("SIGTERM");
        await ended;
        clearTimeout(timer);
      }
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

function readLine(line: string): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return {};
  }
}
