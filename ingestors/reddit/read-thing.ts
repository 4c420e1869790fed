import { z } from "zod";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { readItem, readTime } from "../read-item.ts";
import { REDDIT_SITE } from "./config.ts";

const counter = z.number().nullish();
const written = {
  author: z.string().default("[deleted]"),
  author_fullname: z.string().nullish(),
  subreddit: z.string(),
  created_utc: z.number(),
  /** When it was edited, s since 1970; only `true` for edits of the first years. */
  edited: z.union([z.boolean(), z.number()]).default(false),
  score: counter,
  permalink: z.string().nullish(),
  removed_by_category: z.string().nullish(),
};
const Post = z.object({
  ...written,
  name: z.string().regex(/^t3_\w+$/),
  title: z.string(),
  selftext: z.string().default(""),
  hide_score: z.boolean().nullish(),
  num_comments: counter,
  num_crossposts: counter,
  crosspost_parent: z.string().nullish(),
});
const Comment = z.object({
  ...written,
  name: z.string().regex(/^t1_\w+$/),
  body: z.string(),
  score_hidden: z.boolean().nullish(),
  link_id: z.string(),
  parent_id: z.string(),
});

/** What the API calls a thing: its kind (`t3` a post, `t1` a comment) and what it tells of it. */
export const Thing = z.strictObject({ kind: z.string(), data: z.record(z.string(), z.unknown()) });
export type Thing = z.infer<typeof Thing>;

const READ_FIELDS = new Set([...Object.keys(Post.shape), ...Object.keys(Comment.shape)]);

/** The thing with what is read of it: Reddit sends about a hundred fields more. */
export function trimThing({ kind, data }: Thing): Thing {
  return { kind, data: Object.fromEntries(Object.entries(data).filter(([field]) => READ_FIELDS.has(field))) };
}

/**
 * The mention a thing is, or the news that it was deleted by its author or removed by moderators.
 * @throws {EarshotError} record_invalid
 * @see https://github.com/reddit-archive/reddit/wiki/JSON
 */
export function readThing({ kind, data }: Thing, byUs: boolean): Parsed {
  switch (kind) {
    case "t3":
      return readPost(readItem(Post, data, "a Reddit post"), byUs);
    case "t1":
      return readComment(readItem(Comment, data, "a Reddit comment"), byUs);
    case "t2":
    case "t5":
      return { type: "skip", reason: "neither a post nor a comment" };
    default:
      throw new EarshotError(
        "record_invalid",
        `Reddit has no posts or comments of the kind ${kind.slice(0, 20)}.`,
      );
  }
}

/** Why Reddit does not show it any more; undefined when it does. */
export function removalOf(data: Readonly<Record<string, unknown>>): string | undefined {
  const by = data["removed_by_category"];
  if (typeof by === "string") return by === "deleted" ? "deleted by its author" : `removed (${by})`;
  const isGone = [data["body"], data["selftext"]].some(
    (text) => typeof text === "string" && isRemovedText(text),
  );
  return isGone ? "deleted or removed" : undefined;
}

/** Whether a text is what Reddit shows in place of one that is gone. */
export function isRemovedText(text: string): boolean {
  return /^\s*\[ ?(?:deleted|removed)(?: by [\w ]{1,20}?)? ?\]\s*$/i.test(text);
}

/** The mention id of a full name such as `t3_1abc`. */
export function idOf(fullname: string): string {
  return `reddit:${fullname}`;
}

function readPost(post: z.infer<typeof Post>, byUs: boolean): Parsed {
  const removal = removalOf(post);
  if (removal !== undefined) return { type: "delete", id: idOf(post.name), reason: removal };
  return {
    type: "upsert",
    mention: {
      ...fieldsOf(post),
      kind: "post",
      byUs,
      title: plain(post.title),
      text: plain(post.selftext),
      threadId: idOf(post.name),
      amplifiesId: typeof post.crosspost_parent === "string" ? idOf(post.crosspost_parent) : "",
      url: linkOf(post.permalink ?? `/r/${post.subreddit}/comments/${post.name.slice(3)}/`),
      engagement: {
        likes: counterOf(post.hide_score === true ? null : post.score),
        replies: counterOf(post.num_comments),
        shares: counterOf(post.num_crossposts),
        views: null,
      },
    },
  };
}

function readComment(comment: z.infer<typeof Comment>, byUs: boolean): Parsed {
  const removal = removalOf(comment);
  if (removal !== undefined) return { type: "delete", id: idOf(comment.name), reason: removal };
  const thread = comment.link_id.slice(3);
  return {
    type: "upsert",
    mention: {
      ...fieldsOf(comment),
      kind: "comment",
      byUs,
      text: plain(comment.body),
      parentId: idOf(comment.parent_id),
      threadId: idOf(comment.link_id),
      url: linkOf(
        comment.permalink ?? `/r/${comment.subreddit}/comments/${thread}/_/${comment.name.slice(3)}/`,
      ),
      engagement: {
        likes: counterOf(comment.score_hidden === true ? null : comment.score),
        replies: null,
        shares: null,
        views: null,
      },
    },
  };
}

function fieldsOf(
  data: z.infer<typeof Post> | z.infer<typeof Comment>,
): Pick<MentionFields, "platform" | "nativeId" | "revision" | "authorId" | "authorHandle" | "publishedAt"> {
  // an account that was closed leaves its posts behind, without a name
  const isNamed = data.author !== "[deleted]";
  return {
    platform: "reddit",
    nativeId: data.name,
    revision: typeof data.edited === "number" ? Math.round(data.edited * 1_000) : 0,
    authorId: isNamed ? (data.author_fullname ?? "") : "",
    authorHandle: isNamed ? data.author : "",
    publishedAt: readTime(data.created_utc, "The item of Reddit"),
  };
}

/** Reddit's editor writes empty lines as an entity that nobody sees. */
function plain(text: string): string {
  return text.replaceAll("&#x200B;", "").trim();
}

/** More votes against than for count as none. */
function counterOf(value: number | null | undefined): number | null {
  return typeof value === "number" ? Math.max(0, Math.round(value)) : null;
}

function linkOf(path: string): string {
  return new URL(path, REDDIT_SITE).href;
}
