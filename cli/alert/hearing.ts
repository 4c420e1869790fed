import type { SourceConfig } from "../../core/config.ts";
import { coverageHours } from "../../queries/coverage-hours.ts";
import type { App } from "../app.ts";

/** Whether anybody listened for a tracker: an hour in which nobody did is unknown, not quiet. */
export interface Hearing {
  /** Reads the ledger from a time on. */
  refresh(from: string): Promise<void>;
  /** True unless every source of the tracker that has a ledger was unheard in that hour. */
  isHeard(tracker: string, at: number): boolean;
  /** True where every source of the tracker that has a ledger was heard in full. */
  isComplete(tracker: string, at: number): boolean;
}

const HOUR = 3_600_000;
const MOST_ROWS = 50_000;

/** Opens the coverage ledger for rules. */
export function openHearing(app: Pick<App, "ask">, sources: readonly SourceConfig[]): Hearing {
  const byTracker = new Map<string, string[]>();
  for (const { id, trackers } of sources) {
    for (const tracker of trackers) byTracker.set(tracker, [...(byTracker.get(tracker) ?? []), id]);
  }
  /** State by source and hour; hours without a row are not known to be missed. */
  let states = new Map<string, string>();

  function statesAt(tracker: string, at: number): string[] {
    const hour = Math.floor(at / HOUR) * HOUR;
    return (byTracker.get(tracker) ?? [])
      .map((source) => states.get(`${source} ${hour}`))
      .filter((state) => state !== undefined);
  }

  return {
    async refresh(from) {
      const rows = await app.ask(coverageHours, { from, limit: MOST_ROWS });
      states = new Map(rows.map(({ source, hour, state }) => [`${source} ${Date.parse(hour)}`, state]));
    },
    isHeard(tracker, at) {
      const found = statesAt(tracker, at);
      return found.length === 0 || found.some((state) => state !== "none");
    },
    isComplete: (tracker, at) => statesAt(tracker, at).every((state) => state === "complete"),
  };
}
