import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { giveSchema } from "./embedded-store.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
const MAIN = join(ROOT, "dist", "program", "main.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the match once stderr or stdout holds the pattern. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the built program as a person would, on a data directory of its own. `input` is what is typed. */
export function startCli(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string; isInputOpen?: boolean } = {},
): Running {
  if (!existsSync(MAIN))
    throw new Error("dist/ is missing; run these tests through npm test, which builds first");
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? ROOT,
    // the embedded store is what these tests are about, wherever CLICKHOUSE_URL points the store contract
    env: { ...process.env, CLICKHOUSE_URL: undefined, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // it may end before it has read everything
  child.stdin.on("error", () => {});
  child.stdin.write(options.input ?? "");
  if (options.isInputOpen !== true) child.stdin.end();
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  const note = () => watchers.forEach((watch) => watch());
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
    note();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
    note();
  });
  const finished = new Promise<Finished>((settle) => {
    child.on("close", (code, signal) => {
      settle({ code, signal, stdout, stderr });
      note();
    });
  });
  return {
    child,
    finished,
    until: (pattern) =>
      new Promise((settle, reject) => {
        const watch = () => {
          const match = pattern.exec(stdout + stderr);
          if (match !== null) settle(match);
          else if (child.exitCode !== null)
            reject(new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`));
          else return;
          watchers.delete(watch);
        };
        watchers.add(watch);
        watch();
      }),
  };
}

export async function runCli(
  args: readonly string[],
  options?: Parameters<typeof startCli>[1],
): Promise<Finished> {
  return startCli(args, options).finished;
}

/** Standard output of a run that must succeed. */
export async function cliOutput(args: readonly string[]): Promise<string> {
  const result = await runCli(args);
  if (result.code !== 0)
    throw new Error(`earshot ${args.join(" ")} ended with ${result.code}:\n${result.stderr}`);
  return result.stdout;
}

/** Rows of a statement, through `earshot sql`. */
export async function sqlRows<T>(dataDir: string, sql: string): Promise<T[]> {
  const output = await cliOutput(["sql", sql, "--format", "json", "--data", dataDir]);
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** A data directory with nothing in its tables; where `isNew`, without tables, as on somebody's first day. */
export async function aDataDir({ isNew = false } = {}): Promise<{
  dataDir: string;
  remove(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), "earshot-e2e-"));
  if (!isNew) await giveSchema(dataDir);
  return {
    dataDir,
    async remove() {
      killStore(dataDir);
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

/** Kills the store child of a data directory as power loss would. @returns whether there was one */
export function killStore(dataDir: string): boolean {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, "clickhouse", "endpoint.json"), "utf8")) as {
      pid: number;
    };
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
