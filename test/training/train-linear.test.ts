import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { modelFolder } from "../../cli/reading.ts";
import { writeModel } from "../../processors/linear-model/model-file.ts";
import { probabilities, sumsOf } from "../../processors/linear-model/linear-model.ts";
import { MODEL_FILES } from "../../processors/models.ts";
import { complaintExamples, ENGLISH_COMPLAINTS } from "../../training/complaint.ts";
import { ENGLISH_FEEDBACK, feedbackExamples, feedbackVerdicts } from "../../training/feedback.ts";
import { macroF1 } from "../../training/metrics.ts";
import {
  ENGLISH_SENTIMENT,
  OTHER_SENTIMENT,
  sentimentExamples,
  sentimentReader,
} from "../../training/sentiment.ts";
import { trainLinear, type Example, type TrainingPlan } from "../../training/train-linear.ts";
import { sharedData } from "../support/shared-data.ts";
import { models } from "../support/reading-models.ts";

const PLAN: TrainingPlan = {
  name: "weather",
  classes: ["bad", "good"],
  signals: ["is_hot"],
  rows: 2 ** 12,
  epochs: 10,
  learningRate: 0.1,
  decay: 1e-5,
};

function examples(): Example[] {
  const read = sentimentReader();
  const said = (text: string, isGood: boolean, isHot: number): Example => ({
    features: read(text, "en").features,
    signals: [isHot],
    target: isGood ? [0, 1] : [1, 0],
    weight: 1,
  });
  return [
    said("rain and fog all day", false, 0),
    said("fog, then more rain", false, 0),
    said("sun over the bay", true, 0),
    said("a day of sun", true, 0),
    said("what a day", true, 1),
    said("what a night", true, 1),
  ];
}

describe("training", () => {
  it("learns words and signals", () => {
    const model = trainLinear(PLAN, examples());
    const read = sentimentReader();
    const good = (text: string, isHot = 0) =>
      probabilities(model, sumsOf(model, read(text, "en").features), [isHot])[1] ?? 0;
    expect(good("sun tomorrow")).toBeGreaterThan(0.5);
    expect(good("rain tomorrow")).toBeLessThan(0.5);
    expect(good("rain tomorrow", 1)).toBeGreaterThan(good("rain tomorrow"));
  });

  it("gives the same bytes every time", () => {
    expect(writeModel(trainLinear(PLAN, examples())).equals(writeModel(trainLinear(PLAN, examples())))).toBe(
      true,
    );
  });
});

const folder = dirname(sharedData("tweeteval_train.jsonl.gz") ?? "");

describe.skipIf(folder === ".")("the models that ship are what the sets train, byte for byte", () => {
  const shipped = (file: string) => readFileSync(join(modelFolder, file));

  it("sentiment of English", { timeout: 180_000 }, () => {
    const model = trainLinear(ENGLISH_SENTIMENT, sentimentExamples(folder, "english", false));
    expect(writeModel(model).equals(shipped(MODEL_FILES.sentimentEnglish))).toBe(true);
  });

  it("sentiment of other languages", { timeout: 180_000 }, () => {
    const { leanings } = models.sentiment;
    const model = trainLinear(OTHER_SENTIMENT, sentimentExamples(folder, "others", false, leanings));
    expect(writeModel(model).equals(shipped(MODEL_FILES.sentimentOthers))).toBe(true);
  });

  it("complaints", { timeout: 180_000 }, () => {
    const model = trainLinear(ENGLISH_COMPLAINTS, complaintExamples(folder, models.sentiment.english));
    expect(writeModel(model).equals(shipped(MODEL_FILES.complaintEnglish))).toBe(true);
  });

  it("feedback", { timeout: 180_000 }, async () => {
    const model = trainLinear(ENGLISH_FEEDBACK, await feedbackExamples(folder, models));
    expect(writeModel(model).equals(shipped(MODEL_FILES.feedback))).toBe(true);
  });
});

describe.skipIf(folder === ".")("the model of feedback", () => {
  it(
    "tells four kinds of app reviews it has not seen, macro-F1 of .55 at least",
    { timeout: 180_000 },
    async () => {
      const verdicts = await feedbackVerdicts(folder, models);
      expect(macroF1(verdicts, ENGLISH_FEEDBACK.classes)).toBeGreaterThan(0.55);
    },
  );
});
