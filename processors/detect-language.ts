import eld from "eld/extrasmall";
import type { Processor } from "../core/contracts.ts";
import { EVERYDAY_ENGLISH, FUNCTION_WORDS } from "./lexicons/function-words.ts";
import { perForm } from "./per-form.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import { vocabularyOf, type ReadTextAdds, type Reading, type Token } from "./read-text.ts";

/** What is said of a text whose language cannot be told. */
export const UNKNOWN_LANGUAGE = "und";

export interface DetectLanguageAdds {
  /** ISO 639-1, or `und` when it cannot be told. */
  readonly language: string;
  /** How often a call like this one is right, 0..1; 0 for `und`. */
  readonly languageConfidence: number;
}

/**
 * Gives the step that tells a mention's language: what the platform says when it says one; else English where its
 * function words are dense; else what eld finds, unless the text is too short for it to be trusted. The same text
 * with the same hint always gives the same answer.
 * @see https://github.com/nitotm/efficient-language-detector-js
 */
export function detectLanguage(): Processor<ReadMention & ReadTextAdds, DetectLanguageAdds> {
  const detect = createDetector();
  return perMention("detect_language", (mention) => {
    const said = normaliseLanguage(mention.languageHint);
    return said === undefined
      ? detect(mention.reading)
      : { language: said, languageConfidence: TRUST_IN_PLATFORM };
  });
}

/** The ISO 639-1 code of a BCP 47 tag (`en-GB` → `en`, `iw` → `he`, `spa` → `es`); undefined when it names no language. */
export function normaliseLanguage(tag: string): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_]|$)/i.exec(tag);
  if (match?.[1] === undefined) return undefined;
  const [language = ""] = Intl.getCanonicalLocales(match[1]);
  return language.length === 2 ? language : undefined;
}

const TRUST_IN_PLATFORM = 0.95;
const TRUST_IN_FUNCTION_WORDS = 0.99;
const TRUST_IN_EVERYDAY_WORDS = 0.85;
const LEAST_TRUST = 0.6;

/** More words than this change nothing; eld itself stops at 350 bytes. */
const WORDS_READ = 60;

/**
 * How often eld's first guess is right, by number of words and by its lead over the second guess, measured on
 * short public texts in seven languages.
 */
const ELD_LEADS = [0.01, 0.03, 0.06] as const;
const ELD_TRUST = [
  { maxWords: 1, trust: [0.25, 0.3, 0.7, 0.7] },
  { maxWords: 3, trust: [0.45, 0.55, 0.8, 0.9] },
  { maxWords: 6, trust: [0.5, 0.6, 0.9, 0.98] },
  { maxWords: Infinity, trust: [0.55, 0.9, 0.97, 0.99] },
] as const;

const LANGUAGES = Object.keys(FUNCTION_WORDS);
const ENGLISH = LANGUAGES.indexOf("en");

function createDetector(): (reading: Reading) => DetectLanguageAdds {
  const languagesOf = new Map<string, number[]>();
  LANGUAGES.forEach((language, index) => {
    for (const word of FUNCTION_WORDS[language] ?? []) {
      languagesOf.set(word, [...(languagesOf.get(word) ?? []), index]);
    }
  });
  const everyday = new Set([...EVERYDAY_ENGLISH, ...vocabularyOf("en").keys()]);
  const languagesSaying = perForm(({ text }) => languagesOf.get(text));
  const isEveryday = perForm(({ text }) => everyday.has(text));

  return (reading) => {
    const words = firstWords(reading);
    if (words.length === 0) return { language: UNKNOWN_LANGUAGE, languageConfidence: 0 };
    const counts = new Array<number>(LANGUAGES.length).fill(0);
    for (const word of words) {
      for (const index of languagesSaying(word) ?? []) counts[index] = (counts[index] ?? 0) + 1;
    }
    const english = counts[ENGLISH] ?? 0;
    let rival = 0;
    for (let index = 0; index < counts.length; index++) {
      if (index !== ENGLISH) rival = Math.max(rival, counts[index] ?? 0);
    }
    if (english - rival >= 2 && english / words.length >= 0.2) {
      return { language: "en", languageConfidence: TRUST_IN_FUNCTION_WORDS };
    }

    const guess = guessWithEld(words);
    const confirmed = counts[LANGUAGES.indexOf(guess.language)] ?? 0;
    const evidence = words.reduce((sum, word) => (isEveryday(word) ? sum + 1 : sum), english);
    const isPlainEnglish = evidence > rival && evidence / words.length >= 0.3;
    if (guess.language === "en" && isPlainEnglish) {
      return {
        language: "en",
        languageConfidence: Math.max(guess.languageConfidence, TRUST_IN_EVERYDAY_WORDS),
      };
    }
    if (isPlainEnglish && guess.languageConfidence < 0.95) {
      return { language: "en", languageConfidence: TRUST_IN_EVERYDAY_WORDS };
    }
    if (guess.languageConfidence >= LEAST_TRUST) return guess;
    if (confirmed > 0 && confirmed >= rival && confirmed > evidence) return guess;
    return { language: UNKNOWN_LANGUAGE, languageConfidence: 0 };
  };
}

function firstWords({ sentences, title }: Reading): Token[] {
  const words: Token[] = [];
  for (const { tokens } of [...sentences, ...title]) {
    for (const token of tokens) {
      // "http" is what is left of a link in masked texts
      if (token.kind === "word" && token.text !== "http") words.push(token);
      if (words.length >= WORDS_READ) return words;
    }
  }
  return words;
}

function guessWithEld(words: readonly Token[]): DetectLanguageAdds {
  const found = eld.detect(words.map(({ text }) => text).join(" "));
  if (found.language === "") return { language: UNKNOWN_LANGUAGE, languageConfidence: 0 };
  // isReliable() compares a score with a language number in eld 2.1.0, so the lead is taken from the scores
  const [first = 0, second = 0] = Object.values(found.getScores());
  const row = ELD_TRUST.find(({ maxWords }) => words.length <= maxWords);
  const column = ELD_LEADS.filter((lead) => first - second >= lead).length;
  return { language: found.language, languageConfidence: row?.trust[column] ?? 0 };
}
