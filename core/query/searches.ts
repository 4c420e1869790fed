import { EarshotError } from "../errors.ts";
import type { MentionQuery, QueryNode, WordOrPhrase } from "./query.ts";
import { normalizeText } from "./read-words.ts";

const MAX_ALTERNATIVES = 64;
/** How many combinations of its sides an AND may become while there are too many alternatives, tried in turn. */
const FEWER_COMBINATIONS = [16, 4, 1] as const;
const SHOWN_LENGTH = 200;

export interface SearchesOptions {
  /** `drop` where the platform cannot search for the beginning of a word. Default `keep`. */
  readonly wildcards?: "keep" | "drop";
}

type Alternative = readonly WordOrPhrase[];

/**
 * Searches for a platform that knows nothing but words: alternatives, each a list of words and phrases that must all be
 * there. Every mention the query matches contains all of at least one alternative; many others may, and the loop leaves
 * those out. In the order of the query, without alternatives that another one covers.
 *
 * Fields, numbers and NOT are dropped, NEAR becomes both its sides. There are 64 at most: ANDs that would become more
 * combinations lose their larger ORs; only an OR of more than 64 words stays longer. Words keep their wildcards
 * (`refund*`, `organi?e`; see {@link hasWildcard}) unless asked to drop them: then the rest of their alternative is
 * searched for, and of a phrase what stands around them.
 * @throws {EarshotError} config_invalid when there is nothing to search for
 */
export function searchesOf(query: MentionQuery, options: SearchesOptions = {}): readonly Alternative[] {
  const keepWildcards = options.wildcards !== "drop";
  const widened = (combinations: number) => {
    const all = alternativesOf(query.root, false, { keepWildcards, combinations });
    if (all === undefined) throw nothingToSearch(query, keepWildcards);
    return withoutCovered(all.map(withoutImplied));
  };
  let alternatives = widened(MAX_ALTERNATIVES);
  for (const combinations of FEWER_COMBINATIONS) {
    if (alternatives.length <= MAX_ALTERNATIVES) break;
    alternatives = widened(combinations);
  }
  return alternatives;
}

interface Limits {
  readonly keepWildcards: boolean;
  readonly combinations: number;
}

function nothingToSearch(query: MentionQuery, keepWildcards: boolean): EarshotError {
  const shown = query.text.length > SHOWN_LENGTH ? `${query.text.slice(0, SHOWN_LENGTH)}…` : query.text;
  const limits = { keepWildcards: true, combinations: 1 };
  if (!keepWildcards && alternativesOf(query.root, false, limits) !== undefined) {
    return new EarshotError(
      "config_invalid",
      `This platform cannot search for beginnings of words, and the query ${shown} has nothing else to search for; ` +
        `write the words out, as in refund OR refunds OR refunded.`,
    );
  }
  return new EarshotError(
    "config_invalid",
    `There is nothing to search for in the query ${shown}: it can be met by fields or NOT alone. ` +
      `Add a word or phrase that must be there, to each side of an OR.`,
  );
}

/** Whether a word, or a word of a phrase, has a `*` or `?` in it. */
export function hasWildcard(term: WordOrPhrase): boolean {
  return wordsOf(term).some(isWildcard);
}

/** Undefined stands for "anything": nothing that is bound to be there. */
function alternativesOf(
  node: QueryNode,
  isNegated: boolean,
  limits: Limits,
): readonly Alternative[] | undefined {
  switch (node.type) {
    case "not":
      return alternativesOf(node.node, !isNegated, limits);
    case "and":
    case "or": {
      const sides = node.nodes.map((side) => alternativesOf(side, isNegated, limits));
      return (node.type === "and") === isNegated ? anyOf(sides) : allOf(sides, limits.combinations);
    }
    case "word":
    case "phrase":
      return isNegated ? undefined : searchable([node], limits);
    case "near":
      return isNegated ? undefined : searchable([node.left, node.right], limits);
    case "field":
    case "number":
      return undefined;
  }
}

function searchable(terms: Alternative, { keepWildcards }: Limits): readonly Alternative[] | undefined {
  const kept = keepWildcards ? terms : terms.flatMap(withoutWildcards);
  return kept.length === 0 ? undefined : [kept];
}

/** What stands between the wildcards of a phrase. */
function withoutWildcards(term: WordOrPhrase): WordOrPhrase[] {
  const runs: string[][] = [[]];
  for (const word of wordsOf(term)) {
    if (isWildcard(word)) runs.push([]);
    else runs.at(-1)?.push(word);
  }
  return runs.flatMap((words) => {
    const [text] = words;
    if (text === undefined) return [];
    return [words.length === 1 ? { type: "word", text } : { type: "phrase", words }];
  });
}

function anyOf(sides: readonly (readonly Alternative[] | undefined)[]): readonly Alternative[] | undefined {
  const all: Alternative[] = [];
  for (const side of sides) {
    if (side === undefined) return undefined;
    all.push(...side);
  }
  return all;
}

function allOf(
  sides: readonly (readonly Alternative[] | undefined)[],
  combinations: number,
): readonly Alternative[] | undefined {
  const bound = sides.filter((side) => side !== undefined);
  // the fewer the alternatives, the rarer a text that has one of them; the order of the query is kept otherwise
  const [first, ...others] = bound.toSorted((a, b) => a.length - b.length);
  const chosen = new Set(first === undefined ? [] : [first]);
  let count = first?.length ?? 0;
  for (const side of others) {
    if (count * side.length > combinations) continue;
    chosen.add(side);
    count *= side.length;
  }
  if (chosen.size === 0) return undefined;
  return bound
    .filter((side) => chosen.has(side))
    .reduce<readonly Alternative[]>(
      (all, side) => all.flatMap((alternative) => side.map((more) => [...alternative, ...more])),
      [[]],
    );
}

/** Without terms said twice, and without words that a phrase of the same alternative has in it. */
function withoutImplied(alternative: Alternative): Alternative {
  const seen = new Set<string>();
  const inPhrases = new Set(
    alternative.flatMap((term) => (term.type === "phrase" ? term.words.map(normalizeText) : [])),
  );
  return alternative.filter((term) => {
    const key = keyOf(term);
    if (seen.has(key) || (term.type === "word" && inPhrases.has(key))) return false;
    seen.add(key);
    return true;
  });
}

/** Without alternatives of which every text contains another alternative too; of equal ones the first stays. */
function withoutCovered(alternatives: readonly Alternative[]): readonly Alternative[] {
  const keys = alternatives.map((terms) => terms.map(keyOf));
  const contents = alternatives.map(
    (terms) => new Set(terms.flatMap((term) => [keyOf(term), ...wordsOf(term).map(normalizeText)])),
  );
  const covers = (one: number, other: number) =>
    keys[one]?.every((key) => contents[other]?.has(key) === true) === true;
  return alternatives.filter(
    (_, at) =>
      !alternatives.some(
        (_, other) => other !== at && covers(other, at) && (other < at || !covers(at, other)),
      ),
  );
}

function wordsOf(term: WordOrPhrase): readonly string[] {
  return term.type === "word" ? [term.text] : term.words;
}

function isWildcard(word: string): boolean {
  return /[*?]/.test(word);
}

/** The same for terms that find the same; a phrase's has spaces in it, a word's never. */
function keyOf(term: WordOrPhrase): string {
  return wordsOf(term).map(normalizeText).join(" ");
}
