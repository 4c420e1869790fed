import type { Mention } from "../schemas/mention.ts";
import type { TrackerQuery } from "./contracts.ts";
import { matcherOf } from "./query/match-query.ts";

/** Whose the mentions of one source are. */
export interface Belonging {
  /** Whatever it brings is theirs, and what it says of deletions. */
  readonly trackers: readonly string[];
  /** Ids of those a mention belongs to, and undefined when it is nobody's. Absent: it belongs to all of them. */
  readonly match?: (mention: Mention) => readonly string[] | undefined;
}

/**
 * Decides whose mentions are.
 * @param scope `query`: trackers with a query get what it matches, those without get everything; `all`: all get everything
 */
export function belonging(
  scope: "query" | "all",
  trackers: readonly string[],
  queries: readonly TrackerQuery[],
): Belonging {
  if (scope === "all" || queries.length === 0) return { trackers };
  const asking = new Set(queries.map(({ tracker }) => tracker));
  const always = trackers.filter((tracker) => !asking.has(tracker));
  const matching = matcherOf(queries);
  return {
    trackers,
    match(mention) {
      const found = [...always, ...matching(mention)];
      return found.length === 0 ? undefined : found;
    },
  };
}
