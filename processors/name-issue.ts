import { hashText } from "./hash-text.ts";
import { FUNCTION_WORDS } from "./lexicons/function-words.ts";
import { RULES_BY_LANGUAGE } from "./lexicons/rules-by-language.ts";
import type { Sentence, Token } from "./read-text.ts";

/** A run of one to three words that can name something. */
export interface Phrase {
  /** The same for every way to write it: stems, lower case. */
  readonly key: string;
  /** As it is written here, lower case. */
  readonly shown: string;
}

/** How many texts of everything said have a phrase. */
export interface PhraseCounts {
  countOf(key: string): number;
}

/** One text of an issue. */
export interface NamedText {
  readonly phrases: readonly Phrase[];
  /** Whose words these are. A phrase only one person uses names nothing. */
  readonly voice: string;
}

/** What an issue is called. */
export interface IssueName {
  /** Phrases that many of its texts have and few others, the one that tells most first; empty where none does. */
  readonly terms: readonly string[];
  /** Share of its texts that have any of them, 0..1. */
  readonly coverage: number;
}

const LONGEST_PHRASE = 3;
const MOST_TERMS = 3;
const LEAST_VOICES = 3;
/** Squared beta of F0.7: that others do not say it counts twice as much as that all of its texts do. */
const BETA_SQUARED = 0.7 * 0.7;
/** A term has to raise the F by so much. */
const LEAST_GAIN = 0.01;

/** Words that stand in for any thing, and so name none. */
const EMPTY_WORDS = new Set(
  "thing things lot lots way ways day days today yesterday time times guy guys hi hello hey please thanks thank".split(
    " ",
  ),
);

/** The phrases of a text, each once. They begin and end with words that carry meaning; a denial stays with what it denies. */
export function phrasesOf(sentences: readonly Sentence[], language: string): Phrase[] {
  const rules = RULES_BY_LANGUAGE[language as keyof typeof RULES_BY_LANGUAGE];
  const small = new Set(FUNCTION_WORDS[language] ?? []);
  const found = new Map<string, Phrase>();
  const isDenial = ({ text }: Token): boolean => rules?.negators.has(text) === true;
  const carries = (token: Token): boolean =>
    token.text.length > 2 && !small.has(token.text) && !EMPTY_WORDS.has(token.text);
  for (const { tokens } of sentences) {
    tokens.forEach((first, at) => {
      if (!isWord(first) || !(carries(first) || isDenial(first))) return;
      if (at > 0 && isDenial(tokens[at - 1] as Token)) return;
      let key = "";
      let shown = "";
      for (let length = 1; length <= LONGEST_PHRASE; length += 1) {
        const last = tokens[at + length - 1];
        if (last === undefined || !isWord(last)) break;
        key += (key && " ") + (isDenial(last) ? "not" : last.stem);
        shown += (shown && " ") + last.text;
        if (carries(last) && !isDenial(last) && !found.has(key)) found.set(key, { key, shown });
      }
    });
  }
  return [...found.values()];
}

/** Slots of a count, a power of two: phrases that share one are counted together, so that memory stays what it is. */
const COUNTED = 2 ** 21;

/** Counts in how many texts each phrase is, in 8 MB however many there are. Now and then it counts too many, never too few. */
export function countPhrases(): PhraseCounts & { add(phrases: readonly Phrase[]): void } {
  const counts = new Uint32Array(COUNTED);
  const slotOf = (key: string): number => {
    let hash = hashText(key);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & (COUNTED - 1);
  };
  return {
    add(phrases) {
      for (const { key } of phrases) counts[slotOf(key)]! += 1;
    },
    countOf: (key) => counts[slotOf(key)]!,
  };
}

/**
 * Finds what to call an issue: greedily the phrase that most raises the F0.7 of "has one of them" as a test of being of
 * this issue. `counts` is of all texts, the issue's own included.
 */
export function nameIssue(texts: readonly NamedText[], counts: PhraseCounts): IssueName {
  const candidates = candidatesOf(texts, counts);
  const isCovered = new Uint8Array(texts.length);
  const terms: string[] = [];
  const taken: string[][] = [];
  let covered = 0;
  let outside = 0;
  let best = 0;
  while (terms.length < MOST_TERMS) {
    let winner: Candidate | undefined;
    let winnerScore = best + LEAST_GAIN;
    for (const candidate of candidates) {
      if (taken.some((words) => words.some((word) => candidate.words.includes(word)))) continue;
      const gained = candidate.holders.reduce((sum, index) => sum + (isCovered[index] ? 0 : 1), 0);
      const score = fScore(covered + gained, texts.length, outside + candidate.outside);
      if (score > winnerScore) [winner, winnerScore] = [candidate, score];
    }
    if (winner === undefined) break;
    for (const index of winner.holders) {
      covered += isCovered[index] ? 0 : 1;
      isCovered[index] = 1;
    }
    outside += winner.outside;
    best = winnerScore;
    terms.push(winner.shown);
    taken.push(winner.words);
  }
  return { terms, coverage: texts.length === 0 ? 0 : covered / texts.length };
}

interface Candidate {
  readonly words: string[];
  readonly shown: string;
  /** Indexes of the texts that have it. */
  readonly holders: readonly number[];
  /** How many other texts have it. */
  readonly outside: number;
}

function candidatesOf(texts: readonly NamedText[], counts: PhraseCounts): Candidate[] {
  const found = new Map<string, { holders: number[]; voices: Set<string>; shown: Map<string, number> }>();
  texts.forEach(({ phrases, voice }, index) => {
    for (const { key, shown } of phrases) {
      let entry = found.get(key);
      if (entry === undefined) found.set(key, (entry = { holders: [], voices: new Set(), shown: new Map() }));
      entry.holders.push(index);
      entry.voices.add(voice);
      entry.shown.set(shown, (entry.shown.get(shown) ?? 0) + 1);
    }
  });
  const voices = new Set(texts.map(({ voice }) => voice)).size;
  const leastVoices = Math.min(LEAST_VOICES, voices);
  return [...found]
    .filter(([, entry]) => entry.voices.size >= leastVoices)
    .map(([key, { holders, shown }]) => ({
      words: key.split(" "),
      shown: commonest(shown),
      holders,
      outside: Math.max(0, counts.countOf(key) - holders.length),
    }));
}

function fScore(covered: number, all: number, outside: number): number {
  const hits = (1 + BETA_SQUARED) * covered;
  return hits / (hits + BETA_SQUARED * (all - covered) + outside);
}

function commonest(shown: ReadonlyMap<string, number>): string {
  let [best, most] = ["", 0];
  for (const [words, count] of shown) if (count > most) [best, most] = [words, count];
  return best;
}

function isWord({ kind }: Token): boolean {
  return kind === "word" || kind === "hashtag";
}
