import { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import type { WordOrPhrase } from "../../core/query/query.ts";
import { searchesOf } from "../../core/query/searches.ts";
import type { TimeWindow } from "../../core/contracts.ts";
import { list, type Config, type Run } from "./api.ts";

/** How many answers of fifty are read of one search. */
const MAX_PAGES = 4;
/** What `videos` gives at once. */
export const IDS_AT_ONCE = 50;
const MAX_QUERY_LENGTH = 300;

/** A video a search has found. */
export interface FoundVideo {
  readonly id: string;
  readonly publishedAt: number;
}

const Result = z.object({
  id: z.object({ videoId: z.string().min(1) }),
  snippet: z.object({ publishedAt: z.iso.datetime() }),
});

/**
 * Videos that were published in a stretch of time and match a search, newest first. `isCut`: there are more.
 * @see https://developers.google.com/youtube/v3/docs/search/list
 */
export async function searchVideos(
  run: Run,
  query: string,
  { from, to }: Partial<TimeWindow>,
): Promise<{ readonly videos: readonly FoundVideo[]; readonly isCut: boolean }> {
  const videos: FoundVideo[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await list(run, "search", {
      part: "snippet",
      type: "video",
      order: "date",
      maxResults: "50",
      q: query,
      publishedAfter: from,
      publishedBefore: to,
      pageToken,
    });
    if ("missing" in listed) throw refused(listed.missing);
    for (const item of listed.items) {
      const { data } = Result.safeParse(item);
      if (data === undefined) throw unlike();
      videos.push({ id: data.id.videoId, publishedAt: Date.parse(data.snippet.publishedAt) });
    }
    pageToken = listed.nextPageToken;
    if (pageToken === undefined || listed.items.length === 0) return { videos, isCut: false };
  }
  return { videos, isCut: true };
}

/** A video as an item, and whose it is. */
export interface Video {
  readonly item: unknown;
  readonly channelId: string;
}

const Identified = z.object({ id: z.string(), snippet: z.object({ channelId: z.string().default("") }) });

/**
 * Videos in full, as items, by their ids (a search tells only the beginning of what is written below one).
 * @see https://developers.google.com/youtube/v3/docs/videos/list
 */
export async function readVideos(ids: readonly string[], run: Run): Promise<ReadonlyMap<string, Video>> {
  const found = new Map<string, Video>();
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const id = ids.slice(at, at + IDS_AT_ONCE).join(",");
    const listed = await list(run, "videos", { part: "snippet,statistics", id });
    if ("missing" in listed) throw refused(listed.missing);
    for (const video of listed.items) {
      const { data } = Identified.safeParse(video);
      if (data === undefined) throw unlike();
      const { channelId } = data.snippet;
      const byUs = run.config.ownAccounts.includes(channelId);
      found.set(data.id, { channelId, item: { video: trimmed(video), ...(byUs ? { byUs } : {}) } });
    }
  }
  return found;
}

const Bulky = z.looseObject({ snippet: z.looseObject({}) });

/** Without pictures, and the texts a second time. */
function trimmed(video: unknown): unknown {
  const { data } = Bulky.safeParse(video);
  if (data === undefined) return video;
  const kept = Object.entries(data.snippet).filter(([name]) => name !== "thumbnails" && name !== "localized");
  return { ...data, snippet: Object.fromEntries(kept) };
}

/** The searches of a run, each once; none when the source does not search. @throws {EarshotError} config_invalid */
export function searchesFor({
  config,
  queries,
}: {
  config: Config;
  queries: Run["queries"];
}): readonly string[] {
  if (config.search === undefined) return [];
  const searches =
    config.search.queries.length > 0
      ? config.search.queries
      : queries.flatMap(({ query }) => compile(searchesOf(query, { wildcards: "drop" })));
  if (searches.length > 0) return [...new Set(searches)];
  throw new EarshotError(
    "config_invalid",
    "There is nothing to search YouTube for; give a tracker of this source a query, or set search.queries.",
  );
}

/** Alternatives of one term each go into as few searches as can be, for each search costs as much as a hundred others. */
function compile(alternatives: readonly (readonly WordOrPhrase[])[]): readonly string[] {
  const searches: string[] = [];
  let isOpen = false;
  for (const alternative of alternatives) {
    const terms = alternative.map(toTerm).filter((term) => term !== "");
    if (terms.length === 0) continue;
    const search = terms.join(" ");
    const last = searches.at(-1);
    const joined = `${last ?? ""}|${search}`;
    if (terms.length === 1 && isOpen && joined.length <= MAX_QUERY_LENGTH)
      searches[searches.length - 1] = joined;
    else searches.push(search);
    isOpen = terms.length === 1;
  }
  return searches;
}

/** `|` and a leading `-` mean something in a search. */
function toTerm(term: WordOrPhrase): string {
  const words = (term.type === "word" ? [term.text] : term.words).map((word) =>
    word
      .replace(/["|]+/g, " ")
      .replace(/^[\s-]+/, "")
      .trim(),
  );
  const text = words.filter((word) => word !== "").join(" ");
  return text.includes(" ") ? `"${text}"` : text;
}

function refused(reason: string): EarshotError {
  return new EarshotError(
    "source_unauthorized",
    `YouTube does not let us search (${reason}); check apiKey of this source.`,
  );
}

function unlike(): EarshotError {
  return new EarshotError(
    "source_changed",
    "YouTube lists videos without id or time; its API may have changed.",
  );
}
