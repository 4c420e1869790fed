import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectComplaint } from "../../processors/detect-complaint.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { hashFeatures } from "../../processors/hash-features.ts";
import { locateStage } from "../../processors/locate-stage.ts";
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
  .pipe(detectComplaint(models.complaint));
const whole = earlier.pipe(locateStage());

processorContract("locate_stage", {
  make: locateStage,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function locate(text: string, fields: Partial<Mention> = {}) {
  const mention = { ...aMention({ text: "x" }), text, ...fields };
  return valuesOf(await whole.run([mention], signal))[0]?.stage;
}

describe("says where it broke and where they were when they complained", () => {
  it.each([
    // airline
    ["My flight was delayed by four hours", "delivery", "delivery"],
    ["You lost my luggage in Lisbon", "delivery", "delivery"],
    ["Our flight got cancelled and nobody answers the phone", "delivery", "support"],
    ["Stuck on the tarmac for two hours", "delivery", "delivery"],
    ["Your website won't let me book a seat", "purchase", "purchase"],
    ["The seat was broken and the cabin was dirty", "use", "use"],
    ["On hold for 90 minutes and then you hung up on me", "support", "support"],
    ["Flight cancelled in May and still no refund", "delivery", "return"],
    // bank
    ["You charged me twice for the same purchase", "payment", "payment"],
    ["My card was declined at the till again", "payment", "payment"],
    ["I can't log in since the update", "use", "use"],
    ["They locked my account and support never replies", "use", "support"],
    ["Hidden fees everywhere, a disgrace", "payment", "payment"],
    ["They denied my application without a reason", "purchase", "purchase"],
    ["The verification code never arrives", "setup", "setup"],
    ["They opened an account without my consent", "purchase", "purchase"],
    // telecom
    ["No internet for three days", "use", "use"],
    ["The technician never showed up to install the box", "setup", "setup"],
    ["My bill doubled this month", "payment", "payment"],
    ["No signal in the whole street and your hotline keeps me on hold", "use", "support"],
    ["You still charge me after I cancelled my contract", "cancellation", "cancellation"],
    ["I have called four times and nobody helps", "support", "support"],
    // food
    ["The pizza arrived cold", "delivery", "delivery"],
    ["The driver never came with my food", "delivery", "delivery"],
    ["Wrong order again, and two items were missing from the bag", "delivery", "delivery"],
    ["Found a hair in my soup", "use", "use"],
    ["The promo code doesn't work", "purchase", "purchase"],
    ["The burger was raw in the middle", "use", "use"],
    // app
    ["The app keeps crashing", "use", "use"],
    ["Keeps freezing since the latest update", "use", "use"],
    ["I can't install it on my tablet", "setup", "setup"],
    ["It won't let me sign up", "setup", "setup"],
    ["Can't cancel my subscription, there is no button", "cancellation", "cancellation"],
    ["It crashes all the time so I uninstalled it", "use", "cancellation"],
    ["My photos disappeared after the update", "use", "use"],
    // shop
    ["Ordered three weeks ago, nothing arrived, support hangs up", "delivery", "support"],
    ["My parcel never arrived", "delivery", "delivery"],
    ["The vase arrived smashed", "delivery", "delivery"],
    ["Checkout page gives an error when I pay", "purchase", "purchase"],
    ["The blender broke after two weeks", "use", "use"],
    ["I sent it back a month ago and still haven't received my refund", "return", "return"],
    ["Everything is out of stock", "purchase", "purchase"],
    ["The kettle broke after a week so I want a refund", "use", "return"],
    ["You refuse to refund me", "return", "return"],
    ["False advertising, it looks nothing like the picture", "awareness", "awareness"],
    // insurance
    ["They denied my claim for no reason", "use", "use"],
    ["My premium increased by 40 percent", "payment", "payment"],
    ["Claim rejected and their agent was rude", "use", "support"],
    ["They make it impossible to cancel the policy", "cancellation", "cancellation"],
    ["Nobody returns my calls", "support", "support"],
    // hotel
    ["Our room wasn't ready at five in the afternoon", "delivery", "delivery"],
    ["The room was filthy and the shower was broken", "use", "use"],
    ["They lost my reservation", "purchase", "purchase"],
    ["They charged my card twice for the minibar", "payment", "payment"],
    ["The wifi was down all weekend", "use", "use"],
    // car
    ["The gearbox failed after six months", "use", "use"],
    ["The battery drains overnight", "use", "use"],
    ["The garage ignored my emails for weeks", "support", "support"],
    ["My car was to be delivered in June and it still hasn't arrived", "delivery", "delivery"],
    ["The engine died after 200 miles and the dealer won't return my calls", "use", "support"],
    ["The app can't connect to the car", "use", "use"],
  ])("%s", async (text, brokeAt, complainedAt) => {
    expect(await locate(text)).toEqual({ brokeAt, complainedAt });
  });
});

describe("says unknown rather than guess", () => {
  it.each([
    "Great service, my parcel arrived early",
    "No delays, no problems, lovely crew",
    "Never had a crash in two years",
    "When does the store open?",
    "I hate this company",
    "Disappointed. Never again.",
    "Love the app",
    "I haven't had any problems with this app",
    "What is the delivery fee?",
    "Can I book a table for four?",
    "The support team was fantastic",
    "",
    "https://example.com/refund",
    "荷物がまだ届きません",
  ])("%s", async (text) => {
    expect(await locate(text)).toEqual({ brokeAt: "unknown", complainedAt: "unknown" });
  });

  it("of what is no complaint, in languages of few cues", async () => {
    const stage = await locate("Ya no puedo salir a comprar comida", { languageHint: "es" });
    expect(stage).toEqual({ brokeAt: "unknown", complainedAt: "unknown" });
  });

  it("of where it broke, when they only say where they are", async () => {
    const stage = await locate("I want my money back, you thieves");
    expect(stage).toEqual({ brokeAt: "unknown", complainedAt: "return" });
  });

  it("of what one of our own accounts wrote", async () => {
    const stage = await locate("My parcel never arrived", { byUs: true });
    expect(stage).toEqual({ brokeAt: "unknown", complainedAt: "unknown" });
  });
});

it("reads the title as well", async () => {
  expect((await locate("On my phone.", { title: "App keeps crashing" }))?.brokeAt).toBe("use");
});

describe("reads plain failures in other languages", () => {
  it.each([
    ["Mi paquete nunca llegó y nadie responde", "delivery", "support"],
    ["La aplicación no funciona desde ayer", "use", "use"],
    ["Mein Paket ist immer noch nicht angekommen", "delivery", "delivery"],
    ["Die App stürzt ständig ab", "use", "use"],
    ["Mon colis n’est toujours pas arrivé", "delivery", "delivery"],
    ["Impossible de résilier mon abonnement", "cancellation", "cancellation"],
    ["O aplicativo não funciona e ninguém responde", "use", "support"],
    ["Il mio pacco non è ancora arrivato", "delivery", "delivery"],
  ])("%s", async (text, brokeAt, complainedAt) => {
    expect(await locate(text)).toEqual({ brokeAt, complainedAt });
  });
});
