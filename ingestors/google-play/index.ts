import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type RereadRun,
  type TimeWindow,
} from "../../core/contracts.ts";
import { backfillLists, ListsCursor, pollLists } from "../poll-lists.ts";
import { backfillNewestFirst, NewestFirstCursor, pollNewestFirst } from "../poll-newest-first.ts";
import { GooglePlayConfig, serviceAccountOf } from "./config.ts";
import { parseItem, positionOf } from "./parse-item.ts";
import { openPublisher } from "./read-publisher.ts";
import { openScraper, PAGE_SIZE } from "./scrape-reviews.ts";

const Cursor = z.union([ListsCursor, NewestFirstCursor]);
type Cursor = z.infer<typeof Cursor>;

const HOUR_MS = 60 * 60 * 1000;
/** How long the Publisher API shows a review that is not modified. */
const KEPT_MS = 7 * 24 * HOUR_MS;
/** Reviews stand by the time of their author's words, so that a reply to an older one is met only by reading back to it. */
const OVERLAP_MS = 24 * HOUR_MS;
/** Public pages are read every three hours, whatever the schedule; less the schedule's own jitter. */
const SCRAPE_REST_MS = 3 * HOUR_MS - 10 * 60 * 1000;

/**
 * Reviews of an app in Google Play. With the key of the app's owner by the Android Publisher API, with our replies:
 * reviews with words, of the last seven days. Without one from the public pages, where that is switched on. No review is
 * read again: by the API every one that is older than a week would look deleted, and the pages cannot be asked for one.
 * @see https://developers.google.com/android-publisher/reply-to-reviews
 * @see https://play.google.com/about/play-terms/
 */
export const googlePlayIngestor = defineIngestor({
  name: "google_play",
  summary:
    "Reviews of an app in Google Play, with the owner's key or from the public pages, and our replies.",
  source: { mode: "poll", schedule: "7 * * * *", scope: "all" },
  config: GooglePlayConfig,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: positionOf,
  backfill,
});

async function* poll(run: PollRun<GooglePlayConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, context, cursor } = run;
  const app = config.appId;
  const key = serviceAccountOf(config);
  if (key !== undefined) {
    const read = openPublisher(key, run);
    const saved = NewestFirstCursor.safeParse(cursor).data;
    yield* pollNewestFirst({ app, overlapMs: OVERLAP_MS, keptMs: KEPT_MS, cursor: saved, context, read });
    return;
  }
  const names = config.locales;
  const saved = ListsCursor.safeParse(cursor).data;
  const read = openScraper(run);
  const notBefore = new Date(context.now().getTime() + SCRAPE_REST_MS).toISOString();
  const pages = pollLists({ app, names, remembered: 2 * PAGE_SIZE, cursor: saved, context, read });
  for await (const page of pages) yield { ...page, notBefore };
}

async function* backfill(window: TimeWindow, run: RereadRun<GooglePlayConfig>): AsyncIterable<Page<never>> {
  const { config, context } = run;
  const key = serviceAccountOf(config);
  if (key === undefined) yield* backfillLists({ names: config.locales, read: openScraper(run) }, window);
  else yield* backfillNewestFirst({ read: openPublisher(key, run), keptMs: KEPT_MS, context }, window);
}
