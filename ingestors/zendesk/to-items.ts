import { z } from "zod";
import { readComments, readRating, type Comments, type Run, type Users } from "./ask-zendesk.ts";
import { isStaff, trimmed, type ZendeskItem } from "./parse-item.ts";

/** As much of a ticket as asking for what belongs to it needs. What cannot be read counts as not said. */
const Known = z.object({
  id: z.int().positive(),
  status: z.string().nullish().catch(null),
  requester_id: z.int().nullish().catch(null),
  submitter_id: z.int().nullish().catch(null),
  via: z.object({ channel: z.string() }).nullish().catch(null),
  is_public: z.boolean().nullish().catch(null),
  comment_count: z.int().nullish().catch(null),
  satisfaction_rating: z.object({ id: z.int().positive(), score: z.string() }).nullish().catch(null),
});
type Known = z.infer<typeof Known>;

/** A ticket's number, undefined when it has none. */
export function numberOf(ticket: unknown): number | undefined {
  return z.object({ id: z.int().positive() }).safeParse(ticket).data?.id;
}

/** Whether a ticket was deleted; those are still shown for a while. */
export function isDeleted(ticket: unknown): boolean {
  return z.object({ status: z.literal("deleted") }).safeParse(ticket).success;
}

/** Whether all that was ever said in a ticket is internal. */
export function isInternal(ticket: unknown): boolean {
  return z.object({ is_public: z.literal(false) }).safeParse(ticket).success;
}

/**
 * A ticket with its public comments and the rating of its requester.
 * @throws {EarshotError} what asking Zendesk throws
 */
export async function withComments(ticket: unknown, users: Users, run: Run): Promise<ZendeskItem[]> {
  const known = Known.safeParse(ticket).data;
  const isSilent = known === undefined || known.status === "deleted" || known.is_public === false;
  if (isSilent) return [itemOf(ticket, users, run, false)];
  const isAsked = mayHaveComments(known);
  const found = isAsked ? await readComments(known.id, run) : undefined;
  const rating = hasRating(known) ? await readRating(known.satisfaction_rating?.id ?? 0, run) : undefined;
  return [
    itemOf(ticket, users, run, isAsked && !isPublic(found?.comments[0])),
    ...(found === undefined ? [] : commentItems(known.id, found, run)),
    ...(rating === undefined ? [] : [ratingItem(rating, users, run)]),
  ];
}

/**
 * A ticket alone. Whether its description is an internal note is asked where it can be one.
 * @throws {EarshotError} what asking Zendesk throws
 */
export async function alone(ticket: unknown, users: Users, run: Run): Promise<ZendeskItem> {
  const known = Known.safeParse(ticket).data;
  // those who are not staff cannot write internal notes
  const isByCustomer = users.get(known?.submitter_id ?? 0)?.role === "end-user";
  const isSure = known === undefined || isByCustomer || !mayHaveComments(known);
  const isOpeningInternal = !isSure && !isPublic((await readComments(known.id, run, 1))?.comments[0]);
  return itemOf(ticket, users, run, isOpeningInternal);
}

/** The public comments on a ticket but its description, oldest first. */
export function commentItems(ticketId: number, { comments, users }: Comments, run: Run): ZendeskItem[] {
  const { subdomain: account } = run.config;
  let inReplyToUs = false;
  return comments.flatMap((comment, at) => {
    if (!isPublic(comment)) return [];
    const author = users.get(z.object({ author_id: z.int() }).safeParse(comment).data?.author_id ?? 0);
    const item: ZendeskItem = {
      account,
      ticketId,
      comment: trimmed(comment),
      ...(author === undefined ? {} : { author }),
      inReplyToUs,
    };
    inReplyToUs = isStaff(author);
    return at === 0 ? [] : [item];
  });
}

/** An item for a rating. */
export function ratingItem(rating: unknown, users: Users, run: Run): ZendeskItem {
  const requester = users.get(z.object({ requester_id: z.int() }).safeParse(rating).data?.requester_id ?? 0);
  return {
    account: run.config.subdomain,
    rating: trimmed(rating),
    ...(requester === undefined ? {} : { requester }),
  };
}

/** A ticket is its requester's, but what staff write into a new one by hand is theirs: it goes to the requester. */
function itemOf(ticket: unknown, users: Users, run: Run, isOpeningInternal: boolean): ZendeskItem {
  const known = Known.safeParse(ticket).data;
  const submitter = users.get(known?.submitter_id ?? 0);
  // programs that hand on what customers wrote submit it with an agent's key
  const isByHand = known?.via?.channel === "web" && !isOpeningInternal;
  const author = isByHand && isStaff(submitter) ? submitter : users.get(known?.requester_id ?? 0);
  return {
    account: run.config.subdomain,
    ticket: trimmed(ticket),
    ...(author === undefined ? {} : { author }),
    isOpeningInternal,
  };
}

/** The description is a comment too. What is not said of a ticket may be otherwise. */
function mayHaveComments({ comment_count: count, is_public: isTicketPublic }: Known): boolean {
  return isTicketPublic !== true || count === null || count === undefined || count > 1;
}

function hasRating({ satisfaction_rating: rating }: Known): boolean {
  return rating !== null && rating !== undefined && /^(?:good|bad)\b/.test(rating.score);
}

/** Only what is said to be public is. */
function isPublic(comment: unknown): boolean {
  return z.object({ public: z.literal(true) }).safeParse(comment).success;
}
