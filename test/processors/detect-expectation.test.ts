import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectExpectation } from "../../processors/detect-expectation.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText()).pipe(detectLanguage());
const whole = earlier.pipe(detectExpectation());

processorContract("detect_expectation", {
  make: detectExpectation,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function read(text: string, fields: Partial<Mention> = {}) {
  const [value] = valuesOf(await whole.run([{ ...aMention({ text: "x" }), text, ...fields }], signal));
  if (value === undefined) throw new Error("nothing was read");
  const { isBroken, source, claim, evidence } = value.expectation;
  const quote = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
  return { isBroken, source, claim: claim === null ? null : quote(claim), quotes: evidence.map(quote) };
}

describe("a claim that was not kept, with its words", () => {
  it.each([
    ["You promised free returns but charged me 5 euros", "promised", "free returns"],
    ["I was promised a call back today", "promised", "a call back today"],
    ["They promised me a refund within 5 days. Nothing came.", "promised", "a refund within 5 days"],
    [
      "Your agent told me it would be fixed by Friday, still broken",
      "promised",
      "it would be fixed by Friday",
    ],
    [
      "I was told the engineer would come at noon and nobody came",
      "promised",
      "the engineer would come at noon",
    ],
    ["You said it would ship today and it hasn't", "promised", "it would ship today"],
    ["Your website says next-day delivery but it took a week", "advertised", "next-day delivery"],
    ["It says free delivery on your site yet I was charged", "advertised", "free delivery on your site"],
    ["You advertise unlimited data but it stops at 10 GB", "advertised", "unlimited data"],
    ["The jacket is advertised as waterproof. It is not waterproof.", "advertised", "waterproof"],
    ["I was told it would take 3 days, still nothing", "promised", "it would take 3 days"],
    ["They said they would take care of it but it is still broken", "promised", "they would take care of it"],
    ["They claim free delivery but I had to pay, unacceptable", "advertised", "free delivery"],
    ["My parcel was supposed to arrive yesterday", "agreed", "arrive yesterday"],
    ["Me dijeron que llegaba hoy y no ha llegado nada", "promised", "llegaba hoy"],
    ["I ordered two chairs but got one", "agreed", "two chairs"],
    ["I paid for a window seat and got the middle", "agreed", "a window seat"],
    ["Me prometieron la entrega en dos días pero no llegó", "promised", "la entrega en dos días"],
    ["Mir wurde eine Erstattung versprochen, aber nichts ist passiert", "promised", null],
  ])("%s", async (text, source, claim) => {
    expect(await read(text)).toMatchObject({ isBroken: true, source, claim });
  });

  it.each([
    ["Not as described at all", "advertised"],
    ["This is false advertising", "advertised"],
    ["Empty promises from start to finish", "promised"],
    ["You never kept your promise", "promised"],
    ["Publicidad engañosa", "advertised"],
    ["Das ist nicht wie beschrieben", "advertised"],
    ["C'est de la publicité mensongère", "advertised"],
    ["Propaganda enganosa", "advertised"],
    ["Pubblicità ingannevole", "advertised"],
  ])("has no words of the claim to point to: %s", async (text, source) => {
    expect(await read(text, { languageHint: languageOf(text) })).toMatchObject({
      isBroken: true,
      source,
      claim: null,
    });
  });
});

/** Two words are too few to tell a language by; a platform would say. */
function languageOf(text: string): string {
  if (text.startsWith("Publicidad")) return "es";
  if (text.startsWith("Das")) return "de";
  if (text.startsWith("C'est")) return "fr";
  if (text.startsWith("Propaganda")) return "pt";
  return text.startsWith("Pubblicità") ? "it" : "en";
}

describe("what was kept, asked or merely said is none", () => {
  it.each([
    "Arrived as promised",
    "Exactly as advertised, great",
    "You promised next-day delivery and delivered, thank you",
    "They did everything they promised",
    "Better than described",
    "You kept your promise",
    "Your website says you are open until nine, is that right?",
    "My friend told me about this place",
    "I was told to wait",
    "It says my card cannot be read",
    "You said it best",
    "Well said",
    "I was supposed to go to the gym",
    "The delay was due to the weather",
    "How am I supposed to know?",
    "I paid for the meal and left happy",
    "They said it takes three days and it came in two, great",
    "They told me the parcel was lost in the depot and nobody cares",
    "I was told the refund could take eight weeks. Ridiculous.",
    "They said it was because of my age, that is wrong",
    "They claim I signed the form. I did not.",
    "My claims were denied and that claims I sent are stuck",
    "It says the account is locked. Nothing helps.",
    "The app shows a blank page and never loads",
    "My payment was due on Monday and you took it twice",
    "It worked like it was supposed to, no problem",
    "You can rest assured that I will never return",
    "I was told there would be a fee for it, bad",
    "The email stated I would be charged, what a mess",
    "They said I would still have to pay, terrible",
    "It does what it says it will do, though the login fails",
    "Sorry, that was supposed to say boat",
    "",
  ])("%s", async (text) => {
    expect(await read(text)).toEqual({ isBroken: false, source: "none", claim: null, quotes: [] });
  });

  it.each([
    ["Me dijo que iba al cine pero no llegó a tiempo", "es"],
    ["Me dijeron que no había nada que hacer", "es"],
    ["Mi hanno detto che non c'era niente da fare", "it"],
    ["La soluzione dovrebbe essere semplice", "it"],
    ["Debería ser más barato", "es"],
  ])("nor in other languages: %s", async (text, languageHint) => {
    expect((await read(text, { languageHint })).isBroken).toBe(false);
  });

  it("nor what they tell who give the best rating there is", async () => {
    const text = "I was promised a refund and at first nothing came";
    expect((await read(text, { rating: 5, ratingMax: 5 })).isBroken).toBe(false);
    expect((await read(text, { rating: 4, ratingMax: 5 })).isBroken).toBe(true);
  });

  it("nor what one of our own accounts wrote", async () => {
    expect((await read("You were promised a refund", { byUs: true })).isBroken).toBe(false);
  });
});

it("reads the title as well, without pointing into it", async () => {
  expect(await read("Bad.", { title: "You promised a refund" })).toEqual({
    isBroken: true,
    source: "promised",
    claim: null,
    quotes: [],
  });
});

it("points at the words that bring the claim up", async () => {
  expect((await read("Hi. You promised a refund.")).quotes).toEqual(["You promised"]);
});
