import type { Mention } from "../schemas/mention.ts";
import type { TrackerQuery } from "./contracts.ts";
import { matcherOf } from "./query/match-query.ts";

/** Whose the mentions of one source are. */
export interface Belonging {
  /** Those the source is for: what it says of deletions and answers is theirs. */
  readonly trackers: readonly string[];
  /** Ids of those a mention belongs to, and undefined when it is nobody's. Absent: it belongs to all of them. */
  readonly match?: (mention: Mention) => readonly string[] | undefined;
}

/**
 * Decides whose mentions are. What belongs to one of a source's trackers belongs to all trackers whose query it matches:
 * which source met a mention first, or last, changes nothing.
 * @param scope `query`: trackers with a query get what it matches, those without get everything; `all`: all get everything
 * @param trackers those the source is for
 * @param queries of all trackers
 */
export function belonging(
  scope: "query" | "all",
  trackers: readonly string[],
  queries: readonly TrackerQuery[],
): Belonging {
  if (scope === "all" || queries.length === 0) return { trackers };
  const asking = new Set(queries.map(({ tracker }) => tracker));
  const always = trackers.filter((tracker) => !asking.has(tracker));
  const own = new Set(trackers);
  const matching = matcherOf(queries);
  return {
    trackers,
    match(mention) {
      const found = [...always, ...matching(mention)];
      return found.some((tracker) => own.has(tracker)) ? found : undefined;
    },
  };
}
