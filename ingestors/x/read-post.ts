import { z } from "zod";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import { readItem, readTime } from "../read-item.ts";
import { timeOfId } from "./snowflake.ts";

const Id = z.string().regex(/^\d{1,20}$/);
const Count = z.int().nonnegative();

const Url = z.object({ url: z.string(), expanded_url: z.string().optional() });

const Post = z.object({
  id: Id,
  text: z.string(),
  note_tweet: z
    .object({ text: z.string(), entities: z.object({ urls: z.array(Url).optional() }).optional() })
    .optional(),
  author_id: z.string().optional(),
  created_at: z.string().optional(),
  conversation_id: z.string().optional(),
  in_reply_to_user_id: z.string().optional(),
  edit_history_tweet_ids: z.array(Id).optional(),
  lang: z.string().optional(),
  entities: z
    .object({
      urls: z.array(Url).optional(),
      mentions: z.array(z.object({ id: z.string().optional(), username: z.string() })).optional(),
    })
    .optional(),
  referenced_tweets: z.array(z.object({ type: z.string(), id: z.string() })).optional(),
  public_metrics: z
    .object({
      like_count: Count.optional(),
      reply_count: Count.optional(),
      retweet_count: Count.optional(),
      quote_count: Count.optional(),
      impression_count: Count.optional(),
    })
    .optional(),
});
type Post = z.infer<typeof Post>;

/** A post with what came beside it. */
const Item = z.object({
  post: Post,
  author: z
    .object({
      name: z.string().default(""),
      username: z.string().default(""),
      public_metrics: z.object({ followers_count: Count.optional() }).optional(),
    })
    .optional(),
  place: z.object({ country_code: z.string().optional() }).optional(),
  ours: z.array(z.string()).describe("Handles, lower case, and ids of our own accounts."),
});

/**
 * The mention a post is. Each edit of a post is a post of its own to X: here they are revisions of the first.
 * @throws {EarshotError} record_invalid
 * @see https://docs.x.com/x-api/fundamentals/data-dictionary
 */
export function readPost(item: unknown): Parsed {
  const { post, author, place, ours } = readItem(Item, item, "a post of X");
  const nativeId = firstId(post);
  const isEdited = post.id !== nativeId;
  const reply = referenceOf(post, "replied_to");
  const amplified = referenceOf(post, "retweeted") || referenceOf(post, "quoted");
  const metrics = post.public_metrics ?? {};
  const { retweet_count: reposts, quote_count: quotes } = metrics;
  const mention: MentionFields = {
    platform: "x",
    nativeId,
    revision: isEdited ? timeOfId(post.id) : 0,
    kind: reply === "" ? "post" : "comment",
    authorId: post.author_id ?? "",
    authorName: author?.name ?? "",
    authorHandle: author?.username ?? "",
    authorFollowers: author?.public_metrics?.followers_count ?? null,
    text: textOf(post),
    url: `https://x.com/i/status/${post.id}`,
    parentId: reply,
    threadId: threadOf(post, nativeId),
    amplifiesId: amplified,
    inReplyToUs: repliesToUs(post, ours),
    byUs: ours.includes(post.author_id ?? "") || ours.includes((author?.username ?? "").toLowerCase()),
    country: place?.country_code ?? "",
    languageHint: languageOf(post.lang ?? ""),
    // X shows an edit's own time; the first version's is that of its id, in whole seconds as X writes them
    publishedAt:
      isEdited || post.created_at === undefined
        ? readTime(Math.floor(timeOfId(nativeId) / 1_000), "A post of X")
        : readTime(post.created_at, "A post of X"),
    engagement: {
      likes: metrics.like_count ?? null,
      replies: metrics.reply_count ?? null,
      shares: reposts === undefined && quotes === undefined ? null : (reposts ?? 0) + (quotes ?? 0),
      views: metrics.impression_count ?? null,
    },
  };
  return { type: "upsert", mention };
}

/** The id a post keeps through all its edits. */
export function firstId({ id, edit_history_tweet_ids: history = [] }: Post): string {
  return history[0] ?? id;
}

const Versions = z.object({ post: z.object({ id: Id, edit_history_tweet_ids: z.array(Id).optional() }) });

/** Ids of the versions of a post, the one at hand and the newest; undefined for what is no post. */
export function versionsOf(item: unknown): { first: string; at: string; newest: string } | undefined {
  const { data } = Versions.safeParse(item);
  if (data === undefined) return undefined;
  const { id, edit_history_tweet_ids: history = [] } = data.post;
  return { first: history[0] ?? id, at: id, newest: history.at(-1) ?? id };
}

function referenceOf(post: Post, type: string): string {
  const id = post.referenced_tweets?.find((reference) => reference.type === type)?.id;
  return id === undefined ? "" : `x:${id}`;
}

/** The conversation goes by the id of its first post, which may be one of this post's own edits. */
function threadOf(
  { conversation_id: id, edit_history_tweet_ids: history = [] }: Post,
  nativeId: string,
): string {
  return id === undefined ? "" : `x:${history.includes(id) ? nativeId : id}`;
}

/** Posts name whom they answer by id; the handle stands among the mentions. */
function repliesToUs({ in_reply_to_user_id: id, entities }: Post, ours: readonly string[]): boolean {
  if (id === undefined) return false;
  const handle = entities?.mentions?.find((mention) => mention.id === id)?.username ?? "";
  return ours.includes(id) || ours.includes(handle.toLowerCase());
}

/** The whole text, with the addresses people meant and the three characters X escapes. */
function textOf({ text, note_tweet: note, entities }: Post): string {
  let whole = note?.text ?? text;
  for (const { url, expanded_url: address } of [...(note?.entities?.urls ?? []), ...(entities?.urls ?? [])]) {
    if (address !== undefined && url !== "") whole = whole.replaceAll(url, () => address);
  }
  return whole.replace(/&(?:amp|lt|gt);/g, (escaped) => CHARACTERS[escaped] ?? escaped);
}

const CHARACTERS: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** X calls Hebrew and Indonesian by old names, and has codes of its own for posts without words. */
function languageOf(code: string): string {
  if (/^(?:und|zxx|art|q[a-z]{2})$/.test(code)) return "";
  return { iw: "he", in: "id" }[code] ?? code;
}
