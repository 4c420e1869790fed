import { z } from "zod";
import type { MentionFields, Parsed } from "../../core/contracts.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { readItem, readTime } from "../read-item.ts";

const Named = z.object({ id: z.string().nullish(), displayName: z.string().nullish() });
const Reply = z.object({ text: z.string(), createdAt: z.string(), updatedAt: z.string().nullish() });
const Review = z.object({
  id: z.string().min(1),
  stars: z.number().min(1).max(5),
  title: z.string().nullish(),
  text: z.string().nullish(),
  language: z.string().nullish(),
  createdAt: z.string(),
  updatedAt: z.string().nullish(),
  numberOfLikes: z.int().nonnegative().nullish(),
  consumer: Named.extend({
    displayLocation: z.string().nullish(),
    countryCode: z.string().nullish(),
  }).nullish(),
  businessUnit: Named.nullish(),
});
type Review = z.infer<typeof Review>;

/** One item of the `trustpilot` ingestor: a review, or the company's reply to one. */
const TrustpilotItem = z.union([
  z.strictObject({ review: z.unknown() }),
  z.strictObject({ reply: z.unknown(), to: z.string(), businessUnit: Named.nullish(), byUs: z.boolean() }),
]);
export type TrustpilotItem = z.infer<typeof TrustpilotItem>;

/** The items of a review as Trustpilot sent it: itself without what nobody reads, and its reply if there is one. */
export function itemsOf(review: unknown, repliesAreOurs: boolean): TrustpilotItem[] {
  const read = z.looseObject({}).safeParse(review);
  if (!read.success) return [{ review }];
  const kept = Object.fromEntries(Object.entries(read.data).filter(([field]) => field in Review.shape));
  const { companyReply: reply, businessUnit } = read.data;
  const to = idOf(review);
  if (typeof reply !== "object" || reply === null || to === "") return [{ review: kept }];
  const company = Named.safeParse(businessUnit).data;
  return [
    { review: kept },
    { reply, to, byUs: repliesAreOurs, ...(company === undefined ? {} : { businessUnit: company }) },
  ];
}

/** Trustpilot's id of a review, empty where there is none. */
export function idOf(review: unknown): string {
  return z.object({ id: z.string() }).safeParse(review).data?.id ?? "";
}

/** The id of the reply to a review: Trustpilot gives it none, and there is one at most. */
export function replyIdOf(review: string): string {
  return `${review}/reply`;
}

/** What tells one version of a review from the next, as text: its words and its reply's, not its likes. */
export function versionOf(review: unknown): string {
  const read = z.looseObject({ id: z.string() }).safeParse(review).data;
  if (read === undefined) return JSON.stringify(review) ?? "";
  const { stars, title, text, updatedAt, companyReply } = read;
  return JSON.stringify([stars, title, text, updatedAt, companyReply]);
}

/** Native id of what an item is, as far as it has one. */
export function positionOf(item: unknown): string {
  const { data } = TrustpilotItem.safeParse(item);
  if (data === undefined) return "";
  return ("to" in data ? replyIdOf(data.to) : idOf(data.review)).slice(0, 100);
}

/**
 * The mention an item is.
 * @throws {EarshotError} record_invalid
 */
export function readTrustpilotItem(written: unknown): Parsed {
  const item = readItem(TrustpilotItem, written, "an item of the trustpilot ingestor");
  return { type: "upsert", mention: "to" in item ? readReply(item) : readReview(item.review) };
}

function readReview(written: unknown): MentionFields {
  const review = readItem(Review, written, "a Trustpilot review");
  const { consumer, businessUnit } = review;
  return {
    platform: "trustpilot",
    nativeId: review.id,
    kind: "review",
    ...timesOf(review),
    authorId: consumer?.id ?? "",
    authorName: consumer?.displayName ?? "",
    title: review.title ?? "",
    text: review.text ?? "",
    rating: review.stars,
    ratingMax: 5,
    product: businessUnit?.displayName ?? "",
    country: countryOf(consumer),
    languageHint: review.language ?? "",
    url: urlOf(review.id),
    threadId: `trustpilot:${review.id}`,
    engagement: { likes: review.numberOfLikes ?? null, replies: null, shares: null, views: null },
  };
}

function readReply({
  reply,
  to,
  businessUnit,
  byUs,
}: Extract<TrustpilotItem, { to: string }>): MentionFields {
  const written = readItem(Reply, reply, "a company's reply on Trustpilot");
  return {
    platform: "trustpilot",
    nativeId: replyIdOf(to),
    kind: "comment",
    ...timesOf(written),
    byUs,
    authorId: businessUnit?.id ?? "",
    authorName: businessUnit?.displayName ?? "",
    text: written.text,
    product: businessUnit?.displayName ?? "",
    url: urlOf(to),
    parentId: `trustpilot:${to}`,
    threadId: `trustpilot:${to}`,
  };
}

function timesOf({ createdAt, updatedAt }: Pick<Review, "createdAt" | "updatedAt">): {
  publishedAt: Timestamp;
  revision: number;
} {
  const publishedAt = readTime(inUtc(createdAt), "What Trustpilot sent");
  const updated =
    typeof updatedAt === "string" ? readTime(inUtc(updatedAt), "What was edited on Trustpilot") : "";
  return { publishedAt, revision: updated > publishedAt ? Date.parse(updated) : 0 };
}

/** Trustpilot leaves the zone out of some of its times; they are UTC. */
function inUtc(time: string): string {
  return /T[\d:.]+$/.test(time) ? `${time}Z` : time;
}

/** By its code, or by the end of where the author says to be: `Aarhus, DK`. */
function countryOf(consumer: Review["consumer"]): string {
  return consumer?.countryCode ?? /(?:^|,\s*)([A-Z]{2})$/.exec(consumer?.displayLocation ?? "")?.[1] ?? "";
}

function urlOf(id: string): string {
  return `https://www.trustpilot.com/reviews/${encodeURIComponent(id)}`;
}
