import type { Sentence, Token } from "../read-text.ts";

/** The terms of a text and their weights; the squares of the weights add up to 1. */
export interface Terms {
  readonly at: Int32Array;
  readonly weights: Float64Array;
}

/** The terms of some texts, each with its place and how much it tells. Can be copied to another thread. */
export type Vocabulary = ReadonlyMap<string, { readonly at: number; readonly rarity: number }>;

/** A term that one text alone has says more of that text than of its kind. */
const LEAST_TEXTS = 2;

/**
 * Learns the words and pairs of words that two texts at least have, and how much each tells: the rarer, the more
 * (TF-IDF with a logarithmic count, Salton & Buckley 1988). Words count by their stem; links, handles and numbers as
 * what they are.
 */
export function learnVocabulary(texts: readonly (readonly Sentence[])[]): Vocabulary {
  const holders = new Map<string, number>();
  for (const sentences of texts) {
    for (const term of countTerms(sentences).keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
  }
  const places = new Map<string, { readonly at: number; readonly rarity: number }>();
  for (const [term, count] of holders) {
    if (count < LEAST_TEXTS) continue;
    places.set(term, { at: places.size, rarity: 1 + Math.log((1 + texts.length) / (1 + count)) });
  }
  return places;
}

/** The terms of a text that a vocabulary knows. */
export function termsOf(sentences: readonly Sentence[], vocabulary: Vocabulary): Terms {
  const at: number[] = [];
  const weights: number[] = [];
  let squares = 0;
  for (const [term, count] of countTerms(sentences)) {
    const place = vocabulary.get(term);
    if (place === undefined) continue;
    const weight = (1 + Math.log(count)) * place.rarity;
    at.push(place.at);
    weights.push(weight);
    squares += weight * weight;
  }
  const norm = Math.sqrt(squares) || 1;
  return { at: Int32Array.from(at), weights: Float64Array.from(weights, (weight) => weight / norm) };
}

function countTerms(sentences: readonly Sentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (term: string) => counts.set(term, (counts.get(term) ?? 0) + 1);
  let before: string | undefined;
  for (const { tokens } of sentences) {
    for (const token of tokens) {
      const form = formOf(token);
      if (form === undefined) continue;
      count(form);
      if (before !== undefined) count(`${before} ${form}`);
      before = form;
    }
  }
  return counts;
}

function formOf({ kind, stem }: Token): string | undefined {
  if (kind === "punctuation") return undefined;
  // no word has angle brackets
  return kind === "word" || kind === "hashtag" || kind === "emoji" || kind === "emoticon"
    ? stem
    : `<${kind}>`;
}
