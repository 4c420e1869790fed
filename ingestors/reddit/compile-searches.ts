import type { TrackerQuery } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import type { WordOrPhrase } from "../../core/query/query.ts";
import { searchesOf } from "../../core/query/searches.ts";

/** Longest search Reddit takes. */
export const MAX_SEARCH_LENGTH = 512;

/**
 * Searches in Reddit's syntax that together find every post the queries match, and more: as few as its length limit
 * allows. Words are quoted, so that nothing in them is an operator.
 * @throws {EarshotError} config_invalid when a query has nothing Reddit can search for
 * @see https://www.reddit.com/dev/api#GET_search
 */
export function compileSearches(queries: readonly TrackerQuery[]): readonly string[] {
  const alternatives = queries.flatMap(({ query }) =>
    searchesOf(query, { wildcards: "drop" }).map((terms) => render(terms, query.text)),
  );
  const searches: string[] = [];
  for (const alternative of new Set(alternatives)) {
    const last = searches.at(-1);
    const longer = last === undefined ? alternative : `${last} OR ${alternative}`;
    if (last === undefined || longer.length > MAX_SEARCH_LENGTH) searches.push(alternative);
    else searches[searches.length - 1] = longer;
  }
  return searches;
}

/** All of the terms, or the first ones of them where all would be too long: that finds more, never less. */
function render(terms: readonly WordOrPhrase[], query: string): string {
  let search = "";
  let count = 0;
  for (const term of terms.map(quoted)) {
    const longer = count === 0 ? term : `${search} AND ${term}`;
    if (term === "" || longer.length > MAX_SEARCH_LENGTH - "()".length) continue;
    search = longer;
    count++;
  }
  if (count === 0) {
    throw new EarshotError(
      "config_invalid",
      `Reddit cannot search for a part of the query ${query.slice(0, 200)}: it has no letters or digits, or is too ` +
        "long. Rewrite it, or set search: [] to listen to subreddits only.",
    );
  }
  return count === 1 ? search : `(${search})`;
}

/** Empty for what Reddit's search does not see, such as emoji: a search for it would find nothing. */
function quoted(term: WordOrPhrase): string {
  const words = (term.type === "word" ? [term.text] : term.words)
    .map((word) => word.replace(/^[#@]+|["\\]/g, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.length === 0 ? "" : `"${words.join(" ")}"`;
}
