import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { defineIngestor, type Gap, type Page, type PollRun } from "../../core/contracts.ts";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { MENTION_KINDS } from "../../schemas/mention.ts";
import { Slug, Timestamp } from "../../schemas/primitives.ts";
import { decodeText } from "./decode-text.ts";
import { FeedItem } from "./feed-item.ts";
import { fetchFeed, type FeedAnswer } from "./fetch-feed.ts";
import { parseFeed } from "./parse-feed.ts";
import { nativeIdOf, readItem, timesOf } from "./read-item.ts";
import { markOf, siftSeen } from "./seen-entries.ts";

const Config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Address of the feed (RSS or Atom)."),
  platform: Slug.default("rss").describe("What the mentions are filed under: news, blog, reddit …"),
  kind: z
    .enum(MENTION_KINDS)
    .default("article")
    .describe("What an entry is: article, post, comment, review …"),
  contactUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe("A page about you, named in the User-Agent so that publishers can reach you."),
  userAgent: z
    .string()
    .regex(/^[\x20-\x7e]{1,500}$/, "must be 1-500 printable ASCII characters")
    .optional()
    .describe("Sent instead of the User-Agent that names Earshot."),
  timeoutMs: z
    .int()
    .min(100)
    .max(300_000)
    .default(15_000)
    .describe("For the whole answer, redirects included."),
  maxBytes: z
    .int()
    .min(1_000)
    .max(50 * 1024 * 1024)
    .default(5 * 1024 * 1024)
    .describe("Largest feed that is read, compressed or not."),
  allowPrivateHosts: z
    .boolean()
    .default(false)
    .describe("Allow feeds on your own network; off, so that a feed's redirects cannot reach into it."),
});
type Config = z.infer<typeof Config>;

const Cursor = z.strictObject({
  feed: z.string().describe("Hash of the configured url: a cursor is worth nothing for another feed."),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  url: z.string().optional().describe("Where the feed has moved for good."),
  seen: z.array(z.string()).describe("Marks of the entries met, oldest first."),
  newestAt: Timestamp.optional().describe("Latest publication time met."),
  entries: z.int().nonnegative().describe("How many entries the feed had last time."),
  ttlMs: z.number().nonnegative().default(0).describe("How long the feed says it may be kept, ms."),
  unchanged: z.int().nonnegative().default(0).describe("How many polls in a row found it not modified."),
});
type Cursor = z.infer<typeof Cursor>;

/** Items per page: what the ingest loop writes at once. */
const PAGE_SIZE = 500;

/**
 * News, blogs, forums and alerts by RSS 0.9–2.0 and Atom. Asks conditionally, reads entries that are new or edited,
 * and reports a gap when the feed has rolled over since the last poll.
 * @see https://www.rssboard.org/rss-specification
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
export const rssIngestor = defineIngestor({
  name: "rss",
  summary: "Articles and posts from any RSS or Atom feed, Google Alerts included.",
  source: { mode: "poll", schedule: "*/15 * * * *", scope: "query" },
  config: Config,
  cursor: Cursor,
  poll,
  parse: readItem,
  position: (item) => positionOf(item),
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, signal, context } = run;
  const feed = createHash("sha256").update(config.url).digest("base64url").slice(0, 16);
  const before = run.cursor?.feed === feed ? run.cursor : undefined;
  const { answer, url } = await ask(run, before);

  if (answer.body === undefined) {
    const unchanged = (before?.unchanged ?? 0) + 1;
    const notBefore = nextPoll(context, answer.maxAgeMs, before?.ttlMs ?? 0, unchanged);
    yield {
      items: [],
      notBefore,
      ...(before === undefined ? {} : { cursor: { ...before, url, unchanged } }),
    };
    return;
  }

  const parsed = await parseFeed(decodeText(answer.body, answer.contentType), signal);
  const about = {
    platform: config.platform,
    kind: config.kind,
    site: new URL(config.url).host,
    document: withoutSecrets(answer.url),
    head: parsed.head,
  };
  const items: FeedItem[] = parsed.entries.map((entry) => ({ ...about, entry }));
  const marks = items.map((item) => markOf(nativeIdOf(item), JSON.stringify(item.entry)));
  const { isFresh, hasKnown, seen } = siftSeen(before?.seen ?? [], marks);
  const fresh = items.filter((_, index) => isFresh[index]);

  const now = context.now().toISOString();
  const published = items.flatMap(({ entry }) =>
    "reason" in entry ? [] : (timesOf(entry, now).publishedAt ?? []),
  );
  const gap = hasKnown ? undefined : rolledOver(before, published, items.length);
  const newestAt = latest([...published.map((at) => (at > now ? now : at)), before?.newestAt ?? ""]);
  const cursor: Cursor = {
    feed,
    // A document that was cut off would be "not modified" next time, and its rest never read.
    ...(parsed.isWhole ? { etag: answer.etag, lastModified: answer.lastModified } : {}),
    url,
    seen: [...seen],
    ...(newestAt === "" ? {} : { newestAt }),
    entries: items.length,
    ttlMs: parsed.ttlMs,
    unchanged: 0,
  };
  const notBefore = nextPoll(context, answer.maxAgeMs, parsed.ttlMs, 0);

  const pages: Page<Cursor>[] = [];
  for (let at = 0; at < fresh.length; at += PAGE_SIZE) pages.push({ items: fresh.slice(at, at + PAGE_SIZE) });
  const isSame =
    before !== undefined && isDeepStrictEqual(withoutUndefined(cursor), withoutUndefined(before));
  pages.push({ items: [], notBefore, ...(gap === undefined ? {} : { gap }), ...(isSame ? {} : { cursor }) });
  yield* pages;
}

