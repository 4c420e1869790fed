import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { modelFolder } from "../../cli/reading.ts";
import { wordFeature } from "../../processors/linear-model/features.ts";
import type { LinearModel } from "../../processors/linear-model/linear-model.ts";
import { loadModels, MODEL_FILES } from "../../processors/models.ts";
import { createReader, type Sentence } from "../../processors/read-text.ts";
import { SENTIMENT_CLASSES } from "../../processors/score-sentiment/index.ts";
import {
  LEANING_SIGNALS,
  leaningOf,
  leaningSignals,
} from "../../processors/score-sentiment/word-leanings.ts";
import { models } from "../support/reading-models.ts";

const ROWS = 2 ** 10;

/** A table in which words lean as they are said to. */
function tableOf(words: Readonly<Record<string, readonly [number, number, number]>>): LinearModel {
  const weights = new Int8Array(ROWS * 3);
  for (const [word, steps] of Object.entries(words)) weights.set(steps, (wordFeature(word) & (ROWS - 1)) * 3);
  return {
    name: "some",
    classes: SENTIMENT_CLASSES,
    rows: ROWS,
    scales: [0.5, 0.5, 0.5],
    biases: [0, 0, 0],
    signals: [],
    weights,
  };
}

const TABLE = tableOf({ malo: [4, -2, -2], bueno: [-4, 0, 6] });
const read = createReader();
const sentenceOf = (text: string): Sentence => {
  const [sentence, ...more] = read(text);
  if (sentence === undefined || more.length > 0) throw new Error(`"${text}" is not one sentence.`);
  return sentence;
};
const leans = (text: string) => [...leaningOf(TABLE, sentenceOf(text))];

describe("what words lean to", () => {
  it("is added up over words and hashtags, by label", () => {
    expect(leans("malo y #bueno")).toEqual([0, -1, 2, 0, 0, 0]);
  });

  it("is nothing for words that are not known, and for links, handles and numbers", () => {
    expect(leans("mesa @malo https://malo.example 3")).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("counts apart what four words after a denial say, up to a mark", () => {
    expect(leans("no es bueno")).toEqual([0, 0, 0, -2, 0, 3]);
    expect(leans("no a b c d bueno")).toEqual([-2, 0, 3, 0, 0, 0]);
    expect(leans("no, bueno")).toEqual([-2, 0, 3, 0, 0, 0]);
  });

  it("is in proportion to the root of how many features there are", () => {
    const signals = leaningSignals(
      [leaningOf(TABLE, sentenceOf("malo")), leaningOf(TABLE, sentenceOf("bueno"))],
      4,
    );
    expect(signals).toEqual([0, -0.5, 1, 0, 0, 0]);
    expect(signals).toHaveLength(LEANING_SIGNALS.length);
  });
});

describe("the table that ships", () => {
  it.each([
    ["horrible", 0],
    ["kaputt", 0],
    ["défectueux", 0],
    ["rotto", 0],
    ["péssimo", 0],
    ["excelente", 2],
    ["wunderbar", 2],
    ["merci", 2],
  ])("%s leans to label %i", (word, label) => {
    const { leanings } = models.sentiment;
    if (leanings === undefined) throw new Error("There is no table.");
    const sums = [...leaningOf(leanings, sentenceOf(word))].slice(0, SENTIMENT_CLASSES.length);
    expect(sums.indexOf(Math.max(...sums))).toBe(label);
  });
});

describe("a folder of models", () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it("is refused where the table is missing that a model was trained with", () => {
    const folder = mkdtempSync(join(tmpdir(), "earshot-models-"));
    folders.push(folder);
    cpSync(join(modelFolder, MODEL_FILES.sentimentOthers), join(folder, MODEL_FILES.sentimentOthers));
    expect(() => loadModels(folder)).toThrow(
      /sentiment-es-de-fr-pt-it\.model needs leanings-es-de-fr-pt-it\.model beside it/,
    );
  });
});
