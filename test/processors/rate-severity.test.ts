import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectComplaint } from "../../processors/detect-complaint.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { detectRepetition } from "../../processors/detect-repetition/index.ts";
import { detectThreats } from "../../processors/detect-threats.ts";
import { hashFeatures } from "../../processors/hash-features.ts";
import { rateSeverity } from "../../processors/rate-severity.ts";
import { readText } from "../../processors/read-text.ts";
import { scoreSentiment } from "../../processors/score-sentiment/index.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { valuesOf } from "../support/outcomes.ts";
import { models } from "../support/reading-models.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>()
  .pipe(readText())
  .pipe(detectLanguage())
  .pipe(hashFeatures())
  .pipe(scoreSentiment(models.sentiment))
  .pipe(detectComplaint(models.complaint))
  .pipe(detectRepetition())
  .pipe(detectThreats());
const whole = earlier.pipe(rateSeverity());

processorContract("rate_severity", {
  make: rateSeverity,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function readAll(mentions: readonly Partial<Mention>[]) {
  const records = mentions.map((fields) => ({ ...aMention({ text: "x" }), ...fields }));
  const values = valuesOf(await whole.run(records, signal));
  return values.map(({ severity, anger }) => ({ severity, anger }));
}

const read = async (text: string, fields: Partial<Mention> = {}) => (await readAll([{ text, ...fields }]))[0];

describe("severity is how bad what happened is", () => {
  it.each([
    ["Love it, works perfectly", 0],
    ["When does the store open?", 0],
    ["Three weeks and still no reply to my emails, the app is down", 3],
    ["You charged me twice, which cost me 20 dollars", 3],
    ["The app is not working", 2],
    ["My parcel never arrived and nobody replies to my emails", 3],
    ["You charged me twice", 3],
    ["I have been waiting three weeks for a refund", 3],
    ["The oven caught fire", 4],
    ["Your cancellation ruined our honeymoon", 4],
    ["I lost my house because you never sent the papers", 4],
    ["You charged me twice, refuse to refund it and nobody answers", 4],
  ])("%s: %i", async (text, severity) => {
    expect(await read(text)).toMatchObject({ severity });
  });

  it("someone else's data shown is grave even where it is no complaint", async () => {
    expect((await read("I can see another customer's address"))?.severity).toBeGreaterThanOrEqual(3);
  });

  it("what was put right weighs less", async () => {
    const before = await read("You charged me twice");
    const after = await read("You charged me twice but the problem is resolved, still annoying");
    expect(after?.severity).toBeLessThan(before?.severity ?? 0);
  });
});

describe("anger is how heated the words are", () => {
  it.each([
    ["A polite note: the oven caught fire and my daughter was burned. Kind regards.", 0],
    ["My parcel never arrived", 0],
    ["LOVE IT!!! BEST APP EVER!!!", 0],
    ["This is fucking awesome", 0],
    ["Not angry, just asking", 0],
    ["It broke, this is ridiculous", 1],
    ["I am disgusted, it broke again", 2],
    ["You idiots lost my parcel", 2],
    ["I am FURIOUS!!! You lost my parcel, you idiots", 3],
    ["WHERE IS MY REFUND??? THIS IS A DISGRACE!!!", 3],
    ["Sois unos ladrones, qué vergüenza, no funciona", 2],
  ])("%s: %i", async (text, anger) => {
    expect(await read(text)).toMatchObject({ anger });
  });

  it("does not make what happened any worse", async () => {
    const calm = await read("The app is not working");
    const heated = await read("The damn app is not working!!!!");
    expect(heated?.severity).toBe(calm?.severity);
    expect(heated?.anger).toBeGreaterThan(calm?.anger ?? 0);
  });
});

it("is nothing for what one of our own accounts wrote", async () => {
  expect(await read("The oven caught fire, you idiots!!!", { byUs: true })).toEqual({
    severity: 0,
    anger: 0,
  });
});

it("takes the lowest rating for more than a nuisance", async () => {
  expect(await read("", { rating: 1, ratingMax: 5 })).toEqual({ severity: 2, anger: 0 });
});

const rows = labelledRows("complaints")?.filter(
  (row, index) => index % 2 === 1 && typeof row["severity"] === "number",
);

it.skipIf(rows === undefined)(
  "agrees with people on severity (quadratic kappa) on the half of the public complaint tweets it was not written from",
  async () => {
    const truths = (rows ?? []).map((row) => Number(row["severity"]));
    const said = (await readAll((rows ?? []).map(({ text }) => ({ text: String(text) })))).map(
      ({ severity }) => severity,
    );
    expect(quadraticKappa(truths, said)).toBeGreaterThan(0.4);
  },
);

function quadraticKappa(truths: readonly number[], said: readonly number[]): number {
  let observed = 0;
  truths.forEach((truth, index) => {
    observed += (truth - (said[index] ?? 0)) ** 2;
  });
  let expected = 0;
  for (const truth of truths) for (const other of said) expected += (truth - other) ** 2;
  return 1 - observed / (expected / truths.length);
}
