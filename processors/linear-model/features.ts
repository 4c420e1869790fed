import { perForm } from "../per-form.ts";
import type { Token } from "../read-text.ts";

/** Features are numbers below this: hashes of words and parts of words. A model may fold them further. */
export const FEATURE_SPACE = 2 ** 20;

/** Which features of a sentence a model is made of. */
export interface FeatureShape {
  /** Beginnings of words by length, shortest first: one for all forms of a word. */
  readonly prefixes: readonly number[];
  /** Runs of letters within words, shortest and longest; absent: none. They carry languages with many forms. */
  readonly grams?: readonly [shortest: number, longest: number];
}

/** What models of English are made of. */
const WORDS_AND_PREFIXES: FeatureShape = { prefixes: [4, 6] };

/** What models of languages with many forms of a word are made of. */
const WORDS_AND_GRAMS: FeatureShape = { prefixes: [4, 6], grams: [3, 6] };

/** What models of a language are made of. */
export function shapeOf(language: string): FeatureShape {
  return language === "en" ? WORDS_AND_PREFIXES : WORDS_AND_GRAMS;
}

/** Features of one sentence, each as often as it is there. Grams are apart, since there are many more of them. */
export interface Features {
  readonly words: readonly number[];
  readonly grams: readonly number[];
}

/** Kinds of features: the same letters give another feature as a word than as a pair, a stem or a beginning. */
const WORD = 0x9e3779b1;
const PAIR = 0x85ebca6b;
const DENIED = 0xc2b2ae35;
const STEM = 0x27d4eb2f;
const PREFIX = 0x165667b1;
const GRAM = 0xd3a2646c;
const MARK = 0xfd7046c5;
const MANNER = 0xb55a4f09;

const EDGE = 0x811c9dc5;
const PRIME = 0x01000193;
const SPACE = 32;

/** Words that deny what follows, in the languages that are read. */
const DENIALS = new Set(
  (
    "not no never cannot cant dont doesnt didnt wont isnt wasnt arent without nobody nothing neither nor hardly barely " +
    "couldnt wouldnt shouldnt aint havent hasnt hadnt nicht kein keine keinen nie ohne non mai senza ne pas jamais sans " +
    "nunca jamás sin sem não nao nem"
  ).split(" "),
);
/** So many words after a denial are under it. */
export const DENIAL_REACH = 4;

/** As much of a word as is looked at. */
const WORD_LENGTH = 24;

const BREAKS = /^[.!?;:,…]/;
const ENDS = /^[.!?;…]/;

/** Whether a word denies those after it. */
export const isDenial = perForm(({ text }) => DENIALS.has(text) || text.endsWith("n't"));

/** Whether a mark ends what a denial reaches. */
export function endsDenial(mark: string): boolean {
  return BREAKS.test(mark);
}

/** The feature of a word as it is written. */
export function wordFeature(text: string): number {
  return feature(WORD, hashOf(text, WORD_LENGTH));
}

/**
 * Gives the features of a sentence: its words, pairs of words, words under a denial, stems, beginnings, marks, and
 * whether letters were stretched or shouted. Links, handles and numbers count as what they are, not as what they say.
 */
export function featuresOf(tokens: readonly Token[], { prefixes, grams: lengths }: FeatureShape): Features {
  const words: number[] = [];
  const grams: number[] = [];
  let before = EDGE;
  let denied = 0;
  for (const token of tokens) {
    const { kind, text, stem, isShouted, isStretched } = token;
    if (kind === "punctuation") {
      words.push(feature(MARK, hashOf(text, 3)));
      if (endsDenial(text)) denied = 0;
      if (ENDS.test(text)) before = EDGE;
      continue;
    }
    const form = kind === "url" || kind === "handle" || kind === "number" ? kind : text;
    let hash = EDGE;
    const isWord = kind === "word" || kind === "hashtag";
    const length = Math.min(form.length, WORD_LENGTH);
    let next = 0;
    for (let at = 0; at < length; at++) {
      hash = Math.imul(hash ^ form.charCodeAt(at), PRIME);
      if (isWord && at + 1 === prefixes[next] && at + 1 < length) {
        words.push(feature(PREFIX, hash));
        next++;
      }
    }
    words.push(feature(WORD, hash), feature(PAIR, Math.imul(before, PRIME) ^ hash));
    before = hash;
    if (denied > 0 && kind === "word") {
      words.push(feature(DENIED, hash));
      denied--;
    }
    if (isShouted) words.push(feature(MANNER, 1));
    if (isStretched) words.push(feature(MANNER, 2));
    if (kind !== "word") continue;
    if (stem !== text) words.push(feature(STEM, hashOf(stem, WORD_LENGTH)));
    if (isDenial(token)) denied = DENIAL_REACH;
    if (lengths !== undefined) pushGrams(grams, text, length, lengths);
  }
  words.push(feature(PAIR, Math.imul(before, PRIME) ^ EDGE));
  return { words, grams };
}

/** Runs of letters of a word with a space at either end. */
function pushGrams(
  grams: number[],
  word: string,
  length: number,
  [shortest, longest]: readonly [number, number],
): void {
  for (let from = -1; from + shortest <= length + 1; from++) {
    let hash = EDGE;
    const end = Math.min(from + longest, length + 1);
    for (let at = from; at < end; at++) {
      hash = Math.imul(hash ^ (at < 0 || at >= length ? SPACE : word.charCodeAt(at)), PRIME);
      if (at - from + 1 >= shortest) grams.push(feature(GRAM, hash));
    }
  }
}

function hashOf(text: string, length: number): number {
  let hash = EDGE;
  for (let at = 0; at < text.length && at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}

/** Mixes kind and hash so that all bits count, whichever are kept. */
function feature(kind: number, hash: number): number {
  let mixed = hash ^ kind;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) & (FEATURE_SPACE - 1);
}
