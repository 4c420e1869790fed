import type { Token } from "../read-text.ts";

/** A fixed expression: its words and what they are worth together. */
export interface Phrase {
  readonly words: readonly string[];
  readonly value: number;
}

/** What the sentiment scorer knows of one language besides natural's vocabulary. */
export interface LanguageRules {
  /** Factor on the values of natural's vocabulary. */
  readonly vocabularyWeight: number;
  /** Values that are added to the vocabulary or replace its own, −5..5; 0 removes a word. */
  readonly words: ReadonlyMap<string, number>;
  /** By first word, longest first. */
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  /** Share by which a word strengthens (positive) or weakens (negative) what follows. */
  readonly intensifiers: ReadonlyMap<string, number>;
  readonly negators: ReadonlySet<string>;
  /** How many words a negation reaches. */
  readonly negationWindow: number;
  /** Stems of what ought to happen; denied, they are a failure. */
  readonly expected: ReadonlySet<string>;
  /** Words after which the opposite is meant more seriously: but. */
  readonly contrasts: ReadonlySet<string>;
  /** Words of praise that open a sarcastic sentence when a failure follows: great, another crash. */
  readonly openers: ReadonlySet<string>;
}

/** Reads `{ value: "word word …" }` into a map. @throws {Error} when a word is listed twice: one of the two is a mistake */
export function wordTable(lists: Readonly<Record<number, string>>): Map<string, number> {
  const table = new Map<string, number>();
  for (const [value, list] of Object.entries(lists)) {
    for (const word of wordsOf(list)) {
      if (table.has(word))
        throw new Error(`The word "${word}" is listed under ${table.get(word)} and ${value}.`);
      table.set(word, Number(value));
    }
  }
  return table;
}

/** The words of a list written with spaces or line breaks between them. */
export function wordsOf(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}

/** Reads `{ value: "a phrase|another one" }` (a line break counts as `|`) into phrases by first word, longest first. */
export function phraseTable(lists: Readonly<Record<number, string>>): Map<string, Phrase[]> {
  const table = new Map<string, Phrase[]>();
  for (const [value, list] of Object.entries(lists)) {
    for (const phrase of list.split(/[|\n]/)) {
      const words = wordsOf(phrase);
      const first = words[0];
      if (first === undefined) continue;
      table.set(first, [...(table.get(first) ?? []), { words, value: Number(value) }]);
    }
  }
  for (const phrases of table.values()) phrases.sort((a, b) => b.words.length - a.words.length);
  return table;
}

const CLAUSE_END = /^[,;:.!?…()—–]/;

/** Whether a negation stands close enough before a token, within its clause. */
export function negates(
  tokens: readonly Token[],
  at: number,
  rules: Pick<LanguageRules, "negators" | "negationWindow" | "contrasts">,
): boolean {
  for (let back = 1, words = 0; words < rules.negationWindow; back++) {
    const token = tokens[at - back];
    if (token === undefined) return false;
    if (token.kind === "punctuation" && CLAUSE_END.test(token.text)) return false;
    if (token.kind !== "word") continue;
    if (rules.contrasts.has(token.text)) return false;
    if (rules.negators.has(token.text)) return true;
    words++;
  }
  return false;
}
