import { z } from "zod";
import { list, type Config, type Run } from "./api.ts";

/** Whose comments are read: all of a channel, or those of one video. */
export interface Target {
  readonly kind: "channel" | "video";
  readonly id: string;
}

/** A comment as an item, with its times in ms since 1970. */
export interface FoundComment {
  readonly item: unknown;
  readonly id: string | undefined;
  readonly publishedAt: number | undefined;
  readonly updatedAt: number | undefined;
}

/** A thread: the comment that begins it, and those of its replies that came with it. */
export interface Thread {
  readonly id: string | undefined;
  readonly begunAt: number | undefined;
  readonly first: FoundComment;
  readonly replies: readonly FoundComment[];
  readonly totalReplies: number;
  /** All its replies, of which a thread brings five at most. */
  allReplies(): Promise<readonly FoundComment[]>;
}

/**
 * The threads of a target that were begun since a time (ms since 1970), newest first, page by page; or why there are none.
 * @see https://developers.google.com/youtube/v3/docs/commentThreads/list
 */
export async function* threadsOf(
  run: Run,
  target: Target,
  since: number,
): AsyncIterable<{ readonly threads: readonly Thread[] } | { readonly missing: string }> {
  const whose = target.kind === "channel" ? "allThreadsRelatedToChannelId" : "videoId";
  let pageToken: string | undefined;
  do {
    const listed = await list(run, "commentThreads", {
      part: "snippet,replies",
      textFormat: "plainText",
      order: "time",
      maxResults: "100",
      [whose]: target.id,
      pageToken,
    });
    if ("missing" in listed) {
      yield listed;
      return;
    }
    const threads = listed.items.map((item) => toThread(item, run));
    yield { threads: threads.filter(({ begunAt }) => begunAt === undefined || begunAt >= since) };
    const oldest = threads.findLast(({ begunAt }) => begunAt !== undefined)?.begunAt;
    if (oldest !== undefined && oldest < since) return;
    pageToken = listed.nextPageToken;
  } while (pageToken !== undefined);
}

const ThreadItem = z.object({
  snippet: z.object({
    videoId: z.string().optional(),
    channelId: z.string().optional(),
    totalReplyCount: z.int().nonnegative().default(0),
    topLevelComment: z.unknown(),
  }),
  replies: z.object({ comments: z.array(z.unknown()) }).optional(),
});

const CommentTimes = z.object({
  id: z.string(),
  snippet: z.object({ publishedAt: z.iso.datetime(), updatedAt: z.iso.datetime().optional() }),
});

const Authored = z.object({ snippet: z.object({ authorChannelId: z.object({ value: z.string() }) }) });

/** What a thread tells about its comments that they do not tell themselves. */
export interface ThreadFacts {
  readonly videoId?: string | undefined;
  readonly channelId?: string | undefined;
  readonly totalReplyCount?: number | undefined;
  /** Whether one of our channels began it. */
  readonly isOurs: boolean;
}

/** A comment with what its thread tells of it. */
export function toItem(comment: unknown, facts: ThreadFacts, isReply: boolean, config: Config): unknown {
  const byUs = isByUs(comment, config);
  return {
    comment,
    ...(facts.videoId === undefined ? {} : { videoId: facts.videoId }),
    ...(facts.channelId === undefined ? {} : { channelId: facts.channelId }),
    ...(isReply || facts.totalReplyCount === undefined ? {} : { replies: facts.totalReplyCount }),
    ...(byUs ? { byUs } : {}),
    ...(isReply && facts.isOurs && !byUs ? { inReplyToUs: true } : {}),
  };
}

/** The facts of a thread and the comment it begins with; undefined when it cannot be read. */
export function readThread(item: unknown, config: Config) {
  const { data } = ThreadItem.safeParse(item);
  if (data === undefined) return undefined;
  const { topLevelComment, ...rest } = data.snippet;
  const facts: ThreadFacts = { ...rest, isOurs: isByUs(topLevelComment, config) };
  return { first: topLevelComment, replies: data.replies?.comments ?? [], facts };
}

function isByUs(comment: unknown, { ownAccounts }: Config): boolean {
  const { data } = Authored.safeParse(comment);
  return data !== undefined && ownAccounts.includes(data.snippet.authorChannelId.value);
}

function toThread(written: unknown, run: Run): Thread {
  const { config } = run;
  const thread = readThread(written, config);
  // what cannot be read goes on as it is, and becomes a dead letter
  const { first, replies, facts } = thread ?? { first: written, replies: [], facts: { isOurs: false } };
  const begin = found(first, facts, false, config);
  const { id } = begin;
  return {
    id,
    begunAt: begin.publishedAt,
    first: begin,
    replies: replies.map((reply) => found(reply, facts, true, config)),
    totalReplies: facts.totalReplyCount ?? 0,
    allReplies: async () =>
      id === undefined ? [] : (await repliesTo(run, id)).map((reply) => found(reply, facts, true, config)),
  };
}

function found(comment: unknown, facts: ThreadFacts, isReply: boolean, config: Config): FoundComment {
  const { data } = CommentTimes.safeParse(comment);
  const publishedAt = data === undefined ? undefined : Date.parse(data.snippet.publishedAt);
  const edited = data?.snippet.updatedAt;
  return {
    item: toItem(comment, facts, isReply, config),
    id: data?.id,
    publishedAt,
    updatedAt: edited === undefined ? publishedAt : Date.parse(edited),
  };
}

/** @see https://developers.google.com/youtube/v3/docs/comments/list */
async function repliesTo(run: Run, parentId: string): Promise<readonly unknown[]> {
  const replies: unknown[] = [];
  let pageToken: string | undefined;
  do {
    const listed = await list(run, "comments", {
      part: "snippet",
      textFormat: "plainText",
      maxResults: "100",
      parentId,
      pageToken,
    });
    // deleted since the thread was listed
    if ("missing" in listed) return replies;
    replies.push(...listed.items);
    pageToken = listed.nextPageToken;
  } while (pageToken !== undefined);
  return replies;
}
