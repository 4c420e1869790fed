import { z } from "zod";

/** What a Hacker News source is configured with. */
export const Config = z.strictObject({
  queries: z
    .array(z.string().min(1).max(500))
    .default([])
    .describe(
      "Searches in Algolia's syntax, as in [\"acme parcels\"]. Empty: the queries of the source's trackers.",
    ),
  ownAccounts: z
    .array(z.string().regex(/^[\w-]+$/, "must be a user's name, letters, digits, - and _"))
    .default([])
    .describe("Your own users there: what they write is read, whatever it says, and marked as yours."),
  lookbackDays: z.int().min(1).max(7_000).default(30).describe("How far back the first poll reads."),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://hn.algolia.com/api/v1")
    .describe("Address of the search."),
  itemEndpoint: z
    .url({ protocol: /^https?$/ })
    .default("https://hacker-news.firebaseio.com/v0")
    .describe("Address that tells what became of an item."),
});
export type Config = z.infer<typeof Config>;
