import { createHash } from "node:crypto";
import type { PollRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { RateLimit } from "../rate-limit.ts";
import { compileSearches } from "./compile-searches.ts";
import type { RedditConfig } from "./config.ts";
import type { Heard } from "./reddit-item.ts";

/** A list of Reddit's, newest first. */
export interface Listing {
  /** Stands for it in the cursor. */
  readonly key: string;
  /** For messages. */
  readonly name: string;
  readonly path: string;
  readonly feedPath: string;
  readonly query: Readonly<Record<string, string>>;
  /** Reddit may refuse one subreddit and show the others. */
  readonly isOfSubreddit: boolean;
}

export interface ListingPage {
  /** Newest first. */
  readonly heard: readonly Heard[];
  /** Where the listing goes on. */
  readonly after?: string;
}

/** How listings are read: by the API, or as feeds. */
export interface ListingReader {
  /** A listing with fewer items than this was shown whole. */
  readonly pageSize: number;
  /** How long to rest after a poll. */
  readonly restMs: number;
  /**
   * A page of a listing, or the error for which Reddit does not show it.
   * @throws {EarshotError} source_unavailable, source_rate_limited, source_unauthorized, source_changed, budget_spent
   */
  read(listing: Listing, after: string | undefined): Promise<ListingPage | EarshotError>;
  /** What the last answer said of the limits. */
  limit(): RateLimit;
}

/** When to ask again once the requests of a window are used up; Reddit counts them in fractions. */
export function restUntil({ remaining, resetAt }: RateLimit): Date | undefined {
  return remaining !== undefined && remaining < 1 ? resetAt : undefined;
}

/**
 * What a source is to read: searches, and posts and comments of subreddits.
 * @throws {EarshotError} config_invalid when that is nothing, or a query cannot be searched for
 */
export function listingsOf({
  config,
  queries,
}: Pick<PollRun<RedditConfig, unknown>, "config" | "queries">): readonly Listing[] {
  const searches = config.search ?? compileSearches(queries);
  const listings = [
    ...[...new Set(searches)].map(searchListing),
    ...[...new Set(config.subreddits.map((name) => name.toLowerCase()))].flatMap((name) => [
      subredditListing(name, "new"),
      subredditListing(name, "comments"),
    ]),
  ];
  if (listings.length > 0) return listings;
  throw new EarshotError(
    "config_invalid",
    "There is nothing to read on Reddit: name subreddits or searches, or give the source to a tracker with a query.",
  );
}

function searchListing(search: string): Listing {
  return {
    key: `search/${createHash("sha256").update(search).digest("base64url").slice(0, 12)}`,
    name: `the search ${search.length > 80 ? `${search.slice(0, 80)}…` : search}`,
    path: "/search",
    feedPath: "/search.rss",
    // without restrict_sr: false a search inside a subreddit is meant
    query: { q: search, sort: "new", t: "all", type: "link", restrict_sr: "false" },
    isOfSubreddit: false,
  };
}

function subredditListing(name: string, what: "new" | "comments"): Listing {
  return {
    key: `r/${name}/${what}`,
    name: what === "new" ? `r/${name}` : `comments of r/${name}`,
    path: `/r/${name}/${what}`,
    feedPath: `/r/${name}/${what}/.rss`,
    query: {},
    isOfSubreddit: true,
  };
}
