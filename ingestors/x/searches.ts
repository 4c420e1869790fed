import type { Page, RereadRun, TimeWindow } from "../../core/contracts.ts";
import { pacer } from "../pacer.ts";
import { compileQuery } from "./compile-query.ts";
import type { Connection } from "./config.ts";
import { readWindow, type PostListing, type WalkOptions } from "./walk.ts";

/**
 * What X is searched for: what the source says in X's own syntax, else what its trackers' queries come to.
 * @throws {EarshotError} config_invalid when X cannot look for a query
 */
export function searchesOf({
  config,
  queries,
}: Pick<RereadRun<Connection>, "config" | "queries">): readonly string[] {
  const searches =
    config.queries.length > 0
      ? config.queries
      : queries.flatMap(({ query }) => compileQuery(query, config.maxQueryLength));
  return [...new Set(searches)];
}

/** The archive answers one request a second. */
const ARCHIVE_PAUSE_MS = 1_000;

/** Everything X still has of a window, listing by listing. */
export async function* readPast(
  listings: readonly PostListing[],
  window: TimeWindow,
  options: WalkOptions,
): AsyncGenerator<Page<never>> {
  const pace = pacer(ARCHIVE_PAUSE_MS, options.run.signal);
  for (const listing of listings) {
    for await (const items of readWindow(listing, window, pace, options)) yield { items };
  }
}
