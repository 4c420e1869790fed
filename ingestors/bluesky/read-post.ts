import { z } from "zod";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import { readItem, readTime } from "../read-item.ts";

/** Collection of posts: part of every post's address. */
export const POSTS = "app.bsky.feed.post";

const POST_URI = /^at:\/\/(did:[a-z]+:[\w.:%-]+)\/app\.bsky\.feed\.post\/([\w.~:-]+)$/;

const Reference = z.object({ uri: z.string() });
const Count = z.int().nonnegative();

const PostView = z.object({
  uri: z.string().regex(POST_URI),
  author: z.object({
    did: z.string(),
    handle: z.string().default(""),
    displayName: z.string().default(""),
    followersCount: Count.optional(),
  }),
  record: z.object({
    text: z.string(),
    createdAt: z.string().optional(),
    langs: z.array(z.string()).optional(),
    reply: z.object({ parent: Reference, root: Reference }).optional(),
    // people write records as they please, so what is no quote is just no quote
    embed: z.unknown().optional(),
  }),
  indexedAt: z.string(),
  likeCount: Count.optional(),
  replyCount: Count.optional(),
  repostCount: Count.optional(),
  quoteCount: Count.optional(),
});

/** A post as Bluesky shows it, or one it does not show any more. */
const Item = z.union([
  z.object({ deleted: z.string().regex(POST_URI), reason: z.string() }),
  z.object({
    post: PostView,
    ours: z.array(z.string()).describe("Handles, lower case, and DIDs of our own accounts."),
    editedAt: z.int().nonnegative().optional().describe("When it was changed, ms since 1970."),
  }),
]);

/** An item, as far as what puts it together knows. */
export type PostItem =
  | { readonly deleted: string; readonly reason: string }
  | { readonly post: unknown; readonly ours: readonly string[]; readonly editedAt?: number };

/**
 * The mention a post is.
 * @throws {EarshotError} record_invalid
 * @see https://docs.bsky.app/docs/api/app-bsky-feed-get-posts
 */
export function readPost(written: unknown): Parsed {
  const item = readItem(Item, written, "a post of Bluesky");
  if ("deleted" in item) return { type: "delete", id: mentionId(item.deleted), reason: item.reason };
  const { post, ours, editedAt = 0 } = item;
  const { author, record } = post;
  if (record.text.trim() === "") return { type: "skip", reason: "a post without words" };
  const handle = author.handle === "handle.invalid" ? "" : author.handle;
  const parent = record.reply?.parent.uri ?? "";
  const mention: MentionFields = {
    platform: "bluesky",
    nativeId: post.uri,
    revision: editedAt,
    kind: record.reply === undefined ? "post" : "comment",
    authorId: author.did,
    authorName: author.displayName,
    authorHandle: handle,
    authorFollowers: author.followersCount ?? null,
    text: record.text,
    url: addressOf(post.uri),
    parentId: mentionId(parent),
    threadId: mentionId(record.reply?.root.uri ?? post.uri),
    amplifiesId: mentionId(quotedBy(record.embed)),
    byUs: ours.includes(author.did) || ours.includes(handle.toLowerCase()),
    inReplyToUs: ours.includes(POST_URI.exec(parent)?.[1] ?? ""),
    languageHint: languageOf(record.langs),
    publishedAt: publishedAt(record.createdAt, post.indexedAt),
    engagement: {
      likes: post.likeCount ?? null,
      replies: post.replyCount ?? null,
      shares:
        post.repostCount === undefined && post.quoteCount === undefined
          ? null
          : (post.repostCount ?? 0) + (post.quoteCount ?? 0),
      views: null,
    },
  };
  return { type: "upsert", mention };
}

/** The language a post says it is in; empty when it names several, as programs do of people who speak several. */
export function languageOf(langs: unknown): string {
  const only: unknown = Array.isArray(langs) && langs.length === 1 ? langs[0] : undefined;
  return typeof only === "string" ? only.slice(0, 35) : "";
}

/** Address of a post. */
export function uriOf(did: string, rkey: string): string {
  return `at://${did}/${POSTS}/${rkey}`;
}

/** Where a post is in an item, for dead letters. */
export function positionOf(item: unknown): string {
  const found = z.object({ post: z.object({ uri: z.string() }) }).safeParse(item).data;
  return found?.post.uri ?? "";
}

function mentionId(uri: string): string {
  return POST_URI.test(uri) ? `bluesky:${uri}` : "";
}

/** By DID: handles change hands. */
function addressOf(uri: string): string {
  const [, did = "", rkey = ""] = POST_URI.exec(uri) ?? [];
  return `https://bsky.app/profile/${did}/post/${rkey}`;
}

const Quote = z.union([
  z.object({ $type: z.literal("app.bsky.embed.record"), record: Reference }),
  z
    .object({ $type: z.literal("app.bsky.embed.recordWithMedia"), record: z.object({ record: Reference }) })
    .transform(({ record }) => record),
]);

function quotedBy(embed: unknown): string {
  return Quote.safeParse(embed).data?.record.uri ?? "";
}

/** As the author's program says, unless it says something that cannot be: then when the network first saw it. */
function publishedAt(createdAt: string | undefined, indexedAt: string): string {
  const seen = readTime(indexedAt, "A post of Bluesky");
  const said = Date.parse(createdAt ?? "");
  return said >= 0 && said <= Date.parse(seen) ? new Date(said).toISOString() : seen;
}
