import { perForm } from "./per-form.ts";
import type { Sentence, Token } from "./read-text.ts";

/** A way to say something: a run of words, some of them open. `value` is what it stands for. */
export interface Cue<Value> {
  readonly words: readonly CueWord[];
  readonly value: Value;
}

/** One word of a cue: words that fit, stems that fit, any number, or a gap of up to three words. */
type CueWord =
  | { readonly type: "word"; readonly texts: Choice; readonly stems: Choice }
  | { readonly type: "number" }
  | { readonly type: "gap" };

/** One word, several, or none: most have one, which is compared sooner than looked up. */
type Choice = string | ReadonlySet<string> | undefined;

/** Cues by how they start. */
export interface CueTable<Value> {
  readonly byText: ReadonlyMap<string, readonly Cue<Value>[]>;
  readonly byStem: ReadonlyMap<string, readonly Cue<Value>[]>;
  /** Cues that may start with a token; undefined where none does, as with most. */
  readonly startingWith: (token: Token) => readonly Cue<Value>[] | undefined;
}

/** Tokens that fit a cue; `end` is the index of the last. */
export interface CueMatch<Value> {
  readonly cue: Cue<Value>;
  readonly end: number;
}

/** A stretch of text that says what a cue stands for: UTF-16 offsets into the text the tokens were read from. */
export interface FoundCue<Value> {
  readonly start: number;
  readonly end: number;
  /** Index of its first token in the sentence. */
  readonly at: number;
  readonly value: Value;
}

const NUMBER_WORDS = new Set(
  "one two three four five six seven eight nine ten couple few several many".split(" "),
);

/**
 * Reads cues, one a line: words with `/` between alternatives, `~` before an English Porter stem, `#` for a number,
 * `...` for up to three words of the same clause. A cue starts with a word or a number. Words with accents fit without
 * them, too.
 */
export function cueTable<Value>(lists: Iterable<readonly [value: Value, lines: string]>): CueTable<Value> {
  const byText = new Map<string, Cue<Value>[]>();
  const byStem = new Map<string, Cue<Value>[]>();
  const byNumber: Cue<Value>[] = [];
  const add = (map: Map<string, Cue<Value>[]>, key: string, cue: Cue<Value>) => {
    map.set(key, [...(map.get(key) ?? []), cue]);
  };
  for (const [value, lines] of lists) {
    for (const line of lines.split("\n")) {
      const words = line.split(/\s+/).filter(Boolean).map(toCueWord);
      const first = words[0];
      if (first === undefined) continue;
      if (first.type === "gap") throw new Error(`The cue "${line.trim()}" starts with a gap.`);
      const cue = { words, value };
      if (first.type === "number") byNumber.push(cue);
      else {
        for (const text of wordsOf(first.texts)) add(byText, text, cue);
        for (const stem of wordsOf(first.stems)) add(byStem, stem, cue);
      }
    }
  }
  const startingWith = perForm((token: Token) => {
    const { kind, text, stem } = token;
    if (kind !== "word" && kind !== "number" && kind !== "hashtag") return undefined;
    const cues = [
      ...(byText.get(text) ?? []),
      ...((kind === "word" ? byStem.get(stem) : undefined) ?? []),
      ...(isNumber(token) ? byNumber : []),
    ];
    return cues.length === 0 ? undefined : cues;
  });
  return { byText, byStem, startingWith };
}

function toCueWord(pattern: string): CueWord {
  if (pattern === "#") return { type: "number" };
  if (pattern === "...") return { type: "gap" };
  const alternatives = [...new Set(pattern.split("/").flatMap((word) => [word, withoutAccents(word)]))];
  return {
    type: "word",
    texts: choiceOf(alternatives.filter((word) => !word.startsWith("~"))),
    stems: choiceOf(alternatives.filter((word) => word.startsWith("~")).map((word) => word.slice(1))),
  };
}

const UMLAUTS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
/** Shorter ones are another word without their accents more often than not: `où` and `ou`, `más` and `mas`. */
const SHORTEST_UNACCENTED = 4;

