import { z } from "zod";
import { MAX_SEARCH_LENGTH } from "./compile-searches.ts";

export const REDDIT_SITE = "https://www.reddit.com";

const key = z.string().min(1).max(1_000);
const account = z.string().regex(/^[\w-]{3,20}$/, "must be an account's name, without u/");

/** What the `reddit` ingestor is configured with. */
export const RedditConfig = z
  .strictObject({
    subreddits: z
      .array(z.string().regex(/^\w{2,50}$/, "must be a subreddit's name, without r/"))
      .max(200)
      .default([])
      .describe("Subreddits whose new posts and comments are read, without r/."),
    search: z
      .array(z.string().trim().min(1).max(MAX_SEARCH_LENGTH))
      .max(50)
      .optional()
      .describe(
        "Searches for posts in Reddit's own syntax, instead of the trackers' queries; [] for no searches.",
      ),
    ownAccounts: z
      .array(account)
      .max(1_000)
      .default([])
      .describe("Your own accounts, without u/: what they write is ours."),
    clientId: key.optional().describe("Id of your approved Reddit app. Without one, public feeds are read."),
    clientSecret: key.optional().describe("Secret of your Reddit app."),
    username: account.optional().describe("Account a script app acts for."),
    password: key.optional().describe("Password of that account."),
    refreshToken: key.optional().describe("Permanent token of an account, instead of username and password."),
    userAgent: z
      .string()
      .regex(/^[\x20-\x7e]{1,500}$/, "must be 1-500 printable ASCII characters")
      .optional()
      .describe("Sent instead of the User-Agent that names Earshot and your account."),
    pauseMs: z
      .int()
      .min(0)
      .max(60_000)
      .optional()
      .describe("Pause between two requests, ms: 700 with keys and 60 000 without, unless set."),
    timeoutMs: z.int().min(100).max(300_000).default(30_000).describe("For a whole answer, ms."),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .default("https://oauth.reddit.com")
      .describe("Where the API is."),
    site: z
      .url({ protocol: /^https?$/ })
      .default(REDDIT_SITE)
      .describe("Where tokens are given out and feeds are read."),
  })
  .refine((config) => (config.clientId === undefined) === (config.clientSecret === undefined), {
    path: ["clientSecret"],
    error: "clientId and clientSecret go together",
  })
  .refine((config) => (config.username === undefined) === (config.password === undefined), {
    path: ["password"],
    error: "username and password go together",
  })
  .refine(
    (config) => config.clientId !== undefined || (config.refreshToken ?? config.password) === undefined,
    {
      path: ["clientId"],
      error: "an account needs an app: clientId and clientSecret",
    },
  );
export type RedditConfig = z.infer<typeof RedditConfig>;

/** How Earshot names itself to Reddit, in the form Reddit asks for. */
export function userAgentOf({ userAgent, username }: RedditConfig): string {
  return userAgent ?? `nodejs:earshot:v0.1${username === undefined ? "" : ` (by /u/${username})`}`;
}

/** Names of the own accounts as they are compared, in lower case. */
export function ownAccountsOf({ ownAccounts }: RedditConfig): ReadonlySet<string> {
  return new Set(ownAccounts.map((name) => name.toLowerCase()));
}
