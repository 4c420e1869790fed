import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  defineIngestor,
  type Gap,
  type Page,
  type PollRun,
  type Reread,
  type RereadRun,
} from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { Timestamp } from "../../schemas/primitives.ts";
import { rereadInTurn } from "../reread-each.ts";
import { RedditConfig } from "./config.ts";
import { listingsOf, restUntil, type Listing, type ListingReader } from "./listings.ts";
import { openApiReader, openThingReader } from "./read-api.ts";
import { openFeedReader } from "./read-feeds.ts";
import { GONE, positionOf, readRedditItem, type Heard } from "./reddit-item.ts";

const ListingState = z.strictObject({
  seen: z
    .array(z.string())
    .describe("Full names met, oldest first; after a colon when each was edited, or x."),
  newestAt: Timestamp.optional().describe("Latest publication time met."),
});
type ListingState = z.infer<typeof ListingState>;

const Cursor = z.strictObject({
  listings: z.record(z.string(), ListingState),
  next: z.string().optional().describe("Listing to begin with: the last poll did not get to it."),
});
type Cursor = z.infer<typeof Cursor>;

/** A listing of Reddit ends after about a thousand items. */
const MAX_PAGES = 10;
/** Names remembered for each listing: this many of one, fewer of each of many, so that the cursor stays small. */
const REMEMBERED = { most: 1_000, least: 200, together: 5_000 } as const;
const NAMES_AT_ONCE = 100;

/**
 * Posts and comments of subreddits, and posts found by searches. With the keys of an approved app by the API; without
 * keys from Reddit's public feeds, which show no scores, hold less and cannot be read again. Reddit can search for
 * posts only: comments are heard in the subreddits that are named.
 * @see https://www.reddit.com/dev/api
 * @see https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki
 */
export const redditIngestor = defineIngestor({
  name: "reddit",
  summary:
    "Posts and comments of subreddits and posts by search; with API keys, or from public feeds without.",
  source: {
    mode: "poll",
    schedule: "*/2 * * * *",
    scope: "query",
    duty: {
      deleteWithinHours: 48,
      terms: "https://support.reddithelp.com/hc/en-us/articles/16160319875092-Reddit-Data-API-Wiki",
    },
  },
  config: RedditConfig,
  cursor: Cursor,
  poll,
  parse: readRedditItem,
  position: positionOf,
  reread,
});

async function* poll(run: PollRun<RedditConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, cursor: saved, context } = run;
  const listings = listingsOf(run);
  const reader = config.clientId === undefined ? openFeedReader(run) : await openApiReader(run);
  const room = Math.floor(REMEMBERED.together / listings.length);
  const remembered = Math.min(REMEMBERED.most, Math.max(REMEMBERED.least, room));
  const states = new Map<string, ListingState>();
  for (const { key } of listings) {
    const before = saved?.listings[key];
    if (before !== undefined) states.set(key, before);
  }
  const cursorAt = (next?: string): Cursor => ({
    listings: Object.fromEntries(states),
    ...(next === undefined ? {} : { next }),
  });
  const partial = listings.length > 1 ? { isPartial: true } : {};
  const told = new Set<string>();
  const refusals: EarshotError[] = [];

  const inTurn = startingAt(listings, saved?.next);
  for (const [index, listing] of inTurn.entries()) {
    const before = states.get(listing.key);
    const next = inTurn[(index + 1) % inTurn.length]?.key;
    let walk: Walk | EarshotError;
    try {
      walk = await readNew(reader, listing, before);
    } catch (error) {
      // next time another one begins, so that none is starved by the limits, or by one that fails for good
      if (error instanceof EarshotError && (index > 0 || !isOfLimits(error))) {
        yield { items: [], cursor: cursorAt(isOfLimits(error) ? listing.key : next) };
      }
      throw error;
    }
    const now = context.now();
    if (walk instanceof EarshotError) {
      refusals.push(walk);
      if (refusals.length === listings.length) throw walk;
      const from = before?.newestAt ?? new Date(now.getTime() - 3_600_000).toISOString();
      yield { items: [], gap: { from, to: now.toISOString(), reason: walk.message, ...partial } };
      continue;
    }
    const known = new Set([...told, ...(before?.seen ?? [])]);
    const names = new Set([...known].map(nameOf));
    // what was never shown may be held for its moderators, who may let it pass, and a deletion is for good
    const fresh = walk.heard.filter(
      (heard) => !known.has(markOf(heard)) && (heard.state !== GONE || names.has(heard.name)),
    );
    for (const heard of fresh) told.add(markOf(heard));
    const gap = gapOf(listing, walk, before);
    states.set(listing.key, remember(walk.heard, before, remembered));
    if (fresh.length > 0 || gap !== undefined || before === undefined) {
      yield {
        items: fresh.map(({ item }) => item),
        cursor: cursorAt(),
        ...(gap === undefined ? {} : { gap: { ...gap, ...partial } }),
      };
    }
    const rest = restUntil(reader.limit());
    if (rest !== undefined) {
      const isLast = index === inTurn.length - 1;
      yield { items: [], cursor: cursorAt(isLast ? undefined : next), notBefore: rest.toISOString() };
      return;
    }
  }
  const last = cursorAt();
  const rest =
    reader.restMs === 0 ? {} : { notBefore: new Date(context.now().getTime() + reader.restMs).toISOString() };
  yield { items: [], ...(isDeepStrictEqual(last, saved) ? {} : { cursor: last }), ...rest };
}

