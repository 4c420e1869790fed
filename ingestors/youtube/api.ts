import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer } from "../ask.ts";
import { nextMidnightPacific } from "./midnight-pacific.ts";

const ChannelId = z.string().regex(/^UC[\w-]{22}$/, "must be a channel's id, UC and 22 characters");
const VideoId = z.string().regex(/^[\w-]{11}$/, "must be a video's id, 11 characters");

/** What a YouTube source is configured with. */
export const Config = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .describe("Key of the YouTube Data API v3; refer to a variable: ${YOUTUBE_API_KEY}."),
  channels: z
    .array(ChannelId)
    .default([])
    .describe("Ids of channels whose comments are read, those of all their videos."),
  videos: z.array(VideoId).default([]).describe("Ids of single videos whose comments are read."),
  ownAccounts: z
    .array(ChannelId)
    .default([])
    .describe("Ids of your own channels: what they write is marked as yours."),
  search: z
    .strictObject({
      queries: z
        .array(z.string().min(1).max(500))
        .default([])
        .describe("Searches as YouTube has them. Empty: the queries of the source's trackers."),
      everyHours: z
        .int()
        .min(1)
        .max(168)
        .default(6)
        .describe("How often each search is made; it costs 100 units or more, of 10,000 a day."),
      followDays: z
        .int()
        .min(1)
        .max(365)
        .default(14)
        .describe("For how long the comments of a video that was found are read."),
      maxVideos: z
        .int()
        .min(0)
        .max(500)
        .default(50)
        .describe("The comments of how many found videos are read, the latest first."),
    })
    .optional()
    .describe("Look for other people's videos too. Absent: no."),
  lookbackDays: z.int().min(1).max(3_650).default(30).describe("How far back the first poll reads."),
  replyDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe("For how long a thread is looked at again, for replies, edits and what was held for review."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://www.googleapis.com/youtube/v3")
    .describe("Address of the API."),
});
export type Config = z.infer<typeof Config>;

export type Run = RereadRun<Config>;

/** One page of a list, or why there is none: the thing asked for is gone, or has its comments switched off. */
export type Listing =
  | { readonly items: readonly unknown[]; readonly nextPageToken: string | undefined }
  | { readonly missing: string };

/** What the calls cost, in units. */
const UNITS = { commentThreads: 1, comments: 1, videos: 1, search: 100 } as const;

const List = z.object({ items: z.array(z.unknown()), nextPageToken: z.string().optional() });

/**
 * Asks for one page of a list. Its units are charged before, for refused calls cost as much.
 * @throws {EarshotError} what {@link ask} throws; source_rate_limited until midnight in California when the units of the
 * day are used up
 * @see https://developers.google.com/youtube/v3/determine_quota_cost
 */
export async function list(
  run: Run,
  what: keyof typeof UNITS,
  params: Readonly<Record<string, string | undefined>>,
): Promise<Listing> {
  const { config, budget } = run;
  const url = new URL(`${config.endpoint.replace(/\/+$/, "")}/${what}`);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  budget.allow({ units: UNITS[what] });
  budget.spend({ units: UNITS[what] });
  const answer = await ask(
    {
      platform: "YouTube",
      url,
      // in a header, so that no address ever carries it
      headers: { "x-goog-api-key": config.apiKey },
      accept: [400, 403, 404],
      whenRefused: "check apiKey of this source",
    },
    run,
  );
  if (answer.status !== 200) return { missing: missingOf(answer, run) };
  const listed = List.safeParse(answer.json());
  const isEndless =
    listed.data?.nextPageToken !== undefined && listed.data.nextPageToken === params["pageToken"];
  if (listed.success && !isEndless) return { nextPageToken: undefined, ...listed.data };
  throw new EarshotError(
    "source_changed",
    `YouTube answered for ${what} with ${isEndless ? "pages that do not end" : "something that is no list"}; its API may have changed.`,
  );
}

const MISSING = new Set([
  "channelNotFound",
  "commentNotFound",
  "commentThreadNotFound",
  "commentsDisabled",
  "forbidden",
  "notFound",
  "videoNotFound",
]);

const Problem = z.object({
  error: z.object({
    errors: z.array(z.object({ domain: z.string().default(""), reason: z.string() })).default([]),
    details: z.array(z.object({ reason: z.string().default("") })).default([]),
  }),
});

/** @see https://developers.google.com/youtube/v3/docs/errors */
function missingOf({ status, text }: Answer, { context }: Run): string {
  const { errors = [], details = [] } = problemOf(text);
  const reasons = [...errors, ...details].map(({ reason }) => reason);
  // of all of Google a key that may not be used here is "forbidden", of YouTube's lists a single thing
  const isOfKey = errors.some(({ domain, reason }) => domain === "global" && reason === "forbidden");
  const missing = isOfKey ? undefined : reasons.find((reason) => MISSING.has(reason));
  if (missing !== undefined) return missing;
  if (reasons.some((reason) => /^(?:quota|dailyLimit)Exceeded/.test(reason))) {
    throw new EarshotError(
      "source_rate_limited",
      "YouTube's units of the day are used up (403); it is read on after midnight in California. Poll it less often, " +
        "follow fewer videos or search less.",
      { retryAfterMs: nextMidnightPacific(context.now()).getTime() - context.now().getTime() },
    );
  }
  if (reasons.some((reason) => /rateLimitExceeded/i.test(reason))) {
    throw new EarshotError(
      "source_rate_limited",
      "YouTube is asked too often (403); it is asked again soon.",
      {
        retryAfterMs: 60_000,
      },
    );
  }
  if (status === 403 || reasons.some((reason) => /^(?:key|API_KEY_)/.test(reason))) {
    const shown = reasons.find((reason) => /^\w{1,60}$/.test(reason));
    throw new EarshotError(
      "source_unauthorized",
      `YouTube refused us (${shown ?? status}); check apiKey of this source, and that the YouTube Data API is enabled for it.`,
    );
  }
  if (status === 404 || reasons.includes("processingFailure") || reasons.includes("invalidPageToken")) {
    throw new EarshotError("source_unavailable", `YouTube answered ${status}; it will be asked again.`);
  }
  throw new EarshotError("source_changed", `YouTube answered ${status}; its API may have changed.`);
}

function problemOf(text: string): Partial<z.infer<typeof Problem>["error"]> {
  try {
    return Problem.safeParse(JSON.parse(text)).data?.error ?? {};
  } catch {
    return {};
  }
}
