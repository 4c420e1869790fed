import { z } from "zod";
import type { Budget, Cost } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Connection } from "./config.ts";

const Id = z.string().regex(/^\d{1,20}$/);

/** An answer that lists posts. Of the posts themselves nothing is read but who wrote them, and where. */
const Listing = z.object({
  data: z.array(z.unknown()).default([]),
  includes: z
    .object({ users: z.array(z.unknown()).default([]), places: z.array(z.unknown()).default([]) })
    .prefault({}),
  meta: z.object({ newest_id: Id.optional(), next_token: z.string().optional() }).optional(),
  errors: z
    .array(
      z.object({
        resource_id: z.string().optional(),
        value: z.string().optional(),
        type: z.string().optional(),
        title: z.string().optional(),
        detail: z.string().optional(),
      }),
    )
    .default([]),
});
export type Listing = z.infer<typeof Listing>;

/** @throws {EarshotError} source_changed */
export function readListing(body: unknown): Listing {
  const read = Listing.safeParse(body);
  if (read.success) return read.data;
  throw new EarshotError(
    "source_changed",
    "X answered with something that is no list of posts; it may be down, or have changed its API.",
  );
}

/** Which fields of posts, authors and places are asked for. */
export function fieldsOf({ readAuthors }: Pick<Connection, "readAuthors">): Record<string, string> {
  return {
    "tweet.fields":
      "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,geo,in_reply_to_user_id,lang," +
      "note_tweet,public_metrics,referenced_tweets",
    "place.fields": "country_code",
    expansions: readAuthors ? "author_id,geo.place_id" : "geo.place_id",
    ...(readAuthors ? { "user.fields": "name,public_metrics,username" } : {}),
  };
}

const PostReferences = z.object({
  author_id: z.string().optional(),
  geo: z.object({ place_id: z.string().optional() }).optional(),
});
const Identified = z.object({ id: z.string() });

/** The posts of an answer, each with all that is needed to read it. */
export function itemsOf({ data, includes }: Listing, ours: readonly string[]): unknown[] {
  const users = byId(includes.users);
  const places = byId(includes.places);
  return data.map((post) => {
    const { author_id = "", geo } = PostReferences.safeParse(post).data ?? {};
    const author = users.get(author_id);
    const place = places.get(geo?.place_id ?? "");
    return {
      post,
      ...(author === undefined ? {} : { author }),
      ...(place === undefined ? {} : { place }),
      ours,
    };
  });
}

function byId(resources: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(
    resources.flatMap((resource) => {
      const { data } = Identified.safeParse(resource);
      return data === undefined ? [] : [[data.id, resource] as const];
    }),
  );
}

/** What posts read cost: X bills each of them, and each author that comes with them. */
export interface Tariff {
  readonly usdPerPost: number;
  readonly usdPerUser: number;
  readonly readAuthors: boolean;
}

/** What an answer cost. */
export function costOf(body: unknown, { usdPerPost, usdPerUser }: Tariff): Cost {
  const read = Listing.safeParse(body).data;
  if (read === undefined) return {};
  const { data, includes } = read;
  return { items: data.length, usd: data.length * usdPerPost + includes.users.length * usdPerUser };
}

/** The most that so many posts can cost. */
export function worstCost(posts: number, { usdPerPost, usdPerUser, readAuthors }: Tariff): Cost {
  return { items: posts, usd: posts * (usdPerPost + (readAuthors ? usdPerUser : 0)) };
}

/**
 * The largest of some numbers of posts that the budget still allows.
 * @param sizes largest first
 * @throws {EarshotError} budget_spent when it does not even allow the smallest
 */
export function affordable(sizes: readonly number[], tariff: Tariff, budget: Budget): number {
  for (const size of sizes) {
    try {
      budget.allow(worstCost(size, tariff));
      return size;
    } catch (error) {
      const isSpent = error instanceof EarshotError && error.code === "budget_spent";
      if (!isSpent || size === sizes.at(-1)) throw error;
    }
  }
  throw new Error("a page of X has no size");
}
