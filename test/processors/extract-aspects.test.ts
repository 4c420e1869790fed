import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { AspectDictionary } from "../../schemas/aspect-dictionary.ts";
import { extractAspects, MAX_ASPECTS } from "../../processors/extract-aspects/index.ts";
import { hashFeatures } from "../../processors/hash-features.ts";
import { readText } from "../../processors/read-text.ts";
import { scoreSentiment } from "../../processors/score-sentiment/index.ts";
import type { Mention } from "../../schemas/mention.ts";
import { Aspect } from "../../schemas/reading.ts";
import { HOSTILE_TEXTS, processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";
import { models } from "../support/reading-models.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>()
  .pipe(readText())
  .pipe(detectLanguage())
  .pipe(hashFeatures())
  .pipe(scoreSentiment(models.sentiment));
const before = async (mentions: readonly Mention[]) => valuesOf(await earlier.run(mentions, signal));

const OWN = {
  Delivery: ["deliver*", "courier", "late parcel", "parcel*"],
  "seat comfort": ["leg-room", "wom?n's seat", "seats"],
};

processorContract("extract_aspects", { make: () => extractAspects({}), before });
processorContract("extract_aspects with a dictionary", {
  make: () => extractAspects({ ...OWN, waiting: ["wait*", "a", "good", "@a", "😡 thanks"] }),
  before,
});

async function aspectsOf(text: string, dictionary: AspectDictionary = {}, fields: Partial<Mention> = {}) {
  const batch = await before([{ ...aMention({ text: "x" }), text, ...fields }]);
  return valuesOf(await extractAspects(dictionary).process(batch, signal))[0]?.aspects ?? [];
}

async function readAs(text: string, dictionary: AspectDictionary = {}) {
  const aspects = await aspectsOf(text, dictionary);
  return aspects.map(({ aspect, label }) => `${aspect} ${label}`);
}

describe("finds what is judged, and how", () => {
  it.each([
    ["The battery is terrible", ["battery negative"]],
    ["Terrible battery", ["battery negative"]],
    ["I love the camera but the battery is awful", ["camera positive", "battery negative"]],
    ["Customer service was rude and useless", ["customer service negative"]],
    ["Their delivery time is ridiculous", ["delivery time negative"]],
    ["The checkout page is confusing", ["checkout page negative"]],
    ["The price is too high", ["price negative"]],
    ["Low prices and friendly staff", ["prices positive", "staff positive"]],
    ["The seats were too small", ["seats negative"]],
    ["Hate the latest update", ["update negative"]],
    ["The food and service were awful", ["food negative", "service negative"]],
    ["The quality of the food is poor", ["quality negative", "food negative"]],
    ["The screen isn't good", ["screen negative"]],
    ["Very disappointed with your support", ["support negative"]],
    ["Long queue, cold food", ["queue negative", "food negative"]],
    ["The new layout is slow and confusing", ["layout negative"]],
    ["Check-in was easy", ["check-in positive"]],
    ["The upholstery is disgusting", ["upholstery negative"]],
    ["The flight from Lyon to Rome was delayed", ["flight negative"]],
  ])("%s", async (text, found) => {
    expect(await readAs(text)).toEqual(found);
  });
});

describe("finds what failed, without a word of opinion", () => {
  it.each([
    ["The app crashes", ["app negative"]],
    ["Battery dies after an hour", ["battery negative"]],
    ["My refund never came", ["refund negative"]],
    ["The website won't load", ["website negative"]],
    ["I can't access my account", ["account negative"]],
    ["Where is my order?", ["order negative"]],
    ["You lost my luggage", ["luggage negative"]],
    ["Still waiting for my refund", ["refund negative"]],
    ["The camera stopped working", ["camera negative"]],
    ["Your website keeps freezing", ["website negative"]],
    ["No wifi on board", ["wifi negative"]],
    ["Problems with the payment page", ["payment page negative"]],
    ["My account was blocked", ["account negative"]],
    ["Delivery takes forever", ["delivery negative"]],
  ])("%s", async (text, found) => {
    expect(await readAs(text)).toEqual(found);
  });

  it.each([
    ["The app never crashes", ["app positive"]],
    ["No problems with the delivery", ["delivery positive"]],
    ["The delivery was on time", ["delivery positive"]],
  ])("%s", async (text, found) => {
    expect(await readAs(text)).toEqual(found);
  });
});

describe("makes none up", () => {
  it.each([
    "I hate Mondays",
    "@acme you are terrible",
    "It is awful",
    "My wife is amazing",
    "The worst day ever",
    "The best thing about it is terrible",
    "Is the battery good?",
    "If the app crashes I will call",
    "I would love a refund",
    "I need support with my order please",
    "The app has a camera and a microphone",
    "They are so rude!",
    "John was great",
    "the company is a scam",
    "The manager is fantastic",
    "Somewhere warm cause its terrible here",
    "",
  ])("%s", async (text) => {
    expect(await aspectsOf(text)).toEqual([]);
  });

  it("of what one of our own accounts wrote", async () => {
    expect(await aspectsOf("The battery is terrible", OWN, { byUs: true })).toEqual([]);
  });
});

it("points at the words themselves", async () => {
  const text = "Hi 👋, THE Customer  Service was awful, and I hate the “new” check-in desk";
  const aspects = await aspectsOf(text);
  expect(aspects.map(({ span }) => text.slice(span.start, span.end))).toContain("Customer  Service");
  expect(aspects[0]?.aspect).toBe("customer service");
});

it("scores praise above zero and blame below", async () => {
  const [great, poor] = await aspectsOf("Great camera. Terrible battery.");
  expect(great?.score).toBeGreaterThan(0.3);
  expect(poor?.score).toBeLessThan(-0.3);
});

describe("the customer's own names win", () => {
  it.each([
    ["The delivery was terrible", ["Delivery negative"]],
    ["Rude courier, great staff", ["Delivery negative", "staff positive"]],
    ["A late parcel again", ["Delivery negative"]],
    ["The deliveries were fast", ["Delivery positive"]],
    ["They deliver on Monday", ["Delivery neutral"]],
    ["Leg-room is too tight", ["seat comfort negative"]],
    ["I love the seats", ["seat comfort positive"]],
    ["#courier lost it, awful", ["Delivery negative"]],
  ])("%s", async (text, found) => {
    expect(await readAs(text, OWN)).toEqual(found);
  });

  it("wherever their words stand, in languages that are not read too", async () => {
    expect(await readAs("Курьер courier опоздал", OWN)).toEqual(["Delivery neutral"]);
  });

  it("not where their words are only part of a word", async () => {
    expect(
      await readAs("An undelivered promise, seatsome", { Delivery: ["deliver"], Seat: ["seat"] }),
    ).toEqual([]);
  });
});

describe("reads plain judgements in other languages", () => {
  it.each([
    ["La aplicación no funciona desde la semana pasada", ["aplicación negative"]],
    ["El servicio es pésimo y nadie contesta", ["servicio negative"]],
    ["Die App funktioniert seit gestern nicht mehr", ["app negative"]],
    ["Der Service ist schlecht und unfreundlich", ["service negative"]],
    ["L’application ne marche pas du tout", ["application negative"]],
    ["Le son de cloche est magnifique, son parti est mauvais", []],
    ["L’assistenza è pessima e nessuno risponde", ["assistenza negative"]],
    ["Le service est nul et la livraison est en retard", ["service negative"]],
    ["O aplicativo não funciona no meu celular", ["aplicativo negative"]],
    ["Il servizio è pessimo, non lo consiglio", ["servizio negative"]],
  ])("%s", async (text, found) => {
    expect((await readAs(text)).slice(0, found.length)).toEqual(found);
  });
});

it("gives no more than the most", async () => {
  expect(await aspectsOf("Terrible battery. ".repeat(50))).toHaveLength(MAX_ASPECTS);
  expect(await aspectsOf("delivery ".repeat(50), OWN)).toHaveLength(MAX_ASPECTS);
});

it("gives only what the schema allows, whatever the text", async () => {
  for (const text of [...HOSTILE_TEXTS, "the ".repeat(100), `${"battery ".repeat(40)}is bad`]) {
    for (const aspect of await aspectsOf(text, OWN)) Aspect.parse(aspect);
  }
});

describe("a dictionary", () => {
  it.each([
    [{ delivery: ["deliver*", "late parcel"] }, true],
    [{ Zustellung: ["Päckchen", "zu spät"] }, true],
    [{}, true],
    [{ delivery: [] }, false],
    [{ delivery: ["*"] }, false],
    [{ delivery: ["a*"] }, false],
    [{ delivery: ["…"] }, false],
    [{ "": ["courier"] }, false],
    [{ delivery: "courier" }, false],
  ])("%j is allowed: %s", (dictionary, isAllowed) => {
    expect(AspectDictionary.safeParse(dictionary).success).toBe(isAllowed);
  });
});
