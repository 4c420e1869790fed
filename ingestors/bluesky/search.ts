import { createHash } from "node:crypto";
import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type RereadRun,
  type TimeWindow,
} from "../../core/contracts.ts";
import type { WordOrPhrase } from "../../core/query/query.ts";
import { searchesOf } from "../../core/query/searches.ts";
import { Timestamp } from "../../schemas/primitives.ts";
import { accepted, itemsOf, reread, resolveNames, xrpc } from "./api.ts";
import { DUTY, networkShape, ownNames, queriesOf } from "./config.ts";
import { positionOf, readPost } from "./read-post.ts";
import { askAsUser, userShape } from "./session.ts";

const Config = z.strictObject({
  ...networkShape,
  ...userShape,
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://api.bsky.app")
    .describe("Address of the API that searches, for those with a login."),
  lookbackHours: z
    .number()
    .positive()
    .max(24 * 365)
    .default(24)
    .describe("How far back a new search begins."),
  overlapMinutes: z
    .number()
    .nonnegative()
    .max(24 * 60)
    .default(15)
    .describe("How much is searched again at each poll, for posts that are found late."),
});
type Config = z.infer<typeof Config>;

const SearchState = z.strictObject({
  since: Timestamp.describe("Everything before was found."),
  walk: z
    .strictObject({ until: Timestamp, token: z.string() })
    .optional()
    .describe("A reading from new to old that has not come to its end, and where it goes on."),
});
type SearchState = z.infer<typeof SearchState>;

const Cursor = z.strictObject({
  searches: z.record(z.string(), SearchState).describe("How far each search was read."),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Posts on Bluesky by its search, for installations that cannot keep a connection open, and for the past.
 * @see https://docs.bsky.app/docs/api/app-bsky-feed-search-posts
 */
export const blueskySearchIngestor = defineIngestor({
  name: "bluesky_search",
  summary: "Posts on Bluesky found by its search; needs an account and an app password.",
  source: { mode: "poll", schedule: "*/5 * * * *", scope: "query", duty: DUTY },
  config: Config,
  cursor: Cursor,
  poll,
  parse: (item) => readPost(item),
  position: positionOf,
  reread: async (ids, run) => reread(ids, await resolveNames(ownNames(run.config), run), run),
  backfill,
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, cursor, context } = run;
  const now = context.now().getTime();
  const queries = searchTextsOf(run);
  const ours = await resolveNames(ownNames(config), run);
  const first: SearchState = { since: new Date(now - config.lookbackHours * 3_600_000).toISOString() };
  let searches = Object.fromEntries(queries.map((q) => [keyOf(q), cursor?.searches[keyOf(q)] ?? first]));
  for (const q of queries) {
    const { since, walk } = searches[keyOf(q)] ?? first;
    const until = walk?.until ?? new Date(now).toISOString();
    for await (const { posts, next, notBefore } of search(q, { from: since, to: until }, walk?.token, run)) {
      const again = new Date(Date.parse(until) - config.overlapMinutes * 60_000).toISOString();
      const state: SearchState =
        next === undefined
          ? { since: again > since ? again : since }
          : { since, walk: { until, token: next } };
      searches = { ...searches, [keyOf(q)]: state };
      yield {
        items: await itemsOf(posts, ours, run),
        cursor: { searches },
        ...(notBefore === undefined ? {} : { notBefore }),
      };
      if (notBefore !== undefined) return;
    }
  }
}

async function* backfill(window: TimeWindow, run: RereadRun<Config>): AsyncIterable<Page<never>> {
  const ours = await resolveNames(ownNames(run.config), run);
  for (const q of searchTextsOf(run)) {
    for await (const { posts } of search(q, window, undefined, run)) {
      yield { items: await itemsOf(posts, ours, run) };
    }
  }
}

const Found = z.object({ posts: z.array(z.unknown()), cursor: z.string().optional() });

interface FoundPage {
  readonly posts: readonly unknown[];
  /** Where the next page begins; absent on the last. */
  readonly next: string | undefined;
  /** No more may be asked before this time. */
  readonly notBefore: Timestamp | undefined;
}

/** The posts of a window that a search finds, from new to old. */
async function* search(
  q: string,
  { from, to }: TimeWindow,
  start: string | undefined,
  run: RereadRun<Config>,
): AsyncGenerator<FoundPage> {
  let token = start;
  do {
    const answer = await askAsUser(
      xrpc(run.config.endpoint, "app.bsky.feed.searchPosts", {
        q,
        sort: "latest",
        since: from,
        until: to,
        limit: "100",
        ...(token === undefined ? {} : { cursor: token }),
      }),
      run,
    );
    const { posts, cursor } = accepted(Found, answer.json());
    const { remaining, resetAt } = answer.rateLimit;
    token = posts.length === 0 ? undefined : cursor;
    yield { posts, next: token, notBefore: remaining === 0 ? resetAt?.toISOString() : undefined };
  } while (token !== undefined);
}

/** @throws {EarshotError} config_invalid when there is nothing to search for */
function searchTextsOf(run: RereadRun<Config>): readonly string[] {
  const alternatives = queriesOf(run).flatMap(({ query }) => searchesOf(query, { wildcards: "drop" }));
  return [...new Set(alternatives.map((terms) => terms.map(asText).join(" ")))];
}

function asText(term: WordOrPhrase): string {
  const text = (term.type === "word" ? [term.text] : term.words).join(" ");
  return /^[#@]?[\p{L}\p{M}\p{N}_]+$/u.test(text) ? text : `"${text.replace(/["\\]/g, " ").trim()}"`;
}

function keyOf(q: string): string {
  return createHash("sha256").update(q).digest("base64url").slice(0, 16);
}
