import { z } from "zod";
import type { RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { Answer } from "../ask.ts";
import { ownAccountsOf, type RedditConfig } from "./config.ts";
import type { Listing, ListingReader } from "./listings.ts";
import { pacer } from "../pacer.ts";
import { hearThing, type Heard } from "./reddit-item.ts";
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

/** What became of posts and comments, by their full names. */
export interface Looked {
  readonly found: readonly Heard[];
  /** Names Reddit does not know any more. */
  readonly missing: readonly string[];
}

/** Asks for posts and comments by full name. */
export interface ThingReader {
  /** At most {@link PAGE_SIZE} names at once. */
  look(names: readonly string[]): Promise<Looked>;
  /** Whether a post that is there can be seen this way. */
  isSeeing(): Promise<boolean>;
}

/** @see https://www.reddit.com/dev/api#GET_api_info */
export async function openThingReader(run: RereadRun<RedditConfig>): Promise<ThingReader> {
  const api = await openApi(run);
  const own = ownAccountsOf(run.config);
  const info = async (names: readonly string[]) => {
    const { children } = readListing(await api.get("/api/info", { id: names.join(",") }));
    return children.map((child) => hearThing(child, own));
  };
  return {
    async look(names) {
      const asked = new Set(names);
      const found = (await info(names)).filter(({ name }) => asked.has(name));
      const shown = new Set(found.map(({ name }) => name));
      return { found, missing: names.filter((name) => !shown.has(name)) };
    },
    async isSeeing() {
      const { children } = readListing(await api.get("/r/all/new", { limit: "1" }));
      const newest = children.map((child) => hearThing(child, own).name);
      return newest.length > 0 && (await info(newest)).length > 0;
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
