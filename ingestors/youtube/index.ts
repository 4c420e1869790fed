import { z } from "zod";
import { defineIngestor, type Gap, type Page, type PollRun, type TimeWindow } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { Heard, resume, type Overlap } from "../overlap.ts";
import { Config, type Run } from "./api.ts";
import { parseItem } from "./parse-item.ts";
import { reread } from "./reread.ts";
import { readVideos, searchesFor, searchVideos } from "./search.ts";
import { threadsOf, type FoundComment, type Target, type Thread } from "./threads.ts";

const Moment = z.int().nonnegative();

const Cursor = z.strictObject({
  targets: z.record(z.string(), Heard).describe("How far each channel or video was heard."),
  searches: z
    .record(z.string(), z.strictObject({ at: Moment, heard: Heard.optional() }))
    .describe("When each search was made last, ms since 1970, and how far it was heard."),
  found: z.record(z.string(), Moment).describe("Videos that searches have found, and when."),
  parked: z.record(z.string(), Moment).describe("Videos without comments, and when to look again."),
});
type Cursor = z.infer<typeof Cursor>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A search knows a video some hours after it was published. */
const SEARCH_OVERLAP_MS = DAY_MS;
/** The schedule's own jitter must not cost a search a whole turn. */
const SLACK_MS = 5 * 60_000;
const PARKED_MS = 7 * DAY_MS;

/**
 * Comments on the videos of channels, on single videos, and, found by search, other people's videos and the comments on
 * them. Threads come newest first, and a new reply does not bring an old thread up: so those of the last days are looked
 * at again each time. Every call costs units of a quota that is renewed at midnight in California.
 * @see https://developers.google.com/youtube/v3/docs
 */
export const youtubeIngestor = defineIngestor({
  name: "youtube",
  summary: "Comments on YouTube, of channels, of single videos and of videos found by search.",
  source: {
    mode: "poll",
    schedule: "*/30 * * * *",
    scope: "all",
    duty: { rereadWithinDays: 30, terms: "https://developers.google.com/youtube/terms/developer-policies" },
  },
  config: Config,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: positionOf,
  reread,
  backfill,
});

async function* poll(run: PollRun<Config, Cursor>): AsyncIterable<Page<Cursor>> {
  const now = run.context.now();
  const searches = searchesFor(run);
  const cursor = tidied(
    run.cursor ?? { targets: {}, searches: {}, found: {}, parked: {} },
    run.config,
    now,
    searches,
  );
  // comments cost little and come first, searches cost much
  for (const target of targetsOf(run.config, cursor)) yield* hear(run, target, cursor, now);
  for (const search of searches) yield* look(run, search, cursor, now);
}

/** The cursor without what is no longer followed. */
function tidied(cursor: Cursor, config: Config, now: Date, searches: readonly string[]): Cursor {
  const { followDays = 0, maxVideos = 0 } = config.search ?? {};
  const found = Object.entries(cursor.found)
    .filter(([, at]) => at > now.getTime() - followDays * DAY_MS)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, maxVideos);
  const parked = Object.entries(cursor.parked).filter(([, until]) => until > now.getTime());
  const kept = { ...cursor, found: Object.fromEntries(found), parked: Object.fromEntries(parked) };
  const followed = new Set([...targetsOf(config, { ...kept, parked: {} })].map(nameOf));
  return {
    ...kept,
    targets: Object.fromEntries(Object.entries(cursor.targets).filter(([name]) => followed.has(name))),
    searches: Object.fromEntries(Object.entries(cursor.searches).filter(([name]) => searches.includes(name))),
  };
}

/** @throws {EarshotError} config_invalid when nothing is configured at all */
function targetsOf(config: Config, { found, parked }: Pick<Cursor, "found" | "parked">): readonly Target[] {
  const { channels, videos, search } = config;
  if (channels.length + videos.length === 0 && search === undefined) {
    throw new EarshotError(
      "config_invalid",
      "There is nothing to listen to on YouTube; set channels, videos or search.",
    );
  }
  const ids = new Set([...videos, ...Object.keys(found)]);
  return [
    ...[...new Set(channels)].map((id): Target => ({ kind: "channel", id })),
    ...[...ids].filter((id) => parked[id] === undefined).map((id): Target => ({ kind: "video", id })),
  ];
}

function nameOf({ kind, id }: Target): string {
  return `${kind}:${id}`;
}

/** The news of one channel or video; `cursor` is moved on. */
async function* hear(
  run: PollRun<Config, Cursor>,
  target: Target,
  cursor: Cursor,
  now: Date,
): AsyncIterable<Page<Cursor>> {
  const { replyDays, lookbackDays } = run.config;
  const name = nameOf(target);
  const before = cursor.targets[name];
  const overlap = resume(before, replyDays * DAY_MS, now);
  const since = overlap.since ?? now.getTime() - lookbackDays * DAY_MS;
  for await (const page of threadsOf(run, target, since)) {
    if ("missing" in page) {
      run.context.log.warn({ target: name, reason: page.missing }, "YouTube shows no comments of it");
      if (target.kind === "channel") {
        const window = { from: new Date(since).toISOString(), to: now.toISOString() };
        yield { items: [], gap: missingChannel(target, page.missing, window) };
      } else {
        cursor.parked[target.id] = now.getTime() + PARKED_MS;
        yield { items: [], cursor: copyOf(cursor) };
      }
      return;
    }
    const items: unknown[] = [];
    for (const thread of page.threads) {
      for (const comment of await newsOf(thread, overlap)) items.push(comment.item);
    }
    if (items.length > 0) yield { items };
  }
  const reached = overlap.atEnd();
  if (reached === undefined || JSON.stringify(reached) === JSON.stringify(before)) return;
  cursor.targets[name] = reached;
  yield { items: [], cursor: copyOf(cursor) };
}

