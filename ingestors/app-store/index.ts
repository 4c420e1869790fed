import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type Reread,
  type RereadRun,
  type TimeWindow,
} from "../../core/contracts.ts";
import { backfillLists, ListsCursor, pollLists } from "../poll-lists.ts";
import { backfillNewestFirst, NewestFirstCursor, pollNewestFirst } from "../poll-newest-first.ts";
import { rereadReviews } from "../reread-reviews.ts";
import { AppStoreConfig, connectKeys } from "./config.ts";
import { parseItem, positionOf } from "./parse-item.ts";
import { connectId, connectReviewOf, openConnect } from "./read-connect.ts";
import { openFeed, PAGE_SIZE } from "./read-feed.ts";

const Cursor = z.union([ListsCursor, NewestFirstCursor]);
type Cursor = z.infer<typeof Cursor>;

/** Connect shows reviews late, and our responses to new ones later still. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

/**
 * Reviews of an app in Apple's App Store. Without keys those the public feed shows, the newest 500 of each country; with
 * the keys of the app's owner all of them by App Store Connect, with our responses. The two number reviews differently,
 * so a review read both ways would be two mentions: a source reads one of the two.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/customer-reviews
 */
export const appStoreIngestor = defineIngestor({
  name: "app_store",
  summary: "Reviews of an app in Apple's App Store, with the owner's keys all of them and our responses.",
  source: { mode: "poll", schedule: "17 * * * *", scope: "all" },
  config: AppStoreConfig,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: positionOf,
  reread,
  backfill,
});

async function* poll(run: PollRun<AppStoreConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, context, cursor } = run;
  const app = config.appId;
  const keys = connectKeys(config);
  if (keys === undefined) {
    const names = config.countries;
    const read = openFeed(run);
    const remembered = 2 * PAGE_SIZE;
    yield* pollLists({ app, names, remembered, cursor: ListsCursor.safeParse(cursor).data, context, read });
  } else {
    const { readPage: read } = openConnect(keys, run);
    const saved = NewestFirstCursor.safeParse(cursor).data;
    yield* pollNewestFirst({ app, overlapMs: OVERLAP_MS, cursor: saved, context, read });
  }
}

async function* backfill(window: TimeWindow, run: RereadRun<AppStoreConfig>): AsyncIterable<Page<never>> {
  const { config, context } = run;
  const keys = connectKeys(config);
  if (keys === undefined) yield* backfillLists({ names: config.countries, read: openFeed(run) }, window);
  else yield* backfillNewestFirst({ read: openConnect(keys, run).readPage, context }, window);
}

/** The public feed cannot be asked for one review, so of its ids nothing is known. */
async function reread(ids: readonly string[], run: RereadRun<AppStoreConfig>): Promise<Reread> {
  const keys = connectKeys(run.config);
  if (keys === undefined) return { items: [], gone: [] };
  const connect = openConnect(keys, run);
  return rereadReviews({
    ids,
    reviewOf: connectReviewOf,
    idOf: connectId,
    read: connect.readReview,
    confirm: () => connect.readPage(undefined, false),
  });
}
