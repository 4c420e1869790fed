import { createRequire } from "node:module";
import type * as Sentiment from "natural/lib/natural/sentiment/index.js";
import type * as Stemmers from "natural/lib/natural/stemmers/index.js";
import type * as Tokenizers from "natural/lib/natural/tokenizers/index.js";
import type { Processor } from "../core/contracts.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";

// each by its own file, and the vocabularies when one is asked for: natural's index files load every language there is,
// which takes longer than all else a command needs to start
const load = createRequire(import.meta.url);
const { RegexpTokenizer } = load("natural/lib/natural/tokenizers/regexp_tokenizer.js") as typeof Tokenizers;
const PorterStemmer = load("natural/lib/natural/stemmers/porter_stemmer.js") as typeof Stemmers.PorterStemmer;

/** How much of a text is read, in UTF-16 units; what comes after is stored and searchable but not analysed. */
export const READ_LENGTH = 20_000;

export type TokenKind =
  "word" | "number" | "url" | "handle" | "hashtag" | "emoji" | "emoticon" | "punctuation";

/** One token. `start` and `end` are UTF-16 offsets into the text it was read from. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
  /**
   * The form to look up: lower case, apostrophes straight, stretched letters shortened (`sooo` → `so`), hashtags
   * without `#`, emoji without skin tone or variation selector.
   */
  readonly text: string;
  /** English Porter stem of a word; the text itself for everything else. */
  readonly stem: string;
  /** A word of three letters or more, all capitals. */
  readonly isShouted: boolean;
  /** Letters were repeated for emphasis. */
  readonly isStretched: boolean;
  /** One number for all tokens that are written so, below {@link KNOWN_FORMS}; 0 for what is not kept in mind. */
  readonly form: number;
}

/** A run of tokens up to a full stop, question or exclamation mark, or line break. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly Token[];
}

/** A mention taken apart. Offsets in `title` refer to the title, offsets in `sentences` to the text. */
export interface Reading {
  readonly title: readonly Sentence[];
  readonly sentences: readonly Sentence[];
}

export interface ReadTextAdds {
  readonly reading: Reading;
}

/**
 * Gives the first step of the chain: title and text as sentences of tokens, up to {@link READ_LENGTH} each. Lines that
 * quote what others said (`> …`) are left out where something else is said.
 */
export function readText(): Processor<ReadMention, ReadTextAdds> {
  const reader = createReader();
  return perMention("read_text", ({ title, text }) => ({
    reading: { title: reader(title), sentences: withoutQuotes(text, reader(text)) },
  }));
}

/** A quoting mark, and no emoticon: `>:(`, `>.<`. */
const QUOTE = /[ \t]*>(?![:;=._-])/y;

function withoutQuotes(text: string, sentences: Sentence[]): Sentence[] {
  if (!text.includes(">")) return sentences;
  let isQuote = startsQuote(text, 0);
  let lineEnd = text.indexOf("\n");
  const own = sentences.filter(({ start }) => {
    while (lineEnd >= 0 && lineEnd < start) {
      isQuote = startsQuote(text, lineEnd + 1);
      lineEnd = text.indexOf("\n", lineEnd + 1);
    }
    return !isQuote;
  });
  return own.length === 0 ? sentences : own;
}

function startsQuote(text: string, line: number): boolean {
  QUOTE.lastIndex = line;
  return QUOTE.test(text);
}

/** Gives a function that takes one text apart. Linear in the text's length; needs no language. */
export function createReader(): (text: string) => Sentence[] {
  const tokenizer = new RegexpTokenizer({ pattern: TOKEN, gaps: false });
  return (text) => {
    const whole = text.length > READ_LENGTH ? text.slice(0, READ_LENGTH).toWellFormed() : text;
    // natural hands on what String.match answers, which is null where nothing matches
    const matches = tokenizer.tokenize(whole) as string[] | null;
    return toSentences(whole, matches ?? []);
  };
}

