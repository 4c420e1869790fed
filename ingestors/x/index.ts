import { z } from "zod";
import { defineIngestor, type Page, type PollRun, type RereadRun } from "../../core/contracts.ts";
import { connectionShape, DUTY, nothingToSearch, ownNames } from "./config.ts";
import { fieldsOf } from "./posts.ts";
import { readPost, versionsOf } from "./read-post.ts";
import { reread } from "./reread.ts";
import { readPast, searchesOf } from "./searches.ts";
import {
  mentionsListing,
  newWalk,
  searchListing,
  walk,
  WalkState,
  type PostListing,
  type WalkOptions,
} from "./walk.ts";

const Config = z.strictObject({
  ...connectionShape,
  mentionsOf: z
    .array(z.string().regex(/^\d{1,20}$/, "must be the numeric id of an account"))
    .default([])
    .describe(
      "Ids of your own accounts: their mentions are read, beside the searches, and what they post is marked as yours.",
    ),
  usdPerMention: z
    .number()
    .nonnegative()
    .default(0.005)
    .describe("What X bills for a post read by mentionsOf: 0.001 where your app belongs to that account."),
  readOwnPosts: z
    .boolean()
    .default(false)
    .describe("Also search for what ownAccounts post, so that your answers are heard."),
});
type Config = z.infer<typeof Config>;

const Cursor = z.strictObject({
  listings: z
    .record(z.string(), WalkState)
    .describe("How far each search, and each account's mentions, was read."),
});
type Cursor = z.infer<typeof Cursor>;

/**
 * Posts on X by recent search, seven days back, and the mentions of accounts. Every post is billed, and so is its author.
 * Edits are revisions of the first version; reposts come by mentionsOf only, since searches no longer find them.
 * @see https://docs.x.com/x-api/posts/search/introduction
 * @see https://docs.x.com/x-api/posts/timelines/introduction
 */
export const xIngestor = defineIngestor({
  name: "x",
  summary: "Posts on X (Twitter) that match your trackers, and mentions of your accounts; paid by the post.",
  source: {
    mode: "poll",
    schedule: "*/5 * * * *",
    scope: "query",
    // each is billed like a new one
    rereadPerHour: 30,
    duty: DUTY,
  },
  config: Config,
  cursor: Cursor,
  poll,
  parse: (item) => readPost(item),
  position: (item) => versionsOf(item)?.at ?? "",
  reread: (ids, run) => reread(ids, run.config, walkOptions(run)),
  backfill: (window, run) => readPast(listingsOf(run), window, walkOptions(run)),
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const options = walkOptions(run);
  const all = listingsOf(run);
  let listings = Object.fromEntries(
    all.map(({ key }) => [key, run.cursor?.listings[key] ?? newWalk(run.config.lookbackHours, run)]),
  );
  for (const listing of all) {
    const before = listings[listing.key] ?? newWalk(run.config.lookbackHours, run);
    for await (const { items, state, gap, rateLimit } of walk(listing, before, options)) {
      listings = { ...listings, [listing.key]: state };
      const isUsedUp = rateLimit.remaining === 0 && rateLimit.resetAt !== undefined;
      yield {
        items,
        cursor: { listings },
        ...(gap === undefined ? {} : { gap }),
        ...(isUsedUp ? { notBefore: rateLimit.resetAt.toISOString() } : {}),
      };
      if (isUsedUp) return;
    }
  }
}

/** @throws {EarshotError} config_invalid when there is nothing to look for, or X cannot look for it */
function listingsOf(run: RereadRun<Config>): readonly PostListing[] {
  const { config } = run;
  const own = config.readOwnPosts ? config.ownAccounts.map((name) => `from:${name.replace(/^@/, "")}`) : [];
  const listings = [
    ...[...searchesOf(run), ...own].map((query) => searchListing(query, config)),
    ...config.mentionsOf.map((id) => mentionsListing(id, { ...config, usdPerPost: config.usdPerMention })),
  ];
  if (listings.length === 0) throw nothingToSearch("queries or mentionsOf");
  return listings;
}

function walkOptions(run: RereadRun<Config>): WalkOptions {
  const { config } = run;
  return { run, fields: fieldsOf(config), ours: ownNames(config, config.mentionsOf) };
}
