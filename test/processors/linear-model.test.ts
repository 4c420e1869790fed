import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FEATURE_SPACE, featuresOf, shapeOf } from "../../processors/linear-model/features.ts";
import {
  addSums,
  probabilities,
  sumsOf,
  type LinearModel,
} from "../../processors/linear-model/linear-model.ts";
import { readModel, writeModel } from "../../processors/linear-model/model-file.ts";
import { createReader } from "../../processors/read-text.ts";

const reader = createReader();
const features = (text: string, shape = shapeOf("en")) =>
  reader(text).map(({ tokens }) => featuresOf(tokens, shape));

describe("features of a sentence", () => {
  it("are numbers a table can be asked for", () => {
    const [{ words, grams } = { words: [], grams: [] }] = features("Where is my parcel? 😡", shapeOf("de"));
    for (const feature of [...words, ...grams]) {
      expect(Number.isInteger(feature) && feature >= 0 && feature < FEATURE_SPACE).toBe(true);
    }
    expect(grams.length).toBeGreaterThan(0);
  });

  it("are the same for two links, two handles or two numbers, and for no two words", () => {
    expect(features("@ann see https://a.example 12")).toEqual(features("@bob see https://b.example 99"));
    expect(features("late")).not.toEqual(features("lost"));
  });

  it("tell what is denied from what is not", () => {
    const [denied] = features("not good");
    const [said] = features("so good");
    expect(denied?.words.length).toBe((said?.words.length ?? 0) + 1);
  });

  it("have no letters of words where the shape has none", () => {
    expect(features("parcel").every(({ grams }) => grams.length === 0)).toBe(true);
  });
});

const MODEL: LinearModel = {
  name: "tiny",
  classes: ["no", "yes"],
  rows: 4,
  scales: [0.5, 0.25],
  biases: [0, 0.1],
  signals: [{ name: "asks", weights: [-1, 1] }],
  weights: Int8Array.from([1, -1, 2, -2, 3, -3, 4, -4]),
};

describe("a linear model", () => {
  it("folds features into its table and adds up their weights", () => {
    const { words, wordCount } = sumsOf(MODEL, { words: [0, 5, 6], grams: [] });
    expect([...words]).toEqual([(1 + 2 + 3) * 0.5, -(1 + 2 + 3) * 0.25]);
    expect(wordCount).toBe(3);
  });

  it("gives probabilities that add up to one, moved by its signals", () => {
    const sums = sumsOf(MODEL, { words: [1, 2], grams: [3] });
    const [no = 0, yes = 0] = probabilities(MODEL, sums, [0]);
    expect(no + yes).toBeCloseTo(1, 12);
    expect(probabilities(MODEL, sums, [1])[1]).toBeGreaterThan(yes);
  });

  it("reads a text as it reads its sentences together", () => {
    const whole = sumsOf(MODEL, { words: [0, 1, 2], grams: [3] });
    const parts = [sumsOf(MODEL, { words: [0, 1], grams: [] }), sumsOf(MODEL, { words: [2], grams: [3] })];
    expect(addSums(parts, 2)).toEqual(whole);
  });

  it("says something of nothing", () => {
    const sums = sumsOf(MODEL, { words: [], grams: [] });
    expect([...probabilities(MODEL, sums, [0])].every(Number.isFinite)).toBe(true);
  });
});

describe("the file of a model", () => {
  const file = join(mkdtempSync(join(tmpdir(), "earshot-model-")), "tiny.model");

  it("gives the model back", () => {
    writeFileSync(file, writeModel(MODEL));
    expect(readModel(file)).toEqual(MODEL);
  });

  it("that is cut off says what to do", () => {
    writeFileSync(file, writeModel(MODEL).subarray(0, -1));
    expect(() => readModel(file)).toThrow(/cut off; install Earshot again/);
  });
});
