import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer } from "../ask.ts";
import type { NewestFirstEntry, NewestFirstPage } from "../poll-newest-first.ts";
import type { ReadRateLimit } from "../rate-limit.ts";
import type { ShownReview } from "../reread-reviews.ts";
import { keepToken, signJwt } from "../sign-jwt.ts";
import { baseOf, type AppStoreConfig, type ConnectKeys } from "./config.ts";

/** Connect and the public feed number reviews differently; its ids carry a mark so that they never meet. */
const PREFIX = "connect:";

/** Native id of a review of App Store Connect, and of the response to it. */
export function connectId(review: string, response?: string): string {
  return `${PREFIX}${review}${response === undefined ? "" : `:${response}`}`;
}

/** The review that a native id belongs to; undefined for ids of the public feed. */
export function connectReviewOf(nativeId: string): string | undefined {
  return nativeId.startsWith(PREFIX) ? nativeId.slice(PREFIX.length).split(":")[0] : undefined;
}

const Reference = z.looseObject({ id: z.string() });
const Relationships = z.looseObject({
  relationships: z.looseObject({ response: z.looseObject({ data: Reference }) }),
});
const Created = z.looseObject({ attributes: z.looseObject({ createdDate: z.string() }) });
const Included = z.array(z.unknown()).default([]);
const ReviewPage = z.looseObject({
  data: z.array(z.unknown()),
  included: Included,
  links: z.looseObject({ next: z.string().optional() }).default({}),
});
const OneReview = z.looseObject({ data: Reference, included: Included });

/** Apple allows 20 minutes. */
const TOKEN_LIFETIME_MS = 15 * 60 * 1000;
/** The hour of the limit rolls, so some of it comes back before it is over. */
const REST_MS = 15 * 60 * 1000;

/**
 * `X-Rate-Limit: user-hour-lim:3500;user-hour-rem:500;`, which says nothing of a reset.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/identifying-rate-limits
 */
export const readConnectRateLimit: ReadRateLimit = (headers, now) => {
  const left = /user-hour-rem:(\d+)/.exec(headers.get("x-rate-limit") ?? "")?.[1];
  if (left === undefined) return {};
  const remaining = Number(left);
  return remaining > 0 ? { remaining } : { remaining, resetAt: new Date(now.getTime() + REST_MS) };
};

/** App Store Connect, as its keys open it. */
export interface Connect {
  /** One page of the app's reviews, newest first, each with our response. */
  readonly readPage: (token: string | undefined, isSaved: boolean) => Promise<NewestFirstPage | undefined>;
  /** One review with our response; undefined when it is not shown. */
  readonly readReview: (id: string) => Promise<ShownReview | undefined>;
}

/**
 * Reads an app's reviews of all countries by App Store Connect.
 * @see https://developer.apple.com/documentation/appstoreconnectapi/get-v1-apps-_id_-customerreviews
 * @see https://developer.apple.com/documentation/appstoreconnectapi/generating-tokens-for-api-requests
 */
export function openConnect(keys: ConnectKeys, run: RereadRun<AppStoreConfig>): Connect {
  const { config, context } = run;
  const app = config.appId;
  const token = keepToken(async () => {
    const issuedAt = context.now();
    const signed = await signJwt({
      algorithm: "ES256",
      privateKey: keys.privateKey,
      keyName: "privateKey of this source",
      keyId: keys.keyId,
      claims: { iss: keys.issuerId, aud: "appstoreconnect-v1" },
      issuedAt,
      lifetimeMs: TOKEN_LIFETIME_MS,
    });
    return { token: signed, expiresAt: new Date(issuedAt.getTime() + TOKEN_LIFETIME_MS) };
  }, context);

  async function askConnect(path: string, query: string, accept: readonly number[]): Promise<Answer> {
    const url = new URL(baseOf(config.endpoint ?? "https://api.appstoreconnect.apple.com") + path);
    url.search = query;
    return ask(
      {
        platform: "App Store Connect",
        url,
        headers: { authorization: `Bearer ${await token()}` },
        rateLimit: readConnectRateLimit,
        accept,
        whenRefused:
          "check issuerId, keyId and privateKey of this source, and that the key's role may read customer reviews",
      },
      run,
    );
  }

  return {
    async readPage(next, isSaved) {
      const answer = await askConnect(
        `/v1/apps/${app}/customerReviews`,
        next ?? "sort=-createdDate&limit=200&include=response",
        isSaved ? [400] : [],
      );
      if (answer.status === 400) return undefined;
      const { data, included, links } = readEnvelope(ReviewPage, answer);
      return {
        entries: data.map((review) => entryOf(app, review, included)),
        // only its query is taken over: the token goes nowhere but to the endpoint
        next: links.next === undefined ? undefined : queryOf(links.next),
        notBefore: answer.rateLimit.resetAt?.toISOString(),
      };
    },

    async readReview(id) {
      const answer = await askConnect(
        `/v1/customerReviews/${encodeURIComponent(id)}`,
        "include=response",
        [404],
      );
      if (answer.status === 404) return undefined;
      const { data, included } = readEnvelope(OneReview, answer);
      const response = responseOf(data, included);
      return {
        items: entryOf(app, data, included).items,
        replies: response === undefined ? [] : [connectId(data.id, response.id)],
      };
    },
  };
}

function readEnvelope<S extends z.ZodType>(schema: S, answer: Answer): z.output<S> {
  const read = schema.safeParse(answer.json());
  if (read.success) return read.data;
  throw new EarshotError(
    "source_changed",
    "App Store Connect answered with something that is no list of reviews.",
  );
}

function queryOf(link: string): string {
  const query = URL.canParse(link) ? new URL(link).search.slice(1) : "";
  if (query !== "") return query;
  throw new EarshotError("source_changed", "App Store Connect named a next page that is no address.");
}

function entryOf(app: string, review: unknown, included: readonly unknown[]): NewestFirstEntry {
  const response = responseOf(review, included);
  const id = Reference.safeParse(review).data?.id;
  const at = Date.parse(Created.safeParse(review).data?.attributes.createdDate ?? "");
  return {
    items: [
      { app, review: withoutLinks(review) },
      ...(response === undefined ? [] : [{ app, answers: id, response: withoutLinks(response) }]),
    ],
    at: Number.isNaN(at) ? undefined : at,
  };
}

function responseOf(review: unknown, included: readonly unknown[]): z.infer<typeof Reference> | undefined {
  const id = Relationships.safeParse(review).data?.relationships.response.data.id;
  const response = included.find((resource) => Reference.safeParse(resource).data?.id === id);
  return id === undefined ? undefined : Reference.safeParse(response).data;
}

function withoutLinks(resource: unknown): unknown {
  if (typeof resource !== "object" || resource === null || Array.isArray(resource)) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([key]) => key !== "links" && key !== "relationships"),
  );
}
