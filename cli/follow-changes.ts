import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { changeIdOf, findChanges, recordChanges, removeChange } from "../actions/record-change.ts";
import { NO_LIMITS } from "../core/budget.ts";
import type { ChangeFeed } from "../core/changes-config.ts";
import type { MentionFields } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cutText } from "../core/mention.ts";
import { retrying } from "../core/retry.ts";
import { rssIngestor } from "../ingestors/rss/index.ts";
import { changes } from "../queries/changes.ts";
import type { Change, ChangeRequest } from "../schemas/change.ts";
import { WrittenChange } from "../schemas/written-change.ts";
import type { App } from "./app.ts";
import { runTogether } from "./run-together.ts";

type Following = Pick<App, "store" | "context" | "ask"> & {
  readonly config: Pick<App["config"], "changes">;
};

const MINUTE_MS = 60_000;
/** What fails is asked again after a minute, then twice as long each time, up to this. */
const LONGEST_REST_MS = 6 * 60 * MINUTE_MS;

/** Nobody: what a feed or the config tells, any person may correct. */
const NOBODY = "";

/**
 * Records the changes that the config lists, takes back those it lists no more, and then those that its feeds tell of,
 * until the signal aborts. One process does so at a time. What a person said of a change since stands, and an entry of a
 * feed is read once. A feed or a store that fails is logged and tried again, and stops no other.
 * @param firstRestMs how long what failed is left alone, doubled each time
 */
export async function followChanges(
  app: Following,
  signal: AbortSignal,
  firstRestMs: number = MINUTE_MS,
): Promise<void> {
  const { feeds } = app.config.changes;
  await runTogether(
    [
      (running) => recordListed(app, running),
      ...feeds.map((feed) => (running: AbortSignal) => followFeed(app, feed, running, firstRestMs)),
    ],
    signal,
  );
}

async function recordListed(app: Following, signal: AbortSignal): Promise<void> {
  const { store, context, config } = app;
  const listed = new Map(config.changes.list.map((one) => [changeIdOf(one), one]));
  const told = { store, origin: "config", by: NOBODY, context };
  const record = async () => {
    const known = await findChanges(store, [...listed.keys()]);
    const news = [...listed].filter(([id, change]) => !isSettled(change, known.get(id)));
    await recordChanges({ ...told, changes: news.map(([, change]) => change) }, signal);
    const recorded = await app.ask(changes, changes.params.parse({ origin: ["config"], limit: 10_000 }));
    const gone = recorded.filter(({ id }) => !listed.has(id));
    for (const { id } of gone) await removeChange({ ...told, id }, signal);
    return { told: news.length, takenBack: gone.length };
  };
  try {
    const what = "record the changes of the config";
    const done = await retrying(record, { what }, signal, context);
    if (done.told + done.takenBack > 0) context.log.info(done, "changes of the config");
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof EarshotError)) throw error;
    context.log.error({ code: error.code, reason: error.message }, "the config's changes were not recorded");
  }
}

/** Whether nothing is left to say: it is recorded like this, or a person had the last word. */
function isSettled(listed: ChangeRequest, known: Change | undefined): boolean {
  if (known === undefined) return false;
  if (known.by !== NOBODY) return true;
  const said = { ...listed, id: known.id, endsAt: listed.endsAt ?? null };
  return !known.isRemoved && isDeepStrictEqual({ ...known, ...said }, known);
}

async function followFeed(
  app: Following,
  feed: ChangeFeed,
  signal: AbortSignal,
  firstRestMs: number,
): Promise<void> {
  const { context } = app;
  let failures = 0;
  let cursor: unknown;
  while (!signal.aborted) {
    let restMs = feed.pollEveryMinutes * MINUTE_MS;
    try {
      const polled = await pollFeed(app, feed, cursor, signal);
      failures = 0;
      cursor = polled.cursor;
      restMs = Math.max(restMs, Date.parse(polled.notBefore) - context.now().getTime());
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof EarshotError)) throw error;
      restMs = Math.max(error.retryAfterMs ?? 0, Math.min(LONGEST_REST_MS, firstRestMs * 2 ** failures++));
      const { code, message: reason } = error;
      context.log.warn({ feed: feed.id, code, reason, restMs }, "changes could not be read; tried again");
    }
    await sleep(restMs, undefined, { signal }).catch(() => {});
  }
}

