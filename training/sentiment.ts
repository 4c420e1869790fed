import { shapeOf } from "../processors/linear-model/features.ts";
import type { LinearModel } from "../processors/linear-model/linear-model.ts";
import { SENTIMENT_CLASSES } from "../processors/score-sentiment/index.ts";
import { compileLexicons, findHits } from "../processors/score-sentiment/find-hits.ts";
import { SENTIMENT_SIGNALS, sentimentSignals } from "../processors/score-sentiment/signals.ts";
import { LEANING_SIGNALS, leaningOf } from "../processors/score-sentiment/word-leanings.ts";
import { createReader } from "../processors/read-text.ts";
import { featuresOfText } from "./features-of-text.ts";
import { readSet, textIn, type Row } from "./sets.ts";
import type { Example, TrainingPlan } from "./train-linear.ts";

/** A set that sentiment is learned from. */
interface LearnedSet {
  readonly name: string;
  readonly language: string;
  /** Weight of its rows beside those of others. */
  readonly weight: number;
  /** Terms that a cautious user may not want in a model. */
  readonly hasMixedTerms: boolean;
  readonly textOf: (row: Row) => string;
  /** How much it is of each class. */
  readonly targetOf: (row: Row) => readonly number[] | undefined;
}

const labelled = (row: Row) => {
  const at = SENTIMENT_CLASSES.findIndex((label) => label === row["label"]);
  return at < 0 ? undefined : SENTIMENT_CLASSES.map((_, index) => (index === at ? 1 : 0));
};

/** Twenty people gave −4…4; from ±2 on it is all of one class. */
const ratedByPeople = ({ rating }: Row) => {
  if (typeof rating !== "number") return undefined;
  const positive = Math.min(1, Math.max(0, rating / 2));
  const negative = Math.min(1, Math.max(0, -rating / 2));
  return [negative, 1 - positive - negative, positive];
};

/** One and two stars are blame, four and five praise; three may be anything. */
const starredIn = (column: string) => (row: Row) => {
  const stars = row[column];
  if (typeof stars !== "number") return undefined;
  if (stars === 3) return [1 / 3, 1 / 3, 1 / 3];
  return stars < 3 ? [1, 0, 0] : [0, 0, 1];
};

const text = (row: Row) => textIn(row, "text");
const titled = (row: Row) => {
  const title = textIn(row, "title");
  return title === "" || title === "None" ? text(row) : `${title}. ${text(row)}`;
};

const english = (
  name: string,
  weight: number,
  targetOf: LearnedSet["targetOf"],
  textOf = text,
  hasMixedTerms = false,
): LearnedSet => ({ name, language: "en", weight, hasMixedTerms, textOf, targetOf });

const ENGLISH_SETS: readonly LearnedSet[] = [
  english("tweeteval_train", 1, labelled, text, true),
  english("vader_tweets", 1, ratedByPeople),
  english("vader_amazon", 1, ratedByPeople),
  english("vader_nyt", 0.5, ratedByPeople),
  english("vader_movies", 0.5, ratedByPeople),
  english("fintech_apps", 0.5, starredIn("score")),
  english("youtube_reviews", 1, starredIn("rating"), titled),
];

const OTHER_SETS: readonly LearnedSet[] = (
  [
    ["spanish", "es"],
    ["german", "de"],
    ["french", "fr"],
    ["portuguese", "pt"],
    ["italian", "it"],
  ] as const
).map(([name, language]) => ({
  name: `xlmt_${name}`,
  language,
  weight: 1,
  hasMixedTerms: true,
  textOf: text,
  targetOf: labelled,
}));

/** An example with where it comes from, so that a model can be judged on what it did not see. */
export interface SentimentExample extends Example {
  readonly set: string;
  readonly row: Row;
}

/**
 * What the models of sentiment learn from a folder of sets, each class of a set counting the same.
 * @param leanings what words lean to, for the model of other languages than English
 */
export function sentimentExamples(
  folder: string,
  which: "english" | "others",
  isPermissive: boolean,
  leanings?: LinearModel,
): SentimentExample[] {
  const read = sentimentReader(leanings);
  return (which === "english" ? ENGLISH_SETS : OTHER_SETS).flatMap((set) => {
    if (isPermissive && set.hasMixedTerms) return [];
    const rows = (readSet(folder, set.name) ?? []).flatMap((row) => {
      const target = set.targetOf(row);
      return target === undefined ? [] : [{ row, target }];
    });
    const mass = SENTIMENT_CLASSES.map((_, at) =>
      rows.reduce((sum, { target }) => sum + (target[at] ?? 0), 0),
    );
    return rows.map(({ row, target }) => {
      const balance = target.reduce(
        (sum, share, at) => sum + (share * rows.length) / 3 / Math.max(mass[at] ?? 0, rows.length * RAREST),
        0,
      );
      const { features, signals } = read(set.textOf(row), set.language);
      return { features, signals, target, weight: set.weight * balance, set: set.name, row };
    });
  });
}

/** A class rarer than this counts no more than one that is as rare. */
const RAREST = 0.05;

/** Gives what a model of sentiment is shown of a text. */
export function sentimentReader(
  leanings?: LinearModel,
): (text: string, language: string) => Pick<Example, "features" | "signals"> {
  const reader = createReader();
  const lexicons = compileLexicons();
  return (written, language) => {
    const sentences = reader(written);
    const features = featuresOfText(sentences, shapeOf(language));
    const hits = findHits(sentences, lexicons.get(language));
    const ofWords = leanings === undefined ? [] : sentences.map((sentence) => leaningOf(leanings, sentence));
    return { features, signals: sentimentSignals(hits, ofWords, features.words.length) };
  };
}

export const ENGLISH_SENTIMENT: TrainingPlan = {
  name: "sentiment-en",
  classes: SENTIMENT_CLASSES,
  signals: SENTIMENT_SIGNALS,
  rows: 2 ** 19,
  epochs: 5,
  learningRate: 0.05,
  decay: 1e-5,
  // blame that is overheard costs more than a remark taken for blame
  lean: [0.18, 0, 0],
};

export const OTHER_SENTIMENT: TrainingPlan = {
  name: "sentiment-es-de-fr-pt-it",
  classes: SENTIMENT_CLASSES,
  signals: [...SENTIMENT_SIGNALS, ...LEANING_SIGNALS],
  rows: 2 ** 18,
  epochs: 4,
  learningRate: 0.03,
  decay: 1e-5,
};
