import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { MentionEvent } from "../schemas/mention.ts";
import type { Budget, Gap, TimeWindow, TrackerQuery } from "./contracts.ts";
import { parseItems, type ParseOptions } from "./parse-items.ts";

export interface RefetchOptions extends ParseOptions {
  /** Already accepted by `ingestor.config`. */
  readonly config: unknown;
  readonly queries: readonly TrackerQuery[];
  readonly budget: Budget;
}

/** A page of a past window. */
export interface Refetched {
  /** Mentions published within the window that belong to the source's trackers. */
  readonly events: readonly Extract<MentionEvent, { type: "upsert" }>[];
  /** Items that cannot be read, whenever they were published. */
  readonly dead: readonly DeadLetter[];
  readonly gap?: Gap;
}

/**
 * Asks a source for a past window once more, as far as its platform still gives it, page by page and without moving its
 * cursor.
 * @throws {EarshotError} what the ingestor throws
 */
export async function* refetch(
  options: RefetchOptions,
  window: TimeWindow,
  signal: AbortSignal,
): AsyncGenerator<Refetched, void> {
  const { ingestor, config, queries, budget, context } = options;
  const run = { config, queries, budget, signal, context };
  const pages = ingestor.backfill?.(window, run) ?? ingestor.poll({ ...run, cursor: undefined });
  for await (const page of pages) {
    const { events, dead } = parseItems(options, page.items);
    yield {
      events: events.filter(
        (event) =>
          event.type === "upsert" &&
          event.mention.publishedAt >= window.from &&
          event.mention.publishedAt < window.to,
      ) as Refetched["events"],
      dead,
      ...(page.gap === undefined ? {} : { gap: page.gap }),
    };
  }
}
