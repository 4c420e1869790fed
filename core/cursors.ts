import type { SourceCursor } from "../schemas/cursor.ts";
import type { Context } from "./context.ts";
import { EarshotError } from "./errors.ts";
import { retrying } from "./retry.ts";

/** Where the cursors of all sources live. `load` gives the one that holds, `save` is durable when it resolves. */
export interface CursorStore {
  load(source: string): Promise<SourceCursor | undefined>;
  save(cursor: SourceCursor, signal: AbortSignal): Promise<void>;
}

/** The cursor of one source for as long as this process polls it. */
export interface OwnedCursor {
  /**
   * The ingestor's checkpoint as JSON; undefined when none was ever saved.
   * @throws {EarshotError} ownership_lost when another process has taken the source over
   */
  load(signal: AbortSignal): Promise<string | undefined>;
  /** Saves a checkpoint; those of an earlier owner that come later do not count any more. */
  save(checkpoint: unknown, signal: AbortSignal): Promise<void>;
}

/** Stands for the cursor of a source that was taken over and has none yet. */
const NO_CHECKPOINT = "";

/**
 * Takes the cursor of a source over. Its first `load` begins a generation above all before and makes it durable, so
 * that whatever a former owner still saves (it may have slept through the loss) can never move the cursor back.
 */
export function ownCursor(store: CursorStore, source: string, context: Context): OwnedCursor {
  let generation: number | undefined;
  let sequence = 0;

  async function save(cursor: string, signal: AbortSignal): Promise<void> {
    const savedAt = context.now().toISOString();
    const next = { source, generation: generation ?? 1, sequence, cursor, savedAt };
    const label = { what: `save the cursor of ${source}` };
    await retrying(() => store.save(next, signal), label, signal, context);
  }

  return {
    async load(signal) {
      const label = { what: `load the cursor of ${source}` };
      const saved = await retrying(() => store.load(source), label, signal, context);
      if (generation === undefined) {
        generation = (saved?.generation ?? 0) + 1;
        sequence = 0;
        await save(saved?.cursor ?? NO_CHECKPOINT, signal);
      } else if (saved !== undefined && saved.generation > generation) {
        // whoever still runs this source then owns it again, and begins a generation of its own
        generation = undefined;
        throw new EarshotError(
          "ownership_lost",
          `Another process polls ${source} now; this one leaves it alone. If there should be one only, stop the other.`,
        );
      }
      return saved?.cursor === NO_CHECKPOINT ? undefined : saved?.cursor;
    },
    async save(checkpoint, signal) {
      sequence++;
      await save(JSON.stringify(checkpoint), signal);
    },
  };
}
