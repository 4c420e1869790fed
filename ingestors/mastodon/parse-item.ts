import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import { htmlToText, plainText } from "../html-to-text.ts";
import { readItem, readTime } from "../read-item.ts";
import { handleOf } from "./server.ts";

const Count = z.int().nonnegative().nullish();

const Account = z.object({
  acct: z.string().min(1),
  url: z.string().default(""),
  uri: z.string().nullish(),
  username: z.string().default(""),
  display_name: z.string().default(""),
  followers_count: z.int().nullish(),
});

const Status = z.object({
  uri: z.string().min(1),
  url: z.string().nullish(),
  created_at: z.string(),
  edited_at: z.string().nullish(),
  content: z.string(),
  spoiler_text: z.string().default(""),
  language: z.string().max(35).nullish(),
  in_reply_to_id: z.string().nullish(),
  favourites_count: Count,
  replies_count: Count,
  reblogs_count: Count,
  quotes_count: Count,
  account: Account,
  reblog: z.object({ uri: z.string().min(1), content: z.string() }).nullish(),
  quote: z.object({ quoted_status: z.object({ uri: z.string().min(1) }).nullish() }).nullish(),
});

/** A status as a server gives it, and what only the server could tell of it. */
const Item = z.object({
  domain: z.string().min(1).describe("Of the accounts without a domain."),
  status: Status,
  parentUri: z.string().optional().describe("What it answers; the status has the server's own id of it."),
  rootUri: z.string().optional().describe("Where the conversation begins, as far as that is known."),
  byUs: z.boolean().default(false),
  inReplyToUs: z.boolean().default(false),
});

/**
 * The mention a status is. Its id is the URI, which is the same on every server.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(written: unknown): Parsed {
  const item = readItem(Item, written, "a Mastodon status");
  const { status, domain } = item;
  const { account, reblog } = status;
  const amplified = reblog?.uri ?? status.quote?.quoted_status?.uri;
  const isReply = (status.in_reply_to_id ?? null) !== null;
  const root = item.rootUri ?? (isReply ? undefined : status.uri);
  const title = plainText(status.spoiler_text).slice(0, 2_000);
  const text = htmlToText(status.content === "" ? (reblog?.content ?? "") : status.content);
  if (title === "" && text === "") return { type: "skip", reason: "a post without words" };
  return {
    type: "upsert",
    mention: {
      platform: "mastodon",
      nativeId: status.uri,
      revision: revisionOf(status.edited_at),
      kind: isReply ? "comment" : "post",
      authorId: account.uri ?? account.url,
      authorName: account.display_name === "" ? account.username : account.display_name,
      authorHandle: handleOf(account.acct, domain),
      authorFollowers: (account.followers_count ?? -1) < 0 ? null : (account.followers_count ?? null),
      title,
      text,
      url: status.url ?? status.uri,
      parentId: idOrNone(item.parentUri),
      threadId: idOrNone(root),
      amplifiesId: idOrNone(amplified),
      byUs: item.byUs,
      inReplyToUs: item.inReplyToUs,
      languageHint: status.language ?? "",
      publishedAt: readTime(status.created_at, "A Mastodon status"),
      engagement: {
        likes: status.favourites_count ?? null,
        replies: status.replies_count ?? null,
        shares: sharesOf(status.reblogs_count ?? null, status.quotes_count ?? null),
        views: null,
      },
    },
  };
}

function revisionOf(editedAt: string | null | undefined): number {
  return typeof editedAt === "string" ? Date.parse(readTime(editedAt, "The edit of a Mastodon status")) : 0;
}

/** Servers before Mastodon 4.5 count no quotes. */
function sharesOf(reblogs: number | null, quotes: number | null): number | null {
  return reblogs === null ? null : reblogs + (quotes ?? 0);
}

function idOrNone(uri: string | undefined): string {
  return uri === undefined ? "" : `mastodon:${uri}`;
}
