import { z } from "zod";
import type { Gap, RereadRun } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { WordOrPhrase } from "../../core/query/query.ts";
import { searchesOf } from "../../core/query/searches.ts";
import { ask, type Answer } from "../ask.ts";
import { readTime } from "../read-item.ts";
import type { Config } from "./config.ts";
import { timeOf } from "./parse-item.ts";

/** The most one search gives, however many hits it has. */
const MAX_HITS = 1_000;
const MAX_QUERY_LENGTH = 500;

export type Run = RereadRun<Config>;

/** One search: for words, or for all that a user writes. */
export interface Search {
  /** Its name in the cursor. */
  readonly name: string;
  readonly words: string;
  readonly author?: string;
}

/**
 * The searches of a run, without duplicates; those for what our own users write come last.
 * @throws {EarshotError} config_invalid when there is nothing to search for
 */
export function searchesFor({ config, queries }: Pick<Run, "config" | "queries">): readonly Search[] {
  const searched =
    config.queries.length > 0
      ? config.queries
      : queries.flatMap(({ query }) => searchesOf(query, { wildcards: "drop" }).map(compile));
  if (searched.length === 0) {
    throw new EarshotError(
      "config_invalid",
      "There is nothing to search Hacker News for; give a tracker of this source a query, or set queries.",
    );
  }
  return [
    ...[...new Set(searched)].map((words) => ({ name: words, words })),
    ...[...new Set(config.ownAccounts)].map((author) => ({ name: `author:${author}`, words: "", author })),
  ];
}

/**
 * One alternative as Algolia's advanced syntax has it. Phrases are searched for as words: the index holds the text as
 * HTML, where a tag may stand between two words and `&#x27;` for an apostrophe.
 * @see https://www.algolia.com/doc/api-reference/api-parameters/advancedSyntax
 */
function compile(alternative: readonly WordOrPhrase[]): string {
  const words = alternative
    .flatMap((term) => (term.type === "word" ? [term.text] : term.words))
    .flatMap((word) => word.split(/['"’&<>/\s]+/))
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => `"${word}"`);
  const compiled: string[] = [];
  let length = 0;
  for (const word of new Set(words)) {
    length += word.length + 1;
    if (length > MAX_QUERY_LENGTH) break;
    compiled.push(word);
  }
  if (compiled.length > 0) return compiled.join(" ");
  throw new EarshotError(
    "config_invalid",
    "A tracker's query has an alternative without a word Hacker News can be searched for; add a word of letters to it.",
  );
}

/** One answer. */
export interface Slice {
  readonly hits: readonly unknown[];
  readonly gap?: Gap;
}

/** All hits of a search between two times (ms since 1970, `to` exclusive), newest first. */
export async function* slices(
  run: Run,
  search: Search,
  between: { readonly from: number; readonly to: number | undefined },
): AsyncIterable<Slice> {
  const from = Math.floor(between.from / 1_000);
  let until = between.to === undefined ? undefined : Math.ceil(between.to / 1_000);
  while (until === undefined || until > from) {
    const { hits, nbHits } = await find(run, search, from, until);
    const times = hits.flatMap((hit) => timeOf(hit) ?? []);
    const oldest = Math.min(...times) / 1_000;
    if (nbHits <= hits.length || times.length === 0) {
      yield { hits };
      return;
    }
    // the oldest second may hold more than this answer did
    const isOneSecond: boolean = until !== undefined && oldest + 1 >= until;
    if (until !== undefined && oldest >= until) throw changed("hits outside the time asked for");
    until = isOneSecond ? oldest : oldest + 1;
    yield isOneSecond && hits.length >= MAX_HITS ? { hits, gap: crowdedSecond(oldest) } : { hits };
  }
}

function crowdedSecond(second: number): Gap {
  return {
    from: readTime(second, "A second"),
    to: readTime(second + 1, "A second"),
    reason: `A search has more than ${MAX_HITS} hits in one second; make it narrower.`,
    isPartial: true,
  };
}

const Found = z.object({ hits: z.array(z.unknown()), nbHits: z.int().nonnegative() });

async function find(run: Run, search: Search, from: number, until: number | undefined) {
  const url = under(run.config.endpoint, "search_by_date");
  const before = until === undefined ? "" : `,created_at_i<${until}`;
  for (const [name, value] of Object.entries({
    query: search.words,
    tags: `(story,comment,poll)${search.author === undefined ? "" : `,author_${search.author}`}`,
    numericFilters: `created_at_i>=${from}${before}`,
    hitsPerPage: String(MAX_HITS),
    advancedSyntax: "true",
    typoTolerance: "false",
    queryType: "prefixNone",
    restrictSearchableAttributes: "title,story_text,comment_text",
    attributesToHighlight: "none",
    attributesToSnippet: "none",
  })) {
    url.searchParams.set(name, value);
  }
  const answer = await askFor(run, url);
  const found = Found.safeParse(answer.json());
  if (found.success) return found.data;
  throw changed("something without hits and nbHits");
}

function changed(what: string): EarshotError {
  return new EarshotError(
    "source_changed",
    `The search of Hacker News answered with ${what}; its API may have changed.`,
  );
}

/** Asks one of the two addresses. @throws {EarshotError} what {@link ask} throws */
export function askFor(run: Run, url: URL, accept: readonly number[] = []): Promise<Answer> {
  return ask(
    {
      platform: "Hacker News",
      url,
      accept,
      whenRefused: "it asks for no login, so it may have blocked this address; check endpoint",
    },
    run,
  );
}

/** An address below the one configured. */
export function under(endpoint: string, path: string): URL {
  return new URL(`${endpoint.replace(/\/+$/, "")}/${path}`);
}
