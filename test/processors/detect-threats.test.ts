import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { detectThreats } from "../../processors/detect-threats.ts";
import { readText } from "../../processors/read-text.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText()).pipe(detectLanguage());
const whole = earlier.pipe(detectThreats());

processorContract("detect_threats", {
  make: detectThreats,
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

async function read(text: string, fields: Partial<Mention> = {}) {
  const [value] = valuesOf(await whole.run([{ ...aMention({ text: "x" }), text, ...fields }], signal));
  if (value === undefined) throw new Error("nothing was read");
  return value.threats.map(({ kind, span }) => [kind, span === null ? "" : text.slice(span.start, span.end)]);
}

describe("finds what the author warns of or has begun", () => {
  it.each([
    ["I am switching to another provider", "churn"],
    ["Cancelling my subscription today", "churn"],
    ["If this isn't fixed I will cancel my contract", "churn"],
    ["You just lost a customer", "churn"],
    ["Never again", "churn"],
    ["I will never order from you again", "churn"],
    ["Taking my business elsewhere", "churn"],
    ["App uninstalled", "churn"],
    ["I won't be back", "churn"],
    ["You made me switch to another bank", "churn"],
    ["My lawyer will contact you", "legal"],
    ["See you in small claims", "legal"],
    ["I'll sue", "legal"],
    ["If you don't refund me I will take legal action", "legal"],
    ["Reporting this to the ombudsman", "legal"],
    ["I have asked my bank for a chargeback", "legal"],
    ["Trading standards will hear about this", "legal"],
    ["The charger caught fire", "safety"],
    ["My son burned his hand on your kettle", "safety"],
    ["I had an allergic reaction to the cream", "safety"],
    ["The battery exploded", "safety"],
    ["A choking hazard for my toddler", "safety"],
    ["We all got food poisoning", "safety"],
    ["I am going to the newspapers with this", "press"],
    ["Contacting the local press about it", "press"],
    ["I will post this everywhere", "press"],
    ["Let's make this go viral", "press"],
    ["Terrible service, I'll make sure everyone knows", "press"],
    ["I can see someone else's account", "data"],
    ["This is a GDPR violation", "data"],
    ["My data was leaked", "data"],
    ["You sold my personal data", "data"],
    ["Your agent gave my address to a stranger", "data"],
    ["Voy a cancelar mi contrato", "churn"],
    ["Nie wieder bestelle ich hier", "churn"],
    ["Ich schalte meinen Anwalt ein", "legal"],
    ["Je vais contacter mon avocat", "legal"],
    ["Vou acionar o Procon", "legal"],
    ["Il caricatore ha preso fuoco", "safety"],
    ["El cargador se quemó anoche en la mesa", "safety"],
    ["Der Akku ist in Flammen aufgegangen", "safety"],
    ["Le chargeur a explosé dans ma cuisine", "safety"],
    ["O carregador pegou fogo ontem de noite", "safety"],
    ["Voy a poner una denuncia contra ustedes", "legal"],
    ["Je vais porter plainte contre votre société", "legal"],
    ["Vi faccio una denuncia", "legal"],
    ["Nunca mais compro nada com vocês", "churn"],
    ["I am reporting this to the regulator", "legal"],
  ])("%s", async (text, kind) => {
    expect((await read(text)).map(([found]) => found)).toContain(kind);
  });
});

describe("what is denied, another's, or only looks so is none", () => {
  it.each([
    "I'm not going to sue",
    "I would never leave you",
    "I don't want to cancel my subscription",
    "People should sue them",
    "My friend switched to another bank",
    "They are suing a rival",
    "Never again will I doubt you",
    "I will never use anything else",
    "Switching to dark mode is easy",
    "Uninstalled and reinstalled the app",
    "I uninstalled it and now I cannot reinstall it",
    "Last time I tried to order it worked",
    "No one was injured",
    "Adding insult to injury",
    "This burger is fire",
    "The team is on fire tonight",
    "Dangerously good cake",
    "I tell everyone how great you are",
    "I read your privacy policy",
    "It's someone else's problem",
    "Please cancel my order",
    "Legal advice wanted for a house sale, any good firm?",
    "Charge my phone",
    "My baby is out of danger now",
    "Our son was never hurt",
    "You are in danger of losing your crown",
    "I reported it to the desk",
    "I already shared my number with your team",
    "I accidentally deleted the app",
    "Thanks for trying to take my money without notice",
    "They said I needed to uninstall the app first",
    "I will not be back to Lyon until May",
    "We had a couple of small claims in two years",
    "The agency keeps reporting to the credit bureau",
    "",
  ])("%s", async (text) => {
    expect(await read(text)).toEqual([]);
  });

  it.each([
    ["Las calles de la ciudad son un lugar peligroso de noche", "es"],
    ["Me voy a dormir", "es"],
    ["Voy a cambiar mi vida", "es"],
    ["Vamos mudar o mundo", "pt"],
    ["O advogado dele fala bem", "pt"],
    ["Salto alto, nunca mais!", "pt"],
    ["Motorradfahrer bei Unfall verletzt", "de"],
    ["Die Musik dieser Klage ist gefährlich schön", "de"],
    ["Hab das Bild gelöscht", "de"],
    ["Ces oiseaux sont en danger", "fr"],
    ["La justice a tranché hier", "fr"],
    ["Il paese è in pericolo", "it"],
    ["Il sindaco denuncia i tagli", "it"],
  ])("nor is the news, in other languages: %s", async (text, languageHint) => {
    expect(await read(text, { languageHint })).toEqual([]);
  });

  it("nor what a high rating looks back on", async () => {
    const high = { rating: 5, ratingMax: 5 };
    expect(await read("My dog had an allergic reaction and they paid the vet", high)).toEqual([]);
    expect(await read("I decided to switch to them last year", high)).toEqual([]);
    expect(await read("The battery exploded, it never worked", high)).toEqual([
      ["safety", "battery exploded"],
    ]);
  });

  it("nor what one of our own accounts wrote", async () => {
    expect(await read("Never again! I will sue you", { byUs: true })).toEqual([]);
  });
});

it("points at the words, in their order", async () => {
  expect(await read("The battery exploded. I will sue you, and you just lost a customer.")).toEqual([
    ["safety", "battery exploded"],
    ["legal", "I will sue"],
    ["churn", "lost a customer"],
  ]);
});

it("keeps no more than twenty", async () => {
  expect(await read("Never again. ".repeat(50))).toHaveLength(20);
});
