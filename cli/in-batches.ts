import { setTimeout as pause } from "node:timers/promises";

export interface BatchOptions<T> {
  readonly size: number;
  readonly weightOf: (item: T) => number;
  readonly patienceMs: number;
}

/**
 * Puts what comes in groups into batches that weigh `size` or, with their last, more, in order. What has waited for
 * `patienceMs` goes on in a smaller batch. Asks for the next group only when the last batch was taken.
 */
export async function* inBatches<T>(
  groups: AsyncIterable<readonly T[]>,
  { size, weightOf, patienceMs }: BatchOptions<T>,
): AsyncGenerator<T[]> {
  const source = groups[Symbol.asyncIterator]();
  let batch: T[] = [];
  let weight = 0;
  let patience: { readonly late: Promise<"late">; stop(): void } | undefined;
  const take = (): T[] => {
    const taken = batch;
    batch = [];
    weight = 0;
    patience?.stop();
    patience = undefined;
    return taken;
  };
  try {
    for (let pending = source.next(); ;) {
      const next = await (patience === undefined ? pending : Promise.race([pending, patience.late]));
      if (next === "late") {
        yield take();
        continue;
      }
      if (next.done === true) break;
      for (const item of next.value) {
        batch.push(item);
        weight += weightOf(item);
        if (weight >= size) yield take();
      }
      if (batch.length > 0) patience ??= startPatience(patienceMs);
      pending = source.next();
    }
    if (batch.length > 0) yield take();
  } finally {
    patience?.stop();
    await source.return?.();
  }
}

function startPatience(ms: number) {
  const controller = new AbortController();
  const late = pause(ms, "late" as const, { signal: controller.signal }).catch(() => "late" as const);
  return { late, stop: () => controller.abort() };
}
