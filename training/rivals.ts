import { createRequire } from "node:module";

/** A library that scores sentiment: a number below 0 for blame, above for praise. */
export interface Rival {
  readonly name: string;
  readonly score: (text: string) => number;
  /** From this score on it says positive, and below its negative, negative; as its own manual says. */
  readonly from: number;
}

interface Vader {
  readonly SentimentIntensityAnalyzer: { polarity_scores(text: string): { readonly compound: number } };
}
type Sentiment = new () => { analyze(text: string): { readonly comparative: number } };
type Wink = (text: string) => { readonly normalizedScore: number };
interface Natural {
  readonly SentimentAnalyzer: new (
    language: string,
    stemmer: unknown,
    vocabulary: string,
  ) => { getSentiment(words: readonly string[]): number };
}

/** The sentiment libraries of the npm registry people use, for English. */
export function loadRivals(): readonly Rival[] {
  const load = createRequire(import.meta.url) as (name: string) => unknown;
  const { SentimentIntensityAnalyzer } = load("vader-sentiment") as Vader;
  const sentiment = new (load("sentiment") as Sentiment)();
  const wink = load("wink-sentiment") as Wink;
  const { SentimentAnalyzer } = load("natural/lib/natural/sentiment") as Natural;
  const afinn = new SentimentAnalyzer("English", undefined, "afinn");
  return [
    {
      name: "vader-sentiment",
      score: (text) => SentimentIntensityAnalyzer.polarity_scores(text).compound,
      from: 0.05,
    },
    { name: "sentiment", score: (text) => sentiment.analyze(text).comparative, from: Number.MIN_VALUE },
    { name: "wink-sentiment", score: (text) => toNumber(wink(text).normalizedScore), from: Number.MIN_VALUE },
    {
      name: "natural",
      score: (text) => toNumber(afinn.getSentiment(text.toLowerCase().split(/[^\p{L}\p{N}']+/u))),
      from: Number.MIN_VALUE,
    },
  ];
}

/** Some answer NaN where there is nothing to score. */
function toNumber(score: number): number {
  return Number.isFinite(score) ? score : 0;
}