/** Asks a feed once, and records the entries nobody has heard of. */
async function pollFeed(
  { store, context }: Following,
  feed: ChangeFeed,
  before: unknown,
  signal: AbortSignal,
) {
  const { id: origin, allowPrivateHosts } = feed;
  const config = rssIngestor.config.parse({ url: urlOf(feed), allowPrivateHosts });
  const now = context.now().toISOString();
  const told = new Map<string, ChangeRequest>();
  let [cursor, notBefore, unreadable] = [before, now, 0];
  const pages = rssIngestor.poll({ config, cursor, queries: [], budget: NO_LIMITS, signal, context });
  for await (const page of pages) {
    cursor = page.cursor ?? cursor;
    notBefore = page.notBefore ?? notBefore;
    for (const item of page.items) {
      const change = readEntry(item, feed, now);
      if (change === undefined) unreadable++;
      else told.set(change.id, change);
    }
  }
  const known = await findChanges(store, [...told.keys()]);
  const news = [...told].filter(([id]) => !known.has(id)).map(([, change]) => change);
  await recordChanges({ store, changes: news, origin, by: NOBODY, context }, signal);
  if (unreadable > 0) context.log.warn({ feed: origin, entries: unreadable }, "entries that nobody can read");
  if (news.length > 0) context.log.info({ feed: origin, changes: news.length }, "heard of changes");
  return { cursor, notBefore };
}

function urlOf({ url, github, endpoint }: ChangeFeed): string {
  return url ?? `${endpoint.replace(/\/+$/, "")}/${github ?? ""}/releases.atom`;
}

/** The change an entry tells of; undefined where it says nothing. */
function readEntry(
  item: unknown,
  feed: ChangeFeed,
  now: string,
): (ChangeRequest & { id: string }) | undefined {
  const entry = entryOf(item, now);
  if (entry === undefined) return undefined;
  const { title = "", text, url = "", nativeId, publishedAt } = entry;
  const { id, kind, tracker = "", platform, country, product } = feed;
  const isVersioned = kind === "release" || kind === "fix";
  const hash = createHash("sha256").update(nativeId).digest("hex").slice(0, 16);
  const change = WrittenChange.safeParse({
    id: `${id}:${hash}`,
    kind,
    tracker,
    at: publishedAt,
    title: cutText(title === "" ? text.replace(/\s+/g, " ") : title, 300),
    description: cutText(text, 10_000),
    url,
    version: isVersioned ? (versionOf(title) ?? versionOf(tagOf(url)) ?? "") : "",
    platform,
    country,
    product,
  });
  return change.success ? { ...change.data, id: `${id}:${hash}` } : undefined;
}

function entryOf(item: unknown, now: string): MentionFields | undefined {
  try {
    const parsed = rssIngestor.parse(item, now);
    return parsed.type === "upsert" ? parsed.mention : undefined;
  } catch (error) {
    if (error instanceof EarshotError) return undefined;
    throw error;
  }
}

const VERSION =
  /(?<![A-Za-z0-9.])v?(\d{1,6}(?:\.\d{1,6}){1,3}(?:-(?:alpha|beta|rc|pre|preview|dev)(?:[.-]?\d{1,6})?)?)(?!\.?[A-Za-z0-9])/i;
const WHOLE_VERSION = /(?<![A-Za-z0-9.])v(\d{1,6})(?!\.?[A-Za-z0-9])/i;

/** The first version a text names, without its `v`: `5.2.1`, `5.3.0-rc.1`, of `v6` the 6. */
function versionOf(text: string): string | undefined {
  return (VERSION.exec(text) ?? WHOLE_VERSION.exec(text))?.[1];
}

/** The tag in the address of a release, for releases that are called otherwise. */
function tagOf(url: string): string {
  const tag = /\/releases\/(?:tag\/)?([^/?#]+)$/.exec(url)?.[1] ?? "";
  try {
    return decodeURIComponent(tag);
  } catch {
    return tag;
  }
}
