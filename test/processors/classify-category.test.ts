import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { classifyCategory } from "../../processors/classify-category/index.ts";
import {
  learnCategories,
  type Categories,
  type CategoryExample,
} from "../../processors/classify-category/learn-categories.ts";
import { textEncoder } from "../../processors/embed-text/index.ts";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { valuesOf } from "../support/outcomes.ts";

const encode = textEncoder(
  readMeaningModel(join(import.meta.dirname, "../../processors/models/meaning-en.model")),
);
const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText());

const put = (category: string, ...texts: string[]): CategoryExample[] =>
  texts.map((text) => ({ text, category }));

const EXAMPLES = [
  ...put(
    "delivery",
    "the parcel never came",
    "parcel late again",
    "my parcel came to the wrong door",
    "the courier left the parcel outside",
    "where is the courier with my parcel",
  ),
  ...put(
    "price",
    "far too expensive",
    "too expensive for what it is",
    "the price went up again",
    "such a price is a joke",
    "cheaper elsewhere, the price is silly",
  ),
];
const CATEGORIES = learnCategories(EXAMPLES, encode);

processorContract("classify_category", {
  make: () => classifyCategory(CATEGORIES, encode),
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function categoryOf(text: string, fields: Partial<Mention> = {}, categories = CATEGORIES) {
  const mentions = [aMention({ text, ...fields })];
  const [read] = valuesOf(await earlier.pipe(classifyCategory(categories, encode)).run(mentions, signal));
  return read?.category;
}

describe("categories taught by examples", () => {
  it.each([
    ["no sign of my parcel", "delivery"],
    ["two couriers and still nothing", "delivery"],
    ["what a price!", "price"],
    ["so expensive", "price"],
  ])("%s: %s", async (text, label) => {
    expect((await categoryOf(text))?.label).toBe(label);
  });

  it("count what the title says", async () => {
    expect((await categoryOf("Again.", { title: "Expensive" }))?.label).toBe("price");
  });

  it("are more sure of a text like the examples than of one between two", async () => {
    const clear = await categoryOf("the parcel never came");
    const torn = await categoryOf("the price of a parcel");
    expect(clear?.confidence).toBeGreaterThan(torn?.confidence ?? 1);
  });

  it("know words the examples have not, by what they mean", async () => {
    // "again" stands in one example of each
    const labelsIn = async (categories: Categories) => [
      (await categoryOf("package again", {}, categories))?.label,
      (await categoryOf("costs again", {}, categories))?.label,
    ];
    expect(await labelsIn(CATEGORIES)).toEqual(["delivery", "price"]);
    const [first, second] = await labelsIn(learnCategories(EXAMPLES, () => new Float32Array(128)));
    expect(first).toBe(second);
  });

  it("say nothing of a text none of whose words they know, nor of what we wrote ourselves", async () => {
    expect(await categoryOf("bonjour")).toEqual({ label: null, confidence: 0 });
    expect(await categoryOf("the parcel never came", { byUs: true })).toEqual({ label: null, confidence: 0 });
  });

  it("are the same for the same examples, and names of built-in properties are words like any other", async () => {
    const odd = [
      ...EXAMPLES,
      ...put("__proto__", "constructor toString", "a constructor valueOf", "constructor"),
    ];
    const [first, second] = [learnCategories(odd, encode), learnCategories(odd, encode)];
    const text = "my constructor";
    expect(await categoryOf(text, {}, first)).toEqual(await categoryOf(text, {}, second));
    expect((await categoryOf(text, {}, first))?.label).toBe("__proto__");
  });

  it("tell how well examples kept aside were told", () => {
    expect(CATEGORIES.labels).toEqual(["delivery", "price"]);
    expect(CATEGORIES.trial.byCategory.map(({ examples }) => examples)).toEqual([5, 5]);
    expect(CATEGORIES.trial.macroF1).toBeGreaterThan(0.5);
    expect(CATEGORIES.trial.macroF1).toBeLessThanOrEqual(1);
  });

  it("cannot be one alone, nor have one example alone", () => {
    const of = (examples: readonly CategoryExample[]) => () => learnCategories(examples, encode);
    expect(of(put("price", "too dear", "too expensive"))).toThrow(/two at least/);
    expect(of([...EXAMPLES, ...put("taste", "too sweet")])).toThrow(/"taste" has 1 example/);
    expect(of([])).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });
});

const rows = labelledRows("airline")?.filter(
  ({ negativereason: reason }) => typeof reason === "string" && reason !== "Can't Tell",
);

describe.skipIf(rows === undefined)("tweets to airlines by what went wrong, nine reasons", () => {
  it("are told as the trial says, macro-F1 of .57 at least", { timeout: 60_000 }, () => {
    const { trial } = learnCategories(
      (rows ?? []).map(({ text, negativereason }) => ({
        text: String(text),
        category: String(negativereason),
      })),
      encode,
    );
    expect(trial.macroF1).toBeGreaterThan(0.57);
  });
});
