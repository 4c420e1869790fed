import type { Sink } from "./contracts.ts";

interface Writer<T> {
  readonly records: readonly T[];
  readonly signal: AbortSignal;
  resolve(): void;
  reject(reason: Error): void;
}

/**
 * A sink that lets what several writers bring go in one write: while one is under way, the next gathers, in the order
 * the writers came. A writer that is aborted does not wait any longer; its records may still be written.
 * @param maxRecords what one write holds at most, unless a single writer brings more
 */
export function gathering<T>(target: Sink<T>, maxRecords: number): Sink<T> {
  const waiting: Writer<T>[] = [];
  let isWriting = false;

  function next(): Writer<T>[] {
    let count = 0;
    const end = waiting.findIndex(({ records }, index) => {
      count += records.length;
      return index > 0 && count > maxRecords;
    });
    return waiting.splice(0, end === -1 ? waiting.length : end);
  }

  async function writeWhatWaits(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    for (let writers = next(); writers.length > 0; writers = next()) {
      const { signal, release } = whenAllAborted(writers.map((writer) => writer.signal));
      try {
        await target.write(
          writers.flatMap(({ records }) => records),
          signal,
        );
        for (const writer of writers) writer.resolve();
      } catch (error) {
        for (const writer of writers) writer.reject(error as Error);
      } finally {
        release();
      }
    }
    isWriting = false;
  }

  return {
    ...target,
    write: (records, signal) =>
      new Promise<void>((resolve, reject) => {
        signal.throwIfAborted();
        const leave = () => {
          const place = waiting.indexOf(writer);
          if (place !== -1) waiting.splice(place, 1);
          reject(signal.reason as Error);
        };
        const settle = (how: () => void) => {
          signal.removeEventListener("abort", leave);
          how();
        };
        const writer: Writer<T> = {
          records,
          signal,
          resolve: () => settle(resolve),
          reject: (reason) => settle(() => reject(reason)),
        };
        signal.addEventListener("abort", leave);
        waiting.push(writer);
        void writeWhatWaits();
      }),
  };
}

/** A signal that aborts once every one of the given has. */
function whenAllAborted(signals: readonly AbortSignal[]) {
  const controller = new AbortController();
  const check = () => {
    if (signals.every(({ aborted }) => aborted)) controller.abort(signals[0]?.reason);
  };
  for (const signal of signals) signal.addEventListener("abort", check);
  check();
  return {
    signal: controller.signal,
    release: () => signals.forEach((signal) => signal.removeEventListener("abort", check)),
  };
}
