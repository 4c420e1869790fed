import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { flagSpam } from "../../processors/flag-spam.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;

/** What comes before. Only a low rating makes it a complaint here: the rules must hold where a complaint was missed. */
async function before(mentions: readonly Mention[]) {
  const read = valuesOf(await chain<Mention>().pipe(readText()).run(mentions, signal));
  return read.map((mention) => ({
    ...mention,
    complaint: { isComplaint: mention.rating === 1, confidence: 0.5, evidence: [] },
  }));
}

processorContract("flag_spam", { make: flagSpam, before });

async function spamOf(mentions: readonly Partial<Mention>[]) {
  const whole = mentions.map((fields) => ({ ...aMention({ text: "x" }), ...fields }));
  return valuesOf(await flagSpam().process(await before(whole), signal)).map(({ spam }) => spam);
}

const LINK = "https://shop.example/a";

describe("no customer's voice", () => {
  it.each([
    ["promotion", `Shop now and save up to 50% off ${LINK}`],
    ["promotion", `Use code SPRING20 for 20% off your first order at ${LINK}`],
    ["promotion", "Use my referral code QWERT7 and get $5 free"],
    ["promotion", `Sign up with my link and we both get cash ${LINK}`],
    ["promotion", `Limited time offer! Order now while stocks last ${LINK}`],
    ["promotion", "Check my bio for more"],
    ["promotion", "New collection out, link in bio"],
    ["promotion", "Earn $500 daily from home, dm me on WhatsApp"],
    ["promotion", "Make money online with this simple method"],
    ["promotion", "Join our Telegram channel for free crypto signals"],
    ["promotion", "Binary options trading with guaranteed profit every week"],
    [
      "promotion",
      "I lost everything until @fixer_jane, a certified hacker, got it back. Contact her on Telegram",
    ],
    ["promotion", "Best crypto recovery expert, message him via WhatsApp"],
    ["promotion", "Do you need a loan? Low rates, apply now"],
    ["promotion", "Follow me and I'll follow back #f4f #teamfollowback"],
    ["promotion", "Buy real Instagram followers cheap"],
    ["promotion", `Subscribe to my channel ${LINK}`],
    ["promotion", `Check out our new website ${LINK}`],
    ["promotion", `We offer affordable SEO services ${LINK}`],
    ["promotion", `Grow your business today! Book now ${LINK}`],
    ["promotion", "Essay writing service, best prices, 24/7"],
    ["promotion", `Visit our store today, flash sale ends tonight ${LINK}`],
    ["promotion", `Únete a nuestro canal y gana dinero desde casa ${LINK}`],
    ["promotion", `Compra ahora con hasta 40 % de descuento ${LINK}`],
    ["promotion", `Jetzt kaufen und bis zu 30 % Rabatt sichern ${LINK}`],
    ["promotion", "Verdiene 500 Euro pro Woche, Link in meiner Bio"],
    ["promotion", `Achetez maintenant, offre limitée ${LINK}`],
    ["promotion", `Utilisez mon code promo ${LINK}`],
    ["promotion", "Ganhe dinheiro trabalhando em casa, link na bio"],
    ["promotion", `Acquista ora con codice sconto ${LINK}`],
    ["giveaway", "RT and follow to win a free phone!"],
    ["giveaway", "Like, share and tag 3 friends to enter our giveaway"],
    ["giveaway", `Enter our giveaway for a chance to win a $100 gift card ${LINK}`],
    ["giveaway", `Congratulations! You have been selected to receive a prize ${LINK}`],
    ["giveaway", `Claim your free iPhone ${LINK}`],
    ["giveaway", "Sigue y comparte para ganar un viaje"],
    ["giveaway", "Liken und teilen, und mit etwas Glück gewinnen! Gewinnspiel"],
    ["giveaway", "Likez et partagez pour gagner un voyage, concours"],
    ["giveaway", "Siga e marque dois amigos para ganhar, sorteio"],
    ["link_bait", `Click here ${LINK}`],
    ["link_bait", `You won't believe what happened next ${LINK}`],
    ["link_bait", `OMG is this you in this video? ${LINK}`],
    ["link_bait", `Watch the full match live stream free ${LINK}`],
    ["link_bait", `${LINK} ${LINK} ${LINK} wow`],
    ["link_bait", `Haz clic aquí ${LINK}`],
    ["link_bait", `Hier klicken ${LINK}`],
    ["link_bait", `Cliquez ici ${LINK}`],
    [
      "many_tags",
      "#style #ootd #fashion #love #shoes #bags #look #moda #trend #insta #like4u #photo #model sale",
    ],
    ["repeated_text", "Great company with very friendly staff and the best quality ever. ".repeat(5)],
    ["generated", "As an AI language model, I do not have personal experience with this product."],
    ["generated", "Certainly! Here is a positive review of the app:"],
    ["generated", "Dear team, thank you. Kind regards, [Your Name]"],
    ["generated", "{Great|Good|Nice} service and {friendly|kind} staff"],
    ["generated", "Lorem ipsum dolor sit amet"],
  ])("%s: %s", async (reason, text) => {
    const [spam] = await spamOf([{ text }]);
    expect(spam).toMatchObject({ isSpam: true });
    expect(spam?.score).toBeGreaterThanOrEqual(0.5);
    expect(spam?.reasons).toContain(reason);
  });

  it("in the title as well", async () => {
    const [spam] = await spamOf([{ title: "Use my referral code QWERT7", text: "Nice" }]);
    expect(spam?.isSpam).toBe(true);
  });
});

