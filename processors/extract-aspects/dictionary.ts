import { wordsOfTerm, type AspectDictionary } from "../../schemas/aspect-dictionary.ts";
import type { Sentence, Token } from "../read-text.ts";

/** Tokens that tell of a name of the dictionary; `last` included. */
export interface NamedTerm {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

type WordTest = (token: Token) => boolean;

interface OwnTerm {
  readonly name: string;
  readonly words: readonly WordTest[];
}

/** Gives a function that finds the names of a dictionary in a sentence: the longest term first, none within another. */
export function createDictionaryReader(dictionary: AspectDictionary): (sentence: Sentence) => NamedTerm[] {
  const exact = new Map<string, OwnTerm[]>();
  const open = new Map<string, OwnTerm[]>();
  for (const [name, terms] of Object.entries(dictionary)) {
    for (const term of terms) {
      const words = wordsOfTerm(term);
      const first = words[0];
      if (first === undefined) continue;
      const own = { name, words: words.map(toTest) };
      const isOpen = /[*?]/.test(first);
      const [map, key] = isOpen ? [open, first.slice(0, 2)] : [exact, first];
      map.set(key, [...(map.get(key) ?? []), own]);
    }
  }
  if (exact.size + open.size === 0) return () => [];
  return ({ tokens }) => {
    const found: NamedTerm[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at];
      if (token === undefined || !isReadable(token)) continue;
      let best: NamedTerm | undefined;
      for (const owns of [exact.get(token.text), open.get(token.text.slice(0, 2))]) {
        for (const { name, words } of owns ?? []) {
          const last = lastOf(tokens, at, words);
          if (last >= 0 && (best === undefined || last > best.last)) best = { name, first: at, last };
        }
      }
      if (best === undefined) continue;
      found.push(best);
      at = best.last;
    }
    return found;
  };
}

function isReadable({ kind }: Token): boolean {
  return kind === "word" || kind === "hashtag" || kind === "number";
}

function toTest(word: string): WordTest {
  if (!/[*?]/.test(word)) return ({ text }) => text === word;
  const parts = word.split(/([*?]+)/).map((part) => (/^[*?]/.test(part) ? wildcard(part) : escaped(part)));
  const pattern = new RegExp(`^${parts.join("")}$`, "u");
  return ({ text }) => text.length <= MAX_WORD && pattern.test(text);
}

/** Longer words are no words; the pattern is never run on them. */
const MAX_WORD = 60;

function wildcard(part: string): string {
  const one = String.raw`[\p{L}\p{M}\p{N}']`;
  return one.repeat(part.replaceAll("*", "").length) + (part.includes("*") ? `${one}*` : "");
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Index of the last token of the words fitted at `at`, over hyphens between them; −1 when they do not fit. */
function lastOf(tokens: readonly Token[], at: number, words: readonly WordTest[]): number {
  let position = at;
  for (const [index, fits] of words.entries()) {
    if (index > 0 && /^[-‐–/]$/.test(tokens[position]?.text ?? "")) position++;
    const token = tokens[position];
    if (token === undefined || !isReadable(token) || !fits(token)) return -1;
    position++;
  }
  return position - 1;
}