/** What the token kinds look like, in the order they are tried. Together they match every visible character once. */
const TOKEN = new RegExp(
  [
    String.raw`https?:\/\/\S+|www\.\S+`,
    String.raw`(?<![\p{L}\p{N}_])[@#][\p{L}\p{N}_]+`,
    String.raw`<\/?3+(?!\d)|[:;=]'?[-^o]?(?:[)(\]\[/\\|*]+|[DdPpOoSs3](?![\p{L}\p{N}]))|[)(]-?[:;=](?!\S)|\^_*\^|-_+-|[xX]D+(?![\p{L}\p{N}])`,
    String.raw`[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*(?:['’‘ʼ\u0060´][\p{L}\p{M}]+)*`,
    String.raw`\p{N}+(?:[.,:]\p{N}+)*[\p{L}\p{M}]*`,
    String.raw`\p{RI}\p{RI}|\p{Extended_Pictographic}[\uFE0F\p{EMod}]*(?:\u200D\p{Extended_Pictographic}[\uFE0F\p{EMod}]*)*`,
    String.raw`[!?]+|\.+|…+|\S`,
  ].join("|"),
  "gu",
);

const LETTER_START = /^[\p{L}\p{M}_]/u;
const DIGIT_START = /^\p{N}/u;
const EMOJI_START = /^(?:\p{RI}|\p{Extended_Pictographic})/u;
const CURLY_APOSTROPHES = /[’‘ʼ`´]/g;
const EMOJI_VARIANTS = /[\uFE0F\p{EMod}]/gu;
const STRETCHED = /(\p{L})\1{2,}/gu;
const ENDS_SENTENCE = /^(?:[!?]+|\.+|…+|[。！？])$/u;
const ABBREVIATIONS = new Set(["mr", "mrs", "ms", "dr", "st", "vs", "etc", "no", "approx", "inc", "ltd"]);

function toSentences(text: string, matches: readonly string[]): Sentence[] {
  const sentences: Sentence[] = [];
  let tokens: Token[] = [];
  let position = 0;
  let hasEnded = false;
  const close = () => {
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined) {
      sentences.push({ start: first.start, end: last.end, tokens });
    }
    tokens = [];
    hasEnded = false;
  };
  for (const match of matches) {
    // every visible character is part of some match, so the next occurrence is the match itself
    const start = text.indexOf(match, position);
    const end = start + match.length;
    const { kind, text: read, stem, isShouted, isStretched, form } = formOf(match);
    const token: Token = { start, end, kind, text: read, stem, isShouted, isStretched, form };
    const hasNewLine = hasLineBreak(text, position, start);
    // emoji and closing quotes after the full stop belong to what was just said
    if (
      hasNewLine ||
      (hasEnded && token.kind !== "emoji" && token.kind !== "emoticon" && token.kind !== "punctuation")
    ) {
      close();
    }
    tokens.push(token);
    position = end;
    if (token.kind === "punctuation" && ENDS_SENTENCE.test(match) && isFollowedBySpace(text, end)) {
      const before = tokens.at(-2);
      hasEnded = !(match === "." && before !== undefined && ABBREVIATIONS.has(before.text));
    }
  }
  close();
  return sentences;
}

function hasLineBreak(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text.charCodeAt(i) === 10) return true;
  return false;
}

function isFollowedBySpace(text: string, end: number): boolean {
  if (end >= text.length) return true;
  const next = text.charCodeAt(end);
  // anything but an ASCII letter or digit: "v2.1" and "shop.com" go on, `end."` and `end.😡` do not
  return !((next >= 48 && next <= 57) || (next >= 65 && next <= 90) || (next >= 97 && next <= 122));
}

/** What a token is wherever it stands. */
type Form = Omit<Token, "start" | "end">;

/** So many ways to write a word, a mark or an emoji are kept in mind, the first that are met. */
export const KNOWN_FORMS = 2 ** 16;
/** Longer ones are rarely met again. */
const KNOWN_LENGTH = 24;
const KNOWN_DIGITS = 3;

const forms = new Map<string, Form>();

function formOf(match: string): Form {
  const known = forms.get(match);
  if (known !== undefined) return known;
  const kind = kindOf(match);
  const isKept =
    match.length <= KNOWN_LENGTH &&
    forms.size + 1 < KNOWN_FORMS &&
    match.isWellFormed() &&
    kind !== "url" &&
    kind !== "handle" &&
    (kind !== "number" || match.length <= KNOWN_DIGITS);
  if (!isKept) return readForm(match, kind, 0);
  // a match is a window on its text, which would stay in memory with it
  const own = Buffer.from(match).toString();
  const form = readForm(own, kind, forms.size + 1);
  forms.set(own, form);
  return form;
}

