import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { plainText } from "../html-to-text.ts";
import { readItem, readTime } from "../read-item.ts";

const Text = z.string().nullish();
/** Counters of videos are written as text; those switched off are left out. */
const Count = z
  .union([
    z.int().nonnegative(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .nullish();

const CommentItem = z.object({
  comment: z.object({
    id: z.string().min(1),
    snippet: z.object({
      authorDisplayName: Text,
      authorChannelId: z.object({ value: z.string() }).nullish(),
      /** As its author wrote it; not everybody is shown it. */
      textOriginal: Text,
      /** Plain text too, for that is what is asked for. */
      textDisplay: Text,
      parentId: Text,
      likeCount: Count,
      publishedAt: z.string(),
      updatedAt: Text,
    }),
  }),
  videoId: z.string().optional().describe("Of the thread; a reply does not tell it."),
  channelId: z.string().optional().describe("Of the thread."),
  replies: z.int().nonnegative().optional().describe("Of the thread, for the comment that begins it."),
  byUs: z.boolean().default(false),
  inReplyToUs: z.boolean().default(false),
});

const VideoItem = z.object({
  video: z.object({
    id: z.string().min(1),
    snippet: z.object({
      title: z.string(),
      description: z.string().default(""),
      channelId: z.string().default(""),
      channelTitle: z.string().default(""),
      publishedAt: z.string(),
      defaultAudioLanguage: Text,
      defaultLanguage: Text,
    }),
    statistics: z.object({ viewCount: Count, likeCount: Count, commentCount: Count }).optional(),
  }),
  byUs: z.boolean().default(false),
});

/**
 * The mention a comment or a video is.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(item: unknown): Parsed {
  const isVideo = typeof item === "object" && item !== null && "video" in item;
  return isVideo ? parseVideo(item) : parseComment(item);
}

function parseComment(item: unknown): Parsed {
  const { comment, videoId, channelId, replies, byUs, inReplyToUs } = readItem(
    CommentItem,
    item,
    "a YouTube comment",
  );
  const { id, snippet } = comment;
  const author = snippet.authorDisplayName ?? "";
  const publishedAt = readTime(snippet.publishedAt, "A YouTube comment");
  const updatedAt = readTime(snippet.updatedAt ?? snippet.publishedAt, "The edit of a YouTube comment");
  const threadId = snippet.parentId ?? id;
  const answered = snippet.parentId ?? videoId;
  return {
    type: "upsert",
    mention: {
      platform: "youtube",
      nativeId: id,
      revision: updatedAt > publishedAt ? Date.parse(updatedAt) : 0,
      kind: "comment",
      authorId: snippet.authorChannelId?.value ?? "",
      authorName: author,
      authorHandle: author.startsWith("@") ? author.slice(1) : "",
      text: plainText(snippet.textOriginal ?? snippet.textDisplay ?? ""),
      url: addressOf(id, videoId, channelId),
      parentId: answered === undefined ? "" : `youtube:${answered}`,
      threadId: `youtube:${threadId}`,
      byUs,
      inReplyToUs,
      publishedAt,
      engagement: {
        likes: snippet.likeCount ?? null,
        replies: replies ?? null,
        shares: null,
        views: null,
      },
    },
  };
}

/** Comments on a channel instead of a video have no address of their own. */
function addressOf(id: string, videoId: string | undefined, channelId: string | undefined): string {
  if (videoId !== undefined) return `https://www.youtube.com/watch?v=${videoId}&lc=${id}`;
  return channelId === undefined ? "" : `https://www.youtube.com/channel/${channelId}`;
}

function parseVideo(item: unknown): Parsed {
  const { video, byUs } = readItem(VideoItem, item, "a YouTube video");
  const { id, snippet, statistics } = video;
  return {
    type: "upsert",
    mention: {
      platform: "youtube",
      nativeId: id,
      kind: "post",
      authorId: snippet.channelId,
      authorName: snippet.channelTitle,
      title: snippet.title,
      text: plainText(snippet.description),
      url: `https://www.youtube.com/watch?v=${id}`,
      threadId: `youtube:${id}`,
      byUs,
      languageHint: snippet.defaultAudioLanguage ?? snippet.defaultLanguage ?? "",
      publishedAt: readTime(snippet.publishedAt, "A YouTube video"),
      engagement: {
        likes: statistics?.likeCount ?? null,
        replies: statistics?.commentCount ?? null,
        shares: null,
        views: statistics?.viewCount ?? null,
      },
    },
  };
}
