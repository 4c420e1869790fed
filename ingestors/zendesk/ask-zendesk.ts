import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Answer, type Ask } from "../ask.ts";
import { rateLimitHeaders, type RateLimit, type ReadRateLimit } from "../rate-limit.ts";
import type { ZendeskConfig } from "./config.ts";

export type Run = RereadRun<ZendeskConfig>;

/**
 * Tickets of one answer of the export: few enough that their comments, a request for each, fit into a minute's
 * allowance of the smallest plan.
 */
const EXPORT_PAGE = 100;
const COMMENTS_PAGE = 100;
/** Most tickets `show_many` takes. */
export const SHOWN_AT_ONCE = 100;

/** As much of a user as a mention tells. */
export const User = z.object({ id: z.int(), name: z.string().nullish(), role: z.string().nullish() });
export type User = z.infer<typeof User>;

export type Users = ReadonlyMap<number, User>;

/** Where the export goes on: after a cursor of Zendesk's, or from a time on. */
export type ExportStart = { readonly after: string } | { readonly since: Date };

export interface ExportPage {
  readonly tickets: readonly unknown[];
  readonly users: Users;
  readonly after: string | undefined;
  readonly isLast: boolean;
  readonly rateLimit: RateLimit;
}

const Sideloaded = z.object({ users: z.array(z.unknown()).default([]) });
const Exported = Sideloaded.extend({
  tickets: z.array(z.unknown()),
  after_cursor: z.string().min(1).nullish(),
  end_of_stream: z.boolean(),
});

/**
 * Tickets that were created, changed or deleted, oldest change first.
 * @throws {EarshotError} cursor_lost when Zendesk does not take its own cursor any more, and what {@link ask} throws
 * @see https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
 */
export async function readExport(start: ExportStart, run: Run): Promise<ExportPage> {
  const from: Record<string, string> =
    "after" in start
      ? { cursor: start.after }
      : { start_time: String(Math.floor(start.since.getTime() / 1_000)) };
  const query = { ...from, per_page: String(EXPORT_PAGE), include: "users,comment_count" };
  const answer = await askZendesk("/api/v2/incremental/tickets/cursor.json", query, run, {
    explain: ({ status }) => {
      if (status === 404) return unknownAccount(run.config);
      return "after" in start && (status === 400 || status === 422) ? lost() : undefined;
    },
  });
  const page = readAnswer(Exported, answer);
  return {
    tickets: page.tickets,
    users: toUsers(page.users),
    after: page.after_cursor ?? undefined,
    isLast: page.end_of_stream,
    rateLimit: answer.rateLimit,
  };
}

export interface Comments {
  /** Internal ones too, oldest first; the first is the ticket's description. */
  readonly comments: readonly unknown[];
  readonly users: Users;
}

const Commented = Sideloaded.extend({
  comments: z.array(z.unknown()),
  meta: z.object({ has_more: z.boolean(), after_cursor: z.string().nullish() }).nullish(),
});

/**
 * The comments of a ticket, undefined when Zendesk answers that there is no such ticket.
 * @param most how many are needed; all when absent
 * @throws {EarshotError} what {@link ask} throws
 * @see https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
 */
export async function readComments(ticket: number, run: Run, most = Infinity): Promise<Comments | undefined> {
  const comments: unknown[] = [];
  const users = new Map<number, User>();
  let after: string | undefined;
  do {
    const query = {
      include: "users",
      "page[size]": String(Math.min(most, COMMENTS_PAGE)),
      ...(after === undefined ? {} : { "page[after]": after }),
    };
    const answer = await askZendesk(`/api/v2/tickets/${ticket}/comments.json`, query, run, { accept: [404] });
    if (answer.status === 404) return undefined;
    const page = readAnswer(Commented, answer);
    comments.push(...page.comments);
    for (const [id, user] of toUsers(page.users)) users.set(id, user);
    const next = page.meta?.has_more === true ? (page.meta.after_cursor ?? undefined) : undefined;
    if (next !== undefined && next === after) throw sameAgain();
    after = next;
  } while (after !== undefined && comments.length < most);
  return { comments, users };
}

const Shown = Sideloaded.extend({ tickets: z.array(z.unknown()) });

/**
 * Tickets by their ids, {@link SHOWN_AT_ONCE} at most. Those that are gone are left out.
 * @throws {EarshotError} what {@link ask} throws
 */
