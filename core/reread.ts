import type { DeadLetter } from "../schemas/dead-letter.ts";
import { idOf, type MentionEvent } from "../schemas/mention.ts";
import type { Belonging } from "./belonging.ts";
import type { Budget, Sink, TrackerQuery } from "./contracts.ts";
import { EarshotError } from "./errors.ts";
import { toDeletion } from "./mention.ts";
import { parseItems, type ParseOptions } from "./parse-items.ts";
import { retrying } from "./retry.ts";

export interface RereadOptions extends ParseOptions {
  /** Already accepted by `ingestor.config`. */
  readonly config: unknown;
  readonly queries: readonly TrackerQuery[];
  readonly budget: Budget;
  readonly events: Sink<MentionEvent>;
  readonly deadLetters: Sink<DeadLetter>;
}

/** What became of mentions that were asked for again. */
export interface RereadReport {
  readonly read: number;
  readonly gone: number;
  /** Ids of those that nothing was learned of: they could not be asked for, or not be read. */
  readonly left: readonly string[];
}

/** A mention to ask for again. */
export interface DueMention {
  readonly id: string;
  readonly nativeId: string;
  /** Whose it is. */
  readonly trackers: readonly string[];
}

/**
 * Asks a source for mentions again and writes what became of them: their counters and wording of now, or their
 * deletion. What no query matches any more stays with those it belonged to.
 * @throws {EarshotError} what the ingestor threw; nothing is lost by it, since nothing is marked as read
 */
export async function reread(
  options: RereadOptions,
  due: readonly DueMention[],
  signal: AbortSignal,
): Promise<RereadReport> {
  const { ingestor, config, queries, budget, context, source, belonging } = options;
  if (ingestor.reread === undefined) {
    throw new EarshotError("request_invalid", `${ingestor.name} cannot ask for a mention again.`);
  }
  const { items, gone } = await ingestor.reread(
    due.map(({ nativeId }) => nativeId),
    { config, queries, budget, signal, context },
  );
  const { events, dead } = parseItems({ ...options, belonging: stillBelonging(belonging, due) }, items);
  const observedAt = context.now().toISOString();
  const ids = new Map(due.map(({ id, nativeId }) => [nativeId, id]));
  const deletions = gone.map(({ id, reason }) =>
    toDeletion({ id: ids.get(id) ?? "", reason }, { source, trackers: belonging.trackers, observedAt }),
  );
  const write = <T>(what: string, sink: Sink<T>, records: readonly T[]) =>
    retrying(() => sink.write(records, signal), { what: `write ${what} of ${source}` }, signal, context);
  const all = [...events, ...deletions];
  if (all.length > 0) await write("mentions read again", options.events, all);
  if (dead.length > 0) await write("dead letters", options.deadLetters, dead);
  const heardOf = new Set(all.map(idOf));
  const left = due.map(({ id }) => id).filter((id) => !heardOf.has(id));
  return { read: events.length, gone: gone.length, left };
}

/** What is stored and nobody's by now is written all the same: else it would be due for ever. */
function stillBelonging(belonging: Belonging, due: readonly DueMention[]): Belonging {
  const { match } = belonging;
  if (match === undefined) return belonging;
  const before = new Map(due.map(({ id, trackers }) => [id, trackers]));
  return { ...belonging, match: (mention) => match(mention) ?? before.get(mention.id) };
}
