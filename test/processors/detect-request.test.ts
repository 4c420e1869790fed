import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { detectRequest } from "../../processors/detect-request.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText()).pipe(detectLanguage());
const steps = earlier.pipe(detectRequest());

processorContract("detect_request", {
  make: detectRequest,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function requestsOf(mentions: readonly Partial<Mention>[]) {
  const whole = mentions.map((fields) => ({ ...aMention({ text: "x" }), ...fields }));
  return valuesOf(await steps.run(whole, signal)).map(({ request }) => request);
}

async function requestOf(text: string, fields: Partial<Mention> = {}) {
  const [request] = await requestsOf([{ text, ...fields }]);
  if (request === undefined) throw new Error("nothing was read");
  return request;
}

describe("who asks for what is not there makes a request", () => {
  it.each([
    "Please add a dark mode",
    "Pls add Apple Pay",
    "It would be nice if I could export my invoices",
    "There should be a way to undo a payment",
    "I wish the app had a widget",
    "Would love to see more vegan options on the menu",
    "Can you please bring back the old layout?",
    "Could you add support for contactless cards?",
    "Why not let us pick our own seats online?",
    "You should offer refills",
    "Love it, but please let me sort by date",
    "Needs an option to turn off the sound",
    "If only there was a desktop version",
    "Hope you add more languages soon",
    "Make the font bigger",
    "We need an API for orders",
    "Give us the ability to block numbers",
    "Just one suggestion: larger buttons",
    "When I open a chat, show the option to mute it",
    "Sería genial si agregaran un modo oscuro",
    "Deberían permitir pagar con tarjeta",
    "Es wäre schön, wenn es einen Dunkelmodus gäbe",
    "Bitte fügt eine Exportfunktion hinzu",
    "J’aimerais pouvoir payer en plusieurs fois",
    "Merci d’ajouter un mode sombre",
    "Vocês deveriam colocar mais opções de pagamento",
    "Sarebbe bello poter pagare a rate",
    "Dovreste aggiungere una modalità scura",
  ])("%s", async (text) => {
    expect((await requestOf(text)).isRequest).toBe(true);
  });
});

describe("so does who tells other customers how to do it better", () => {
  it.each([
    "Ask for a room at the back, it is quieter",
    "Bring your own towels!",
    "If you are looking for a quiet stay, this is not the place",
    "If you go in August, book the tickets online",
    "Don't miss the rooftop bar",
    "I would suggest booking the later train",
    "Avoid the breakfast, there is a bakery next door",
  ])("%s", async (text) => {
    expect((await requestOf(text)).isRequest).toBe(true);
  });
});

describe("these are none: questions, pleas for help, repairs, one's own case, expectations, regrets, praise", () => {
  it.each([
    "When do you open?",
    "Can you help me with my order?",
    "How do I add a second card?",
    "Is it possible to change my seat?",
    "Should I book in advance?",
    "Please help me!",
    "Please call me back",
    "Please fix the crash",
    "My parcel never arrived",
    "Where is my refund?",
    "I need my money back",
    "I would like to speak to a manager",
    "Could you send me the tracking number?",
    "Let me know when it arrives",
    "It works as it should",
    "The train should arrive at nine",
    "I should have stayed at home",
    "I wish I had known that before",
    "I wish you all a great day",
    "You must be joking",
    "Don't know what happened",
    "I tried to add a card and it failed",
    "Any help would be appreciated",
    "Thanks for the suggestion",
    "Highly recommend it!",
    "Do NOT like that it is a paid card in the end",
    "Please, I am stuck at the gate, what can I do please",
    "I consider the whole thing a sham",
    "The area is a no-go and re-use is hopeless",
    "Podría ser un gran día",
    "Il faudrait trois planètes pour vivre ainsi",
    "Queria ter a voz dela",
    "Vorrei proprio vivere al mare",
    "Danke, das wünsche ich euch auch",
    "Me gustaría saber dónde está mi pedido",
    "Bitte um Hilfe",
    "J’aimerais savoir où est mon colis",
    "Vorrei sapere dove si trova il mio pacco",
    "constructor __proto__ toString",
    "",
  ])("%s", async (text) => {
    expect((await requestOf(text)).isRequest).toBe(false);
  });

  it("what one of our own accounts wrote, whatever it says", async () => {
    const request = await requestOf("Please add a dark mode", { byUs: true });
    expect(request).toEqual({ isRequest: false, confidence: 1, evidence: [] });
  });
});

describe("evidence", () => {
  it.each([
    ["Great app. Please add a dark mode, my eyes hurt.", ["Please add a dark mode"]],
    ["It would be nice if you opened on Sundays!", ["would be nice if you opened on Sundays"]],
    [
      "Ask for a room at the back. It was fine. Bring earplugs",
      ["Ask for a room at the back", "Bring earplugs"],
    ],
    ["Works well", []],
  ])("of %j is what is asked, to the end of the clause", async (text, asked) => {
    const { evidence } = await requestOf(text);
    expect(evidence.map(({ start, end }) => text.slice(start, end))).toEqual(asked);
  });

  it("is not taken from the title, which counts all the same", async () => {
    const request = await requestOf("On my phone.", { title: "Please add a dark mode" });
    expect(request.isRequest).toBe(true);
    expect(request.evidence).toEqual([]);
  });

  it("is no more than twenty spans however often it is asked", async () => {
    expect((await requestOf("Please add a dark mode. ".repeat(60))).evidence).toHaveLength(20);
  });
});

it("is surer the more the words agree", async () => {
  const once = await requestOf("Bring your own towels");
  const often = await requestOf("Please add a button to mute chats, there should be an option to do so");
  expect(often.confidence).toBeGreaterThan(once.confidence);
});

it("says that it does not know where the language has no cues", async () => {
  expect(await requestOf("ダークモードを追加してください")).toEqual({
    isRequest: false,
    confidence: 0,
    evidence: [],
  });
});

it.each([
  { name: "suggestionsA", field: "suggestion", label: 1, floor: 0.72 },
  { name: "suggestionsB_trial", field: "suggestion", label: 1, floor: 0.66 },
  { name: "app_googleplay_4class", field: "label", label: "feature request", floor: 0.54 },
])(
  "reaches F1 $floor on the half of $name its cues were not written from",
  async ({ name, field, label, floor }) => {
    const rows = labelledRows(name)?.filter((_, index) => index % 2 === 1);
    if (rows === undefined) {
      console.warn(`skipped: no ${name} in ../shared/data`);
      return;
    }
    const truths = rows.map((row) => row[field] === label);
    const said = await requestsOf(rows.map(({ text }) => ({ text: String(text) })));
    const both = said.filter(({ isRequest }, index) => isRequest && truths[index] === true).length;
    const either = said.filter(({ isRequest }) => isRequest).length + truths.filter(Boolean).length;
    expect((2 * both) / either).toBeGreaterThan(floor);
  },
);