/** What of a thread was not met before. Its other replies are asked for when there are more or fewer than last time. */
async function newsOf(thread: Thread, overlap: Overlap): Promise<readonly FoundComment[]> {
  const { id, begunAt, first, totalReplies } = thread;
  const hasAll = totalReplies <= thread.replies.length;
  const replies =
    hasAll || !overlap.isNews(begunAt, "replies", id, totalReplies)
      ? thread.replies
      : await thread.allReplies();
  return [first, ...replies].filter((comment) =>
    overlap.isNews(comment.updatedAt, comment.id ?? comment.item, comment.updatedAt),
  );
}

function missingChannel({ id }: Target, reason: string, window: TimeWindow): Gap {
  const why =
    reason === "commentsDisabled"
      ? `The channel ${id} has its comments switched off; take it out of channels.`
      : `YouTube does not show the channel ${id} (${reason}); correct channels.`;
  return { ...window, reason: why };
}

/** Makes a search when it is time to; `cursor` is moved on. */
async function* look(
  run: PollRun<Config, Cursor>,
  search: string,
  cursor: Cursor,
  now: Date,
): AsyncIterable<Page<Cursor>> {
  const before = cursor.searches[search];
  const everyMs = (run.config.search?.everyHours ?? 0) * HOUR_MS;
  if (before !== undefined && before.at > now.getTime() - everyMs + SLACK_MS) return;
  const overlap = resume(before?.heard, SEARCH_OVERLAP_MS, now);
  const from = new Date(overlap.since ?? now.getTime() - run.config.lookbackDays * DAY_MS).toISOString();
  const { videos, isCut } = await searchVideos(run, search, { from });
  const news = videos.filter(({ id, publishedAt }) => overlap.isNews(publishedAt, id));
  const found = await readVideos([...new Set(news.map(({ id }) => id))], run);
  for (const { id } of news) {
    const channelId = found.get(id)?.channelId;
    // the comments on all videos of a channel that is listened to are read anyway
    const isFollowed = channelId !== undefined && !run.config.channels.includes(channelId);
    if (isFollowed) cursor.found[id] ??= now.getTime();
  }
  const heard = overlap.atEnd();
  cursor.searches[search] = { at: now.getTime(), ...(heard === undefined ? {} : { heard }) };
  const gap = isCut ? cutSearch(videos.at(-1)?.publishedAt, { from, to: now.toISOString() }) : undefined;
  const items = [...found.values()].map(({ item }) => item);
  yield { items, cursor: copyOf(cursor), ...(gap === undefined ? {} : { gap }) };
}

function cutSearch(oldest: number | undefined, window: TimeWindow): Gap {
  return {
    from: window.from,
    to: oldest === undefined ? window.to : new Date(oldest).toISOString(),
    reason: "A search finds more videos than are read at once; make it narrower, or search more often.",
    isPartial: true,
  };
}

/** Pages are written while the walk goes on. */
function copyOf(cursor: Cursor): Cursor {
  return structuredClone(cursor);
}

async function* backfill(window: TimeWindow, run: Run): AsyncIterable<Page<never>> {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const isWithin = (at: number | undefined) => at === undefined || (at >= from && at < to);
  const found: string[] = [];
  for (const search of searchesFor(run)) {
    const { videos, isCut } = await searchVideos(run, search, window);
    const news = videos.map(({ id }) => id).filter((id) => !found.includes(id));
    const read = await readVideos([...new Set(news)], run);
    found.push(...read.keys());
    const gap = isCut ? cutSearch(videos.at(-1)?.publishedAt, window) : undefined;
    yield { items: [...read.values()].map(({ item }) => item), ...(gap === undefined ? {} : { gap }) };
  }
  const followed = Object.fromEntries(found.slice(0, run.config.search?.maxVideos).map((id) => [id, 0]));
  for (const target of targetsOf(run.config, { found: followed, parked: {} })) {
    // threads begun before may have been answered within
    for await (const page of threadsOf(run, target, from - run.config.replyDays * DAY_MS)) {
      if ("missing" in page) {
        if (target.kind === "channel") yield { items: [], gap: missingChannel(target, page.missing, window) };
        break;
      }
      const items: unknown[] = [];
      for (const thread of page.threads) {
        if (thread.begunAt !== undefined && thread.begunAt >= to) continue;
        const hasAll = thread.totalReplies <= thread.replies.length;
        const replies = hasAll ? thread.replies : await thread.allReplies();
        const within = [thread.first, ...replies].filter(({ publishedAt }) => isWithin(publishedAt));
        items.push(...within.map(({ item }) => item));
      }
      yield { items };
    }
  }
}

const Position = z.union([
  z.object({ comment: z.object({ id: z.string() }) }).transform(({ comment }) => comment.id),
  z.object({ video: z.object({ id: z.string() }) }).transform(({ video }) => video.id),
]);

function positionOf(item: unknown): string {
  return Position.safeParse(item).data ?? "";
}
