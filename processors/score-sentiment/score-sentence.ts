import type { Span } from "../../schemas/reading.ts";
import { EMOJI } from "../lexicons/emoji.ts";
import { negates, type LanguageRules, type Phrase } from "../lexicons/language-rules.ts";
import { perForm } from "../per-form.ts";
import type { Sentence, Token } from "../read-text.ts";
import { turnSarcasm } from "./sarcasm.ts";

/** A language's rules with its vocabulary merged in. */
export interface Lexicon extends LanguageRules {
  /** What is known of a token; undefined where nothing is, as of most. */
  readonly senseOf: (token: Token) => Sense | undefined;
}

/** What a language's rules know of a token. */
interface Sense {
  /** −5..5; undefined of most. */
  readonly polarity: number | undefined;
  /** Those that may start with it, longest first. */
  readonly phrases: readonly Phrase[];
  /** See {@link LanguageRules}. */
  readonly isContrast: boolean;
  readonly isExpected: boolean;
}

/** A language's rules with its vocabulary. @param polarity −5..5 */
export function compileLexicon(rules: LanguageRules, polarity: ReadonlyMap<string, number>): Lexicon {
  const senseOf = perForm(({ kind, text, stem }: Token): Sense | undefined => {
    if (kind !== "word" && kind !== "hashtag" && kind !== "number") return undefined;
    const sense = {
      polarity: polarityOf(text, polarity),
      phrases: (kind === "hashtag" ? undefined : rules.phrases.get(text)) ?? [],
      isContrast: rules.contrasts.has(text),
      isExpected: rules.expected.has(stem),
    };
    const isKnown =
      sense.polarity !== undefined || sense.phrases.length > 0 || sense.isContrast || sense.isExpected;
    return isKnown ? sense : undefined;
  });
  return { ...rules, senseOf };
}

function polarityOf(text: string, polarity: ReadonlyMap<string, number>): number | undefined {
  const value = polarity.get(text);
  if (value !== undefined) return value;
  // l'amour, dell'errore: the word is what follows the article
  const apostrophe = text.indexOf("'");
  return apostrophe > 0 ? polarity.get(text.slice(apostrophe + 1)) : undefined;
}

/** A stretch of text that says something, and how much: −5..5 before emphasis. `at` is its token's index. */
export interface Hit extends Span {
  readonly at: number;
  value: number;
}

/** What a sentence says in any language: its emoji and emoticons. */
export function scoreEmoji({ tokens }: Sentence): Hit[] {
  const hits: Hit[] = [];
  tokens.forEach((token, at) => {
    const hit = emojiHit(token, at);
    if (hit !== undefined) hits.push(hit);
  });
  return hits;
}

function emojiHit({ kind, text, start, end }: Token, at: number): Hit | undefined {
  const value = kind === "emoji" || kind === "emoticon" ? EMOJI.get(text) : undefined;
  return value === undefined ? undefined : { start, end, at, value };
}

const SHOUTED_BONUS = 0.7;
const STRETCHED_FACTOR = 1.2;
const NEGATED_PRAISE = -0.6;
const NEGATED_BLAME = -0.4;
const DENIED_EXPECTATION = -2;
const BEFORE_CONTRAST = 0.5;
const AFTER_CONTRAST = 1.3;

/**
 * What a sentence says in a language whose words are known, in order: words and fixed expressions with negation,
 * intensifiers, emphasis, contrast and sarcasm applied, and emoji.
 */
export function scoreSentence({ tokens }: Sentence, lexicon: Lexicon): Hit[] {
  const hits: Hit[] = [];
  const isShoutedThrough = tokens.every(
    (token) => token.kind !== "word" || token.isShouted || token.text.length < 3,
  );
  let contrast = -1;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const emoji = emojiHit(token, at);
    if (emoji !== undefined) hits.push(emoji);
    const sense = lexicon.senseOf(token);
    if (sense === undefined) continue;
    const { start, end } = token;
    const { polarity, phrases, isContrast, isExpected } = sense;
    if (isContrast) contrast = at;

    const phrase = phrases.find(({ words }) => startsAt(tokens, at, words));
    if (phrase !== undefined) {
      const isTurned = phrase.value > 0 && negates(tokens, at, lexicon);
      const last = tokens[at + phrase.words.length - 1] ?? token;
      hits.push({ start, end: last.end, at, value: phrase.value * (isTurned ? NEGATED_PRAISE : 1) });
      at += phrase.words.length - 1;
      continue;
    }
    if (polarity === undefined) {
      if (isExpected && negates(tokens, at, lexicon)) {
        hits.push({ start, end, at, value: DENIED_EXPECTATION });
      }
      continue;
    }
    let value = polarity;
    if (token.isShouted && !isShoutedThrough) value += Math.sign(value) * SHOUTED_BONUS;
    if (token.isStretched) value *= STRETCHED_FACTOR;
    value *= emphasisBefore(tokens, at, lexicon);
    if (negates(tokens, at, lexicon)) value *= value > 0 ? NEGATED_PRAISE : NEGATED_BLAME;
    hits.push({ start, end, at, value });
  }
  if (hits.length === 0) return hits;
  weighContrast(hits, contrast);
  turnSarcasm(tokens, hits, lexicon);
  weighMarks(tokens, hits);
  return hits;
}

function startsAt(tokens: readonly Token[], at: number, words: readonly string[]): boolean {
  return words.every((word, offset) => tokens[at + offset]?.text === word);
}

/** Factor of the intensifiers and diminishers among the three words before, the nearest counting most. */
function emphasisBefore(tokens: readonly Token[], at: number, { intensifiers }: Lexicon): number {
  let factor = 1;
  for (let back = 1, words = 0; words < 3; back++) {
    const token = tokens[at - back];
    if (token === undefined || token.kind === "punctuation") break;
    if (token.kind !== "word") continue;
    factor *= 1 + (intensifiers.get(token.text) ?? 0) * (1 - 0.2 * words);
    words++;
  }
  return factor;
}

function weighContrast(hits: readonly Hit[], contrast: number): void {
  if (contrast < 0) return;
  for (const hit of hits) hit.value *= hit.at < contrast ? BEFORE_CONTRAST : AFTER_CONTRAST;
}

/** Exclamation marks strengthen what is said; a question that praises asks more than it praises. */
function weighMarks(tokens: readonly Token[], hits: readonly Hit[]): void {
  let exclamations = 0;
  let isQuestion = false;
  for (const { kind, text } of tokens) {
    if (kind !== "punctuation") continue;
    if (text.includes("?")) isQuestion = true;
    if (text.startsWith("!")) exclamations += text.length;
  }
  const factor = 1 + 0.1 * Math.min(4, exclamations);
  for (const hit of hits) {
    hit.value *= factor;
    if (isQuestion && hit.value > 0) hit.value *= 0.6;
  }
}
