import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot, programFile } from "../cli/package.ts";
import { mentionRows } from "../schemas/rows.ts";
import { readEndpoint } from "../sinks/embedded-clickhouse/credentials.ts";
import { corpus, writeRows } from "./corpus.ts";

const MAIN = programFile("main");
const RAW_INSERT = join(packageRoot, "dist", "bench", "raw-insert.js");

/** Import + process + store end to end, beside the engine's own insert rate and beside vader-sentiment alone. */
export async function benchIngest(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  try {
    const { name, rows } = await corpus();
    const file = join(folder, "rows.jsonl");
    await writeRows(file, rows, count);
    const dataDir = join(folder, "data");
    const ours = await measureImport(file, dataDir, count);
    const rowsFile = join(folder, "rows.compact.jsonl");
    await dumpRows(dataDir, rowsFile);
    const raw = await measureRaw(rowsFile, join(folder, "raw"));
    const vader = measureVader(rows, count);
    const ratio = (value: number, other: number) => `${(value / other).toFixed(2)}×`;
    const table = [
      ["what", "per second", "beside"],
      [`import + process + store (${name}, ${count} rows)`, ours.perSecond.toFixed(0), ""],
      [
        "chdb alone inserting the same rows",
        raw.toFixed(0),
        `Earshot runs at ${ratio(ours.perSecond, raw)} of it`,
      ],
      [
        "vader-sentiment alone on the same texts",
        vader.toFixed(0),
        `Earshot runs at ${ratio(ours.perSecond, vader)} of it`,
      ],
    ];
    for (const [what = "", rate = "", beside = ""] of table) {
      process.stdout.write(`${what.padEnd(60)} ${rate.padStart(11)}  ${beside}\n`);
    }
    process.stdout.write(
      `peak memory: program ${ours.programMb} MB, store ${ours.storeMb} MB; counted ${ours.counted}\n`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureImport(file: string, dataDir: string, count: number) {
  // the store is up before the clock starts, as beside a running `earshot start`
  const store = spawn(process.execPath, [MAIN, "clickhouse", "--data", dataDir], {
    stdio: "ignore",
    env: { ...process.env, UV_THREADPOOL_SIZE: "16" },
  });
  const exited = once(store, "exit");
  // a command that came first would start a child of its own, and this one would not get the directory
  while ((await readEndpoint(dataDir)) === undefined) await sleep(50);
  await runCli(["sql", "SELECT 1", "--data", dataDir]);
  const started = performance.now();
  const program = spawn(
    process.execPath,
    [MAIN, "import", file, "--platform", "x", "--tracker", "bench", "--yes", "--json", "--data", dataDir],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  let programKb = 0;
  let storeKb = 0;
  const timer = setInterval(() => {
    programKb = Math.max(programKb, peakKb(program.pid));
    storeKb = Math.max(storeKb, peakKb(store.pid));
  }, 100);
  const [code] = (await once(program, "exit")) as [number | null];
  const elapsedMs = performance.now() - started;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the import ended with ${code ?? "a signal"}`);
  const counted = (
    await runCli(["sql", "SELECT count() AS n FROM mentions", "--format", "csv", "--data", dataDir])
  )
    .trim()
    .split("\n")
    .at(-1);
  store.kill("SIGTERM");
  await exited;
  const mb = (kb: number) => Math.round(kb / 1024);
  return { perSecond: (count / elapsedMs) * 1000, programMb: mb(programKb), storeMb: mb(storeKb), counted };
}

function peakKb(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function dumpRows(dataDir: string, target: string): Promise<void> {
  const columns = mentionRows.columns.join(", ");
  const sql = `SELECT ${columns} FROM mention_rows FORMAT JSONCompactEachRow`;
  await writeFile(target, await runCli(["sql", sql, "--format", "json", "--data", dataDir]));
}

async function measureRaw(rowsFile: string, dataDir: string): Promise<number> {
  const output = await run([RAW_INSERT, rowsFile, dataDir, "1000"]);
  return (JSON.parse(output) as { perSecond: number }).perSecond;
}

function measureVader(rows: readonly Record<string, unknown>[], count: number): number {
  const { SentimentIntensityAnalyzer } = createRequire(import.meta.url)("vader-sentiment") as {
    SentimentIntensityAnalyzer: { polarity_scores(text: string): unknown };
  };
  const sample = Math.min(count, 20_000);
  const started = performance.now();
  for (let index = 0; index < sample; index++) {
    SentimentIntensityAnalyzer.polarity_scores(rows[index % rows.length]?.["text"] as string);
  }
  return (sample / (performance.now() - started)) * 1000;
}

function runCli(args: readonly string[]): Promise<string> {
  return run([MAIN, ...args]);
}

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ").slice(0, 200)} ended with ${code ?? "a signal"}`);
  return Buffer.concat(chunks).toString("utf8");
}
