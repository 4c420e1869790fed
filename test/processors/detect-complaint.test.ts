import { describe, expect, it } from "vitest";
import { chain } from "../../core/chain.ts";
import { detectComplaint } from "../../processors/detect-complaint.ts";
import { detectLanguage } from "../../processors/detect-language.ts";
import { hashFeatures } from "../../processors/hash-features.ts";
import { readText } from "../../processors/read-text.ts";
import { scoreSentiment } from "../../processors/score-sentiment/index.ts";
import type { Mention } from "../../schemas/mention.ts";
import { processorContract } from "../contracts/processor.ts";
import { aMention } from "../support/builders.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { models } from "../support/reading-models.ts";
import { valuesOf } from "../support/outcomes.ts";
import { readMentions, readOne } from "../support/read-mentions.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>()
  .pipe(readText())
  .pipe(detectLanguage())
  .pipe(hashFeatures())
  .pipe(scoreSentiment(models.sentiment));

processorContract("detect_complaint", {
  make: () => detectComplaint(models.complaint),
  before: async (mentions) => valuesOf(await earlier.run(mentions, signal)),
});

const complains = async (text: string, fields: Partial<Mention> = {}) =>
  (await readOne(text, fields)).complaint.isComplaint;

describe("a failed expectation is a complaint, whatever its polarity", () => {
  it.each([
    "My parcel never arrived",
    "I have been waiting three weeks for a refund",
    "The app is not working",
    "Third time I'm telling you this",
    "Thanks for nothing",
    "Great, another crash. Just great.",
    "Never again! Terrible and disgusting",
    "I did not get a reply. The service is terrible, awful and horrible.",
    "They charged me twice!",
    "You lost my bag",
    "flight delayed again",
    "How long until it is fixed?",
    "can’t log in since the update",
    "It won't open",
    "Worse than before",
    "My order was cancelled and nobody replies",
    "still no reply",
    "the screen arrived broken",
    "missing parts in the box",
    "I want my money back",
    "Where is my order?",
    "I don’t recommend it",
    "Love the design but the app keeps crashing",
    "Mi paquete nunca llegó, sigo esperando",
    "Die App funktioniert nicht",
    "Ça ne marche pas, toujours pas de réponse",
    "O aplicativo não funciona",
    "Il pacco non è arrivato, nessuna risposta",
  ])("%s", async (text) => {
    expect(await complains(text)).toBe(true);
  });
});

describe("customers of other languages complain in their own everyday words", () => {
  it.each([
    ["No puedo entrar en la aplicación desde ayer", "es"],
    ["Me han cobrado dos veces", "es"],
    ["El paquete llegó roto y nadie contesta", "es"],
    ["No lo recomiendo, una pérdida de dinero", "es"],
    ["Ich kann mich seit gestern nicht mehr einloggen", "de"],
    ["Der Kundenservice ist eine Katastrophe", "de"],
    ["Nicht zu empfehlen, Finger weg", "de"],
    ["Bin total enttäuscht von der Lieferung", "de"],
    ["Impossible de joindre quelqu'un, à fuir", "fr"],
    ["L'application ne fonctionne plus", "fr"],
    ["Je suis très déçue, personne ne répond", "fr"],
    ["Não consigo acessar minha conta", "pt"],
    ["O produto veio com defeito e ninguém resolve", "pt"],
    ["Ainda não recebi meu pedido", "pt"],
    ["Non riesco ad accedere al mio conto", "it"],
    ["Il pacco è arrivato rotto, lo sconsiglio", "it"],
    ["L'app ha smesso di funzionare", "it"],
    ["El repartidor tiró el paquete por encima de la valla y está roto", "es"],
    ["Otra vez con retraso, siempre igual", "es"],
    ["Todavia no me han enviado la devolucion", "es"],
    ["Koennen uns nicht mehr anmelden, schon wieder Stoerung", "de"],
    ["Die Hälfte der Schrauben fehlt", "de"],
    ["Le colis a été volé devant la porte", "fr"],
    ["L'appli plante à chaque fois", "fr"],
    ["Toujours pas de reponse apres deux semaines", "fr"],
    ["O aplicativo travou de novo, péssimo", "pt"],
    ["Atraso de novo, sempre a mesma coisa com essa empresa", "pt"],
    ["O site nao abre desde a ultima atualizacao", "pt"],
    ["L'app si chiude ogni volta che provo a pagare", "it"],
    ["Ancora ritardo, sempre la stessa storia", "it"],
  ])("%s", async (text, languageHint) => {
    const { complaint } = await readOne(text, { languageHint });
    expect(complaint.isComplaint).toBe(true);
  });
});

