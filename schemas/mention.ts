import { z } from "zod";
import { Counter, Slug, Timestamp } from "./primitives.ts";

export const MENTION_KINDS = ["post", "comment", "review", "article", "ticket", "survey"] as const;
export const MentionKind = z.enum(MENTION_KINDS);
export type MentionKind = z.infer<typeof MentionKind>;

/** Longest text a mention may carry, in UTF-16 units. Anything longer becomes a dead letter that says so. */
export const MAX_TEXT_LENGTH = 200_000;

/** Counters the platform showed at the mention's `observedAt`. */
export const Engagement = z.strictObject({
  likes: Counter.describe("Likes, upvotes, helpful votes."),
  replies: Counter.describe("Direct replies or comments."),
  shares: Counter.describe("Reposts, quotes, shares."),
  views: Counter.describe("Impressions or views."),
});
export type Engagement = z.infer<typeof Engagement>;

/**
 * One public utterance. Absent text is the empty string, an absent number is null.
 * `id` is `<platform>:<nativeId>`; two mentions with one id are the same utterance, the larger `revision` wins.
 */
export const Mention = z.strictObject({
  id: z.string().min(3).max(600).describe("`<platform>:<nativeId>`, the key everywhere."),
  platform: Slug.describe("The site it was said on: x, reddit, app_store."),
  source: z.string().min(1).max(300).describe("The configured source (or imported file) that brought it."),
  nativeId: z.string().min(1).max(500).describe("The platform's own id."),
  revision: z
    .int()
    .nonnegative()
    .describe("When this version was written, ms since 1970; 0 if the platform shows no edits. Larger wins."),
  kind: MentionKind.describe("post, comment, review, article, ticket or survey."),
  trackers: z.array(Slug).max(100).describe("Trackers (brand, product, competitor) it belongs to."),
  authorId: z.string().max(300).describe("Who wrote it, as the platform identifies them; empty = not shown."),
  authorName: z.string().max(300).describe("Display name of the author."),
  authorHandle: z.string().max(300).describe("Handle of the author, without @."),
  authorFollowers: Counter.describe("Followers of the author at observedAt."),
  text: z.string().max(MAX_TEXT_LENGTH).describe("What was said, as plain text."),
  title: z.string().max(2_000).describe("Headline of a review, article or post."),
  url: z.string().max(4_000).describe("Where a person can read and answer it."),
  parentId: z.string().max(600).describe("Mention id of what it replies to."),
  threadId: z.string().max(600).describe("Id of the conversation it belongs to."),
  amplifiesId: z.string().max(600).describe("Mention id of what it reposts or quotes."),
  inReplyToUs: z.boolean().describe("True when it answers one of our own accounts."),
  byUs: z.boolean().describe("True when one of our own accounts wrote it."),
  rating: z.number().nullable().describe("Score given, on the scale 0..ratingMax."),
  ratingMax: z.number().positive().nullable().describe("Best possible rating: 5 for stars, 10 for NPS."),
  product: z.string().max(300).describe("Product it is about, as the source names it."),
  version: z.string().max(100).describe("Product version it is about."),
  country: z.string().max(100).describe("Country of the author or the store, ISO 3166 alpha-2 where known."),
  languageHint: z.string().max(35).describe("Language the platform says it is in, BCP 47."),
  publishedAt: Timestamp.describe("When the author published it, by the platform's clock."),
  observedAt: Timestamp.describe("When Earshot read it."),
  engagement: Engagement,
  rawHash: z.string().max(64).describe("Hash of the item as the platform sent it: tells whether it changed."),
});
export type Mention = z.infer<typeof Mention>;

/** The news that a mention is gone at its source. It stays gone, whatever arrives late. */
export const MentionDeletion = z.strictObject({
  type: z.literal("delete"),
  id: z.string().min(3).max(600).describe("Mention id, `<platform>:<nativeId>`."),
  source: z.string().min(1).max(300).describe("The configured source that told of it."),
  trackers: z.array(Slug).max(100).default([]).describe("Trackers of that source."),
  reason: z.string().max(500),
  observedAt: Timestamp,
});

export type MentionDeletion = z.infer<typeof MentionDeletion>;

/** What an ingestor makes of one item: a mention (new or changed), or the news that one was deleted. */
export const MentionEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("upsert"), mention: Mention }),
  MentionDeletion,
]);
export type MentionEvent = z.infer<typeof MentionEvent>;

type EventOfMention =
  | { readonly type: "upsert"; readonly mention: Mention }
  | { readonly type: "delete"; readonly id: string; readonly trackers: readonly string[] };

/** Which mention an event is about. */
export function idOf(event: EventOfMention): string {
  return event.type === "upsert" ? event.mention.id : event.id;
}

/** Whom an event concerns. */
export function trackersOf(event: EventOfMention): readonly string[] {
  return event.type === "upsert" ? event.mention.trackers : event.trackers;
}
