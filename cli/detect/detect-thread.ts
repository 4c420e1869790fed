import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Observation } from "../../core/context.ts";
import type { Runtime } from "../app.ts";
import { programFile } from "../package.ts";
import { ended } from "../run-together.ts";
import type { Followed } from "./follow-trackers.ts";

/** What the thread is started with. */
export interface DetectThreadData {
  readonly config: Runtime["config"];
  readonly isPretty: boolean;
}

/** What the thread is told: to follow something, under a number, until it is told to leave it; to end. */
export type DetectOrder =
  | { readonly order: "follow"; readonly number: number; readonly followed: Followed }
  | { readonly order: "leave"; readonly number: number }
  | { readonly order: "end" };

/** What the thread says: that it has left something, with nothing of it under way; what it observed. */
export type DetectReport = { readonly left: number } | { readonly observation: Observation };

/** Follows issues in a thread of its own. */
export interface DetectThread {
  /** Follows until the signal aborts; resolves when nothing of it is under way any more. */
  follow(followed: Followed, signal: AbortSignal): Promise<void>;
  /** Ends the thread. Idempotent. */
  close(): Promise<void>;
}

/** What a thread runs: always the built program, since Node reads no TypeScript. */
const WORKER = programFile("detect-worker");
const RESTARTED_AFTER_MS = 10_000;
/** How long a thread may take to leave something, or to end by itself. */
const LAST_WORDS_MS = 10_000;

/**
 * Opens a thread for the detectors of this process, started when something is followed: looking at tens of thousands of
 * issues again takes seconds, in which the page must be served and sources polled. A thread that dies is started again;
 * what it had not written yet is found again in the store.
 */
export function openDetectThread({ config, context }: Pick<Runtime, "config" | "context">): DetectThread {
  const data: DetectThreadData = { config, isPretty: process.stderr.isTTY };
  const followed = new Map<number, { readonly what: Followed; readonly left: () => void }>();
  let thread: Worker | undefined;
  let isClosed = false;
  let next = 1;

  const tell = (order: DetectOrder) => thread?.postMessage(order);

  function start(): Worker {
    const started = new Worker(WORKER, { workerData: data });
    let reason = "it ended";
    started.on("error", (error) => (reason = error instanceof Error ? error.message : String(error)));
    started.on("message", (report: DetectReport) => {
      if ("observation" in report) context.observe(report.observation);
      else followed.get(report.left)?.left();
    });
    started.on("exit", () => {
      if (thread !== started) return;
      thread = undefined;
      if (isClosed) return;
      context.log.error({ reason }, "the thread that follows issues ended; it is started again");
      setTimeout(() => {
        if (isClosed || followed.size === 0) return;
        thread ??= start();
        for (const [number, { what }] of followed) tell({ order: "follow", number, followed: what });
      }, RESTARTED_AFTER_MS).unref();
    });
    return started;
  }

  return {
    async follow(what, signal) {
      const number = next++;
      const leaving = new Promise<void>((left) => followed.set(number, { what, left }));
      thread ??= start();
      tell({ order: "follow", number, followed: what });
      await ended(signal);
      tell({ order: "leave", number });
      if (thread !== undefined)
        await Promise.race([leaving, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      followed.delete(number);
    },
    async close() {
      isClosed = true;
      const ending = thread;
      if (ending === undefined) return;
      const over = new Promise<boolean>((resolve) => ending.once("exit", () => resolve(true)));
      tell({ order: "end" });
      const isOver = await Promise.race([over, sleep(LAST_WORDS_MS, false, { ref: false })]);
      if (!isOver) await ending.terminate();
    },
  };
}