/** What a listing has had since it was last read, newest first. */
interface Walk {
  readonly heard: readonly Heard[];
  /** Whether it was read back to something known, or to its very end. */
  readonly isWhole: boolean;
}

/** Reads a listing back to what is known; there is no asking for "since": it fails once the anchor is deleted. */
async function readNew(
  reader: ListingReader,
  listing: Listing,
  before: ListingState | undefined,
): Promise<Walk | EarshotError> {
  const known = new Set(before?.seen.map(nameOf));
  const heard: Heard[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await reader.read(listing, after);
    if (page instanceof EarshotError) return page;
    heard.push(...page.heard);
    if (page.heard.some(({ name }) => known.has(name))) return { heard, isWhole: true };
    after = page.after;
    if (after === undefined) break;
  }
  return { heard, isWhole: heard.length < reader.pageSize };
}

/** What has passed between the newest item of before and the oldest there is now, when nothing connects the two. */
function gapOf(listing: Listing, walk: Walk, before: ListingState | undefined): Gap | undefined {
  const from = before?.newestAt;
  if (walk.isWhole || from === undefined) return undefined;
  const to = times(walk.heard).reduce((oldest, at) => (at < oldest ? at : oldest));
  if (to <= from) return undefined;
  return {
    from,
    to,
    reason: `There was more in ${listing.name} than Reddit shows at once; poll it more often.`,
  };
}

function remember(heard: readonly Heard[], before: ListingState | undefined, most: number): ListingState {
  const current = new Map(heard.map((one) => [one.name, markOf(one)]));
  // the wording of before is forgotten, so that an edit which is taken back is an edit
  const older = (before?.seen ?? []).filter((mark) => !current.has(nameOf(mark)));
  const seen = [...older, ...[...current.values()].reverse()].slice(-most);
  const newestAt = [...times(heard), before?.newestAt ?? ""].reduce(
    (newest, at) => (at > newest ? at : newest),
    "",
  );
  return { seen, ...(newestAt === "" ? {} : { newestAt }) };
}

function times(heard: readonly Heard[]): Timestamp[] {
  return heard.flatMap(({ createdAt }) => createdAt ?? []);
}

function markOf({ name, state }: Heard): string {
  return state === "" ? name : `${name}:${state}`;
}

function nameOf(mark: string): string {
  return mark.replace(/:.*/s, "");
}

function startingAt(listings: readonly Listing[], key: string | undefined): readonly Listing[] {
  const first = Math.max(
    0,
    listings.findIndex((listing) => listing.key === key),
  );
  return [...listings.slice(first), ...listings.slice(0, first)];
}

function isOfLimits({ code }: EarshotError): boolean {
  return code === "source_rate_limited" || code === "budget_spent";
}

/** Without keys nothing can be asked for by its name. */
async function reread(ids: readonly string[], run: RereadRun<RedditConfig>): Promise<Reread> {
  const names = ids.filter((id) => /^t[13]_\w+$/.test(id));
  if (run.config.clientId === undefined || names.length === 0) return { items: [], gone: [] };
  const reader = await openThingReader(run);
  const reads: (() => Promise<Reread>)[] = [];
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
    const batch = names.slice(at, at + NAMES_AT_ONCE);
    reads.push(async () => {
      const { hidden, ...read } = await reader.look(batch);
      // what takes a request each comes last
      reads.push(...hidden.map((name) => () => reader.seek(name)));
      return read;
    });
  }
  return rereadInTurn(reads);
}
