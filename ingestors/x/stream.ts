import { z } from "zod";
import { defineIngestor, type Page, type PollRun, type RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { openInbox, type Patience } from "../inbox.ts";
import { openXStream } from "./client.ts";
import { connectionShape, DUTY, nothingToSearch, ownNames } from "./config.ts";
import { affordable, costOf, fieldsOf, itemsOf, readListing } from "./posts.ts";
import { readPost, versionsOf } from "./read-post.ts";
import { reread } from "./reread.ts";
import { setRules } from "./rules.ts";
import { readPast, searchesOf } from "./searches.ts";
import { idOfTime, laterId } from "./snowflake.ts";
import { newWalk, searchListing, walk, WalkState, type PostListing, type WalkOptions } from "./walk.ts";

const Config = z.strictObject({
  ...connectionShape,
  repairAfterSeconds: z
    .number()
    .nonnegative()
    .max(600)
    .default(60)
    .describe(
      "When to search for what passed unheard before the stream began: X's search lags by half a minute.",
    ),
});
type Config = z.infer<typeof Config>;

const Cursor = z.strictObject({
  listings: z.record(z.string(), WalkState).describe("Up to where the posts of each search were heard."),
});
type Cursor = z.infer<typeof Cursor>;

const PAGE_SIZE = 100;
/** A page waits for posts so long; without any it still says how far the stream was heard. */
const PATIENCE: Patience = { first: 10_000, more: 1_000 };
const NO_PATIENCE: Patience = { first: 0, more: 0 };
/** Posts come by the stream within seconds of their making; the rest of this is for clocks that differ. */
const DELAY_MS = 120_000;
/** Posts that may wait for a store that is slow. The stream is given up then, and a search brings the rest. */
const MOST_WAITING = 10_000;

/**
 * Posts on X as they are written, by the filtered stream, which each X app has one of. The stream forgets what passes
 * while nobody listens, so each connection is followed by a search for what was missed.
 * @see https://docs.x.com/x-api/posts/filtered-stream/introduction
 */
export const xStreamIngestor = defineIngestor({
  name: "x_stream",
  summary: "Posts on X (Twitter) that match your trackers, within seconds; paid by the post.",
  source: { mode: "stream", schedule: "* * * * *", scope: "query", rereadPerHour: 30, duty: DUTY },
  config: Config,
  cursor: Cursor,
  poll,
  parse: (item) => readPost(item),
  position: (item) => versionsOf(item)?.at ?? "",
  reread: (ids, run) => reread(ids, run.config, walkOptions(run)),
  backfill: (window, run) => readPast(listingsOf(run), window, walkOptions(run)),
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, budget, signal, context } = run;
  const options = walkOptions(run);
  const listings = listingsOf(run);
  const inbox = openInbox<Arrival>();
  const now = () => context.now().getTime();
  let endedAt: number | undefined;
  let hangUp = () => {};
  const end = (error?: EarshotError) => {
    endedAt ??= now();
    inbox.end(error);
    hangUp();
  };
  await setRules(searchesOf(run), run);
  affordable([1], config, budget);
  const stream = await openXStream(
    { path: "tweets/search/stream", query: options.fields },
    {
      onPayload(payload) {
        inbox.push({ payload, at: now() });
        if (inbox.size > MOST_WAITING) end(tooSlow());
      },
      onEnd: end,
    },
    run,
  );
  hangUp = stream.close;
  const aheadMs = stream.startedAt - now();

  const nextPage = async (patience: Patience) => {
    const taken = await inbox.take(PAGE_SIZE, patience, signal);
    const found = taken.items.map(({ payload }) => asListing(payload));
    for (const listing of found) budget.spend(costOf(listing, config));
    try {
      affordable([1], config, budget);
    } catch (error) {
      // what has come until now was billed, and is still read
      if (!(error instanceof EarshotError)) throw error;
      end(error);
    }
    const heardAt = inbox.size === 0 ? (endedAt ?? now()) : (taken.items.at(-1)?.at ?? 0);
    return {
      items: found.flatMap((listing) => itemsOf(listing, options.ours)),
      isLast: taken.isLast,
      error: taken.error,
      heardUntil: idOfTime(heardAt + aheadMs - DELAY_MS),
    };
  };

  try {
    const settled = AbortSignal.timeout(config.repairAfterSeconds * 1_000);
    let page = await nextPage(NO_PATIENCE);
    while (!settled.aborted && !page.isLast) {
      if (page.items.length > 0) yield { items: page.items };
      page = await nextPage({ ...PATIENCE, first: PATIENCE.more });
    }
    yield { items: page.items };
    let cursor: Cursor = {
      listings: Object.fromEntries(
        listings.map(({ key }) => [key, run.cursor?.listings[key] ?? newWalk(config.lookbackHours, run)]),
      ),
    };
    for (const listing of listings) {
      for await (const repaired of repair(listing, cursor, options)) {
        cursor = repaired.cursor;
        yield repaired;
      }
    }
    for (let patience = NO_PATIENCE; !page.isLast; patience = PATIENCE) {
      page = await nextPage(patience);
      cursor = movedOn(cursor, page.heardUntil);
      yield { items: page.items, cursor };
    }
    if (page.error !== undefined) throw page.error;
  } finally {
    stream.close();
  }
}

/** What came by the stream, and when by our clock. */
interface Arrival {
  readonly payload: unknown;
  readonly at: number;
}

/** Searches for what passed since the cursor. */
async function* repair(
  listing: PostListing,
  cursor: Cursor,
  options: WalkOptions,
): AsyncGenerator<Page<Cursor> & { readonly cursor: Cursor }> {
  const before = cursor.listings[listing.key];
  if (before === undefined) return;
  for await (const { items, state, gap } of walk(listing, before, options)) {
    cursor = { listings: { ...cursor.listings, [listing.key]: state } };
    yield { items, cursor, ...(gap === undefined ? {} : { gap }) };
  }
}

function movedOn({ listings }: Cursor, id: string): Cursor {
  return {
    listings: Object.fromEntries(
      Object.entries(listings).map(([key, { since }]) => [key, { since: laterId(since, id) }]),
    ),
  };
}

/** A payload of the stream as a list of one post. */
function asListing(payload: unknown) {
  const { data, includes } = payload as { readonly data?: unknown; readonly includes?: unknown };
  return readListing({ data: [data], ...(includes === undefined ? {} : { includes }) });
}

function tooSlow(): EarshotError {
  return new EarshotError(
    "source_unavailable",
    `More than ${MOST_WAITING} posts of X waited to be stored; the stream was given up and is connected again.`,
  );
}

/** @throws {EarshotError} config_invalid when there is nothing to look for, or X cannot look for it */
function listingsOf(run: RereadRun<Config>): readonly PostListing[] {
  const searches = searchesOf(run);
  if (searches.length === 0) throw nothingToSearch("queries");
  return searches.map((query) => searchListing(query, run.config));
}

function walkOptions(run: RereadRun<Config>): WalkOptions {
  return { run, fields: fieldsOf(run.config), ours: ownNames(run.config) };
}
