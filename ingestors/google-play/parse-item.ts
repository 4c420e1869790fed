import { z } from "zod";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { readItem, readTime } from "../read-item.ts";
import { modifiedAt, newestComments } from "./comments.ts";

const OwnedReview = z.looseObject({
  app: z.string(),
  review: z.looseObject({ reviewId: z.string().min(1), authorName: z.string().nullish() }),
});

const UserComment = z.looseObject({
  text: z.string().nullish(),
  originalText: z.string().nullish(),
  starRating: z.int().min(1).max(5),
  reviewerLanguage: z.string().nullish(),
  appVersionCode: z.number().nullish(),
  appVersionName: z.string().nullish(),
  thumbsUpCount: z.int().nonnegative().nullish(),
});

const PublicReview = z.looseObject({
  app: z.string(),
  locale: z.string(),
  review: z.looseObject({
    id: z.string().min(1),
    userName: z.string().nullish(),
    date: z.string(),
    score: z.int().min(1).max(5),
    text: z.string().nullish(),
    version: z.string().nullish(),
    thumbsUp: z.int().nonnegative().nullish(),
  }),
});

const Reply = z.looseObject({
  app: z.string(),
  answers: z.string().min(1),
  reply: z.looseObject({ text: z.string() }),
});

/**
 * What an item means: a review by the Publisher API, one of the public pages, or our reply to one.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(item: unknown): Parsed {
  if (has(item, "reply")) return { type: "upsert", mention: ofReply(item) };
  return { type: "upsert", mention: has(item, "locale") ? ofPublicPage(item) : ofPublisher(item) };
}

/** The id of a review, for dead letters. */
export function positionOf(item: unknown): string {
  const Id = z.looseObject({ reviewId: z.string().optional(), id: z.string().optional() });
  const review = z.looseObject({ review: Id }).safeParse(item).data?.review;
  return (review?.reviewId ?? review?.id ?? "").slice(0, 100);
}

function ofPublisher(item: unknown): MentionFields {
  const { app, review } = readItem(OwnedReview, item, "a review of Google Play");
  const { user } = newestComments(review);
  const comment = readItem(UserComment, user, "a comment of a Google Play review");
  const at = timeOf(user);
  return {
    ...written(app, review.reviewId, at),
    ...titled(comment.originalText ?? comment.text ?? ""),
    authorName: review.authorName ?? "",
    rating: comment.starRating,
    version: comment.appVersionName ?? comment.appVersionCode?.toString() ?? "",
    languageHint: comment.reviewerLanguage?.replaceAll("_", "-") ?? "",
    engagement: liked(comment.thumbsUpCount),
  };
}

function ofPublicPage(item: unknown): MentionFields {
  const { app, locale, review } = readItem(PublicReview, item, "a review of Google Play's public pages");
  const [language, country] = locale.split("-");
  return {
    ...written(app, review.id, Date.parse(readTime(review.date, "A Google Play review"))),
    text: review.text ?? "",
    authorName: review.userName ?? "",
    rating: review.score,
    version: review.version ?? "",
    country: country ?? "",
    languageHint: language ?? "",
    engagement: liked(review.thumbsUp),
  };
}

/** Google shows the time of the last edit only: it is when this wording was published. */
function written(app: string, id: string, at: number) {
  return {
    platform: "google_play",
    nativeId: id,
    kind: "review",
    url: reviewUrl(app, id),
    ratingMax: 5,
    product: app,
    publishedAt: new Date(at).toISOString(),
    revision: at,
  } as const;
}

function ofReply(item: unknown): MentionFields {
  const { app, answers, reply } = readItem(Reply, item, "a reply to a Google Play review");
  const at = typeof reply.date === "string" ? Date.parse(readTime(reply.date, "A reply")) : timeOf(reply);
  const reviewId = `google_play:${answers}`;
  return {
    platform: "google_play",
    // Google numbers reviews only
    nativeId: `${answers}:reply`,
    kind: "comment",
    byUs: true,
    text: reply.text,
    url: reviewUrl(app, answers),
    parentId: reviewId,
    threadId: reviewId,
    product: app,
    publishedAt: new Date(at).toISOString(),
    revision: at,
  };
}

/** Reviews of old have a title, a tab before their text. */
function titled(text: string): { title: string; text: string } {
  const tab = text.indexOf("\t");
  return { title: text.slice(0, Math.max(tab, 0)).trim(), text: text.slice(tab + 1).trim() };
}

function liked(likes: number | null | undefined) {
  return { likes: likes ?? null, replies: null, shares: null, views: null };
}

function timeOf(comment: unknown): number {
  const at = modifiedAt(comment);
  if (at !== undefined && at >= 0) return at;
  throw new EarshotError("record_invalid", "A comment of a Google Play review says not when it was written.");
}

function reviewUrl(app: string, id: string): string {
  return `https://play.google.com/store/apps/details?id=${app}&reviewId=${encodeURIComponent(id)}`;
}

function has(item: unknown, key: string): boolean {
  return typeof item === "object" && item !== null && key in item;
}
