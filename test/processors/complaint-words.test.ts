import { describe, expect, it } from "vitest";
import { COMPLAINT_CLASSES } from "../../processors/complaint-signals.ts";
import { likelyByWords, weighWords } from "../../processors/complaint-words.ts";
import { wordFeature } from "../../processors/linear-model/features.ts";
import type { LinearModel } from "../../processors/linear-model/linear-model.ts";
import { createReader } from "../../processors/read-text.ts";
import { models } from "../support/reading-models.ts";

const ROWS = 2 ** 10;
const read = createReader();

/** A table in which words weigh as they are said to. */
function tableOf(words: Readonly<Record<string, number>>): LinearModel {
  const weights = new Int8Array(ROWS);
  for (const [word, step] of Object.entries(words)) weights[wordFeature(word) & (ROWS - 1)] = step;
  return {
    name: "some",
    classes: ["complaint"],
    rows: ROWS,
    scales: [0.5],
    biases: [-1],
    signals: [],
    weights,
  };
}

const TABLE = tableOf({ roto: 4, bonito: -2, no: 6 });

describe("what words say of a failure", () => {
  it("is looked up for words and hashtags, with where they stand", () => {
    expect(weighWords(TABLE, read("Roto, #bonito @roto!"))).toEqual([
      { start: 0, end: 4, value: 2 },
      { start: 6, end: 13, value: -1 },
    ]);
  });

  it("is nothing for denials and for words that are not known", () => {
    expect(weighWords(TABLE, read("no mesa")).map(({ value }) => value)).toEqual([0, 0]);
  });

  it("adds up in proportion to the root of how many words there are", () => {
    const logit = -1 + (2 + 2 - 1 + 0) / Math.sqrt(4);
    expect(likelyByWords(TABLE, weighWords(TABLE, read("roto roto. bonito mesa")))).toBeCloseTo(
      1 / (1 + Math.exp(-logit)),
    );
  });

  it("is what the table begins with where there is no word", () => {
    expect(likelyByWords(TABLE, [])).toBeCloseTo(1 / (1 + Math.E));
  });
});

describe("the table that ships", () => {
  const { others } = models.complaint;

  it.each(["reembolso", "kaputt", "remboursement", "devolução", "guasto"])(
    "hears a failure in %s",
    (word) => {
      if (others === undefined) throw new Error("There is no table.");
      expect(weighWords(others, read(word))[0]?.value).toBeGreaterThan(0.5);
    },
  );

  it.each(["gracias", "wunderbar", "bravo", "parabéns", "auguri"])("hears none in %s", (word) => {
    if (others === undefined) throw new Error("There is no table.");
    expect(weighWords(others, read(word))[0]?.value).toBeLessThan(0.2);
  });

  it("has one class, the last of the English model's", () => {
    expect(others?.classes).toEqual([COMPLAINT_CLASSES[1]]);
  });
});
