import { z } from "zod";
import type { Reread, RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Answer } from "../ask.ts";
import { ownAccountsOf, type RedditConfig } from "./config.ts";
import { pacer } from "../pacer.ts";
import type { Listing, ListingReader } from "./listings.ts";
import { removalOf } from "./read-thing.ts";
import { hearThing, type RedditItem } from "./reddit-item.ts";
import type { RedditApi } from "./snoowrap-client.ts";

/** How many items Reddit gives at once, of a listing or by name. */
const PAGE_SIZE = 100;
/** A thousand requests in ten minutes are allowed; this leaves room for others who use the same keys. */
const PAUSE_MS = 700;

const ListingAnswer = z.object({
  kind: z.literal("Listing"),
  data: z.object({ children: z.array(z.unknown()), after: z.string().nullish() }),
});

/**
 * Reads listings by Reddit's API.
 * @see https://www.reddit.com/dev/api#section_listings
 */
export async function openApiReader(run: RereadRun<RedditConfig>): Promise<ListingReader> {
  const api = await openApi(run);
  const own = ownAccountsOf(run.config);
  return {
    pageSize: PAGE_SIZE,
    restMs: 0,
    limit: () => api.limit(),
    async read(listing, after) {
      let refusal: EarshotError | undefined;
      const query = { ...listing.query, limit: String(PAGE_SIZE), ...(after === undefined ? {} : { after }) };
      try {
        const answer = await api.get(listing.path, query, (failed) => (refusal = refusalOf(listing, failed)));
        const { children, after: next } = readListing(answer);
        return {
          heard: children.map((child) => hearThing(child, own)),
          ...(typeof next === "string" && next !== "" ? { after: next } : {}),
        };
      } catch (error) {
        if (refusal !== undefined && error === refusal) return refusal;
        throw error;
      }
    },
  };
}

/** Asks for posts and comments by full name. */
export interface ThingReader {
  /**
   * At most {@link PAGE_SIZE} names at once. Reddit shows what was deleted or removed as that; of subreddits it does not
   * show us, a private one for example, it keeps silent. `hidden`: the posts among those.
   */
  look(names: readonly string[]): Promise<Reread & { readonly hidden: readonly string[] }>;
  /** What became of a hidden post: gone when Reddit does not know it any more, and nothing while it may come back. */
  seek(name: string): Promise<Reread>;
}

/** @see https://www.reddit.com/dev/api#GET_api_info */
export async function openThingReader(run: RereadRun<RedditConfig>): Promise<ThingReader> {
  const api = await openApi(run);
  const own = ownAccountsOf(run.config);
  return {
    async look(names) {
      const silent = new Set(names);
      const items: RedditItem[] = [];
      const gone: Reread["gone"][number][] = [];
      const { children } = readListing(await api.get("/api/info", { id: names.join(",") }));
      for (const { name, item } of children.map((child) => hearThing(child, own))) {
        if (!silent.delete(name)) continue;
        const removal = "thing" in item ? removalOf(item.thing.data) : undefined;
        if (removal === undefined) items.push(item);
        else gone.push({ id: name, reason: removal });
      }
      // a comment cannot be asked for alone
      return { items, gone, hidden: [...silent].filter((name) => name.startsWith("t3_")) };
    },
    async seek(name) {
      let status: number | undefined;
      try {
        await api.get(`/comments/${name.slice(3)}`, { limit: "1" }, (failed) => {
          ({ status } = failed);
          return undefined;
        });
      } catch (error) {
        if (status === undefined || status === 401 || status >= 429) throw error;
        if (status === 404) {
          return { items: [], gone: [{ id: name, reason: "Reddit does not show it any more" }] };
        }
      }
      return { items: [], gone: [] };
    },
  };
}

async function openApi(run: RereadRun<RedditConfig>): Promise<RedditApi> {
  // snoowrap takes 200 ms and 20 MB to load, which nobody without keys should pay
  const { openReddit } = await import("./snoowrap-client.ts");
  const api = openReddit(run);
  const pace = pacer(run.config.pauseMs ?? PAUSE_MS, run.signal);
  return {
    limit: () => api.limit(),
    async get(path, query, explain) {
      await pace();
      return api.get(path, query, explain);
    },
  };
}

function readListing(answer: unknown): z.infer<typeof ListingAnswer>["data"] {
  const listing = ListingAnswer.safeParse(answer);
  if (listing.success) return listing.data.data;
  throw new EarshotError(
    "source_changed",
    "Reddit answered with something that is no listing; its API may have changed.",
  );
}

/** Reddit hides private subreddits, bans others, and leads from those that are not there to its search. */
function refusalOf(listing: Listing, { status }: Answer): EarshotError | undefined {
  if (!listing.isOfSubreddit || ![302, 403, 404].includes(status)) return undefined;
  return new EarshotError(
    "source_unauthorized",
    `Reddit does not show ${listing.name} (${status}): it is private, banned or misspelt; correct subreddits of this source.`,
  );
}
