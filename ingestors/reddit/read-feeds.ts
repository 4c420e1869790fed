import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { decodeText } from "../rss/decode-text.ts";
import { fetchFeed } from "../rss/fetch-feed.ts";
import { parseFeed } from "../rss/parse-feed.ts";
import { ownAccountsOf, REDDIT_SITE, userAgentOf, type RedditConfig } from "./config.ts";
import type { Listing, ListingReader } from "./listings.ts";
import { pacer } from "../pacer.ts";
import { hearEntry } from "./reddit-item.ts";

/** Feeds have 25 entries, or as many as are asked for; which of it, Reddit decides. */
const PAGE_SIZE = 25;
const ASKED_FOR = "100";
/** Since June 2026 whoever reads feeds more often is told 429. */
const PAUSE_MS = 60_000;
const REST_MS = 15 * 60 * 1000;
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Reads the newest entries of listings from Reddit's public feeds, which need no keys.
 * @see https://www.reddit.com/wiki/rss
 */
export function openFeedReader({ config, signal, context, budget }: RereadRun<RedditConfig>): ListingReader {
  const own = ownAccountsOf(config);
  const pace = pacer(config.pauseMs ?? PAUSE_MS, signal);

  async function fetchListing(url: URL): Promise<{ readonly text: string; readonly path: string }> {
    const {
      body,
      contentType,
      url: from,
    } = await fetchFeed(
      {
        url: url.href,
        userAgent: userAgentOf(config),
        timeoutMs: config.timeoutMs,
        maxBytes: MAX_BYTES,
        // a site of one's own choice may be anywhere; Reddit's redirects may not lead into one's network
        allowPrivateHosts: config.site !== REDDIT_SITE,
        budget,
      },
      signal,
      context,
    );
    return { text: body === undefined ? "" : decodeText(body, contentType), path: new URL(from).pathname };
  }

  return {
    pageSize: PAGE_SIZE,
    restMs: REST_MS,
    limit: () => ({}),
    async read(listing) {
      await pace();
      const url = new URL(`${config.site.replace(/\/+$/, "")}${listing.feedPath}`);
      url.search = new URLSearchParams({ ...listing.query, limit: ASKED_FOR }).toString();
      try {
        const { text, path } = await fetchListing(url);
        // from a subreddit that is not there Reddit leads to a search for one
        if (!samePath(path, url.pathname)) return notShown(listing);
        const { entries } = await parseFeed(text, signal);
        const now = context.now().toISOString();
        return { heard: entries.map((entry) => hearEntry(entry, own, now)) };
      } catch (error) {
        if (!(error instanceof EarshotError)) throw error;
        if (error.code === "source_unauthorized") {
          if (listing.isOfSubreddit) return refused(listing);
          throw refused(listing);
        }
        // also how Reddit tells of a banned subreddit (404)
        if (error.code === "source_unavailable" && listing.isOfSubreddit) return error;
        if (error.code !== "source_rate_limited" || error.retryAfterMs !== undefined) throw error;
        throw new EarshotError(error.code, error.message, { retryAfterMs: REST_MS });
      }
    },
  };
}

function samePath(one: string, other: string): boolean {
  const plain = (path: string) => path.toLowerCase().replace(/\/+$/, "");
  return plain(one) === plain(other);
}

function notShown({ name }: Listing): EarshotError {
  return new EarshotError(
    "source_unauthorized",
    `Reddit has no feed of ${name}: it is banned or misspelt; correct subreddits of this source.`,
  );
}

function refused({ name }: Listing): EarshotError {
  return new EarshotError(
    "source_unauthorized",
    `Reddit refuses its feed of ${name} to us: it is private, or Reddit blocks this address; set clientId and ` +
      "clientSecret of an approved app.",
  );
}
