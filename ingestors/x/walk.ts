import { createHash } from "node:crypto";
import { z } from "zod";
import type { Gap, PollRun, TimeWindow } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { cutText } from "../../core/mention.ts";
import type { RateLimit } from "../rate-limit.ts";
import { askX, type XRun } from "./client.ts";
import { affordable, costOf, itemsOf, readListing, type Tariff } from "./posts.ts";
import { idOfTime, laterId, timeOfId } from "./snowflake.ts";

const HOUR_MS = 3_600_000;
/** Recent search knows no more; a little less, so that a request under way does not fall out of it. */
const REACH_MS = 7 * 24 * HOUR_MS - 10 * 60_000;
/** A search that finds nothing for days must not begin where recent search does not reach any more. */
const QUIET_MS = 24 * HOUR_MS;
/** Most posts the mentions of an account go back. */
const NEWEST_800 = 800;

const Id = z.string().regex(/^\d{1,20}$/);

/** How far one listing of posts was read. */
export const WalkState = z.strictObject({
  since: Id.describe("Everything up to this id was read."),
  walk: z
    .strictObject({
      token: z.string().describe("Page to go on with."),
      highWater: Id.describe("Newest id of the first page: it becomes `since` when the last page was read."),
      read: z.int().nonnegative().describe("Posts read so far."),
    })
    .optional()
    .describe(
      "A reading from new to old that has not come to its end; its pages belong to the same `since`.",
    ),
});
export type WalkState = z.infer<typeof WalkState>;

/** Posts X lists from new to old: those a search finds, or those that mention an account. */
export interface PostListing {
  /** Tells listings apart in a cursor. */
  readonly key: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What X calls its page token here. */
  readonly tokenName: "next_token" | "pagination_token";
  /** Page sizes, largest first: a smaller one is asked for where the budget allows no more. */
  readonly sizes: readonly number[];
  readonly tariff: Tariff;
  /** How far back it goes: seven days, or so many posts. */
  readonly reach: "seven_days" | "800_posts";
}

/** The listing of a search of the last seven days. @param query in X's syntax */
export function searchListing(query: string, tariff: Tariff): PostListing {
  return {
    key: createHash("sha256").update(query).digest("base64url").slice(0, 16),
    path: "tweets/search/recent",
    query: { query },
    tokenName: "next_token",
    sizes: [100, 50, 25, 10],
    tariff,
    reach: "seven_days",
  };
}

/** The listing of posts that mention an account. @param id the account's numeric id */
export function mentionsListing(id: string, tariff: Tariff): PostListing {
  return {
    key: `mentions:${id}`,
    path: `users/${id}/mentions`,
    query: {},
    tokenName: "pagination_token",
    sizes: [100, 50, 25, 10, 5],
    tariff,
    reach: "800_posts",
  };
}

/** One page of a listing. */
export interface WalkPage {
  readonly items: readonly unknown[];
  /** To go on from after this page. */
  readonly state: WalkState;
  readonly gap?: Gap;
  readonly rateLimit: RateLimit;
}

export interface WalkOptions {
  readonly run: XRun;
  readonly fields: Readonly<Record<string, string>>;
  readonly ours: readonly string[];
}

/** Where a listing begins that was never read. */
export function newWalk(
  lookbackHours: number,
  { context }: Pick<PollRun<unknown, unknown>, "context">,
): WalkState {
  return { since: idOfTime(context.now().getTime() - lookbackHours * HOUR_MS) };
}

/**
 * Reads what a listing has that is newer than `since`, from new to old, or goes on with a reading that was cut short.
 * `since` moves only with the last page, so that what lies between is never taken for read.
 * @throws {EarshotError} as {@link askX}
 * @see https://docs.x.com/x-api/fundamentals/pagination
 */
