import type { Processor } from "../../core/contracts.ts";
import type { Sentiment, SentenceSentiment, SentimentLabel } from "../../schemas/enrichment.ts";
import type { Span } from "../../schemas/reading.ts";
import type { DetectLanguageAdds } from "../detect-language.ts";
import type { HashFeaturesAdds } from "../hash-features.ts";
import { addSums, probabilities, sumsOf, type LinearModel, type Sums } from "../linear-model/linear-model.ts";
import { perMention } from "../per-mention.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ReadTextAdds, Reading, Sentence, Token } from "../read-text.ts";
import { starShare } from "../star-share.ts";
import { strongestSpans } from "../strongest-spans.ts";
import { compileLexicons, findHits } from "./find-hits.ts";
import type { Hit } from "./score-sentence.ts";
import { sentimentSignals, squeeze } from "./signals.ts";
import { leaningOf } from "./word-leanings.ts";

export interface ScoreSentimentAdds {
  readonly sentiment: Sentiment;
  readonly polarity: Polarity;
}

/** What the words say of a mention, for the steps that read on. */
export interface Polarity {
  /** Words of polarity by sentence, as `reading` has them. */
  readonly hits: {
    readonly title: readonly (readonly Hit[])[];
    readonly sentences: readonly (readonly Hit[])[];
  };
  /** How likely a model finds each label, 0..1; absent where no model reads the language. */
  readonly likely?: Readonly<Record<(typeof SENTIMENT_CLASSES)[number], number>>;
}

/** Classes of the models of sentiment, in their order. */
export const SENTIMENT_CLASSES = ["negative", "neutral", "positive"] as const;

/** Models of sentiment: one of English, one of the other languages that are read. */
export interface SentimentModels {
  readonly english?: LinearModel | undefined;
  readonly others?: LinearModel | undefined;
  /** What single words of the other languages lean to, which their model is shown. */
  readonly leanings?: LinearModel | undefined;
}

type Needs = ReadMention & ReadTextAdds & DetectLanguageAdds & HashFeaturesAdds;

/**
 * Gives the step that scores a mention's polarity. Words of polarity (natural's vocabularies and Earshot's own), fixed
 * expressions, negation within a few words of the same clause, emphasis, emoji and sarcasm are signals of a trained
 * model that also weighs the words themselves; where there is no model of the language they decide alone. The rating is
 * further evidence. Spans refer to `text` alone; what the title says counts but has no span. `unscored` when the words
 * cannot be read and there is neither emoji nor rating.
 */
export function scoreSentiment({
  english,
  others,
  leanings,
}: SentimentModels): Processor<Needs, ScoreSentimentAdds> {
  const lexicons = compileLexicons();
  return perMention("score_sentiment", (mention) => {
    const { reading, language } = mention;
    const lexicon = lexicons.get(language);
    const hits = {
      title: findHits(reading.title, lexicon),
      sentences: findHits(reading.sentences, lexicon),
    };
    const [model, table] = language === "en" ? [english, undefined] : [others, leanings];
    const hasOwnWords = hasWords(reading);
    const isRead = lexicon !== undefined && hasOwnWords;
    const weighed = isRead && model !== undefined ? weigh(model, table, mention) : undefined;
    const likely = weighed === undefined ? undefined : likelyOfAll(weighed, hits);
    const said = likely === undefined ? sayByHits(hits, isRead, hasOwnWords) : sayByModel(likely);
    const polarity = { hits, ...(likely === undefined ? {} : { likely }) };
    const sentences = said === undefined ? [] : scoreSentences(reading, hits.sentences, weighed);
    return { sentiment: toSentiment(said, ratingScore(mention), hits.sentences, sentences), polarity };
  });
}

/** What a model adds up over each sentence. */
interface Weighed {
  readonly model: LinearModel;
  readonly title: readonly Sums[];
  readonly sentences: readonly Sums[];
  /** What the words of each sentence lean to; empty in English. */
  readonly leanings: { readonly title: readonly Float64Array[]; readonly sentences: readonly Float64Array[] };
}

function weigh(
  model: LinearModel,
  leanings: LinearModel | undefined,
  { features, reading }: ReadTextAdds & HashFeaturesAdds,
): Weighed {
  const leaningsOf = (sentences: readonly Sentence[]) =>
    leanings === undefined ? [] : sentences.map((sentence) => leaningOf(leanings, sentence));
  return {
    model,
    title: features.title.map((some) => sumsOf(model, some)),
    sentences: features.sentences.map((some) => sumsOf(model, some)),
    leanings: { title: leaningsOf(reading.title), sentences: leaningsOf(reading.sentences) },
  };
}

function likelyOfAll({ model, title, sentences, leanings }: Weighed, hits: Polarity["hits"]) {
  const sums = addSums([...title, ...sentences], SENTIMENT_CLASSES.length);
  const together = [...leanings.title, ...leanings.sentences];
  return likelyLabels(model, sums, [...hits.title, ...hits.sentences], together);
}

/**
 * How likely a model of sentiment finds each label, by its sums, the words of polarity by sentence and, in other
 * languages than English, what words lean to.
 */