/** A word as it is typed where accents take an effort: `devolucion`, `verspaetung`. */
function withoutAccents(word: string): string {
  if (word.length < SHORTEST_UNACCENTED) return word;
  return word
    .replace(/[äöüß]/g, (letter) => UMLAUTS[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

function choiceOf(words: readonly string[]): Choice {
  return words.length > 1 ? new Set(words) : words[0];
}

function wordsOf(choice: Choice): Iterable<string> {
  return typeof choice === "string" ? [choice] : (choice ?? []);
}

function isOf(choice: Choice, word: string): boolean {
  return typeof choice === "string" ? word === choice : choice !== undefined && choice.has(word);
}

/** The cues of a sentence in order; of those that start at one word the longest, and none within another. */
export function findCues<Value>({ tokens }: Sentence, table: CueTable<Value>): FoundCue<Value>[] {
  const found: FoundCue<Value>[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const match = bestCueAt(tokens, at, table, isLonger);
    if (match === undefined) continue;
    found.push(toFound(tokens, at, match));
    at = match.end;
  }
  return found;
}

/** Whether a match covers more words than another that starts with it. */
export function isLonger({ end }: CueMatch<unknown>, than: CueMatch<unknown>): boolean {
  return end > than.end;
}

/** Whether one of the tokens `from` to `to` is one of some words. */
export function hasWord(
  tokens: readonly Token[],
  from: number,
  to: number,
  words: ReadonlySet<string>,
): boolean {
  const last = Math.min(to, tokens.length - 1);
  for (let index = Math.max(0, from); index <= last; index++) {
    if (words.has(tokens[index]?.text ?? "")) return true;
  }
  return false;
}

/** The stretch of text a match covers. */
export function toFound<Value>(
  tokens: readonly Token[],
  at: number,
  { cue, end }: CueMatch<Value>,
): FoundCue<Value> {
  const start = tokens[at]?.start ?? 0;
  return { start, end: tokens[end]?.end ?? start, at, value: cue.value };
}

/** Of the cues that start at a token the one that is better than all before it; undefined where none does. */
export function bestCueAt<Value>(
  tokens: readonly Token[],
  at: number,
  table: CueTable<Value>,
  isBetter: (match: CueMatch<Value>, than: CueMatch<Value>) => boolean,
): CueMatch<Value> | undefined {
  const token = tokens[at];
  const cues = token === undefined ? undefined : table.startingWith(token);
  if (cues === undefined) return undefined;
  let best: CueMatch<Value> | undefined;
  for (const cue of cues) {
    const end = endOfMatch(tokens, at + 1, cue.words, 1);
    if (end < 0) continue;
    const match = { cue, end };
    if (best === undefined || isBetter(match, best)) best = match;
  }
  return best;
}

function isNumber({ kind, text }: Token): boolean {
  return kind === "number" || NUMBER_WORDS.has(text);
}

const GAP_WORDS = 3;
const GAP_END = /^[.!?;:()]/;

/** Index of the last token of the words from `from` on, fitted at `at`; −1 when they do not fit. */
function endOfMatch(tokens: readonly Token[], at: number, words: readonly CueWord[], from: number): number {
  let position = at;
  for (let index = from; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) return -1;
    if (word.type === "gap") return endAfterGap(tokens, position, words, index + 1);
    const token = tokens[position];
    if (token === undefined) return -1;
    const fits =
      word.type === "number" ? isNumber(token) : isOf(word.texts, token.text) || isOf(word.stems, token.stem);
    if (!fits) return -1;
    position++;
  }
  return position - 1;
}

function endAfterGap(tokens: readonly Token[], at: number, words: readonly CueWord[], from: number): number {
  for (let skipped = 0; skipped <= GAP_WORDS; skipped++) {
    const end = endOfMatch(tokens, at + skipped, words, from);
    if (end >= 0) return end;
    const token = tokens[at + skipped];
    if (token === undefined || (token.kind === "punctuation" && GAP_END.test(token.text))) return -1;
  }
  return -1;
}