export async function showMany(
  ids: readonly number[],
  run: Run,
): Promise<{ readonly tickets: readonly unknown[]; readonly users: Users }> {
  const query = { ids: ids.join(","), include: "users,comment_count" };
  const { tickets, users } = readAnswer(
    Shown,
    await askZendesk("/api/v2/tickets/show_many.json", query, run, {}),
  );
  return { tickets, users: toUsers(users) };
}

const One = Sideloaded.extend({ ticket: z.unknown() });

/**
 * One ticket, undefined when Zendesk answers that there is none.
 * @throws {EarshotError} what {@link ask} throws
 */
export async function showTicket(
  id: number,
  run: Run,
): Promise<{ readonly ticket: unknown; readonly users: Users } | undefined> {
  const query = { include: "users,comment_count" };
  const answer = await askZendesk(`/api/v2/tickets/${id}.json`, query, run, { accept: [404] });
  if (answer.status === 404) return undefined;
  const { ticket, users } = readAnswer(One, answer);
  return { ticket, users: toUsers(users) };
}

const Rated = z.object({ satisfaction_rating: z.unknown() });

/**
 * How a requester rated the help they got, undefined when Zendesk answers that there is no such rating.
 * @throws {EarshotError} what {@link ask} throws
 * @see https://developer.zendesk.com/api-reference/ticketing/ticket-management/satisfaction_ratings/
 */
export async function readRating(id: number, run: Run): Promise<unknown> {
  const answer = await askZendesk(`/api/v2/satisfaction_ratings/${id}.json`, {}, run, { accept: [404] });
  return answer.status === 404 ? undefined : readAnswer(Rated, answer).satisfaction_rating;
}

function askZendesk(
  path: string,
  query: Readonly<Record<string, string>>,
  run: Run,
  options: Pick<Ask, "accept" | "explain">,
): Promise<Answer> {
  const { subdomain, email, token, oauthToken, endpoint } = run.config;
  const url = new URL(`${(endpoint ?? `https://${subdomain}.zendesk.com`).replace(/\/+$/, "")}${path}`);
  url.search = new URLSearchParams(query).toString();
  const authorization =
    oauthToken === undefined
      ? `Basic ${Buffer.from(`${email ?? ""}/token:${token ?? ""}`).toString("base64")}`
      : `Bearer ${oauthToken}`;
  const keys = oauthToken === undefined ? "email and token" : "oauthToken";
  return ask(
    {
      platform: "Zendesk",
      url,
      headers: { authorization },
      rateLimit: readRateLimit,
      whenRefused: `check ${keys} of this source, and that they are an admin's`,
      ...options,
    },
    run,
  );
}

const ofAccount = rateLimitHeaders("ratelimit-remaining", "ratelimit-reset", "seconds");

/**
 * The account's limit, or the narrower one of an endpoint: `zendesk-ratelimit-…: total=10; remaining=9; resets=41`.
 * @see https://developer.zendesk.com/api-reference/introduction/rate-limits/
 */
const readRateLimit: ReadRateLimit = (headers, now) => {
  let strictest = ofAccount(headers, now);
  for (const [name, value] of headers) {
    if (!name.startsWith("zendesk-ratelimit-")) continue;
    const remaining = Number(/\bremaining=(\d+)/.exec(value)?.[1] ?? NaN);
    const seconds = Number(/\bresets=(\d+)/.exec(value)?.[1] ?? NaN);
    if (Number.isNaN(remaining) || Number.isNaN(seconds)) continue;
    if (remaining >= (strictest.remaining ?? Infinity)) continue;
    strictest = { remaining, resetAt: new Date(now.getTime() + seconds * 1_000) };
  }
  return strictest;
};

function readAnswer<S extends z.ZodType>(schema: S, answer: Answer): z.output<S> {
  const read = schema.safeParse(answer.json());
  if (read.success) return read.data;
  throw new EarshotError(
    "source_changed",
    "Zendesk answered in a form it did not use to; its API may have changed.",
  );
}

function toUsers(users: readonly unknown[]): Map<number, User> {
  const read = users.flatMap((user) => User.safeParse(user).data ?? []);
  return new Map(read.map((user) => [user.id, user]));
}

/** Of pages that do not end. */
export function sameAgain(): EarshotError {
  return new EarshotError(
    "source_changed",
    "Zendesk gives the same page again and again; its API may have changed.",
  );
}

function unknownAccount({ subdomain }: ZendeskConfig): EarshotError {
  return new EarshotError(
    "source_changed",
    `Zendesk knows no account ${subdomain} (404); correct subdomain of this source.`,
  );
}

function lost(): EarshotError {
  return new EarshotError("cursor_lost", "Zendesk does not take the cursor of the last poll any more.");
}