function readForm(match: string, kind: TokenKind, form: number): Form {
  if (kind === "word") {
    const isStretched = hasStretch(match);
    const lower = straighten(match.toLowerCase());
    const text = isStretched ? shorten(lower) : lower;
    return { kind, text, stem: stemOf(text), isShouted: isAllCapitals(match), isStretched, form };
  }
  const text = shownAs(match, kind);
  return { kind, text, stem: text, isShouted: false, isStretched: false, form };
}

function kindOf(match: string): TokenKind {
  const first = match.charCodeAt(0);
  const isLatinLetter = (first >= 97 && first <= 122) || (first >= 65 && first <= 90);
  if (isLatinLetter) {
    if (/^(?:https?:\/\/|www\.)/.test(match)) return "url";
    return /^[xX]D+$/.test(match) ? "emoticon" : "word";
  }
  if (match.length > 1 && first === 64) return "handle";
  if (match.length > 1 && first === 35) return "hashtag";
  if (first >= 48 && first <= 57) return "number";
  if (first < 128)
    return match.length > 1 && !/^(?:[!?]+|\.+|_.*)$/u.test(match)
      ? "emoticon"
      : first === 95
        ? "word"
        : "punctuation";
  if (LETTER_START.test(match)) return "word";
  if (EMOJI_START.test(match)) return "emoji";
  return DIGIT_START.test(match) ? "number" : "punctuation";
}

function shownAs(match: string, kind: TokenKind): string {
  if (kind === "hashtag") return straighten(match.slice(1).toLowerCase());
  if (kind === "emoji") return match.replace(EMOJI_VARIANTS, "");
  return kind === "emoticon" || kind === "punctuation" ? match : match.toLowerCase();
}

function straighten(word: string): string {
  return word.replace(CURLY_APOSTROPHES, "'");
}

function hasStretch(word: string): boolean {
  for (let i = 2; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if (unit === word.charCodeAt(i - 1) && unit === word.charCodeAt(i - 2)) return true;
  }
  return false;
}

/** Words whose doubled letter stays when they are stretched; all others lose it (`goood` but `so`). */
const DOUBLED = new Set(
  (
    "all awww been better bloody boo book call cheer cheers cool eww fall fee feel feet fell food free funny good " +
    "happy hell horrible keep kill loss mess miss need off ooh pass piss poor pretty really room see seem seen silly " +
    "sleep soon sorry still stuff suck sweet tall tell terrible too useless week well will worry yell"
  ).split(" "),
);

function shorten(word: string): string {
  const doubled = word.replace(STRETCHED, "$1$1");
  return DOUBLED.has(doubled) ? doubled : word.replace(STRETCHED, "$1");
}

function isAllCapitals(word: string): boolean {
  if (word.length < 3) return false;
  let letters = 0;
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if (unit >= 97 && unit <= 122) return false;
    if (unit >= 65 && unit <= 90) letters++;
  }
  return letters >= 3;
}

const STEMMED_LENGTH = 30;

function stemOf(word: string): string {
  return word.length > STEMMED_LENGTH || !/^[a-z]+$/.test(word) ? word : PorterStemmer.stem(word);
}

const VOCABULARIES = {
  en: ["English", "afinn"],
  es: ["Spanish", "afinn"],
  pt: ["Portuguese", "afinn"],
  de: ["German", "pattern"],
  fr: ["French", "pattern"],
  it: ["Italian", "pattern"],
} as const;

export type VocabularyLanguage = keyof typeof VOCABULARIES;

/**
 * Gives natural's polarity vocabulary of a language, lower case, −5..5: AFINN for English, Spanish and Portuguese,
 * the Pattern lexicon (scaled from −1..1) for German, French and Italian.
 */
export function vocabularyOf(language: VocabularyLanguage): Map<string, number> {
  const [name, type] = VOCABULARIES[language];
  const { SentimentAnalyzer } = load("natural/lib/natural/sentiment/index.js") as typeof Sentiment;
  const { vocabulary } = new SentimentAnalyzer(name, undefined, type) as unknown as {
    readonly vocabulary: Readonly<Record<string, number | string>>;
  };
  const scale = type === "pattern" ? 5 : 1;
  const words = new Map<string, number>();
  for (const [word, polarity] of Object.entries(vocabulary)) {
    const value = Number(polarity) * scale;
    if (Number.isFinite(value)) words.set(word.toLowerCase(), Math.max(-5, Math.min(5, value)));
  }
  return words;
}
