import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { programFile } from "../cli/package.ts";
import { loadCredentials, readEndpoint } from "../sinks/embedded-clickhouse/credentials.ts";
import { alertTrial } from "./alert-trial.ts";
import { corpus, writeRows } from "./corpus.ts";
import { killTrial, outageTrial, type TrialResult } from "./kafka-trial/index.ts";

const MAIN = programFile("main");
/** The corpus is imported this many times over under fresh ids, to last for several kills. */
const ROUNDS = 5;
const VICTIMS = ["program", "store", "both"] as const;

/** Kills an import twenty times at random moments, resumes it each time, and compares the store with the file. */
async function importTrial(kills: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-trial-"));
  const dataDir = join(folder, "data");
  try {
    const { name, rows } = await corpus();
    const wanted = rows.length * ROUNDS;
    const file = join(folder, "rows.jsonl");
    await writeRows(file, rows, wanted);
    const args = [
      "import",
      file,
      "--platform",
      "x",
      "--tracker",
      "trial",
      "--yes",
      "--json",
      "--data",
      dataDir,
    ];
    process.stdout.write(`Importing ${wanted} rows of ${name}, with ${kills} kills at random moments\n`);
    let before = 0;
    for (let kill = 1; kill <= kills;) {
      const victim = VICTIMS[kill % VICTIMS.length] ?? "both";
      const program = spawn(process.execPath, [MAIN, ...args], { stdio: "ignore" });
      await reached(dataDir, before + Math.random() * 0.3 * wanted, program);
      const isRunning = program.exitCode === null;
      if (victim !== "program") await killStore(dataDir);
      if (victim !== "store") program.kill("SIGKILL");
      if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
      const stored = await count(dataDir);
      process.stdout.write(
        `  ${kill}: killed ${victim}${isRunning ? "" : " (after its end)"}, ${stored} stored\n`,
      );
      if (stored > wanted) throw new Error(`${stored} stored, but there are ${wanted} in the file`);
      // an import that has all its rows starts over on an empty store, so that every kill meets one at work
      if (stored === wanted) await startOver(dataDir);
      before = stored === wanted ? 0 : stored;
      if (isRunning) kill++;
    }
    await finish(spawn(process.execPath, [MAIN, ...args], { stdio: "ignore" }));
    const stored = await count(dataDir);
    const verdict = stored === wanted ? "exact" : "WRONG";
    process.stdout.write(`${verdict}: ${stored} stored, ${wanted} in the file\n`);
    if (stored !== wanted) process.exitCode = 1;
  } finally {
    await killStore(dataDir);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

/** Resolves at a random moment soon after so many rows are stored, or when the program has ended. */
async function reached(dataDir: string, rows: number, program: ChildProcess): Promise<void> {
  while (program.exitCode === null && (await storedNow(dataDir)) < rows) await sleep(20);
  await sleep(Math.random() * 100);
}

/** Rows stored, asked of a running store without starting one; 0 while none answers. */
async function storedNow(dataDir: string): Promise<number> {
  try {
    const endpoint = await readEndpoint(dataDir);
    if (endpoint === undefined) return 0;
    const { write } = await loadCredentials(dataDir);
    const url = `http://127.0.0.1:${endpoint.port}/?query=${encodeURIComponent("SELECT count() FROM mentions")}`;
    const headers = { "X-ClickHouse-User": write.user, "X-ClickHouse-Key": write.password };
    const response = await fetch(url, { headers });
    return response.ok ? Number(await response.text()) : 0;
  } catch {
    return 0;
  }
}

async function startOver(dataDir: string): Promise<void> {
  await killStore(dataDir);
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}

async function killStore(dataDir: string): Promise<void> {
  const endpoint = await readEndpoint(dataDir);
  if (endpoint === undefined) return;
  try {
    process.kill(endpoint.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function count(dataDir: string): Promise<number> {
  const sql = "SELECT count() AS n FROM mentions";
  const child = spawn(process.execPath, [MAIN, "sql", sql, "--format", "csv", "--data", dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  await finish(child);
  return Number(output.trim().split("\n").at(-1));
}

async function finish(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`earshot ended with ${code ?? "a signal"}`);
}

/** Kills workers and the broker twenty-three times while 200,000 mentions flow through Kafka, then replays them. */
async function kafkaTrial(seed: number, mentions: number): Promise<void> {
  const workers = { ingest: 2, process: 3, store: 2 };
  const result = await killTrial({
    seed,
    mentions,
    perSecond: 600,
    feeds: 8,
    poison: 10,
    workers,
    replayWorkers: workers,
    kills: 20,
    storeKills: 2,
    brokerRestarts: 3,
    settleMs: 30_000,
    say,
  });
  report("Twenty kills and three broker restarts", result);
}

/** Takes the store away for ten minutes. */
async function storeTrial(seed: number, minutes: number): Promise<void> {
  const workers = { ingest: 2, process: 3, store: 2 };
  const [warmUpMs, outageMs] = [60_000, minutes * 60_000];
  const result = await outageTrial({ seed, perSecond: 100, feeds: 8, workers, warmUpMs, outageMs, say });
  report(`${minutes} minutes without a store`, result);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(title: string, { faults, figures }: TrialResult): void {
  say(`${title}:`);
  for (const [name, figure] of Object.entries(figures)) say(`  ${name.padEnd(56)} ${figure}`);
  for (const fault of faults) say(`FAULT ${fault}`);
  say(faults.length === 0 ? "exact: nothing lost, nothing counted twice" : `WRONG: ${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Crises one after another, first undisturbed, then with kills and a receiver that fails half of its calls. */
async function alertsTrial(kills: number): Promise<void> {
  const common = { past: 500, perSecond: 500, secondsBetween: 15 };
  for (const one of [
    { ...common, crises: 20, kills: 0, failing: 0 },
    { ...common, crises: 20, perSecond: 100, kills, failing: 0.5 },
  ]) {
    const { isExact, sentence } = await alertTrial(one);
    say(sentence);
    if (!isExact) process.exitCode = 1;
  }
}

const USAGE = `npm run trials -- [import|kafka|outage|alerts] [--seed N] [--kills 20] [--mentions 200000] [--minutes 10]
  import  kills during an import (--kills)
  kafka   kills and broker restarts while mentions flow through Kafka, then replays (--mentions)
  outage  workers without a store (--minutes)
  alerts  crises, kills and a receiver that fails (--kills)
  Nothing named: all four. A seed repeats what the two with Kafka do.`;

const options = {
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  kills: { type: "string", default: "20" },
  mentions: { type: "string", default: "200000" },
  minutes: { type: "string", default: "10" },
} as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [kills, seed, mentions, minutes] = [values.kills, values.seed, values.mentions, values.minutes].map(
  Number,
);
const trials: Record<string, () => Promise<void>> = {
  import: () => importTrial(kills ?? NaN),
  kafka: () => kafkaTrial(seed ?? NaN, mentions ?? NaN),
  outage: () => storeTrial(seed ?? NaN, minutes ?? NaN),
  alerts: () => alertsTrial(kills ?? NaN),
};
const chosen = positionals.length === 0 ? Object.keys(trials) : positionals;
const isWrong =
  chosen.some((name) => trials[name] === undefined) || [kills, seed, mentions, minutes].some(Number.isNaN);
if (isWrong) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  for (const name of chosen) await trials[name]?.();
}
