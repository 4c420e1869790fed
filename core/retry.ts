import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "./context.ts";
import { EarshotError } from "./errors.ts";

/** The longest delay between two tries where nothing else is asked for. */
export const LONGEST_DELAY_MS = 30_000;

export interface RetryOptions {
  /** Delay before the second attempt, doubled each time. */
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  /** How many attempts before the last error is thrown. Unlimited when absent. */
  readonly maxAttempts?: number;
  /** What is being tried, for the log. */
  readonly what: string;
}

/**
 * Calls `attempt` until it succeeds, waiting with full jitter between tries, or as long as the error asks.
 * Only retryable errors are tried again; an abort ends the wait and throws the signal's reason.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
  context: Context,
): Promise<T> {
  const { firstDelayMs = 200, maxDelayMs = LONGEST_DELAY_MS, maxAttempts = Infinity, what } = options;
  let isWaiting = false;
  try {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof EarshotError) || !error.retried || tries >= maxAttempts) throw error;
        const ceiling = Math.min(maxDelayMs, firstDelayMs * 2 ** (tries - 1));
        const delayMs = Math.round(error.retryAfterMs ?? Math.random() * ceiling);
        context.log.warn({ what, code: error.code, tries, delayMs, reason: error.message }, "will try again");
        context.observe({ kind: "waiting", what, reason: error.message });
        isWaiting = true;
        await sleep(delayMs, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    if (isWaiting) context.observe({ kind: "resumed", what });
  }
}
