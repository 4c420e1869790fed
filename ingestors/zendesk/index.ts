import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  defineIngestor,
  type Page,
  type PollRun,
  type Reread,
  type TimeWindow,
} from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { Timestamp } from "../../schemas/primitives.ts";
import { rereadInTurn } from "../reread-each.ts";
import {
  readComments,
  readExport,
  readRating,
  sameAgain,
  showMany,
  SHOWN_AT_ONCE,
  showTicket,
  type ExportPage,
  type ExportStart,
  type Run,
} from "./ask-zendesk.ts";
import { ZendeskConfig } from "./config.ts";
import { commentIdOf, parseItem, positionOf, ticketIdOf, type ZendeskItem } from "./parse-item.ts";
import {
  alone,
  commentItems,
  isDeleted,
  isInternal,
  numberOf,
  ratingItem,
  withComments,
} from "./to-items.ts";

const Cursor = z.strictObject({
  account: z.string().describe("A cursor is worth nothing for another account."),
  since: Timestamp.describe("Where the export began."),
  after: z.string().optional().describe("Zendesk's own cursor; absent until there was a first change."),
  read: z
    .array(z.string())
    .optional()
    .describe(
      "Marks of the tickets that were read of what comes next, when a limit ended a poll among them.",
    ),
});
type Cursor = z.infer<typeof Cursor>;

const FIRST_MS = 30 * 24 * 3_600_000;
/** The export tells nothing of its last minute, and takes no time in it. */
const SETTLE_MS = 2 * 60_000;

/**
 * Tickets of a Zendesk account with their public comments, ours and the customers', and the ratings customers gave the
 * help they got. Internal notes never leave Zendesk: of a ticket that begins with one, only the subject is a mention's.
 * @see https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/
 * @see https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
 */
export const zendeskIngestor = defineIngestor({
  name: "zendesk",
  summary: "Tickets in Zendesk, their public comments and satisfaction ratings, with an admin's API token.",
  source: { mode: "poll", schedule: "*/5 * * * *", scope: "all", rereadPerHour: 300 },
  config: ZendeskConfig,
  cursor: Cursor,
  poll,
  parse: parseItem,
  position: positionOf,
  reread,
  backfill,
});

async function* poll(run: PollRun<ZendeskConfig, Cursor>): AsyncIterable<Page<Cursor>> {
  const { config, context } = run;
  const account = config.subdomain;
  let cursor = run.cursor?.account === account ? run.cursor : undefined;
  const since = cursor?.since ?? settled(config.since ?? new Date(context.now().getTime() - FIRST_MS), run);
  const start = cursor?.after === undefined ? { since: new Date(since) } : { after: cursor.after };
  for await (const page of exportFrom(start, run)) {
    const items: ZendeskItem[] = [];
    const read = new Set(cursor?.read);
    const { size } = read;
    try {
      for (const ticket of page.tickets) {
        const mark = markOf(ticket);
        if (read.has(mark)) continue;
        items.push(...(await withComments(ticket, page.users, run)));
        read.add(mark);
      }
    } catch (error) {
      // comments cost a request each: where few are allowed, a page is read in several polls
      if (isPause(error) && read.size > size)
        yield { items, cursor: { ...cursor, account, since, read: [...read] } };
      throw error;
    }
    const after = page.after ?? cursor?.after;
    const next: Cursor = { account, since, ...(after === undefined ? {} : { after }) };
    const notBefore = pauseOf(page);
    yield {
      items,
      ...(isDeepStrictEqual(next, cursor) ? {} : { cursor: next }),
      ...(notBefore === undefined ? {} : { notBefore }),
    };
    if (notBefore !== undefined) return;
    cursor = next;
  }
}

/** Tells a ticket as it is now from itself after its next change. */
function markOf(ticket: unknown): string {
  const { data } = z
    .object({ id: z.int(), updated_at: z.unknown(), generated_timestamp: z.unknown() })
    .partial()
    .safeParse(ticket);
  return JSON.stringify([data?.id, data?.updated_at, data?.generated_timestamp]);
}

function isPause(error: unknown): boolean {
  return error instanceof EarshotError && (error.retried || error.code === "budget_spent");
}

/** What was written in a window may have changed since, so the export is read to its end. */
async function* backfill({ from, to }: TimeWindow, run: Run): AsyncIterable<Page<never>> {
  const Created = z.object({ created_at: z.string() });
  for await (const page of exportFrom({ since: new Date(settled(from, run)) }, run)) {
    const items: ZendeskItem[] = [];
    for (const ticket of page.tickets) {
      const created = Date.parse(Created.safeParse(ticket).data?.created_at ?? from);
      const isLater = created >= Date.parse(to);
      if (!isLater && !isDeleted(ticket)) items.push(...(await withComments(ticket, page.users, run)));
    }
    yield { items };
  }
}

