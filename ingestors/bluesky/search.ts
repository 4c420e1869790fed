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

/** Where a reading from new to old goes on. */
const Place = z.strictObject({
  below: Timestamp.describe("Everything from here on was read."),
  token: z.string().optional().describe("Page to go on with, of what is older."),
  pages: z.int().nonnegative().describe("Pages read of what is older."),
});
type Place = z.infer<typeof Place>;

const SearchState = z.strictObject({
  since: Timestamp.describe("Everything before was found."),
  walk: z
    .strictObject({ until: Timestamp.describe("It becomes `since` in the end."), at: Place })
    .optional()
    .describe("A reading from new to old that has not come to its end."),
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
    for await (const { posts, next, notBefore } of search(q, since, walk?.at ?? startAt(until), run)) {
      const again = new Date(Date.parse(until) - config.overlapMinutes * 60_000).toISOString();
      const state: SearchState =
        next === undefined ? { since: again > since ? again : since } : { since, walk: { until, at: next } };
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

async function* backfill({ from, to }: TimeWindow, run: RereadRun<Config>): AsyncIterable<Page<never>> {
  const ours = await resolveNames(ownNames(run.config), run);
  for (const q of searchTextsOf(run)) {
    for await (const { posts } of search(q, from, startAt(to), run)) {
      yield { items: await itemsOf(posts, ours, run) };
    }
  }
}

const Found = z.object({ posts: z.array(z.unknown()), cursor: z.string().optional() });

interface FoundPage {
  readonly posts: readonly unknown[];
  /** Where the next page begins; undefined on the last. */
  readonly next: Place | undefined;
  /** No more may be asked before this time. */
  readonly notBefore: Timestamp | undefined;
}

function startAt(to: Timestamp): Place {
  return { below: to, pages: 0 };
}

/** The posts since a time that a search finds, from new to old. */
async function* search(
  q: string,
  from: Timestamp,
  start: Place,
  run: RereadRun<Config>,
): AsyncGenerator<FoundPage> {
  let place: Place | undefined = start;
  do {
    const { below, token }: Place = place;
    const answer = await askAsUser(
      xrpc(run.config.endpoint, "app.bsky.feed.searchPosts", {
        q,
        sort: "latest",
        since: from,
        until: below,
        limit: "100",
        ...(token === undefined ? {} : { cursor: token }),
      }),
      run,
    );
    const { posts, cursor } = accepted(Found, answer.json());
    const { remaining, resetAt } = answer.rateLimit;
    place = placeAfter(place, posts, cursor);
    yield { posts, next: place, notBefore: remaining === 0 ? resetAt?.toISOString() : undefined };
  } while (place !== undefined);
}

/** Bluesky gives 10,000 posts of a search, and does not say that there are more. */
const DEEPEST_PAGE = 100;

/** A page may be empty though others follow: posts that are not to be shown are left out of it. */
function placeAfter(
  { below, pages }: Place,
  posts: readonly unknown[],
  token: string | undefined,
): Place | undefined {
  const read = pages + 1;
  if (token === undefined || read >= DEEPEST_PAGE) return undefined;
  if (read < DEEPEST_PAGE / 2) return { below, token, pages: read };
  const reached = newestOf(posts) + 1;
  const isOlder = reached > 0 && reached < Date.parse(below);
  return isOlder ? startAt(new Date(reached).toISOString()) : { below, token, pages: read };
}

const Dated = z.object({ record: z.object({ createdAt: z.string() }) });

/**
 * A time that no older page goes beyond, ms since 1970. Bluesky does not say whether it sorts posts by their own time, or
 * by when it saw them where that is earlier: the newest of a page holds for both.
 */
function newestOf(posts: readonly unknown[]): number {
  return posts.reduce<number>((newest, post) => {
    const at = Date.parse(Dated.safeParse(post).data?.record.createdAt ?? "");
    return at > newest ? at : newest;
  }, -Infinity);
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
