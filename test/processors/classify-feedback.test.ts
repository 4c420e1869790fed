import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { classifyFeedback } from "../../processors/classify-feedback.ts";
import { detectComplaint } from "../../processors/detect-complaint.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { detectRequest } from "../../processors/detect-request.ts";
import { hashFeatures } from "../../processors/hash-features.ts";
import { readText } from "../../processors/read-text.ts";
import { scoreSentiment } from "../../processors/score-sentiment/index.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";
import { models } from "../support/reading-models.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>()
  .pipe(readText())
  .pipe(detectLanguage())
  .pipe(hashFeatures())
  .pipe(scoreSentiment(models.sentiment))
  .pipe(detectComplaint(models.complaint))
  .pipe(detectRequest());

processorContract("classify_feedback", {
  make: () => classifyFeedback(models.feedback),
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function feedbackOf(text: string, fields: Partial<Mention> = {}, model = models.feedback) {
  const mentions = [aMention({ text, languageHint: "en", ...fields })];
  const [read] = valuesOf(await earlier.pipe(classifyFeedback(model)).run(mentions, signal));
  if (read === undefined) throw new Error("nothing was read");
  return read.feedback;
}

describe("what a review gives the makers of a product", () => {
  it.each([
    ["It crashes every time I open the camera since the last update. Please fix.", "bug_report"],
    ["Stopped working after the update, just a black screen", "bug_report"],
    ["Keeps freezing on the login page and I lost all my data", "bug_report"],
    ["Please add a dark mode, and it would be nice if I could sort my lists", "feature_request"],
    ["Nice so far. Could you add an option to export notes? I would love to print them", "feature_request"],
    [
      "I use it every day to plan my shopping, it is very easy to use and keeps me organized",
      "user_experience",
    ],
    ["So handy when travelling, lets me find a bakery anywhere. Easy to use!", "user_experience"],
    ["Love it!!", "rating"],
    ["Great app", "rating"],
    ["Worst app ever", "rating"],
  ])("%s: %s", async (text, kind) => {
    expect((await feedbackOf(text)).kind).toBe(kind);
  });

  it("counts what the title says", async () => {
    const title = "Crashes on start";
    expect(await feedbackOf("Please fix", { title })).toMatchObject({ kind: "bug_report" });
  });

  it("gives the probability of the kind, which is the likeliest of four", async () => {
    const { confidence } = await feedbackOf("It crashes since the last update. Please fix.");
    expect(confidence).toBeGreaterThan(0.25);
    expect(confidence).toBeLessThanOrEqual(1);
  });
});

describe("where nobody can tell, the kind is unknown", () => {
  const UNKNOWN = { kind: "unknown", confidence: 0 };

  it("for what we wrote ourselves", async () => {
    expect(await feedbackOf("We fixed the crash", { byUs: true })).toEqual(UNKNOWN);
  });

  it("for another language", async () => {
    expect(await feedbackOf("Die App stürzt ständig ab", { languageHint: "de" })).toEqual(UNKNOWN);
  });

  it("for a text without words", async () => {
    expect(await feedbackOf("👍👍 5/5")).toEqual(UNKNOWN);
  });

  it("without a model", async () => {
    const mentions = valuesOf(await earlier.run([aMention({ text: "It crashes" })], signal));
    const [read] = valuesOf(await classifyFeedback(undefined).process(mentions, signal));
    expect(read?.feedback).toEqual(UNKNOWN);
  });
});
