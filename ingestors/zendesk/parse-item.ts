import { z } from "zod";
import type { Parsed } from "../../core/contracts.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import { htmlToText, plainText } from "../html-to-text.ts";
import { readItem, readTime } from "../read-item.ts";
import { User } from "./ask-zendesk.ts";

const Ticket = z.object({
  id: z.int().positive(),
  subject: z.string().nullish(),
  description: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string().nullish(),
  requester_id: z.int().nullish(),
  is_public: z.boolean().nullish(),
});
/** Nothing else is sure to be there of a deleted ticket. */
const DeletedTicket = z.object({ id: z.int().positive(), status: z.literal("deleted") });

const Comment = z.object({
  id: z.int().positive(),
  author_id: z.int(),
  public: z.literal(true),
  html_body: z.string().nullish(),
  plain_body: z.string().nullish(),
  body: z.string().nullish(),
  created_at: z.string(),
});

const Rating = z.object({
  id: z.int().positive(),
  ticket_id: z.int().positive(),
  requester_id: z.int().nullish(),
  score: z.string(),
  comment: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string().nullish(),
});

/** One item of the `zendesk` ingestor: a ticket, a public comment on one, or how its requester rated the help. */
const ZendeskItem = z.union([
  z.strictObject({
    account: z.string().min(1),
    ticket: z.unknown(),
    author: User.optional(),
    isOpeningInternal: z.boolean().describe("Its description is an internal note."),
  }),
  z.strictObject({
    account: z.string().min(1),
    ticketId: z.int().positive(),
    comment: z.unknown(),
    author: User.optional(),
    inReplyToUs: z.boolean(),
  }),
  z.strictObject({ account: z.string().min(1), rating: z.unknown(), requester: User.optional() }),
]);
export type ZendeskItem = z.infer<typeof ZendeskItem>;
type TicketItem = Extract<ZendeskItem, { isOpeningInternal: boolean }>;
type CommentItem = Extract<ZendeskItem, { ticketId: number }>;
type RatingItem = Exclude<ZendeskItem, TicketItem | CommentItem>;

const KEPT = new Set([
  ...Object.keys(Ticket.shape),
  ...Object.keys(Comment.shape),
  ...Object.keys(Rating.shape),
  "status",
]);

/** What Zendesk sent without what nobody reads. */
export function trimmed(written: unknown): unknown {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([field]) => KEPT.has(field)));
}

/** Whether someone is staff: whatever they say is ours. */
export function isStaff(user: User | undefined): boolean {
  return user?.role === "agent" || user?.role === "admin";
}

/** Author of what Zendesk itself says, as when it merges tickets. */
const SYSTEM = -1;

/** Native id of a ticket: its number is unique in its account only. */
export function ticketIdOf(account: string, ticket: number): string {
  return `${account}/${ticket}`;
}

/** Native id of a comment on a ticket. */
export function commentIdOf(account: string, ticket: number, comment: number): string {
  return `${ticketIdOf(account, ticket)}/comments/${comment}`;
}

/** Native id of the rating of a ticket. */
export function ratingIdOf(account: string, ticket: number, rating: number): string {
  return `${ticketIdOf(account, ticket)}/ratings/${rating}`;
}

/** What stands for an item in a dead letter, as far as it can be told. */
export function positionOf(item: unknown): string {
  const { data } = ZendeskItem.safeParse(item);
  if (data === undefined) return "";
  const written = "ticket" in data ? data.ticket : "comment" in data ? data.comment : data.rating;
  const id = z.object({ id: z.int() }).safeParse(written).data?.id ?? "without id";
  if ("comment" in data) return `comment ${id} of ticket ${data.ticketId}`;
  return `${"ticket" in data ? "ticket" : "rating"} ${id}`;
}

/**
 * The mention an item is, or its deletion.
 * @throws {EarshotError} record_invalid
 */
