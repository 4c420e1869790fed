import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { htmlToText } from "../html-to-text.ts";
import { readItem, readTime } from "../read-item.ts";

const Text = z.string().nullish();
const Count = z.int().nullish();

/** As the search gives it. */
const Hit = z.object({
  objectID: z.string().regex(/^\d+$/),
  created_at_i: z.int().nonnegative(),
  _tags: z.array(z.string()),
  author: Text,
  title: Text,
  story_text: Text,
  comment_text: Text,
  points: Count,
  num_comments: Count,
  children: z.array(z.unknown()).nullish(),
  story_id: Count,
  parent_id: Count,
  byUs: z.boolean().default(false),
});

/** As Hacker News itself gives it; `story_id` and `byUs` are ours. */
const FirebaseItem = z.object({
  id: z.int().nonnegative(),
  type: z.enum(["story", "comment", "job", "poll", "pollopt"]),
  time: z.int().nonnegative(),
  by: Text,
  title: Text,
  text: Text,
  score: Count,
  descendants: Count,
  kids: z.array(z.unknown()).nullish(),
  parent: Count,
  story_id: Count,
  byUs: z.boolean().default(false),
});

/**
 * The mention a hit of the search is, or an item as Hacker News itself gives it.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(item: unknown): Parsed {
  if (typeof item === "object" && item !== null && "objectID" in item) return parseHit(item);
  const found = readItem(FirebaseItem, item, "a Hacker News item");
  const id = String(found.id);
  const reason = whyGone(item);
  if (reason !== undefined) return { type: "delete", id: mentionId(id), reason };
  if (found.type === "pollopt") return { type: "skip", reason: "an option of a poll" };
  const isComment = found.type === "comment";
  return mentionOf({
    id,
    isComment,
    time: found.time,
    author: found.by,
    title: found.title,
    text: found.text,
    points: found.score,
    replies: isComment ? (found.kids ?? []).length : found.descendants,
    storyId: found.story_id,
    parentId: found.parent,
    byUs: found.byUs,
  });
}

const State = z.object({ deleted: z.boolean().nullish(), dead: z.boolean().nullish() });

/** Why nobody is shown an item of Hacker News any more; undefined when it is shown. */
export function whyGone(item: unknown): string | undefined {
  if (item === null) return "Hacker News has no such item any more.";
  const { data } = State.safeParse(item);
  if (data?.deleted === true) return "Deleted by its author.";
  return data?.dead === true ? "Killed by moderators or readers." : undefined;
}

function parseHit(item: object): Parsed {
  const hit = readItem(Hit, item, "a hit of the Hacker News search");
  const isComment = hit._tags.includes("comment");
  return mentionOf({
    id: hit.objectID,
    isComment,
    time: hit.created_at_i,
    author: hit.author,
    title: hit.title,
    text: isComment ? hit.comment_text : hit.story_text,
    points: hit.points,
    replies: isComment ? hit.children?.length : hit.num_comments,
    storyId: hit.story_id,
    parentId: hit.parent_id,
    byUs: hit.byUs,
  });
}

interface Told {
  readonly id: string;
  readonly isComment: boolean;
  /** Seconds since 1970. */
  readonly time: number;
  readonly author: string | null | undefined;
  readonly title: string | null | undefined;
  /** HTML, as the title is. */
  readonly text: string | null | undefined;
  readonly points: number | null | undefined;
  readonly replies: number | null | undefined;
  readonly storyId: number | null | undefined;
  readonly parentId: number | null | undefined;
  readonly byUs: boolean;
}

function mentionOf(told: Told): Parsed {
  const { id, isComment, author, storyId, parentId } = told;
  const threadId = isComment ? (storyId === null || storyId === undefined ? "" : String(storyId)) : id;
  return {
    type: "upsert",
    mention: {
      platform: "hacker_news",
      nativeId: id,
      kind: isComment ? "comment" : "post",
      authorId: author ?? "",
      authorName: author ?? "",
      authorHandle: author ?? "",
      // a comment's hit names its story too, but a comment has no headline of its own
      title: isComment ? "" : htmlToText(told.title ?? ""),
      text: htmlToText(told.text ?? ""),
      url: `https://news.ycombinator.com/item?id=${id}`,
      parentId: isComment && typeof parentId === "number" ? mentionId(String(parentId)) : "",
      threadId: threadId === "" ? "" : mentionId(threadId),
      byUs: told.byUs,
      publishedAt: readTime(told.time, "A Hacker News item"),
      engagement: {
        likes: shown(told.points),
        replies: shown(told.replies),
        shares: null,
        views: null,
      },
    },
  };
}

function mentionId(id: string): string {
  return `hacker_news:${id}`;
}

function shown(count: number | null | undefined): number | null {
  return count === null || count === undefined || count < 0 ? null : count;
}

const Identity = z.object({ objectID: z.string().optional(), id: z.int().optional() });
const Time = z.object({ created_at_i: z.int().nonnegative() });

/** Id of a hit or item, undefined when it has none. */
export function idOf(item: unknown): string | undefined {
  const { data } = Identity.safeParse(item);
  return data?.objectID ?? data?.id?.toString();
}

/** When a hit was published, ms since 1970. */
export function timeOf(hit: unknown): number | undefined {
  const { data } = Time.safeParse(hit);
  return data === undefined ? undefined : data.created_at_i * 1_000;
}