async function* exportFrom(start: ExportStart, run: Run): AsyncIterable<ExportPage> {
  let at = start;
  for (;;) {
    const page = await readExport(at, run);
    yield page;
    if (page.isLast) return;
    if (page.after === undefined || ("after" in at && page.after === at.after)) throw sameAgain();
    at = { after: page.after };
  }
}

function settled(since: string | Date, { context }: Pick<Run, "context">): Timestamp {
  return new Date(Math.min(new Date(since).getTime(), context.now().getTime() - SETTLE_MS)).toISOString();
}

/** When the next request may be made, where this one was the last allowed. */
function pauseOf({ rateLimit: { remaining, resetAt } }: ExportPage): Timestamp | undefined {
  return remaining === 0 ? resetAt?.toISOString() : undefined;
}

const GONE = "Zendesk does not show it any more.";
const INTERNAL = "It is internal now.";

/** Tickets are asked for a hundred at a time; comments with their ticket; ratings one by one. */
async function reread(ids: readonly string[], run: Run): Promise<Reread> {
  const tickets: number[] = [];
  const commentsOf = new Map<number, string[]>();
  const ratings: [id: string, ticket: number, rating: number][] = [];
  for (const id of new Set(ids)) {
    const [account, number, what, part] = id.split("/");
    const ticket = toNumber(number);
    if (account !== run.config.subdomain || ticket === undefined) continue;
    const partNumber = toNumber(part);
    if (what === undefined) tickets.push(ticket);
    else if (what === "comments") commentsOf.set(ticket, [...(commentsOf.get(ticket) ?? []), id]);
    else if (what === "ratings" && partNumber !== undefined) ratings.push([id, ticket, partNumber]);
  }
  const chunks = Array.from({ length: Math.ceil(tickets.length / SHOWN_AT_ONCE) }, (_, at) =>
    tickets.slice(at * SHOWN_AT_ONCE, (at + 1) * SHOWN_AT_ONCE),
  );
  return rereadInTurn([
    ...chunks.map((chunk) => () => rereadTickets(chunk, run)),
    ...[...commentsOf].map(
      ([ticket, comments]) =>
        () =>
          rereadComments(ticket, comments, run),
    ),
    ...ratings.map(
      ([id, ticket, rating]) =>
        () =>
          rereadRating(id, ticket, rating, run),
    ),
  ]);
}

async function rereadTickets(asked: readonly number[], run: Run): Promise<Reread> {
  const shown = await showMany(asked, run);
  const found = new Map(shown.tickets.map((ticket) => [numberOf(ticket), { ticket, users: shown.users }]));
  const items: ZendeskItem[] = [];
  const gone: { id: string; reason: string }[] = [];
  for (const number of asked) {
    const id = ticketIdOf(run.config.subdomain, number);
    // being left out of a list is no proof: archived tickets may be shown alone only
    const one = found.get(number) ?? (await showTicket(number, run));
    if (one === undefined || isDeleted(one.ticket)) gone.push({ id, reason: GONE });
    else if (isInternal(one.ticket)) gone.push({ id, reason: INTERNAL });
    else items.push(await alone(one.ticket, one.users, run));
  }
  return { items, gone };
}

async function rereadComments(ticket: number, asked: readonly string[], run: Run): Promise<Reread> {
  const found = await readComments(ticket, run);
  if (found === undefined) return { items: [], gone: asked.map((id) => ({ id, reason: GONE })) };
  const { subdomain: account } = run.config;
  const items = commentItems(ticket, found, run);
  const shown = new Set(
    items.flatMap((item) => {
      const number = "comment" in item ? numberOf(item.comment) : undefined;
      return number === undefined ? [] : [commentIdOf(account, ticket, number)];
    }),
  );
  const gone = asked.filter((id) => !shown.has(id)).map((id) => ({ id, reason: INTERNAL }));
  return { items, gone };
}

async function rereadRating(id: string, ticket: number, number: number, run: Run): Promise<Reread> {
  const rating = await readRating(number, run);
  // who gave it only the ticket tells by name
  const of = rating === undefined ? undefined : await showTicket(ticket, run);
  if (of === undefined || isDeleted(of.ticket)) return { items: [], gone: [{ id, reason: GONE }] };
  return { items: [ratingItem(rating, of.users, run)], gone: [] };
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined;
}
