import { describe, expect, it } from "vitest";
import type { Mention } from "../../schemas/mention.ts";
import { readMentions } from "../support/read-mentions.ts";

async function intentOf(text: string, fields: Partial<Mention> = {}) {
  const [read] = await readMentions([{ text, ...fields }]);
  return read?.intent;
}

describe("a question is told by its mark, or by how it begins", () => {
  it.each([
    "Is there a store in Lyon?",
    "How can I change my address",
    "Where is the nearest branch",
    "Do you ship to Norway",
    "What's the opening time on Sunday",
    "Does it come in blue",
  ])("%s", async (text) => {
    expect(await intentOf(text)).toBe("question");
  });

  it.each([
    "Was a great experience from start to end",
    "Will definitely buy from them every year, lovely people",
    "What a lovely and friendly team",
    "Is the best bank I ever had",
    "Could not be easier, excellent",
    "Does exactly what I hoped, love it",
    "When I got my first card I was so happy with it",
  ])("no praise that begins like one: %s", async (text) => {
    expect(await intentOf(text)).toBe("praise");
  });

  it.each([
    ["Was für ein schöner Laden mit netten Leuten", "de"],
    ["Qué buena atención y qué buen servicio", "es"],
    ["Quelle belle boutique et quel bon accueil", "fr"],
  ])("no exclamation of another language: %s", async (text, languageHint) => {
    expect(await intentOf(text, { languageHint })).not.toBe("question");
  });

  it("not by one question in a long review with many stars", async () => {
    const text =
      "We love this shop. The staff is wonderful. What more could you want? Great prices as well. We will be back.";
    expect(await intentOf(text, { rating: 5, ratingMax: 5 })).toBe("praise");
    expect(await intentOf(text)).toBe("question");
  });
});

it("is spam before all, then complaint, then request", async () => {
  expect(await intentOf("Guaranteed profit, contact him on telegram now")).toBe("spam");
  expect(await intentOf("My parcel never arrived, please add a tracking page?")).toBe("complaint");
  expect(await intentOf("Please add a dark mode. Is it planned?")).toBe("request");
});

it("is news where an article only tells, and other for what one of our own accounts wrote", async () => {
  expect(await intentOf("Acme names Ada Lind as its new head of finance", { kind: "article" })).toBe("news");
  expect(await intentOf("My parcel never arrived", { byUs: true })).toBe("other");
});
