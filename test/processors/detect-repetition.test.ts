import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { detectRepetition } from "../../processors/detect-repetition/index.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText()).pipe(detectLanguage());
const whole = earlier.pipe(detectRepetition());

processorContract("detect_repetition", {
  make: detectRepetition,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

/** Published on Sunday, 15 March 2026. */
async function read(text: string, fields: Partial<Mention> = {}) {
  const mention = { ...aMention({ text: "x" }), publishedAt: "2026-03-15T08:00:00.000Z", text, ...fields };
  const [value] = valuesOf(await whole.run([mention], signal));
  if (value === undefined) throw new Error("nothing was read");
  const { evidence, ...rest } = value.repetition;
  return { ...rest, quotes: evidence.map(({ start, end }) => text.slice(start, end)) };
}

describe("what was told or happened before is repeated, with their own count", () => {
  it.each([
    ["This is the third time I am telling you about the leak", 3],
    ["2nd time in a week that my train was cancelled", 2],
    ["I called 5 times and nobody picked up", 5],
    ["I have asked you twice for a new card", 2],
    ["Sent 4 emails about this, no answer", 4],
    ["It has crashed six times today", 6],
    ["I already told you my order number", null],
    ["I've already sent the photos to your team", null],
    ["The app is down again", null],
    ["Lost my bag. Again!", null],
    ["Once again my order is missing the drinks", null],
    ["Here we go again, no internet", null],
    ["The same problem again", null],
    ["It keeps crashing when I pay", null],
    ["Not the first time you lost a parcel", null],
    ["I keep asking for a manager", null],
    ["Es la tercera vez que me cobran de más", 3],
    ["Zum dritten Mal ist die Lieferung falsch", 3],
    ["C'est la troisième fois que le colis est perdu", 3],
    ["É a terceira vez que o aplicativo trava", 3],
    ["È la terza volta che il pacco non arriva", 3],
  ])("%s", async (text, count) => {
    expect(await read(text)).toMatchObject({ isRepeated: true, count });
  });
});

describe("waiting is told in days", () => {
  it.each([
    ["I have been waiting 3 weeks for my parcel", 21, "waiting 3 weeks"],
    ["No hot water for the past two months", 60, "for the past two months"],
    ["Not working since 3 March", 12, "since 3 March"],
    ["My internet is down since March 3rd, 2026", 12, "since March 3rd, 2026"],
    ["No reply since Monday", 6, "since Monday"],
    ["Our phones have been out since yesterday", 1, "since yesterday"],
    ["I ordered 10 days ago and still nothing", 10, "10 days ago"],
    ["It's been a month and nobody has answered", 30, "been a month"],
    ["On hold for 40 minutes now", 0.0278, "On hold for 40 minutes"],
    ["Two weeks later and still no refund", 14, "Two weeks"],
    ["3 days without power", 3, "3 days without"],
    ["waiting 2hrs at the gate", 0.0833, "waiting 2hrs"],
    ["I was told it takes a day. Half a year of waiting!", 182.5, "a year of waiting"],
    ["Llevo tres semanas esperando mi pedido", 21, "Llevo tres semanas esperando"],
    ["Ich warte seit zwei Wochen auf mein Paket", 14, "seit zwei Wochen"],
    ["Toujours pas de réponse depuis 5 jours", 5, "depuis 5 jours"],
    ["Estou esperando há 10 dias", 10, "há 10 dias"],
    ["Aspetto il pacco da due settimane, nessuna risposta", 14, "da due settimane"],
  ])("%s", async (text, days, quote) => {
    const { isRepeated, daysWaiting, quotes } = await read(text);
    expect({ isRepeated, daysWaiting }).toEqual({ isRepeated: true, daysWaiting: days });
    expect(quotes.join(" | ").toLowerCase()).toContain(quote.toLowerCase());
  });

  it("reckons a date later in the year as last year's", async () => {
    expect((await read("Broken since 20 December")).daysWaiting).toBe(85);
  });

  it("have no length where nobody knows when they were written", async () => {
    const undated = { publishedAt: "" };
    for (const text of [
      "Broken since 3 March",
      "Down since Monday!",
      "No refund since 2019",
      "Ich warte seit Montag auf mein Paket",
    ]) {
      const found = await read(text, undated);
      expect([found.isRepeated, found.daysWaiting], text).toEqual([true, null]);
    }
    expect((await read("Broken since yesterday", undated)).daysWaiting).toBe(1);
    expect((await read("No refund for three weeks", undated)).daysWaiting).toBe(21);
  });

  it("takes a date of tomorrow for today elsewhere, not for one of last year", async () => {
    const publishedAt = "2026-03-02T23:50:00.000Z";
    expect((await read("Broken since 3 March", { publishedAt })).daysWaiting).toBe(0);
  });

  it("reads dates in numbers, with their year", async () => {
    expect((await read("Broken since 3/14/2025")).daysWaiting).toBe(366);
    expect((await read("Broken since 14/3/25")).daysWaiting).toBe(366);
    expect((await read("Broken since 2026-03-10")).daysWaiting).toBe(5);
    expect((await read("Broken since 2.5")).daysWaiting).toBeNull();
  });

  it.each([
    ["Seit dem 10.03. keine Antwort", "de"],
    ["Seit 10.3.2026 keine Antwort", "de"],
    ["Sin respuesta desde el 10/3", "es"],
    ["Toujours pas de réponse depuis le 10/03/2026", "fr"],
  ])("reads the day first outside English: %s", async (text, languageHint) => {
    expect((await read(text, { languageHint })).daysWaiting).toBe(5);
  });

  it("reads a decimal comma and thousands", async () => {
    expect((await read("Ich warte seit 1,5 Stunden", { languageHint: "de" })).daysWaiting).toBe(0.0625);
    expect((await read("Waiting 1,200 hours")).daysWaiting).toBe(50);
  });

  it("believes no wait of a lifetime, though it is one", async () => {
    expect(await read("I have been waiting 84 years for a refund")).toMatchObject({
      isRepeated: true,
      daysWaiting: null,
    });
  });

  it("does not guess which number of a date is the month", async () => {
    expect((await read("Broken since 3/4")).daysWaiting).toBeNull();
    expect((await read("Broken since 13/2")).daysWaiting).toBe(30);
  });
});

it.each([
  "Still no reply",
  "Still waiting for my refund",
  "My order still hasn't arrived",
  "I haven't received the ticket yet",
  "Yet to hear back from your team",
  "Sigo esperando una respuesta",
  "Immer noch keine Antwort",
  "Ainda não recebi o reembolso",
])("who still waits repeats, even without a number: %s", async (text) => {
  expect(await read(text)).toMatchObject({ isRepeated: true, count: null, daysWaiting: null });
});

describe("praise, plans and loyalty are no repeat pressure", () => {
  it.each([
    "I come here again and again, love it",
    "Still the best coffee in town",
    "Still love this phone",
    "Still no complaints",
    "I still can't believe how good this is",
    "Thanks again!",
    "Will order again",
    "Can't wait to visit again",
    "Never again",
    "Third time here and loved every minute",
    "A customer since 2010",
    "I've used it for three years without a problem",
    "Have had this kettle for 2 years, great",
    "It is working again, thank you",
    "I waited only 5 minutes",
    "Ten times better than the old one",
    "Three years old and happy",
    "Free trial for 3 months",
    "It takes 3 days",
    "Wait a minute, is this new?",
    "Please try again",
    "A member since 2016 and it has been nothing but a pleasure",
    "My payment was two days late and you closed my account",
    "They waited three months to answer no",
    "No sé cuántas veces he visto esta película",
    "Ya la he visto",
    "I wrote this review before I got my card",
    "I travelled for a week, the site is down",
    "I have been with you for 4 years now. No reply is unlike you.",
    "You are waiting to read the last seven years of my records",
    "Espero la nueva temporada desde hace una semana",
    "Das war es dann schon wieder mit der Serie",
    "荷物がまだ届きません",
    "",
  ])("%s", async (text) => {
    expect(await read(text)).toEqual({ isRepeated: false, count: null, daysWaiting: null, quotes: [] });
  });

  it("nor what one of our own accounts wrote", async () => {
    expect((await read("Still no reply after 3 weeks", { byUs: true })).isRepeated).toBe(false);
  });
});

it("points at the words themselves", async () => {
  const { quotes } = await read("Hello. I called 5 times, still no answer!");
  expect(quotes).toEqual(["called 5 times", "still no"]);
});

it("reads the title as well, without pointing into it", async () => {
  expect(await read("Bad.", { title: "Third time it broke, waiting 2 weeks" })).toEqual({
    isRepeated: true,
    count: 3,
    daysWaiting: 14,
    quotes: [],
  });
});

it("takes the largest of several numbers", async () => {
  const { count, daysWaiting } = await read(
    "Second time it broke. I called 7 times. Waiting 3 days, no, waiting 5 days.",
  );
  expect({ count, daysWaiting }).toEqual({ count: 7, daysWaiting: 5 });
});
