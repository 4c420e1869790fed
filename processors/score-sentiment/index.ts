import type { Processor } from "../../core/contracts.ts";
import type { Sentiment, SentimentLabel, Span } from "../../schemas/enrichment.ts";
import type { Mention } from "../../schemas/mention.ts";
import type { DetectLanguageAdds } from "../detect-language.ts";
import { ENGLISH } from "../lexicons/english.ts";
import type { LanguageRules } from "../lexicons/language-rules.ts";
import { FRENCH, GERMAN, ITALIAN, PORTUGUESE, SPANISH } from "../lexicons/other-languages.ts";
import { perMention } from "../per-mention.ts";
import {
  vocabularyOf,
  type ReadTextAdds,
  type Reading,
  type Sentence,
  type Token,
  type VocabularyLanguage,
} from "../read-text.ts";
import { turnMockPraise } from "./sarcasm.ts";
import { scoreEmoji, scoreSentence, type Hit, type Lexicon } from "./score-sentence.ts";

export interface ScoreSentimentAdds {
  readonly sentiment: Sentiment;
}

/** Languages whose words are read. In any other only emoji, emoticons and the rating count. */
const LANGUAGE_RULES: Readonly<Record<VocabularyLanguage, LanguageRules>> = {
  en: ENGLISH,
  es: SPANISH,
  de: GERMAN,
  fr: FRENCH,
  pt: PORTUGUESE,
  it: ITALIAN,
};

/**
 * Gives the step that scores a mention's polarity: sentence by sentence over title and text, from words (natural's
 * vocabularies and Earshot's own), fixed expressions, negation within a few words of the same clause, emphasis, emoji
 * and sarcasm, with the rating as further evidence. Spans refer to `text` alone; what the title says counts but has
 * no span. `unscored` when the words cannot be read and there is neither emoji nor rating.
 */
export function scoreSentiment(): Processor<Mention & ReadTextAdds & DetectLanguageAdds, ScoreSentimentAdds> {
  const lexicons = compileLexicons();
  return perMention("score_sentiment", (mention) => ({
    sentiment: score(mention.reading, lexicons.get(mention.language), ratingScore(mention)),
  }));
}

function compileLexicons(): ReadonlyMap<string, Lexicon> {
  const lexicons = new Map<string, Lexicon>();
  for (const language of Object.keys(LANGUAGE_RULES) as VocabularyLanguage[]) {
    const rules = LANGUAGE_RULES[language];
    const polarity = new Map<string, number>();
    for (const [word, value] of vocabularyOf(language)) polarity.set(word, value * rules.vocabularyWeight);
    for (const [word, value] of rules.words) {
      if (value === 0) polarity.delete(word);
      else polarity.set(word, value);
    }
    lexicons.set(language, { ...rules, polarity });
  }
  return lexicons;
}

const UNSCORED: Sentiment = { score: null, label: "unscored", confidence: 0, spans: [] };

/** At least this much polarity gives a label: one plain word of value 1. Chosen on the validation part of TweetEval. */
const POSITIVE_FROM = 0.25;
const NEGATIVE_FROM = -0.25;

/** Values add up to √15 before the score passes ±.7 (VADER's normalisation). */
const NORMALISER = 15;

/** Share of the rating where words say something too. */
const RATING_WEIGHT = 0.6;
const RATING_CONFIDENCE = 0.85;

/** Most confidence where emoji are all that was understood of a text with words. */
const EMOJI_BESIDE_UNREAD_WORDS = 0.5;

const MAX_SPANS = 20;

function score(reading: Reading, lexicon: Lexicon | undefined, rated: number | undefined): Sentiment {
  const title = scoreSentences(reading.title, lexicon);
  const text = scoreSentences(reading.sentences, lexicon);
  const hits = [...title, ...text];
  const canRead = lexicon !== undefined && hasWords(reading);
  if (!canRead && hits.length === 0) {
    if (rated === undefined) return UNSCORED;
    return { score: rated, label: labelOf(rated), confidence: RATING_CONFIDENCE, spans: [] };
  }
  const sum = hits.reduce((total, { value }) => total + value, 0);
  const said = sum / Math.sqrt(sum * sum + NORMALISER);
  if (!Number.isFinite(said)) return UNSCORED;
  const both = rated === undefined ? said : RATING_WEIGHT * rated + (1 - RATING_WEIGHT) * said;
  const label = labelOf(both);
  let confidence = confidenceOf(both, label);
  if (rated !== undefined) confidence = RATING_CONFIDENCE - 0.3 * Math.min(1, Math.abs(rated - said) / 2);
  else if (!canRead && hasWords(reading)) confidence = Math.min(confidence, EMOJI_BESIDE_UNREAD_WORDS);
  return { score: round(both), label, confidence: round(confidence), spans: strongest(text, both) };
}

function labelOf(polarity: number): SentimentLabel {
  if (polarity >= POSITIVE_FROM) return "positive";
  return polarity <= NEGATIVE_FROM ? "negative" : "neutral";
}

/**
 * How often a score this strong got the right label, by |score| from 0 to 1 in fifths: the mean over public tweets
 * labelled by people and app reviews labelled by their stars.
 */
const CONFIDENCE = {
  positive: [0.65, 0.65, 0.75, 0.85, 0.95],
  neutral: [0.6, 0.5, 0.5, 0.5, 0.5],
  negative: [0.55, 0.55, 0.55, 0.7, 0.8],
} as const;

function confidenceOf(polarity: number, label: SentimentLabel): number {
  if (label === "unscored") return 0;
  return CONFIDENCE[label][Math.min(4, Math.floor(Math.abs(polarity) * 5))] ?? 0;
}

/** Polarity of the rating, −1..1; undefined when there is none on a known scale. */
function ratingScore({ rating, ratingMax }: Mention): number | undefined {
  if (rating === null || ratingMax === null || !(ratingMax > 0) || !Number.isFinite(rating)) return undefined;
  const share = Math.min(1, Math.max(0, rating / ratingMax));
  // one star of five is the worst there is, three are neither good nor bad
  return Math.max(-1, (share - 0.6) / 0.4);
}

function hasWords({ title, sentences }: Reading): boolean {
  const isWord = ({ kind }: Token) => kind === "word" || kind === "hashtag";
  return [...sentences, ...title].some(({ tokens }) => tokens.some(isWord));
}

function scoreSentences(sentences: readonly Sentence[], lexicon: Lexicon | undefined): Hit[] {
  const scored = sentences.map((sentence) =>
    lexicon === undefined ? scoreEmoji(sentence) : scoreSentence(sentence, lexicon),
  );
  if (lexicon !== undefined) turnMockPraise(sentences, scored, lexicon);
  return scored.flat();
}

/** Where the text says what the score says, strongest first. */
function strongest(hits: readonly Hit[], polarity: number): Span[] {
  const agreeing = hits.filter(({ value }) => value !== 0 && (polarity === 0 || value > 0 === polarity > 0));
  const chosen = agreeing.length > 0 ? agreeing : hits;
  return [...chosen]
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || a.start - b.start)
    .slice(0, MAX_SPANS)
    .map(({ start, end }) => ({ start, end }));
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
