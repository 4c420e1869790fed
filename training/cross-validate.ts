import type { ReadingModels } from "../processors/models.ts";
import { complaintExamples, ENGLISH_COMPLAINTS } from "./complaint.ts";
import { ENGLISH_SENTIMENT, OTHER_SENTIMENT, sentimentExamples } from "./sentiment.ts";
import type { Row } from "./sets.ts";
import { trainLinear, type Example, type TrainingPlan } from "./train-linear.ts";

/** Rows and models that have not seen them. */
export interface Fold {
  readonly rows: readonly Row[];
  readonly models: ReadingModels;
}

const FOLDS = 5;

/** Five parts of the sets that the models of sentiment learn from, each with models trained on the other four. */
export function sentimentFolds(data: string, which: "english" | "others", whole: ReadingModels): Fold[] {
  const [plan, leanings] =
    which === "english" ? [ENGLISH_SENTIMENT, undefined] : [OTHER_SENTIMENT, whole.sentiment.leanings];
  const examples = sentimentExamples(data, which, false, leanings);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const { left, model } = leaveOut(plan, examples, (_example, index) => index % FOLDS === fold);
    return {
      rows: left.map(({ row, set }) => ({ ...row, set })),
      models: { ...whole, sentiment: { ...whole.sentiment, [which]: model } },
    };
  });
}

/** Parts of the tweets to companies, each with a model of complaints that learned from everything else. */
export function complaintFolds(
  data: string,
  whole: ReadingModels,
  partOf: (row: Row, index: number) => number | string,
): Fold[] {
  const examples = complaintExamples(data, whole.sentiment.english);
  const isOwn = ({ set }: { readonly set: string }) => set === "complaints";
  const parts = new Set(examples.filter(isOwn).map(({ row }, index) => partOf(row, index)));
  return [...parts].map((part) => {
    const { left, model } = leaveOut(
      ENGLISH_COMPLAINTS,
      examples,
      (example, index) => isOwn(example) && partOf(example.row, index) === part,
    );
    return { rows: left.map(({ row }) => row), models: { ...whole, complaint: { english: model } } };
  });
}

function leaveOut<E extends Example>(
  plan: TrainingPlan,
  examples: readonly E[],
  isLeft: (example: E, index: number) => boolean,
) {
  const left = examples.filter(isLeft);
  const model = trainLinear(
    plan,
    examples.filter((example, index) => !isLeft(example, index)),
  );
  return { left, model };
}
