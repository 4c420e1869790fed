import { chain } from "../core/chain.ts";
import {
  classifyFeedback,
  FEEDBACK_CLASSES,
  FEEDBACK_SIGNALS,
  feedbackSignals,
} from "../processors/classify-feedback.ts";
import { detectComplaint } from "../processors/detect-complaint.ts";
import { detectLanguage } from "../processors/detect-language.ts";
import { detectRequest } from "../processors/detect-request.ts";
import { hashFeatures } from "../processors/hash-features.ts";
import type { LinearModel } from "../processors/linear-model/linear-model.ts";
import type { ReadingModels } from "../processors/models.ts";
import { readText } from "../processors/read-text.ts";
import { scoreSentiment } from "../processors/score-sentiment/index.ts";
import type { Mention } from "../schemas/mention.ts";
import { foldOf } from "./fold-of.ts";
import type { Verdict } from "./metrics.ts";
import { readBy, type Written } from "./read-rows.ts";
import { readSet, textIn, type Row } from "./sets.ts";
import { trainLinear, type Example, type TrainingPlan } from "./train-linear.ts";

export const ENGLISH_FEEDBACK: TrainingPlan = {
  name: "feedback-en",
  classes: FEEDBACK_CLASSES,
  signals: FEEDBACK_SIGNALS,
  rows: 2 ** 17,
  epochs: 8,
  learningRate: 0.05,
  decay: 1e-4,
};

/** The models that read before the model of feedback does. */
type Earlier = Pick<ReadingModels, "sentiment" | "complaint">;

/** The set's own names of the classes, in their order. */
const LABELS = ["Bug", "Feature", "UserExperience", "Rating"] as const;

/** An example with the review it is of. */
export interface FeedbackExample extends Example {
  readonly kind: (typeof FEEDBACK_CLASSES)[number];
  readonly written: Written;
}

/** What the model of feedback learns from a folder of sets, each class counting the same. */
export async function feedbackExamples(folder: string, earlier: Earlier): Promise<FeedbackExample[]> {
  const rows = (readSet(folder, "app_maalej2016") ?? []).flatMap((row) => {
    const kind = FEEDBACK_CLASSES[LABELS.findIndex((label) => label === row["label"])];
    return kind === undefined ? [] : [{ kind, written: reviewIn(row) }];
  });
  const read = await readBy(
    earlierChain(earlier),
    rows.map(({ written }) => written),
  );
  return rows.flatMap(({ kind, written }, index) => {
    const mention = read[index];
    if (mention === undefined) return [];
    const features = [...mention.features.title, ...mention.features.sentences];
    return {
      features: {
        words: features.flatMap(({ words }) => words),
        grams: features.flatMap(({ grams }) => grams),
      },
      signals: feedbackSignals(mention),
      target: FEEDBACK_CLASSES.map((each) => (each === kind ? 1 : 0)),
      weight: rows.length / FEEDBACK_CLASSES.length / rows.filter((row) => row.kind === kind).length,
      kind,
      written,
    };
  });
}

function reviewIn(row: Row): Written {
  const title = textIn(row, "title");
  return { text: textIn(row, "text"), title: title === "None" ? "" : title, language: "en" };
}

function earlierChain({ sentiment, complaint }: Earlier) {
  return chain<Mention>()
    .pipe(readText())
    .pipe(detectLanguage())
    .pipe(hashFeatures())
    .pipe(scoreSentiment(sentiment))
    .pipe(detectComplaint(complaint))
    .pipe(detectRequest());
}

const FOLDS = 5;

/** What models say that have not seen the review, nor another copy of it: each part by one trained on the other four. */
export async function feedbackVerdicts(folder: string, earlier: Earlier): Promise<Verdict<string>[]> {
  const examples = await feedbackExamples(folder, earlier);
  const verdicts: Verdict<string>[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isLeft = ({ written }: FeedbackExample) => foldOf(written.text, FOLDS) === fold;
    const left = examples.filter(isLeft);
    const model = trainLinear(
      ENGLISH_FEEDBACK,
      examples.filter((example) => !isLeft(example)),
    );
    const read = await classify(
      left.map(({ written }) => written),
      earlier,
      model,
    );
    left.forEach(({ kind }, index) => verdicts.push([kind, read[index]?.feedback.kind ?? "unknown"]));
  }
  return verdicts;
}

function classify(written: readonly Written[], earlier: Earlier, model: LinearModel) {
  return readBy(earlierChain(earlier).pipe(classifyFeedback(model)), written);
}
