import { COMPLAINT_CLASSES, COMPLAINT_SIGNALS, complaintSignals } from "../processors/complaint-signals.ts";
import { findWeightyCues } from "../processors/detect-complaint.ts";
import { ENGLISH_CUES } from "../processors/lexicons/complaint-cues.ts";
import { shapeOf } from "../processors/linear-model/features.ts";
import { sumsOf, type LinearModel } from "../processors/linear-model/linear-model.ts";
import { createReader } from "../processors/read-text.ts";
import { compileLexicons, findHits } from "../processors/score-sentiment/find-hits.ts";
import { likelyLabels } from "../processors/score-sentiment/index.ts";
import { featuresOfText } from "./features-of-text.ts";
import { readSet, textIn, type Row } from "./sets.ts";
import type { Example, TrainingPlan } from "./train-linear.ts";

export const ENGLISH_COMPLAINTS: TrainingPlan = {
  name: "complaint-en",
  classes: COMPLAINT_CLASSES,
  signals: COMPLAINT_SIGNALS,
  rows: 2 ** 17,
  epochs: 8,
  learningRate: 0.04,
  decay: 1e-4,
};

/** A set that complaints are learned from. */
interface LearnedSet {
  readonly name: string;
  readonly weight: number;
  readonly textOf: (row: Row) => string;
  /** Whether it is a complaint, undefined where the row does not tell. */
  readonly isComplaint: (row: Row) => boolean | undefined;
}

/** Kinds of bank customers' questions that report something that failed. */
const FAILURES = /failed|declined|not_working|twice|not_recognised|wrong|not_updated/;
/** Kinds that ask how something works, or for something. */
const QUESTIONS = /support|limits|supported|get_|getting|acceptance|charge$|activate|edit_/;

const text = (row: Row) => textIn(row, "text");
const stars = ({ score }: Row) =>
  typeof score === "number" && score !== 3 && score !== 4 ? score <= 2 : undefined;
const praised = ({ rating }: Row) => (typeof rating === "number" && rating >= 1 ? false : undefined);

/** How much of a long letter is read: as long as the longest posts. */
const LETTER_LENGTH = 600;

const SETS: readonly LearnedSet[] = [
  {
    name: "complaints",
    weight: 1,
    textOf: text,
    isComplaint: ({ severity }) => (typeof severity === "number" ? severity > 0 : undefined),
  },
  {
    name: "banking77_50intents",
    weight: 0.05,
    textOf: text,
    isComplaint: ({ category }) => {
      const kind = String(category);
      if (FAILURES.test(kind)) return true;
      return QUESTIONS.test(kind) ? false : undefined;
    },
  },
  { name: "clinc150", weight: 0.005, textOf: text, isComplaint: () => false },
  { name: "fintech_apps", weight: 0.05, textOf: text, isComplaint: stars },
  {
    name: "cfpb",
    weight: 0.025,
    textOf: (row) => textIn(row, "narrative").slice(0, LETTER_LENGTH),
    isComplaint: () => true,
  },
  { name: "vader_tweets", weight: 0.03, textOf: text, isComplaint: praised },
  { name: "vader_nyt", weight: 0.02, textOf: text, isComplaint: praised },
];

/** An example with where it comes from, so that the model can be judged on what it did not see. */
export interface ComplaintExample extends Example {
  readonly set: string;
  readonly row: Row;
}

/** An English text and whether it is a complaint. */
interface ToldComplaint {
  readonly set: string;
  readonly row: Row;
  readonly text: string;
  readonly isComplaint: boolean;
  /** How much it counts. */
  readonly weight: number;
}

/** What complaints are learned from in a folder of sets. Among tweets to companies both classes count the same. */
export function toldComplaints(folder: string): ToldComplaint[] {
  return SETS.flatMap(({ name, weight, textOf, isComplaint }) => {
    const rows = (readSet(folder, name) ?? []).flatMap((row) => {
      const answer = isComplaint(row);
      return answer === undefined ? [] : [{ row, answer }];
    });
    const complaints = rows.filter(({ answer }) => answer).length;
    return rows.map(({ row, answer }) => {
      const balance = weight < 1 ? 1 : rows.length / 2 / (answer ? complaints : rows.length - complaints);
      return { set: name, row, text: textOf(row), isComplaint: answer, weight: weight * balance };
    });
  });
}

/** What the model of complaints learns from a folder of sets. */
export function complaintExamples(folder: string, sentiment: LinearModel | undefined): ComplaintExample[] {
  const read = complaintReader(sentiment);
  return toldComplaints(folder).map(({ text: written, isComplaint, ...from }) => ({
    ...from,
    ...read(written),
    target: isComplaint ? [0, 1] : [1, 0],
  }));
}

/** Gives what the model of complaints is shown of an English text. */
export function complaintReader(
  sentiment: LinearModel | undefined,
): (text: string) => Pick<Example, "features" | "signals"> {
  const reader = createReader();
  const lexicon = compileLexicons().get("en");
  return (written) => {
    const sentences = reader(written);
    const features = featuresOfText(sentences, shapeOf("en"));
    const cues = sentences.flatMap((sentence) => findWeightyCues(sentence, ENGLISH_CUES));
    return {
      features,
      signals: complaintSignals(
        sentences,
        cues.map(({ value }) => value),
        sentiment === undefined
          ? undefined
          : likelyLabels(sentiment, sumsOf(sentiment, features), findHits(sentences, lexicon)),
      ),
    };
  };
}
