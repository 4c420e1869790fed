import { setFlagsFromString } from "node:v8";
import type { Piscina } from "piscina";
import type { Context } from "../core/context.ts";
import { EarshotError } from "../core/errors.ts";
import { valueOf, type Answer } from "./thread-messages.ts";

export interface ThreadOptions {
  /** Most threads at a time. */
  readonly threads: number;
  /** The module they run, which hands out what `answering` makes. */
  readonly worker: string;
  /** What the module is to know at its start. */
  readonly workerData: object;
  readonly context: Context;
}

/** Threads that do tasks. What they are handed and answer is copied. */
export interface Threads<Task, Value> {
  /**
   * What a thread makes of a task. A task whose thread ends is done once more by another, since it may only have been
   * there beside the one that ended it.
   * @throws {EarshotError} sink_unavailable, which is retried, when that thread ends too; and what the task throws
   */
  ask(task: Task, signal: AbortSignal): Promise<Value>;
  /** Lets an abort end all threads at once, whatever they are at, until the function it gives is called. */
  endOn(signal: AbortSignal): () => void;
  /** Ends all threads. Idempotent; what is still being done fails with sink_unavailable. */
  close(): Promise<void>;
}

/** Tasks a thread is handed before it has answered, so that it never waits for this thread, which works too. */
export const MOST_AHEAD = 4;

/** A thread that would need more has gone astray, and ends alone instead of with the whole process. */
const MAX_HEAP_MB = 512;
/**
 * Has each thread collect its own young garbage, as of the first that is started. Else V8's four helpers do it with it, and
 * take their time from the other threads, up to a tenth of it.
 */
export const COLLECT_ALONE = "--no-parallel-scavenge";
/** How long a thread without work is kept, in ms. One of them always is. */
const IDLE_MS = 30_000;

/** Opens threads that start when first needed; an idle one keeps no process alive. */
export function openThreads<Task, Value>(options: ThreadOptions): Threads<Task, Value> {
  type Pool = Piscina<Task, Answer<Value>>;
  const { context } = options;
  let opened: Promise<Pool> | undefined;
  /** The one that is handed tasks, once it is opened. */
  let current: Pool | undefined;
  let closing: Promise<void> | undefined;
  let lost: Promise<unknown> = Promise.resolve();
  /** Tasks that were not answered yet. */
  let asked = 0;

  async function open(): Promise<Pool> {
    const { Piscina } = await import("piscina");
    setFlagsFromString(COLLECT_ALONE);
    const pool: Pool = new Piscina({
      filename: options.worker,
      workerData: options.workerData,
      minThreads: 1,
      maxThreads: options.threads,
      concurrentTasksPerWorker: MOST_AHEAD,
      // nothing waits behind another task while there are fewer threads than tasks: null has another started
      loadBalancer: (_, workers) => {
        const [idlest] = [...workers].sort((a, b) => a.currentUsage - b.currentUsage);
        if (idlest === undefined || idlest.currentUsage >= MOST_AHEAD) return null;
        const canHaveMore = pool.threads.length < Math.min(asked, options.threads);
        return idlest.currentUsage > 0 && canHaveMore ? null : idlest;
      },
      idleTimeout: IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      recordTiming: false,
    });
    // a thread that ended with nothing to do, such as one that could not start
    pool.on("error", (error: unknown) => {
      context.log.warn({ reason: reasonOf(error) }, "a reading thread ended");
      leaveIfDead(pool);
    });
    current = pool;
    return pool;
  }

  /** Threads that fail when they start are not started again, and what waits for one would wait for ever. */
  function leaveIfDead(pool: Pool): void {
    if (pool.threads.length === 0) leave(pool);
  }

  function leave(pool: Pool): void {
    if (pool === current) opened = undefined;
    void pool.destroy();
  }

  async function attempt(task: Task, signal: AbortSignal): Promise<Answer<Value>> {
    signal.throwIfAborted();
    if (closing !== undefined) throw unread("the program is ending");
    const pool = await (opened ??= open());
    try {
      asked++;
      return await pool.run(task);
    } catch (error) {
      leaveIfDead(pool);
      signal.throwIfAborted();
      throw unread(reasonOf(error), error);
    } finally {
      asked--;
    }
  }

  return {
    async ask(task, signal) {
      const answer = attempt(task, signal).catch(() => {
        // one by one: beside none of those that were lost with it
        const again = lost.then(() => attempt(task, signal));
        lost = again.catch(() => {});
        return again;
      });
      return valueOf(await answer);
    },
    endOn(signal) {
      const end = () => void opened?.then(leave);
      signal.addEventListener("abort", end, { once: true });
      return () => signal.removeEventListener("abort", end);
    },
    close: () => (closing ??= opened?.then((pool) => pool.destroy()) ?? Promise.resolve()),
  };
}

function unread(reason: string, cause?: unknown): EarshotError {
  const message = `A reading thread ended before it had answered (${reason}); what it read is read again.`;
  return new EarshotError("sink_unavailable", message, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
