import { setImmediate as nextTurn } from "node:timers/promises";
import type { Outcome, Processor } from "../core/contracts.ts";
import type { Mention } from "../schemas/mention.ts";

/** Characters read between two turns of the event loop: about 5 ms of work for the slowest step. */
const CHARACTERS_PER_TURN = 8_000;

/** What a record costs whatever its length, in characters. */
const BASE_CHARACTERS = 40;

/**
 * Gives a step that reads one mention at a time. It hands the event loop back between slices of a batch, so that
 * a large batch never blocks the process. Slices are measured in text, not in time, so a run is repeatable.
 * `read` must be pure: the same mention gives the same additions.
 */
export function perMention<Needs extends Pick<Mention, "text" | "title">, Adds extends object>(
  name: string,
  read: (mention: Needs) => Adds,
): Processor<Needs, Adds> {
  return {
    name,
    async process(batch, signal) {
      const outcomes: Outcome<Adds>[] = [];
      let budget = CHARACTERS_PER_TURN;
      for (const mention of batch) {
        if (budget <= 0) {
          await nextTurn();
          signal.throwIfAborted();
          budget = CHARACTERS_PER_TURN;
        }
        outcomes.push({ kind: "ok", value: read(mention) });
        budget -= BASE_CHARACTERS + mention.text.length + mention.title.length;
      }
      return outcomes;
    },
  };
}