/** A publisher may ask for this much rest at most, and a quiet feed is given no more. */
const MAX_REST_MS = 24 * 60 * 60 * 1000;
const QUIET_REST_MS = 15 * 60 * 1000;
/** The schedule's own jitter: a rest that ends a moment after the next tick must not cost a whole turn. */
const SLACK_MS = 60 * 1000;

/** When to ask again: after ttl or max-age, and later the longer the feed has not changed. */
function nextPoll(context: Context, maxAgeMs: number, ttlMs: number, unchanged: number): Timestamp {
  const quietMs = QUIET_REST_MS * Math.min(4, 1 + Math.floor(unchanged / 8));
  const restMs = Math.min(MAX_REST_MS, Math.max(maxAgeMs, ttlMs, unchanged < 8 ? 0 : quietMs));
  return new Date(context.now().getTime() + Math.max(0, restMs - SLACK_MS)).toISOString();
}

/** Asks where the feed has moved to, or where it is configured; a move that leads nowhere any more is forgotten. */
async function ask(
  { config, budget, signal, context }: PollRun<Config, Cursor>,
  before: Cursor | undefined,
): Promise<{ answer: FeedAnswer; url: string | undefined }> {
  const { timeoutMs, maxBytes, allowPrivateHosts } = config;
  const contact = config.contactUrl === undefined ? "" : ` (+${config.contactUrl})`;
  const userAgent = config.userAgent ?? `Earshot${contact}`;
  const options = { userAgent, timeoutMs, maxBytes, allowPrivateHosts, budget };
  const validators = { etag: before?.etag, lastModified: before?.lastModified };
  const moved = before?.url;
  if (moved !== undefined) {
    try {
      const answer = await fetchFeed({ ...options, ...validators, url: moved }, signal, context);
      return { answer, url: worthKeeping(answer.movedTo) ?? moved };
    } catch (error) {
      const isLost = error instanceof EarshotError && /^source_(?:changed|unavailable)$/.test(error.code);
      if (!isLost) throw error;
      context.log.warn({ reason: error.message }, "the feed's new address fails; asking the configured one");
    }
  }
  const known = moved === undefined ? validators : {};
  const answer = await fetchFeed({ ...options, ...known, url: config.url }, signal, context);
  return { answer, url: worthKeeping(answer.movedTo) };
}

/** Cursors lie in the store, where analysts read: an address that may carry a token is looked up anew each time. */
function worthKeeping(url: string | undefined): string | undefined {
  return url !== undefined && withoutSecrets(url) === url ? url : undefined;
}

function withoutSecrets(address: string): string {
  const url = new URL(address);
  url.username = url.password = url.search = url.hash = "";
  return url.href;
}

/**
 * The gap when none of the feed's entries was there last time: it holds no more than it did, so whatever came between
 * the newest then and the oldest now has passed through unread. A feed that has merely become shorter has lost nothing.
 */
function rolledOver(
  before: Cursor | undefined,
  published: readonly string[],
  entries: number,
): Gap | undefined {
  const from = before?.newestAt;
  if (from === undefined || before === undefined || before.entries === 0 || entries < before.entries)
    return undefined;
  const to = published.reduce((oldest, at) => (at < oldest ? at : oldest), published[0] ?? from);
  return to > from
    ? { from, to, reason: "The feed rolled over between polls; poll it more often." }
    : undefined;
}

function latest(times: readonly string[]): string {
  return times.reduce((newest, at) => (at > newest ? at : newest), "");
}

function withoutUndefined(cursor: Cursor): unknown {
  return JSON.parse(JSON.stringify(cursor));
}

function positionOf(item: unknown): string {
  const { data } = FeedItem.safeParse(item);
  if (data === undefined || "reason" in data.entry) return "";
  return (data.entry.id || (data.entry.links[0]?.href ?? "")).slice(0, 100);
}
