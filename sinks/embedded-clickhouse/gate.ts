import { EngineError } from "./engine.ts";

/** Lets a bounded number of statements run at once; the rest wait in order of arrival. */
export interface Gate {
  /**
   * Resolves with a function that frees the place, to be called once.
   * @throws {EngineError} code 202 when too many wait already, code 394 when `signal` aborts first
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** A gate for `places` statements with room for `waiting` more. */
export function createGate(places: number, waiting: number): Gate {
  const queue: (() => void)[] = [];
  let free = places;

  function leave(): void {
    const next = queue.shift();
    if (next === undefined) free++;
    else next();
  }

  return {
    async enter(signal) {
      if (free > 0) {
        free--;
        return leave;
      }
      if (queue.length >= waiting) {
        throw new EngineError(
          202,
          "TOO_MANY_SIMULTANEOUS_QUERIES",
          `Too many queries wait already (${queue.length}).`,
        );
      }
      await new Promise<void>((resolve, reject) => {
        const admit = (): void => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = (): void => {
          queue.splice(queue.indexOf(admit), 1);
          reject(new EngineError(394, "QUERY_WAS_CANCELLED", "The client went away while the query waited."));
        };
        queue.push(admit);
        signal.addEventListener("abort", giveUp, { once: true });
      });
      return leave;
    },
  };
}