export function likelyLabels(
  model: LinearModel,
  sums: Sums,
  hits: readonly (readonly Hit[])[],
  leanings: readonly Float64Array[] = [],
): NonNullable<Polarity["likely"]> {
  const signals = sentimentSignals(hits, leanings, sums.wordCount);
  const [negative = 0, neutral = 0, positive = 0] = probabilities(model, sums, signals);
  return { negative, neutral, positive };
}

/** More sentences than this are not told apart. */
const MAX_SENTENCES = 50;

/** Polarity of each sentence of a text that has several. */
function scoreSentences(
  { sentences }: Reading,
  hits: readonly (readonly Hit[])[],
  weighed: Weighed | undefined,
): SentenceSentiment[] {
  if (sentences.length < 2) return [];
  return sentences.slice(0, MAX_SENTENCES).map(({ start, end }, index) => {
    const own = hits[index] ?? [];
    const sums = weighed?.sentences[index];
    const said =
      weighed === undefined || sums === undefined
        ? sayByHits({ title: [], sentences: [own] }, true, true)
        : sayByModel(
            likelyLabels(weighed.model, sums, [own], weighed.leanings.sentences.slice(index, index + 1)),
          );
    return { start, end, label: said?.label ?? "unscored", score: round(said?.score ?? 0) };
  });
}

/** Polarity of the words alone, −1..1, and how sure it is. */
interface Said {
  readonly score: number;
  readonly label: SentimentLabel;
  readonly confidence: number;
}

function sayByModel({ negative, neutral, positive }: NonNullable<Polarity["likely"]>): Said {
  const score = positive - negative;
  const most = Math.max(negative, neutral, positive);
  const label = most === negative ? "negative" : most === positive ? "positive" : "neutral";
  return { score, label, confidence: most };
}

/** Most confidence where emoji are all that was understood of a text with words. */
const EMOJI_BESIDE_UNREAD_WORDS = 0.5;

function sayByHits(
  { title, sentences }: Polarity["hits"],
  isRead: boolean,
  hasWords: boolean,
): Said | undefined {
  const hits = [...title.flat(), ...sentences.flat()];
  if (!isRead && hits.length === 0) return undefined;
  const score = squeeze(hits.reduce((total, { value }) => total + value, 0));
  if (!Number.isFinite(score)) return undefined;
  const label = labelOf(score);
  const confidence = confidenceOf(score, label);
  return {
    score,
    label,
    confidence: hasWords && !isRead ? Math.min(confidence, EMOJI_BESIDE_UNREAD_WORDS) : confidence,
  };
}

/** At least this much polarity gives a label: one plain word of value 1. Chosen on the validation part of TweetEval. */
const POSITIVE_FROM = 0.25;
const NEGATIVE_FROM = -0.25;

function labelOf(polarity: number): SentimentLabel {
  if (polarity >= POSITIVE_FROM) return "positive";
  return polarity <= NEGATIVE_FROM ? "negative" : "neutral";
}

/**
 * How often a score of words alone this strong got the right label, by |score| from 0 to 1 in fifths: the mean over
 * public tweets labelled by people and app reviews labelled by their stars.
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

/** Share of the rating where words say something too. */
const RATING_WEIGHT = 0.65;
const RATING_CONFIDENCE = 0.85;

const UNSCORED: Sentiment = { score: null, label: "unscored", confidence: 0, spans: [], sentences: [] };

function toSentiment(
  said: Said | undefined,
  rated: number | undefined,
  hits: Polarity["hits"]["sentences"],
  sentences: SentenceSentiment[],
): Sentiment {
  if (said === undefined) {
    if (rated === undefined) return UNSCORED;
    return { ...UNSCORED, score: round(rated), label: labelOf(rated), confidence: RATING_CONFIDENCE };
  }
  if (rated === undefined) {
    const { score, label, confidence } = said;
    const spans = strongest(hits, score);
    return { score: round(score), label, confidence: round(confidence), spans, sentences };
  }
  const score = RATING_WEIGHT * rated + (1 - RATING_WEIGHT) * said.score;
  const confidence = RATING_CONFIDENCE - 0.3 * Math.min(1, Math.abs(rated - said.score) / 2);
  return {
    score: round(score),
    label: labelOf(score),
    confidence: round(confidence),
    spans: strongest(hits, score),
    sentences,
  };
}

/** Polarity of the rating, −1..1; undefined when there is none on a known scale. */
function ratingScore(mention: ReadMention): number | undefined {
  const stars = starShare(mention);
  if (stars === undefined) return undefined;
  const share = Math.min(1, Math.max(0, stars));
  // one star of five is the worst there is, three are neither good nor bad
  return Math.max(-1, (share - 0.6) / 0.4);
}

function hasWords({ title, sentences }: Reading): boolean {
  const isWord = ({ kind }: Token) => kind === "word" || kind === "hashtag";
  return [...sentences, ...title].some(({ tokens }) => tokens.some(isWord));
}

/** Where the text says what the score says, strongest first. */
function strongest(hits: Polarity["hits"]["sentences"], polarity: number): Span[] {
  const all = hits.flat();
  const agreeing = all.filter(({ value }) => value !== 0 && (polarity === 0 || value > 0 === polarity > 0));
  return strongestSpans(agreeing.length > 0 ? agreeing : all);
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
