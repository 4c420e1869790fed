import { setMaxListeners } from "node:events";

/** Something that runs until its signal aborts. */
export type Worker = (signal: AbortSignal) => Promise<void>;

/** Resolves when the signal aborts. */
export function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Runs all until the signal aborts. The first failure stops the others; it is thrown when they have ended. */
export async function runTogether(workers: readonly Worker[], signal: AbortSignal): Promise<void> {
  const stopping = new AbortController();
  const both = AbortSignal.any([signal, stopping.signal]);
  // every one of them listens, and there are as many as sources: Node takes more than ten for a leak
  setMaxListeners(0, both);
  const outcomes = await Promise.allSettled(
    workers.map(async (work) => {
      try {
        await work(both);
      } catch (error) {
        stopping.abort();
        throw error;
      }
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
