import { setTimeout as sleep } from "node:timers/promises";

/** Keeps requests so many ms apart: call what it gives before each. It ends with the signal, at once. */
export function pacer(pauseMs: number, signal: AbortSignal): () => Promise<void> {
  let isFirst = true;
  return async () => {
    if (!isFirst && pauseMs > 0) await sleep(pauseMs, undefined, { signal });
    isFirst = false;
    signal.throwIfAborted();
  };
}
