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

type Ticket = Awaited<ReturnType<typeof showTicket>>;

/** Tickets are asked for a hundred at a time, then what is due of each: all of a ticket is gone with it. */
async function reread(ids: readonly string[], run: Run): Promise<Reread> {
  const due = new Map<number, string[]>();
  for (const id of new Set(ids)) {
    const [, account, number] =
      /^([^/]+)\/([1-9]\d{0,15})(?:\/(?:comments|ratings)\/\d{1,16})?$/.exec(id) ?? [];
    if (account !== run.config.subdomain) continue;
    due.set(Number(number), [...(due.get(Number(number)) ?? []), id]);
  }
  const tickets = [...due.keys()];
  let shown = new Map<number | undefined, Ticket>();
  return rereadInTurn(
    tickets.map((number, at) => async () => {
      if (at % SHOWN_AT_ONCE === 0) {
        const found = await showMany(tickets.slice(at, at + SHOWN_AT_ONCE), run);
        shown = new Map(found.tickets.map((ticket) => [numberOf(ticket), { ticket, users: found.users }]));
      }
      // being left out of a list is no proof: archived tickets may be shown alone only
      const ticket = shown.get(number) ?? (await showTicket(number, run));
      return rereadTicket(number, due.get(number) ?? [], ticket, run);
    }),
  );
}

/** What became of a ticket, its comments and its ratings, as far as they are due. */
async function rereadTicket(number: number, due: readonly string[], of: Ticket, run: Run): Promise<Reread> {
  const allGone = (reason: string) => ({ items: [], gone: due.map((id) => ({ id, reason })) });
  if (of === undefined || isDeleted(of.ticket)) return allGone(GONE);
  if (isInternal(of.ticket)) return allGone(INTERNAL);
  const { subdomain: account } = run.config;
  const items: ZendeskItem[] = [];
  const gone: { id: string; reason: string }[] = [];
  if (due.includes(ticketIdOf(account, number))) items.push(await alone(of.ticket, of.users, run));

  const comments = due.filter((id) => id.includes("/comments/"));
  if (comments.length > 0) {
    const found = await readComments(number, run);
    const shown = found === undefined ? [] : commentItems(number, found, run);
    const numbers = shown.map((item) => ("comment" in item ? numberOf(item.comment) : undefined) ?? 0);
    const ids = new Set(numbers.map((comment) => commentIdOf(account, number, comment)));
    items.push(...shown);
    const reason = found === undefined ? GONE : INTERNAL;
    gone.push(...comments.filter((id) => !ids.has(id)).map((id) => ({ id, reason })));
  }
  for (const id of due.filter((one) => one.includes("/ratings/"))) {
    const rating = await readRating(Number(id.split("/").at(-1)), run);
    if (rating === undefined) gone.push({ id, reason: GONE });
    else items.push(ratingItem(rating, of.users, run));
  }
  return { items, gone };
}