describe("other languages state failures without a cue", () => {
  const told = [
    ["Wegen der Störung wurde die Lieferung auf nächste Woche verschoben", "de"],
    ["El pedido salió del almacén hace un mes y el seguimiento sigue detenido", "es"],
    ["Ma commande est bloquée au dépôt depuis lundi", "fr"],
    ["A transportadora registrou a entrega, mas o pedido foi deixado no endereço do vizinho", "pt"],
    ["Il tecnico ha annullato l'appuntamento e la linea resta guasta", "it"],
  ] as const;

  it.each(told)("%s", async (text, languageHint) => {
    const { complaint } = await readOne(text, { languageHint });
    expect(complaint.isComplaint).toBe(true);
    expect(complaint.confidence).toBeGreaterThanOrEqual(0.55);
    expect(complaint.evidence.length).toBeGreaterThan(0);
  });

  it("and the words that say it most are the evidence", async () => {
    const [text, languageHint] = told[0];
    const { complaint } = await readOne(text, { languageHint });
    expect(complaint.evidence.map(({ start, end }) => text.slice(start, end))).toEqual(
      expect.arrayContaining(["Störung", "verschoben"]),
    );
  });

  it.each([
    ["four stars", { rating: 4, ratingMax: 5 }],
    ["a title that denies it", { title: "Keine Probleme" }],
  ])("but not against %s", async (_against, fields) => {
    const { complaint } = await readOne(told[0][0], { languageHint: "de", ...fields });
    expect(complaint.isComplaint).toBe(false);
  });

  it("which cues alone do not tell", async () => {
    const mention = aMention({ text: told[0][0], languageHint: "de" });
    const [read] = valuesOf(await earlier.pipe(detectComplaint({})).run([mention], signal));
    expect(read?.complaint).toMatchObject({ isComplaint: false, evidence: [] });
  });
});

describe("these are none", () => {
  it.each([
    "No complaints",
    "No complaints at all, great service",
    "Never had a problem",
    "I’ve never had a single issue with them",
    "Not a single issue in three years",
    "It works without any problems",
    "Problem solved within an hour, thank you!",
    "Love it, works perfectly",
    "I hate Mondays",
    "When does the store open?",
    "We're sorry to hear that, please DM us",
    "Looking forward to the new version",
    "",
    "😡😡😡",
    "https://example.com/still-waiting-for-refund",
    "constructor __proto__ toString",
  ])("%s", async (text) => {
    expect(await complains(text)).toBe(false);
  });

  it.each([
    ["No puedo dormir, qué noche tan larga", "es"],
    ["Aún no he visto la serie", "es"],
    ["Me han regalado un gato", "es"],
    ["Nie wieder gehe ich ohne Schirm aus dem Haus", "de"],
    ["Il n'y a pas de vent aujourd'hui", "fr"],
    ["La loi n'est pas de droite", "fr"],
    ["Não consigo parar de rir", "pt"],
    ["Ainda não assisti o episódio", "pt"],
    ["Queste cose non si dicono", "it"],
    ["Non riesco a smettere di ridere", "it"],
    ["Funciona de maravilla, sin ningún problema", "es"],
    ["Keine Probleme, alles bestens", "de"],
    ["Aucun problème, livraison rapide", "fr"],
  ])("everyday words of other languages: %s", async (text, languageHint) => {
    const { complaint } = await readOne(text, { languageHint });
    expect(complaint.isComplaint).toBe(false);
  });

  it("what one of our own accounts wrote, whatever it says", async () => {
    const { complaint } = await readOne("My parcel never arrived", { byUs: true, rating: 1, ratingMax: 5 });
    expect(complaint).toEqual({ isComplaint: false, confidence: 1, evidence: [] });
  });
});

it("says where the failed expectation is stated, strongest first", async () => {
  const text = "Hello, I ordered on Monday and my parcel never arrived. Is it late?";
  const { complaint } = await readOne(text);
  expect(complaint.evidence.map(({ start, end }) => text.slice(start, end))[0]).toBe("never arrived");
});

it("reads the title as well, without pointing into it", async () => {
  const { complaint } = await readOne("On my phone.", { title: "Keeps crashing since the update" });
  expect(complaint.isComplaint).toBe(true);
  expect(complaint.evidence).toEqual([]);
});

it.each([
  [1, 5, true],
  [2, 5, true],
  [3, 5, false],
  [4, 10, true],
  [5, 10, false],
  [2, null, false],
])("a rating of %s of %s without a word: %s", async (rating, ratingMax, isComplaint) => {
  expect(await complains("", { rating, ratingMax })).toBe(isComplaint);
});

it("says that it does not know where the language has no cues", async () => {
  const { complaint } = await readOne("荷物がまだ届きません");
  expect(complaint).toEqual({ isComplaint: false, confidence: 0, evidence: [] });
});

it.each([
  "The villain in this film is so evil, I hated him from the first minute",
  "I hate rainy mondays",
  "She is an awful person",
])("does not take anger alone for a complaint: %s", async (text) => {
  const { complaint, sentiment } = await readOne(text);
  expect(sentiment.label).toBe("negative");
  expect(complaint.isComplaint).toBe(false);
});

const rows = labelledRows("complaints")?.filter((_, index) => index % 2 === 1);

it.skipIf(rows === undefined)(
  "reaches complaint F1 .60 on the half of the public complaint tweets its cues were not written from",
  async () => {
    const truths = (rows ?? []).map((row) => row["complaint"] === 1);
    const read = await readMentions((rows ?? []).map(({ text }) => ({ text: String(text) })));
    const said = read.map(({ complaint }) => complaint.isComplaint);
    const both = said.filter((isComplaint, index) => isComplaint && truths[index] === true).length;
    const either = said.filter(Boolean).length + truths.filter(Boolean).length;
    expect((2 * both) / either).toBeGreaterThan(0.6);
  },
);
