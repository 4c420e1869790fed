import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Context, Observation } from "../../core/context.ts";
import type { Runtime } from "../app.ts";
import { packageRoot } from "../package.ts";
import { ended } from "../run-together.ts";
import type { Followed } from "./follow-trackers.ts";

/** What the thread is started with. */
export interface DetectThreadData {
  readonly config: Runtime["config"];
  readonly followed: Followed;
  readonly isPretty: boolean;
}

/** What the thread says. */
export type DetectThreadMessage = { readonly observation: Observation };

/** What a thread runs: always the built program, since Node reads no TypeScript. */
const WORKER = join(packageRoot, "dist", "cli", "detect", "detect-worker.js");
const RESTARTED_AFTER_MS = 10_000;
/** How long a thread may take to end by itself. */
const LAST_WORDS_MS = 10_000;

/**
 * Follows issues in a thread of its own until the signal aborts: looking at tens of thousands of them again takes
 * seconds, in which the page must be served and sources polled. A thread that dies is started again; what it had not
 * written yet is found again in the store.
 */
export async function detectInThread(
  { config, context }: Pick<Runtime, "config" | "context">,
  followed: Followed,
  signal: AbortSignal,
): Promise<void> {
  const data: DetectThreadData = { config, followed, isPretty: process.stderr.isTTY };
  while (!signal.aborted) {
    const reason = await runThread(data, context, signal);
    if (signal.aborted) return;
    context.log.error({ reason }, "the thread that follows issues ended; it is started again");
    await sleep(RESTARTED_AFTER_MS, undefined, { signal }).catch(() => {});
  }
}

/** @returns why it ended */
async function runThread(data: DetectThreadData, context: Context, signal: AbortSignal): Promise<string> {
  const thread = new Worker(WORKER, { workerData: data });
  let reason = "it ended";
  const over = new Promise<void>((resolve) => {
    thread.on("error", (error) => (reason = error instanceof Error ? error.message : String(error)));
    thread.on("exit", () => resolve());
  });
  thread.on("message", ({ observation }: DetectThreadMessage) => context.observe(observation));
  await Promise.race([over, ended(signal)]);
  thread.postMessage("stop");
  const isOver = await Promise.race([over.then(() => true), sleep(LAST_WORDS_MS, false, { ref: false })]);
  if (!isOver) await thread.terminate();
  return reason;
}
