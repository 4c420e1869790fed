import { z } from "zod";
import type { PollRun, Reread } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { ask, type Ask } from "../ask.ts";
import { rateLimitHeaders } from "../rate-limit.ts";
import type { PostItem } from "./read-post.ts";

/** Whoever asks Bluesky. */
export type NetworkRun = Pick<PollRun<unknown, unknown>, "signal" | "context" | "budget"> & {
  readonly config: { readonly apiEndpoint: string };
};

/** Posts or authors of one request. */
export const BATCH = 25;

/** Answers to whether the network is there at all. */
const CANARY = "bsky.app";

/** Bluesky's dialect of limits. */
export const readLimit = rateLimitHeaders("ratelimit-remaining", "ratelimit-reset", "epoch");

/** A request to a method of Bluesky's API. @param params lists are repeated */
export function xrpc(
  endpoint: string,
  method: string,
  params: Readonly<Record<string, string | readonly string[]>> = {},
): Pick<Ask, "platform" | "url" | "rateLimit"> {
  const url = new URL(`${endpoint.replace(/\/$/, "")}/xrpc/${method}`);
  for (const [name, value] of Object.entries(params)) {
    for (const one of typeof value === "string" ? [value] : value) url.searchParams.append(name, one);
  }
  return { platform: "Bluesky", url, rateLimit: readLimit };
}

const View = z.looseObject({ uri: z.string(), author: z.looseObject({ did: z.string() }) });
// one that cannot be told from the others must not be taken for deleted
const Posts = z.object({ posts: z.array(View) });
const Profiles = z.object({ profiles: z.array(z.unknown()) });
const Profile = z.object({ did: z.string(), followersCount: z.int().nonnegative().optional() });
export type Profile = z.infer<typeof Profile>;

/**
 * Posts as the network shows them now, those it still shows. @param uris at most {@link BATCH}
 * @see https://docs.bsky.app/docs/api/app-bsky-feed-get-posts
 */
async function getPosts(uris: readonly string[], run: NetworkRun): Promise<readonly z.infer<typeof View>[]> {
  const request = xrpc(run.config.apiEndpoint, "app.bsky.feed.getPosts", { uris });
  const answer = await ask({ ...request, whenRefused: "check apiEndpoint of this source" }, run);
  return accepted(Posts, answer.json()).posts;
}

/**
 * Accounts as the network shows them now. @param actors handles or DIDs, at most {@link BATCH}
 * @see https://docs.bsky.app/docs/api/app-bsky-actor-get-profiles
 */
export async function getProfiles(actors: readonly string[], run: NetworkRun): Promise<readonly Profile[]> {
  const request = xrpc(run.config.apiEndpoint, "app.bsky.actor.getProfiles", { actors });
  const answer = await ask({ ...request, whenRefused: "check apiEndpoint of this source" }, run);
  return accepted(Profiles, answer.json()).profiles.flatMap(
    (profile) => Profile.safeParse(profile).data ?? [],
  );
}

/** @throws {EarshotError} source_changed */
export function accepted<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new EarshotError(
    "source_changed",
    "Bluesky answered with something else than it used to; its API may have changed.",
  );
}

/** What `readPost` may need of a post as the network shows it. */
function trimmed(view: z.infer<typeof View>, profiles: ReadonlyMap<string, Profile>): object {
  const { uri, author, record, indexedAt, likeCount, replyCount, repostCount, quoteCount } = view;
  const { did, handle, displayName } = author;
  const followersCount = profiles.get(did)?.followersCount;
  return {
    uri,
    author: { did, handle, displayName, followersCount },
    record,
    indexedAt,
    likeCount,
    replyCount,
    repostCount,
    quoteCount,
  };
}

/** The items of posts as a search shows them; what is none is left as it is, for a dead letter. */
export async function itemsOf(
  views: readonly unknown[],
  ours: readonly string[],
  run: NetworkRun,
): Promise<readonly PostItem[]> {
  const read = views.map((view) => View.safeParse(view).data);
  const profiles = await profilesOf(
    read.filter((view) => view !== undefined),
    run,
  );
  return read.map((view, at) => ({ post: view === undefined ? views[at] : trimmed(view, profiles), ours }));
}

/** Posts as the network shows them now, by address, with the followers of their authors. */
export async function lookUp(
  uris: readonly string[],
  run: NetworkRun,
): Promise<ReadonlyMap<string, unknown>> {
  const views = await getPosts(uris, run);
  const profiles = await profilesOf(views, run);
  return new Map(views.map((view) => [view.uri, trimmed(view, profiles)]));
}

/** Profiles of the authors of posts, by DID. */
async function profilesOf(
  views: readonly z.infer<typeof View>[],
  run: NetworkRun,
): Promise<ReadonlyMap<string, Profile>> {
  const dids = [...new Set(views.map(({ author }) => author.did))];
  const profiles = new Map<string, Profile>();
  for (let at = 0; at < dids.length; at += BATCH) {
    for (const profile of await getProfiles(dids.slice(at, at + BATCH), run))
      profiles.set(profile.did, profile);
  }
  return profiles;
}

/**
 * Names by which posts tell our own accounts: handles and DIDs, both of each where the network knows them. Posts name
 * whom they answer by DID.
 */
export async function resolveNames(names: readonly string[], run: NetworkRun): Promise<readonly string[]> {
  const handles = names.filter((name) => !name.startsWith("did:"));
  const found: string[] = [];
  for (let at = 0; at < handles.length; at += BATCH) {
    found.push(...(await getProfiles(handles.slice(at, at + BATCH), run)).map(({ did }) => did));
  }
  return [...names, ...found];
}

/**
 * Reads posts again. Posts that are not shown any more are gone: deleted, taken down, or of an account that is. When the
 * network or the budget says no more half way, the rest is left for another time.
 * @throws {EarshotError} as `ask`, when nothing at all could be asked
 */
export async function reread(
  ids: readonly string[],
  ours: readonly string[],
  run: NetworkRun,
): Promise<Reread> {
  const items: PostItem[] = [];
  const gone: { id: string; reason: string }[] = [];
  const uris = ids.filter((id) => id.startsWith("at://"));
  for (let at = 0; at < uris.length; at += BATCH) {
    const batch = uris.slice(at, at + BATCH);
    try {
      const shown = await lookUp(batch, run);
      // an index that has lost everything answers as if all were deleted
      if (shown.size === 0 && (await getProfiles([CANARY], run)).length === 0) continue;
      for (const id of batch) {
        const post = shown.get(id);
        if (post === undefined) gone.push({ id, reason: "Bluesky does not show it any more" });
        else items.push({ post, ours });
      }
    } catch (error) {
      const isPause = error instanceof EarshotError && (error.retried || error.code === "budget_spent");
      if (!isPause || items.length + gone.length === 0) throw error;
      break;
    }
  }
  return { items, gone };
}
