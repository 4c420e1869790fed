import { z } from "zod";
import { MENTION_KINDS } from "../../schemas/mention.ts";
import { Slug } from "../../schemas/primitives.ts";

/** Text as a feed has it, still HTML unless `isPlain`. */
const FeedText = z.strictObject({ value: z.string(), isPlain: z.boolean() });
export type FeedText = z.infer<typeof FeedText>;

/** What we read of one entry, in the feed's own words. Empty strings where it says nothing. */
export const FeedEntry = z.strictObject({
  id: z.string(),
  links: z.array(z.strictObject({ href: z.string(), rel: z.string() })),
  title: FeedText,
  texts: z.array(FeedText).describe("Content, summary, description: whatever there is, best first."),
  author: z.string(),
  authorUri: z.string(),
  published: z.string(),
  updated: z.string(),
  language: z.string(),
  base: z.string().describe("xml:base of the entry."),
  comments: z.string().describe("Address of the discussion."),
  replies: z.string().describe("How many replies the discussion has."),
  inReplyTo: z.string().describe("Id of the entry this one answers."),
});
export type FeedEntry = z.infer<typeof FeedEntry>;

/** What a feed says once for all of its entries. */
export const FeedHead = z.strictObject({
  language: z.string(),
  author: z.string(),
  base: z.string().describe("What relative links are relative to, when the feed says so."),
});
export type FeedHead = z.infer<typeof FeedHead>;

/** An entry that could not be read, as it stood in the feed. */
export const BrokenEntry = z.strictObject({ xml: z.string(), reason: z.string() });
export type BrokenEntry = z.infer<typeof BrokenEntry>;

/** One item of the `rss` ingestor: an entry with everything needed to make a mention of it, or a broken one. */
export const FeedItem = z.strictObject({
  platform: Slug,
  kind: z.enum(MENTION_KINDS),
  site: z.string().describe("Host of the feed as configured."),
  document: z.string().describe("Address the feed was read from, without query and login."),
  head: FeedHead,
  entry: z.union([FeedEntry, BrokenEntry]),
});
export type FeedItem = z.infer<typeof FeedItem>;