export function parseItem(written: unknown): Parsed {
  const item = readItem(ZendeskItem, written, "an item of the zendesk ingestor");
  if ("ticket" in item) return readTicket(item);
  return "comment" in item ? readComment(item) : readSurvey(item);
}

function readTicket({ account, ticket: written, author, isOpeningInternal }: TicketItem): Parsed {
  const deleted = DeletedTicket.safeParse(written);
  if (deleted.success) {
    const id = `zendesk:${ticketIdOf(account, deleted.data.id)}`;
    return { type: "delete", id, reason: "The ticket was deleted in Zendesk." };
  }
  const ticket = readItem(Ticket, written, "a Zendesk ticket");
  if (ticket.is_public === false) return { type: "skip", reason: "a ticket nobody outside can see" };
  const title = (ticket.subject ?? "").trim();
  const text = isOpeningInternal ? "" : plainText(ticket.description ?? "");
  if (title === "" && text === "") return { type: "skip", reason: "a ticket without words" };
  const id = ticketIdOf(account, ticket.id);
  return {
    type: "upsert",
    mention: {
      platform: "zendesk",
      nativeId: id,
      kind: "ticket",
      ...timesOf(ticket, "A ticket"),
      byUs: isStaff(author),
      ...authorOf(author?.id ?? ticket.requester_id, author),
      title,
      text,
      url: urlOf(account, ticket.id),
      threadId: `zendesk:${id}`,
    },
  };
}

function readComment({ account, ticketId, comment: written, author, inReplyToUs }: CommentItem): Parsed {
  const comment = readItem(Comment, written, "a public comment on a Zendesk ticket");
  const text =
    typeof comment.html_body === "string"
      ? htmlToText(comment.html_body)
      : plainText(comment.plain_body ?? comment.body ?? "");
  if (text === "") return { type: "skip", reason: "a comment without words" };
  const byUs = isStaff(author) || comment.author_id === SYSTEM;
  return {
    type: "upsert",
    mention: {
      platform: "zendesk",
      nativeId: commentIdOf(account, ticketId, comment.id),
      kind: "comment",
      publishedAt: readTime(comment.created_at, "A comment"),
      byUs,
      inReplyToUs: inReplyToUs && !byUs,
      ...authorOf(comment.author_id, author),
      text,
      ...under(account, ticketId),
    },
  };
}

function readSurvey({ account, rating: written, requester }: RatingItem): Parsed {
  const rating = readItem(Rating, written, "a satisfaction rating of Zendesk");
  const isGood = /^good\b/.test(rating.score);
  if (!isGood && !/^bad\b/.test(rating.score)) return { type: "skip", reason: "a rating not given yet" };
  return {
    type: "upsert",
    mention: {
      platform: "zendesk",
      nativeId: ratingIdOf(account, rating.ticket_id, rating.id),
      kind: "survey",
      ...timesOf(rating, "A rating"),
      ...authorOf(rating.requester_id, requester),
      text: plainText(rating.comment ?? ""),
      rating: isGood ? 1 : 0,
      ratingMax: 1,
      ...under(account, rating.ticket_id),
    },
  };
}

function authorOf(id: number | null | undefined, user: User | undefined) {
  return { authorId: typeof id === "number" ? String(id) : "", authorName: user?.name ?? "" };
}

function under(account: string, ticket: number) {
  const id = `zendesk:${ticketIdOf(account, ticket)}`;
  return { url: urlOf(account, ticket), parentId: id, threadId: id };
}

function urlOf(account: string, ticket: number): string {
  return `https://${account}.zendesk.com/agent/tickets/${ticket}`;
}

function timesOf(
  { created_at, updated_at }: { created_at: string; updated_at?: string | null | undefined },
  what: string,
): { publishedAt: Timestamp; revision: number } {
  const publishedAt = readTime(created_at, what);
  const updatedAt = typeof updated_at === "string" ? readTime(updated_at, what) : publishedAt;
  return { publishedAt, revision: updatedAt > publishedAt ? Date.parse(updatedAt) : 0 };
}
