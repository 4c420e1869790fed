import { z } from "zod";
import type { ContentDuty } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";

/** What X asks of whoever stores posts. */
export const DUTY: ContentDuty = {
  deleteWithinHours: 24,
  terms: "https://developer.x.com/en/developer-terms/policy",
};

/** What every ingestor of X is configured with. */
export const connectionShape = {
  token: z
    .string()
    .trim()
    .regex(/^[!-~]+$/, "must be one word without spaces, as X shows it")
    .describe("Bearer token of your X app; refer to a variable: ${X_BEARER_TOKEN}."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://api.x.com")
    .describe("Address of the API."),
  queries: z
    .array(z.string().min(1))
    .default([])
    .describe("Searches in X's own syntax, instead of those made of the trackers' queries."),
  maxQueryLength: z
    .int()
    .min(50)
    .max(4_096)
    .default(512)
    .describe("Longest query your X plan takes; longer ones are split."),
  ownAccounts: z
    .array(z.string().regex(/^@?\w{1,20}$/, "must be a handle, or an id"))
    .default([])
    .describe("Handles of your own accounts: what they post is marked as yours."),
  readAuthors: z
    .boolean()
    .default(true)
    .describe("Read name, handle and followers of authors; X bills each author beside the post."),
  usdPerPost: z.number().nonnegative().default(0.005).describe("What X bills for a post read, US dollars."),
  usdPerUser: z.number().nonnegative().default(0.01).describe("What X bills for an author read, US dollars."),
  lookbackHours: z
    .number()
    .positive()
    .max(167)
    .default(24)
    .describe("How far back a new search begins; every post found is billed."),
} as const;

export type Connection = z.infer<z.ZodObject<typeof connectionShape>>;

/** Handles, lower case without @, and ids that are ours. */
export function ownNames({ ownAccounts }: Connection, ids: readonly string[] = []): readonly string[] {
  return [...ownAccounts.map((name) => name.replace(/^@/, "").toLowerCase()), ...ids];
}

/** @throws {EarshotError} config_invalid */
export function nothingToSearch(keys: string): EarshotError {
  return new EarshotError(
    "config_invalid",
    `There is nothing to look for on X: give a tracker of this source a query, or the source ${keys}.`,
  );
}
