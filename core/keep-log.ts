import { idOf, trackersOf, type MentionEvent } from "../schemas/mention.ts";
import type { LogPosition, StoredEvent } from "../schemas/stored-event.ts";
import type { Context } from "./context.ts";
import type { Sink } from "./contracts.ts";
import { retrying } from "./retry.ts";

export interface LogKeepingOptions {
  /** Where events are stored, and which of a mention's events the log had last: see {@link notingVersions}. */
  readonly target: Sink<StoredEvent>;
  /** The log they came through, which keeps the last event of each mention. */
  readonly log: Sink<MentionEvent>;
  /** Which of these ids stand in the store with a newer version than the log had last. */
  readonly outdated: (ids: readonly string[]) => Promise<readonly string[]>;
  /** What stands of each id, a deletion without its trackers. */
  readonly standing: (ids: readonly string[]) => Promise<readonly MentionEvent[]>;
  readonly context: Context;
}

/**
 * A sink that keeps the log true to the store. The log keeps the last event of each mention, the store the newest
 * version: where the last is not the newest (an old version met late, a mention met again after its deletion), what
 * stands is published again behind it. So a deleted text leaves the log too, and reading what the log keeps gives what
 * is stored. It is asked after both are written, so that of several writers the last one sees what all have written.
 */
export function keepingLog({
  target,
  log,
  outdated,
  standing,
  context,
}: LogKeepingOptions): Sink<StoredEvent> {
  async function republish(events: readonly StoredEvent[], signal: AbortSignal): Promise<void> {
    const trackers = new Map<string, Set<string>>();
    for (const event of events) {
      const id = idOf(event);
      trackers.set(id, new Set([...(trackers.get(id) ?? []), ...trackersOf(event)]));
    }
    const ids = await outdated([...trackers.keys()]);
    if (ids.length === 0) return;
    const current = await standing(ids);
    // a deletion has to reach those who were told of the mention once more
    const again = current.map((event) =>
      event.type === "upsert" ? event : { ...event, trackers: [...(trackers.get(event.id) ?? [])] },
    );
    await log.write(again, signal);
  }

  return {
    ...target,
    async write(events, signal) {
      if (events.length === 0) return;
      await target.write(events, signal);
      const label = { what: "publish again what the log has older" };
      await retrying(() => republish(events, signal), label, signal, context);
    },
  };
}

type Logged = StoredEvent & { readonly logged: LogPosition };

/** Stores events, then notes their place in the log: what is not stored is not noted either. */
export function notingVersions(target: Sink<StoredEvent>, versions: Sink<Logged>): Sink<StoredEvent> {
  return {
    ...target,
    async write(events, signal) {
      await target.write(events, signal);
      await versions.write(events.filter(isLogged), signal);
    },
  };
}

function isLogged(event: StoredEvent): event is Logged {
  return event.logged !== undefined;
}
