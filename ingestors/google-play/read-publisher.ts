import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask } from "../ask.ts";
import type { NewestFirst, NewestFirstEntry } from "../poll-newest-first.ts";
import { retryAfter } from "../rate-limit.ts";
import { keepToken, signJwt, type Token } from "../sign-jwt.ts";
import { modifiedAt, newestComments } from "./comments.ts";
import type { GooglePlayConfig, ServiceAccount } from "./config.ts";

const Review = z.looseObject({ reviewId: z.string() });
const ReviewPage = z.looseObject({
  reviews: z.array(z.unknown()).default([]),
  tokenPagination: z.looseObject({ nextPageToken: z.string().optional() }).default({}),
});
const Grant = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** Google allows an hour. */
const GRANT_LIFETIME_MS = 60 * 60 * 1000;
const LIMIT_REASONS = /"(?:rateLimitExceeded|userRateLimitExceeded|quotaExceeded|dailyLimitExceeded)"/;

/**
 * Reads an app's reviews page by page by the Android Publisher API, each with our reply: those with words, of the last
 * seven days, latest words of an author first. It logs in when it is first asked.
 * @see https://developers.google.com/android-publisher/api-ref/rest/v3/reviews/list
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 */
export function openPublisher(key: ServiceAccount, run: RereadRun<GooglePlayConfig>): NewestFirst["read"] {
  const { config, context } = run;
  const app = config.appId;
  const base = (config.endpoint ?? "https://androidpublisher.googleapis.com").replace(/\/+$/, "");
  const token = keepToken(() => grant(key, run), context);

  return async function readPage(next, isSaved) {
    const url = new URL(`${base}/androidpublisher/v3/applications/${app}/reviews`);
    url.search = new URLSearchParams({
      maxResults: "100",
      ...(next === undefined ? {} : { token: next }),
    }).toString();
    const answer = await ask(
      {
        platform: "Google Play",
        url,
        headers: { authorization: `Bearer ${await token()}` },
        accept: isSaved ? [400] : [],
        whenRefused: `check serviceAccount of this source, and that it may reply to reviews of ${app} in the Play Console`,
        explain: ({ status, text, headers }) => {
          if (status !== 403 || !LIMIT_REASONS.test(text)) return undefined;
          const at = retryAfter(headers, context.now());
          return new EarshotError(
            "source_rate_limited",
            "Google Play's quota for reading reviews is used up (403); poll it less often.",
            at === undefined ? {} : { retryAfterMs: Math.max(0, at.getTime() - context.now().getTime()) },
          );
        },
      },
      run,
    );
    if (answer.status === 400) return undefined;
    const { success, data } = ReviewPage.safeParse(answer.json());
    if (!success) {
      throw new EarshotError(
        "source_changed",
        "Google Play answered with something that is no list of reviews.",
      );
    }
    return {
      entries: data.reviews.map((review) => entryOf(app, review)),
      next: data.tokenPagination.nextPageToken,
    };
  };
}

async function grant(key: ServiceAccount, run: RereadRun<GooglePlayConfig>): Promise<Token> {
  const issuedAt = run.context.now();
  const assertion = await signJwt({
    algorithm: "RS256",
    privateKey: key.private_key,
    keyName: "serviceAccount of this source",
    claims: {
      iss: key.client_email,
      scope: "https://www.googleapis.com/auth/androidpublisher",
      aud: key.token_uri,
    },
    issuedAt,
    lifetimeMs: GRANT_LIFETIME_MS,
  });
  const refused = "check serviceAccount of this source: its key may have been deleted";
  const answer = await ask(
    {
      platform: "Google's login",
      url: new URL(key.token_uri),
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion,
      }).toString(),
      whenRefused: refused,
      explain: ({ status }) =>
        status === 400
          ? new EarshotError("source_unauthorized", `Google's login refused us (400); ${refused}.`)
          : undefined,
    },
    run,
  );
  const { success, data } = Grant.safeParse(answer.json());
  if (!success) throw new EarshotError("source_changed", "Google's login answered without a token.");
  return {
    token: data.access_token,
    expiresAt: new Date(issuedAt.getTime() + data.expires_in * 1_000),
  };
}

function entryOf(app: string, review: unknown): NewestFirstEntry {
  const id = Review.safeParse(review).data?.reviewId;
  const { user, developer } = newestComments(review);
  const [at, repliedAt] = [modifiedAt(user), modifiedAt(developer)];
  return {
    items: [
      { app, review },
      ...(id === undefined || developer === undefined ? [] : [{ app, answers: id, reply: developer }]),
    ],
    at,
    touchedAt: at === undefined || repliedAt === undefined ? at : Math.max(at, repliedAt),
  };
}
