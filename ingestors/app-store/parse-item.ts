import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { readItem, readTime } from "../read-item.ts";
import { connectId } from "./read-connect.ts";
import { toAlpha2 } from "./country-codes.ts";

const Label = z.looseObject({ label: z.string() });

const FeedReview = z.looseObject({
  app: z.string(),
  country: z.string(),
  review: z.looseObject({
    id: z.looseObject({ label: z.string().min(1) }),
    author: z.looseObject({ name: Label, uri: Label.optional() }).optional(),
    updated: Label,
    "im:rating": z.looseObject({ label: z.string().regex(/^[1-5]$/, "must be 1 to 5 stars") }),
    "im:version": Label.optional(),
    title: Label.optional(),
    content: Label.optional(),
    "im:voteSum": Label.optional(),
  }),
});

const ConnectReview = z.looseObject({
  app: z.string(),
  review: z.looseObject({
    id: z.string().min(1),
    attributes: z.looseObject({
      rating: z.int().min(1).max(5),
      title: z.string().nullish(),
      body: z.string().nullish(),
      reviewerNickname: z.string().nullish(),
      createdDate: z.string(),
      territory: z.string().nullish(),
    }),
  }),
});

const ConnectResponse = z.looseObject({
  app: z.string(),
  answers: z.string().min(1),
  response: z.looseObject({
    id: z.string().min(1),
    attributes: z.looseObject({ responseBody: z.string(), lastModifiedDate: z.string() }),
  }),
});

/**
 * What an item means: a review of the public feed, one of App Store Connect, or our response to one.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(item: unknown): Parsed {
  if (has(item, "response")) return ofConnectResponse(item);
  return has(item, "country") ? ofFeed(item) : ofConnect(item);
}

/** The id of a review, for dead letters. */
export function positionOf(item: unknown): string {
  const read = z
    .looseObject({ review: z.looseObject({ id: z.union([z.string(), Label]) }) })
    .safeParse(item).data;
  const id = read?.review.id ?? "";
  return (typeof id === "string" ? id : id.label).slice(0, 100);
}

/** The feed shows the time of the last edit only: it is when this wording was published. */
function ofFeed(item: unknown): Parsed {
  const { app, country, review } = readItem(FeedReview, item, "a review of the App Store's feed");
  const publishedAt = readTime(review.updated.label, "An App Store review");
  const votes = Number(review["im:voteSum"]?.label);
  return {
    type: "upsert",
    mention: {
      platform: "app_store",
      nativeId: review.id.label,
      kind: "review",
      authorId: /\/id(\d+)/.exec(review.author?.uri?.label ?? "")?.[1] ?? "",
      authorName: review.author?.name.label ?? "",
      title: review.title?.label ?? "",
      text: review.content?.label ?? "",
      url: `https://apps.apple.com/${country}/app/id${app}?see-all=reviews`,
      rating: Number(review["im:rating"].label),
      ratingMax: 5,
      product: app,
      version: review["im:version"]?.label ?? "",
      country: country.toUpperCase(),
      publishedAt,
      revision: Date.parse(publishedAt),
      engagement: {
        likes: Number.isSafeInteger(votes) && votes >= 0 ? votes : null,
        replies: null,
        shares: null,
        views: null,
      },
    },
  };
}

/** Connect shows neither that a review was edited nor when: of two wordings the one read later counts. */
function ofConnect(item: unknown): Parsed {
  const { app, review } = readItem(ConnectReview, item, "a review of App Store Connect");
  const { rating, title, body, reviewerNickname, createdDate, territory } = review.attributes;
  return {
    type: "upsert",
    mention: {
      platform: "app_store",
      nativeId: connectId(review.id),
      kind: "review",
      authorName: reviewerNickname ?? "",
      title: title ?? "",
      text: body ?? "",
      url: consoleUrl(app),
      rating,
      ratingMax: 5,
      product: app,
      country: toAlpha2(territory ?? ""),
      publishedAt: readTime(createdDate, "An App Store review"),
    },
  };
}

function ofConnectResponse(item: unknown): Parsed {
  const { app, answers, response } = readItem(ConnectResponse, item, "a response of App Store Connect");
  const publishedAt = readTime(response.attributes.lastModifiedDate, "A response to an App Store review");
  const reviewId = `app_store:${connectId(answers)}`;
  return {
    type: "upsert",
    mention: {
      platform: "app_store",
      nativeId: connectId(answers, response.id),
      kind: "comment",
      byUs: true,
      text: response.attributes.responseBody,
      url: consoleUrl(app),
      parentId: reviewId,
      threadId: reviewId,
      product: app,
      publishedAt,
      revision: Date.parse(publishedAt),
    },
  };
}

/** Where a person of ours reads reviews and answers them. */
function consoleUrl(app: string): string {
  return `https://appstoreconnect.apple.com/apps/${app}/distribution/activity/ios/ratingsResponses`;
}

function has(item: unknown, key: string): boolean {
  return typeof item === "object" && item !== null && key in item;
}
