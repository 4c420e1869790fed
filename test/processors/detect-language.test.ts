import { describe, expect, it } from "vitest";
import type { Mention } from "../../schemas/mention.ts";
import { detectLanguage, normaliseLanguage } from "../../processors/detect-language.ts";
import { readText } from "../../processors/read-text.ts";
import { chain } from "../../core/chain.ts";
import { processorContract } from "../contracts/processor.ts";
import { labelledRows } from "../support/labelled-rows.ts";
import { aMention } from "../support/builders.ts";
import { valuesOf } from "../support/outcomes.ts";

const signal = new AbortController().signal;
const earlier = chain<Mention>().pipe(readText());
const before = async (mentions: readonly Mention[]) => valuesOf(await earlier.run(mentions, signal));

async function detect(texts: readonly string[], languageHint = "") {
  const mentions = texts.map((text) => ({ ...aMention({ languageHint }), text }));
  return valuesOf(await detectLanguage().process(await before(mentions), signal));
}

const languageOf = async (text: string, hint = "") => (await detect([text], hint))[0]?.language;

processorContract("detect_language", { make: detectLanguage, before });

describe("detect_language", () => {
  it.each([
    ["en", "My parcel never arrived"],
    ["en", "Thanks for nothing"],
    ["en", "flight cancelled again"],
    ["en", "Terrible"],
    ["en", "The app isn’t working"],
    ["es", "Mi paquete nunca llegó y nadie responde"],
    ["de", "Der Zug war schon wieder zu spät"],
    ["fr", "Mon colis n’est toujours pas arrivé"],
    ["pt", "Meu pedido ainda não chegou"],
    ["it", "Il pacco non è ancora arrivato"],
    ["ja", "荷物がまだ届きません"],
    ["ar", "لم تصل الطرود حتى الآن"],
  ])("says %s of %s", async (language, text) => {
    expect(await languageOf(text)).toBe(language);
  });

  it.each(["", "😡😡😡", "https://example.com/the/and/you", "12345", "@the_shop #", "Xqz"])(
    "says und of %j, with no confidence",
    async (text) => {
      expect(await detect([text])).toEqual([{ language: "und", languageConfidence: 0 }]);
    },
  );

  it("believes the platform when it says a language", async () => {
    expect(await languageOf("ok 👍", "de-AT")).toBe("de");
  });

  it.each(["und", "zxx", "qme", "art", "", "klingon", "__proto__", "-", "x-private"])(
    "reads the text itself when the platform says %j",
    async (hint) => {
      expect(await languageOf("My parcel never arrived", hint)).toBe("en");
    },
  );

  it("reads the title where there is no text", async () => {
    const [mention] = await before([
      { ...aMention({ text: "x" }), text: "", title: "It does not work at all" },
    ]);
    if (mention === undefined) throw new Error("no mention was read");
    expect(valuesOf(await detectLanguage().process([mention], signal))[0]?.language).toBe("en");
  });

  it.each([
    ["en", "en"],
    ["en-GB", "en"],
    ["PT_br", "pt"],
    ["iw", "he"],
    ["in", "id"],
    ["spa", "es"],
    ["fil-PH", undefined],
  ])("makes of the tag %s the code %s", (tag, code) => {
    expect(normaliseLanguage(tag)).toBe(code);
  });
});

describe.each([
  ["airline", "en", 0.99, 0.005],
  ["tweeteval_val", "en", 0.99, 0.005],
  ["xlmt_spanish", "es", 0.98, 0.02],
  ["xlmt_french", "fr", 0.98, 0.02],
  ["xlmt_german", "de", 0.86, 0.1],
  ["xlmt_portuguese", "pt", 0.91, 0.06],
  ["xlmt_italian", "it", 0.96, 0.03],
] as const)(
  "on %s (public tweets, some in other languages than labelled)",
  (name, language, right, wrong) => {
    const rows = labelledRows(name);

    it.skipIf(rows === undefined)(
      `says ${language} of at least ${right}, something else of at most ${wrong}`,
      async () => {
        const found = await detect((rows ?? []).map(({ text }) => String(text)));
        const share = (test: (said: string) => boolean) =>
          found.filter((x) => test(x.language)).length / found.length;
        expect(share((said) => said === language)).toBeGreaterThan(right);
        expect(share((said) => said !== language && said !== "und")).toBeLessThan(wrong);
      },
    );
  },
);