describe("a customer's voice", () => {
  it.each([
    `My parcel never arrived, see ${LINK}`,
    "MY PARCEL NEVER ARRIVED AND NOBODY ANSWERS",
    "#fail #worst #neveragain #delayed #angry #refund #hotline #train #boycott #badservice #acme #shame",
    "Your promo code SPRING20 doesn't work at checkout",
    "I tried to use code SPRING20 and got charged the full price",
    "Is there a discount code for students?",
    "Can I use my voucher code in the shop?",
    "Got 20% off with my discount code, lovely shoes",
    "They advertised 50% off and free shipping but charged me full price",
    `Limited time offer? I never got the discount: ${LINK}`,
    "I entered your giveaway and never heard back",
    "Did anybody ever win the giveaway?",
    "I won a gift card in your raffle and it has expired",
    `When I click here nothing happens ${LINK}`,
    "The click here link in your email is broken",
    `Please check this: ${LINK}`,
    `Look at the state of this seat ${LINK} ${LINK} ${LINK} @acme_air`,
    "@acme please follow back so I can DM you my booking number",
    "@acme please message me for the order number",
    "DM me please, I need help with my order",
    "I can't sign up now, it says error 500",
    "I can't order now, the site is down",
    "Every time I press book now it crashes",
    "The apply now button does nothing",
    "Your subscribe now popup is annoying",
    "Download now takes forever",
    "Somebody hacked my account and your support will not help me recover it",
    "I lost my money to a crypto scam through your app, give it back",
    "There are no non binary options in the form",
    "Your investment platform lost my money",
    "I work from home and need stable internet",
    "Refund me! Refund me! Refund me! Refund me! Refund me! Refund me! Refund me! Refund me!",
    "I want my money back now. ".repeat(12),
    "good good good good good good good good good good good good good good good good good good good good good good",
    "Your bot answered me: as an AI language model I cannot help you",
    "I love the app, five stars, best price in town",
    "Best deals, cheap flights, friendly crew. Thank you!",
    "Sunny day at the lake #lake #summer #sun #love #happy #friends",
    "#ich #bin #so #froh #dass #der #neue #zug #endlich #da #ist #danke #euch #allen",
    "Use the code I gave you to look up my order, please",
    "We visited your store on Monday, and the staff ignored us",
    "Is the free trial really free?",
    "Your free shipping took four weeks",
    "Follow up on my ticket please",
    "I follow you and share your posts, yet you never reply",
    "Tag said 20, the till said 40",
    "Where do I claim my refund?",
    "Why do I have to claim my reward twice?",
    "I found the address in the link you sent, thanks",
    "The link in the description of a video does not open",
    "A link in profile pages is missing",
    "Must see what they did to my suitcase",
    "No puedo usar el código de descuento, dice que no es válido",
    "¿Tenéis algún código de descuento?",
    "Der Rabattcode funktioniert nicht",
    "Ich kann nicht jetzt kaufen, die Seite lädt nicht",
    "Le code promo ne marche pas",
    "O cupom de desconto não funciona",
    "Il codice sconto non funziona",
    "",
    "😡😡😡",
    LINK,
    "constructor __proto__ toString",
    "荷物がまだ届きません",
  ])("%s", async (text) => {
    const [spam] = await spamOf([{ text }]);
    expect(spam).toMatchObject({ isSpam: false, reasons: [] });
    expect(spam?.score).toBeLessThan(0.5);
  });

  it("that complains stays one, whatever it links to", async () => {
    const [spam] = await spamOf([{ text: `Click here ${LINK}`, rating: 1, ratingMax: 5 }]);
    expect(spam?.isSpam).toBe(false);
  });

  it("that tells one long story is not counted against", async () => {
    const story = Array.from(
      { length: 300 },
      (_, index) => `On day ${index} we tried room ${index} and liked it.`,
    );
    const [spam] = await spamOf([{ text: `${story.join(" ")} Shop now, they said.` }]);
    expect(spam?.isSpam).toBe(false);
  });
});

it("never marks what one of our own accounts wrote", async () => {
  const [spam] = await spamOf([{ text: `Shop now and save up to 50% off ${LINK}`, byUs: true }]);
  expect(spam).toEqual({ isSpam: false, score: 0, reasons: [] });
});

describe.each([
  ["airline", 0.001],
  ["trustpilot", 0.001],
  ["fintech_apps", 0.001],
  ["complaints", 0.006],
  ["cfpb", 0.001],
])("of the public set %s", (name, most) => {
  const rows = labelledRows(name)?.filter((_, index) => index % 2 === 1);

  it.skipIf(rows === undefined)(`at most ${most * 100} % are marked, and no complaint`, async () => {
    const spam = await spamOf((rows ?? []).map(({ text }) => ({ text: String(text) })));
    expect(spam.filter(({ isSpam }) => isSpam).length).toBeLessThanOrEqual(spam.length * most);
    const complaints = spam.filter((_, index) => rows?.[index]?.["complaint"] === 1);
    expect(complaints.filter(({ isSpam }) => isSpam)).toEqual([]);
  });
});
