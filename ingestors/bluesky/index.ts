import { z } from "zod";
import { defineIngestor, type Gap, type Page, type PollRun } from "../../core/contracts.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { EarshotError } from "../../core/errors.ts";
import { openInbox, type Patience } from "../inbox.ts";
import { BATCH, lookUp, reread, resolveNames, type NetworkRun } from "./api.ts";
import { DUTY, networkShape, ownNames, queriesOf } from "./config.ts";
import { openJetstream } from "./jetstream.ts";
import { overhear, type Overheard } from "./overhear.ts";
import { positionOf, POSTS, readPost, type PostItem } from "./read-post.ts";

const Config = z.strictObject({
  ...networkShape,
  endpoint: z
    .url({ protocol: /^wss?$/ })
    .default("wss://jetstream2.us-east.bsky.network/subscribe")
    .describe("Address of a Jetstream server."),
  lookbackHours: z
    .number()
    .nonnegative()
    .max(36)
    .default(1)
    .describe("How far back a new source begins: the whole network's posts since then are gone through."),
  silenceSeconds: z
    .number()
    .min(0.1)
    .max(3_600)
    .default(60)
    .describe("Without any event for so long the connection is made again."),
});
type Config = z.infer<typeof Config>;

const Cursor = z.strictObject({
  host: z.string().describe("Server whose clock the time is of."),
  timeUs: z.int().nonnegative().describe("Everything up to this event was heard, microseconds since 1970."),
});
type Cursor = z.infer<typeof Cursor>;

/** A page waits for posts so long; without any it still says how far the network was heard. */
const PATIENCE: Patience = { first: 5_000, more: 2_000 };
/** Posts that may wait to be stored; beyond, the rest waits at the server. */
const MOST_WAITING = 1_000;
/** Heard again after a break: events of one moment may come in another order. */
const REWIND_US = 5_000_000;
/** The same, where another server goes on: its clock is another. */
const OTHER_HOST_REWIND_US = 60_000_000;
const HOUR_US = 3_600_000_000;

/**
 * All posts of Bluesky as they are written, by Jetstream, without a login. The words are matched here; what matches is
 * looked up for its author and its counters.
 *
 * Deletions of what this run has heard, and of accounts, are passed on. Those of older posts are left to reading again,
 * since nobody but the store knows all that it holds.
 * @see https://github.com/bluesky-social/jetstream
 */
export const blueskyIngestor = defineIngestor({
  name: "bluesky",
  summary: "Posts on Bluesky that match your trackers, within seconds; needs no account.",
  source: { mode: "stream", schedule: "* * * * *", scope: "query", duty: DUTY },
  config: Config,
  cursor: Cursor,
  poll,
  parse: (item) => readPost(item),
  position: positionOf,
  reread: async (ids, run) => reread(ids, await resolveNames(ownNames(run.config), run), run),
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, signal } = run;
  const hear = overhear(queriesOf(run));
  const { host } = new URL(config.endpoint);
  const inbox = openInbox<Overheard>();
  // not the first and the last: live events may overtake those told again
  let [earliestUs, latestUs] = [Infinity, 0];
  let pause = () => {};
  const jetstream = await openJetstream(
    addressOf(run),
    config.silenceSeconds * 1_000,
    {
      onEvent(event) {
        const { timeUs, found } = hear(event);
        if (timeUs > 0) earliestUs = Math.min(earliestUs, timeUs);
        latestUs = Math.max(latestUs, timeUs);
        for (const one of found) inbox.push(one);
        if (inbox.size > MOST_WAITING) pause();
      },
      onEnd: (error) => inbox.end(error),
    },
    run,
  );
  pause = jetstream.pause;

  try {
    let heardUs = run.cursor?.timeUs ?? 0;
    let isFirst = run.cursor !== undefined;
    let ours: readonly string[] | undefined;
    for (;;) {
      const { items: found, isLast, error } = await inbox.take(BATCH, PATIENCE, signal);
      const untilUs = inbox.size === 0 ? latestUs : (found.at(-1)?.timeUs ?? 0);
      if (inbox.size < MOST_WAITING / 2) jetstream.resume();
      const gap = isFirst && latestUs > 0 && earliestUs > heardUs ? gapOf(heardUs, earliestUs) : undefined;
      if (latestUs > 0) isFirst = false;
      if (found.length > 0) ours ??= await unlessRefused(resolveNames(ownNames(config), run), run);
      const items = await lookedUp(found, ours ?? ownNames(config), run);
      if (items.length > 0 || untilUs > heardUs) {
        heardUs = Math.max(heardUs, untilUs);
        const cursor = { host, timeUs: heardUs };
        yield { items, cursor, upTo: toTime(heardUs), ...(gap === undefined ? {} : { gap }) };
      }
      if (isLast && error !== undefined) throw error;
      if (isLast) return;
    }
  } finally {
    jetstream.close();
  }
}

/** The stream of posts from where the cursor left off, or so far back. */
function addressOf({ config, cursor, context }: PollRun<Config, Cursor>): URL {
  const url = new URL(config.endpoint);
  const startUs =
    cursor === undefined
      ? context.now().getTime() * 1_000 - config.lookbackHours * HOUR_US
      : cursor.timeUs - (cursor.host === url.host ? REWIND_US : OTHER_HOST_REWIND_US);
  url.searchParams.append("wantedCollections", POSTS);
  url.searchParams.set("cursor", String(Math.round(startUs)));
  return url;
}

function toTime(us: number): Timestamp {
  return new Date(us / 1_000).toISOString();
}

/** Jetstream begins with the oldest it has when that is later than what it was asked for, and does not say so. */
function gapOf(heardUs: number, earliestUs: number): Gap {
  return {
    from: toTime(heardUs),
    to: toTime(earliestUs),
    reason: "Jetstream keeps a day and a half of posts only.",
  };
}

/** The posts with their authors and counters, where the network tells; listening goes on where it does not. */
async function lookedUp(
  found: readonly Overheard[],
  ours: readonly string[],
  run: NetworkRun,
): Promise<readonly PostItem[]> {
  const uris = found.flatMap((one) => ("view" in one ? one.view.uri : []));
  const shown = uris.length === 0 ? undefined : await unlessRefused(lookUp(uris, run), run);
  return found.map((one) => {
    if (!("view" in one)) return { deleted: one.deleted, reason: one.reason };
    const { view, editedAt } = one;
    const post = { ...view, ...(shown?.get(view.uri) ?? {}), record: view.record };
    return { post, ours, ...(editedAt === undefined ? {} : { editedAt }) };
  });
}

/** What the network tells beside the stream; undefined, and a warning, when it does not. */
async function unlessRefused<T>(asked: Promise<T>, { context }: NetworkRun): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof EarshotError) || !error.code.startsWith("source_")) throw error;
    context.log.warn(
      { code: error.code, reason: error.message },
      "bluesky posts are kept without their authors",
    );
    return undefined;
  }
}