export async function* walk(
  listing: PostListing,
  before: WalkState,
  options: WalkOptions,
): AsyncGenerator<WalkPage> {
  const now = options.run.context.now().getTime();
  const oldest = idOfTime(now - REACH_MS);
  const unsettled = idOfTime(now - NOT_YET_MS);
  const quiet = before.walk === undefined ? idOfTime(now - QUIET_MS) : before.since;
  const isOutOfReach = listing.reach === "seven_days" && BigInt(before.since) < BigInt(oldest);
  let state: WalkState = isOutOfReach ? { since: oldest } : before;
  let gap = isOutOfReach
    ? gapOf(before.since, oldest, "X lists no more than the last seven days of a search; poll it more often.")
    : undefined;

  do {
    const { since, walk: current } = state;
    const { found, items, rateLimit } = await readPage(listing, { since_id: since }, current?.token, options);
    const { newest_id, next_token } = found.meta ?? {};
    const highWater = laterId(current?.highWater ?? since, newest_id ?? since);
    const settled = BigInt(highWater) < BigInt(unsettled) ? highWater : unsettled;
    const read = (current?.read ?? 0) + found.data.length;
    const isLast = next_token === undefined;
    state = isLast
      ? { since: laterId(since, laterId(settled, quiet)) }
      : { since, walk: { token: next_token, highWater, read } };
    if (isLast && listing.reach === "800_posts" && read >= NEWEST_800) {
      const last = Identified.safeParse(found.data.at(-1)).data?.id ?? since;
      gap ??= gapOf(since, last, "X lists no more than 800 mentions of an account; poll it more often.");
    }
    yield { items, state, rateLimit, ...(gap === undefined ? {} : { gap }) };
    gap = undefined;
  } while (state.walk !== undefined);
}

/**
 * Everything X still has of a window: the last seven days of a search, or its whole archive, as the window asks.
 * @param pace to be waited for before each request to the archive, of all listings
 */
export async function* readWindow(
  listing: PostListing,
  { from, to }: TimeWindow,
  pace: () => Promise<void>,
  options: WalkOptions,
): AsyncGenerator<readonly unknown[]> {
  const now = options.run.context.now().getTime();
  const isArchived = listing.reach === "seven_days" && Date.parse(from) < now - REACH_MS;
  const source: PostListing = isArchived
    ? { ...listing, path: "tweets/search/all", sizes: ARCHIVE_SIZES }
    : listing;
  const end = Math.min(Date.parse(to), now - NOT_YET_MS);
  if (end <= Date.parse(from)) return;
  const window = { start_time: toSecond(Date.parse(from)), end_time: toSecond(end + 999) };
  let token: string | undefined;
  do {
    if (isArchived) await pace();
    const { found, items } = await readPage(source, window, token, options);
    yield items;
    token = found.meta?.next_token;
  } while (token !== undefined);
}

/** X lets nobody search what is newer, and among the newest mentions some come late. */
const NOT_YET_MS = 30_000;
const ARCHIVE_SIZES = [500, 100, 50, 25, 10];

function toSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

const Identified = z.object({ id: Id });

async function readPage(
  { path, query, sizes, tariff, tokenName }: PostListing,
  window: Readonly<Record<string, string>>,
  token: string | undefined,
  { run, fields, ours }: WalkOptions,
) {
  const size = affordable(sizes, tariff, run.budget);
  const { body, rateLimit } = await askX(
    {
      path,
      query: {
        ...query,
        ...fields,
        ...window,
        max_results: String(size),
        ...(token === undefined ? {} : { [tokenName]: token }),
      },
      costOf: (answer) => costOf(answer, tariff),
    },
    run,
  );
  const found = readListing(body);
  if (found.meta === undefined) {
    const [why] = found.errors;
    throw new EarshotError(
      "source_changed",
      `X lists nothing at ${path} (${cutText(why?.detail ?? why?.title ?? "no reason given", 200)}).`,
    );
  }
  return { found, items: itemsOf(found, ours), rateLimit };
}

function gapOf(since: string, oldest: string, reason: string): Gap {
  const [from, to] = [since, oldest].map((id) => new Date(timeOfId(id)).toISOString());
  return { from: from ?? "", to: to ?? "", reason };
}
