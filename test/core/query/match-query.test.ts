import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matcherOf, matchQuery } from "../../../core/query/match-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import type { QueryNode, WordOrPhrase } from "../../../core/query/query.ts";
import type { Mention } from "../../../schemas/mention.ts";
import { aMention } from "../../support/builders.ts";
import { aQueryTree, aWordOrPhrase } from "../../support/queries.ts";
import { sharedData } from "../../support/shared-data.ts";

function finds(query: string, text: string | Partial<Mention>): boolean {
  return matchQuery(parseQuery(query))(aMention(typeof text === "string" ? { text } : text));
}

describe("matchQuery on words", () => {
  it.each([
    ["acme", "ACME lost it"],
    ["ACME", "acme lost it"],
    ["acme", "Acme's parcel"],
    ["acme", "Acme’s parcel"],
    ["acme", "#acme and @acme"],
    ["acme", "see https://acme.com/help"],
    ["acme", "Acme™ and Acme®"],
    ["acme", "_acme_ **acme**"],
    ["acme", "ac\u00adme, ａｃｍｅ, 𝐀𝐜𝐦𝐞, ac\u200bme"],
    ["acme", "😡acme😡"],
    ["#acme", "again #ACME!"],
    ["#acme", "＃acme"],
    ["#acme", "😡#acme"],
    ["@acme", "@Acme: help"],
    ["@acme", ".@acme"],
    ["@acme_help", "hey @acme_help"],
    ["don't", "I don’t know"],
    ["don’t", "I don't know"],
    ["e-mail", "my e-mail, my e mail"],
    ["AT&T", "at&t is down"],
    ["10:30", "at 10:30"],
    ["refund*", "REFUNDING refunds"],
    ["refund*", "a refund"],
    ["#refund*", "#refunds"],
    ["organi?e", "organise organize"],
    ["wom?n*", "womens"],
    ["😡", "so bad 😡😡"],
    ["👍", "👍🏽"],
    ["❤", "I ❤️ it"],
    ["🇩🇪", "aus 🇩🇪!"],
  ])("%s is found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it.each([
    ["acme", "acmes, acme2, acme_help, unacme"],
    ["#acme", "acme @acme"],
    ["#acme", "#acmefails"],
    ["#acme", "c#acme"],
    ["@acme", "acme #acme"],
    ["@acme", "@acme_help"],
    ["@acme", "jane@acme.com"],
    ["e-mail", "email"],
    ["refund*", "prefund"],
    ["organi?e", "organie organisse"],
    ["refund?", "refund refunded"],
    ["🇩🇪", "🇩🇰🇪🇸"],
    ["constructor", "__proto__ toString"],
  ])("%s is not found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  it("looks in the title as well", () => {
    expect(finds("acme refund", { title: "Acme", text: "no refund" })).toBe(true);
  });
});

describe("matchQuery in many languages", () => {
  it.each([
    ["straße", "IN DER STRASSE"],
    ["strasse", "in der Straße"],
    ["Müller", "MÜLLER"],
    ["Müller", "Mu\u0308ller"],
    ["istanbul", "İSTANBUL"],
    ["İstanbul", "istanbul ISTANBUL"],
    ["ısparta", "ISPARTA"],
    ["şikayet", "ŞİKAYET"],
    ["οδοσ", "ΟΔΟΣ οδός"],
    ["cafe", "Café"],
    ["nestle", "NESTLÉ Nestle"],
    ["smorrebrod", "smørrebrød"],
    ["caf*", "cafétéria"],
    ["oreal", "l’Oréal"],
    ["tiếng", "TIẾNG Việt"],
    ["tieng viet", "Tiếng Việt"],
    ["жалоба", "ЖАЛОБА"],
    ["еще", "ещё"],
    ["توصيل", "تَوْصِيل"],
    ["الاهلي", "الأهلي"],
    ["שלום", "שָׁלוֹם"],
    ["शिकायत", "मेरी शिकायत है"],
    ["配送", "アクメの配送が遅い"],
    ["アクメ", "ｱｸﾒの配送"],
    ["アクメ", "#アクメ最高"],
    ["#アクメ", "#アクメ"],
    ["iPhone", "新しいiPhoneが壊れた"],
    ["iPhone15", "iPhone15が"],
    ["退款", "我要求退款，马上"],
    ["配送*", "配送料"],
    ["환불", "환불을 요청"],
    ["คืนเงิน", "ขอคืนเงินด้วย"],
    ['"配送 遅い"', "配送 遅い"],
    ["配送 NEAR/4 遅い", "配送がとても遅い"],
  ])("%s is found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it.each([
    ["café", "cafe"],
    ["schön", "schon"],
    ["мои", "мой"],
    ["か", "が"],
    ["配送", "配、送"],
    ["配送", "配 送"],
    ["कि", "की"],
    ["配送 NEAR/4 遅い", "配送がとてもとても遅い"],
    ["#アクメ", "アクメ"],
  ])("%s is not found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(false);
  });
});

describe("matchQuery on phrases and NEAR", () => {
  it.each([
    ['"where is my order"', "So: WHERE... is my (order)?!"],
    ['"where is my order?"', "where is my order"],
    ['"refund* now"', "refunded now"],
    ['"don\'t ask"', "don’t ask"],
    ['"@acme help"', "@acme, help"],
    ['"a a b"', "a a a b"],
    ["refund NEAR/2 card", "refund to my card"],
    ["refund NEAR/2 card", "card, my refund"],
    ['"my card" NEAR/1 refund', "refund on my card"],
    ["acme NEAR/1 acme", "acme, acme"],
    ["refund* NEAR/1 card", "refunds card"],
  ])("%s is found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(true);
  });

  it.each([
    ['"my order"', "order my"],
    ['"my order"', "my last order"],
    ['"@acme help"', "acme help"],
    ["refund NEAR/2 card", "refund to my old card"],
    ["acme NEAR/5 acme", "acme"],
    ['"a b" NEAR/5 "b c"', "a b c"],
  ])("%s is not found in: %s", (query, text) => {
    expect(finds(query, text)).toBe(false);
  });

  it("does not reach from the title into the text", () => {
    expect(finds('"my order"', { title: "my", text: "order" })).toBe(false);
    expect(finds("my NEAR/100 order", { title: "my", text: "order" })).toBe(false);
  });
});

describe("matchQuery on fields", () => {
  it.each<[string, Partial<Mention>, boolean]>([
    ["platform:X", { platform: "x" }, true],
    ["platform:reddit,x", { platform: "x" }, true],
    ["platform:reddit", { platform: "x" }, false],
    ["kind:review", { kind: "review" }, true],
    ["NOT kind:comment", { kind: "comment" }, false],
    ["source:app*", { source: "App reviews" }, true],
    ["source:app", { source: "App reviews" }, false],
    ["country:de", { country: "DE" }, true],
    ['product:"acme pro"', { product: "ACME Pro" }, true],
    ["product:acme", { product: "Acme Pro" }, false],
    ["author:@Jane", { authorHandle: "jane" }, true],
    ["author:jane", { authorHandle: "jane" }, true],
    ['author:"Jane Doe"', { authorName: "JANE DOE" }, true],
    ["author:did:plc:1", { authorId: "did:plc:1" }, true],
    ["author:jan", { authorHandle: "jane" }, false],
    ["author:jan*", { authorHandle: "jane" }, true],
    ["url:acme.com/Help", { url: "https://www.acme.com/help/1" }, true],
    ["url:zenith", { url: "https://www.acme.com/help/1" }, false],
    ["lang:en", { languageHint: "en-GB" }, true],
    ["lang:EN", { languageHint: "en" }, true],
    ["lang:en", { languageHint: "de" }, false],
    ["lang:en", { languageHint: "" }, true],
    ["NOT lang:en", { languageHint: "" }, true],
    ["NOT (acme lang:en)", { languageHint: "", text: "acme" }, true],
    ["NOT lang:en", { languageHint: "en" }, false],
    ["NOT lang:en", { languageHint: "de" }, true],
    ["lang:en", { languageHint: "und" }, true],
    ["lang:en", { languageHint: "qme" }, true],
    ["lang:id", { languageHint: "in" }, true],
    ["rating<3", { rating: 2, ratingMax: 5 }, true],
    ["rating<3", { rating: 3, ratingMax: 5 }, false],
    ["rating<=3", { rating: 6, ratingMax: 10 }, true],
    ["rating=3.5", { rating: 7, ratingMax: 10 }, true],
    ["rating<3", { rating: null }, false],
    ["rating>=0", { rating: null }, false],
    ["NOT rating<3", { rating: null }, true],
    ["followers>1000", { authorFollowers: 1_001 }, true],
    ["followers>1000", { authorFollowers: null }, false],
    ["followers<=0", { authorFollowers: 0 }, true],
  ])("%s of %j is %s", (query, fields, expected) => {
    expect(finds(query, fields)).toBe(expected);
  });
});

describe("matcherOf", () => {
  it("names the trackers whose query a mention meets, in their order", () => {
    const trackersOf = matcherOf(
      [
        ["zenith", "zenith -spam"],
        ["acme", "acme refund*"],
        ["not-acme", "NOT acme"],
        ["reviews", "kind:review OR acme"],
      ].map(([tracker = "", text = ""]) => ({ tracker, query: parseQuery(text) })),
    );
    expect(trackersOf(aMention({ text: "Acme: refunds" }))).toEqual(["acme", "reviews"]);
    expect(trackersOf(aMention({ text: "zenith" }))).toEqual(["zenith", "not-acme"]);
    expect(trackersOf(aMention({ text: "zenith spam" }))).toEqual(["not-acme"]);
    expect(trackersOf(aMention({ text: "none", kind: "review" }))).toEqual(["not-acme", "reviews"]);
  });

  it("agrees with a plain reading of the rules, whatever else it listens for", () => {
    const word = fc.constantFrom("a", "b", "ccc", "#a", "@b", "cc*", "c?c", "a-b", "ccc's");
    const queries = fc.array(aQueryTree(aWordOrPhrase(word), fc.constant(reviewField)), {
      minLength: 1,
      maxLength: 4,
    });
    const text = fc
      .array(fc.constantFrom("a", "b", "ccc", "cccd", "#a", "@b", "x", "a-b", "CCC’s", "#ccc"), {
        maxLength: 12,
      })
      .map((words) => words.join(" "));
    const kind = fc.constantFrom("post" as const, "review" as const);
    fc.assert(
      fc.property(
        queries,
        fc.array(fc.tuple(text, text, kind), { minLength: 1, maxLength: 3 }),
        (roots, texts) => {
          const trackersOf = matcherOf(
            roots.map((root, at) => ({ tracker: String(at), query: { text: "", root } })),
          );
          for (const [title, body, kindOf] of texts) {
            const mention = { ...aMention({ kind: kindOf }), title, text: body };
            const expected = roots.flatMap((root, at) => (isMet(root, mention) ? [String(at)] : []));
            expect(trackersOf(mention)).toEqual(expected);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const reviewField: QueryNode = { type: "field", name: "kind", value: "review" };

/** The rules for ASCII texts, written for clarity alone. */
function isMet(node: QueryNode, mention: Mention): boolean {
  const texts = [mention.title, mention.text].map(plainWords);
  switch (node.type) {
    case "and":
      return node.nodes.every((part) => isMet(part, mention));
    case "or":
      return node.nodes.some((part) => isMet(part, mention));
    case "not":
      return !isMet(node.node, mention);
    case "word":
    case "phrase":
      return texts.some((words) => plainSpans(node, words).length > 0);
    case "near":
      return texts.some((words) =>
        plainSpans(node.left, words).some((left) =>
          plainSpans(node.right, words).some((right) => {
            const between = left.start < right.start ? right.start - left.end : left.start - right.end;
            return between >= 0 && between <= node.distance;
          }),
        ),
      );
    case "field":
      return mention.kind === "review";
    case "number":
      return false;
  }
}

function plainWords(text: string): string[] {
  return text.toLowerCase().match(/[#@]?[a-z*?]+/g) ?? [];
}

function plainSpans(term: WordOrPhrase, words: readonly string[]): { start: number; end: number }[] {
  const wanted = plainWords(term.type === "word" ? term.text : term.words.join(" ")).map((word) => {
    const pattern = word.replace("*", ".*").replace("?", "[a-z]");
    return new RegExp(/^[#@]/.test(word) ? `^${pattern}$` : `^[#@]?${pattern}$`);
  });
  return words.flatMap((_, start) =>
    wanted.every((pattern, offset) => pattern.test(words[start + offset] ?? " "))
      ? [{ start, end: start + wanted.length }]
      : [],
  );
}

describe("matchQuery on the longest texts", () => {
  const length = 200_000;
  const query =
    '"a a a a a a a b" OR (aa* NEAR/100 "a b") OR a-a-a-c OR "配配配送" OR __x__ OR (a NEAR/1 zzz) OR aaa?a?a';
  it.each<[string, string]>([
    ["one word again and again", "a ".repeat(length / 2)],
    ["one endless word", "a".repeat(length)],
    ["nothing but underscores", "_".repeat(length - 2) + "x_"],
    ["one Chinese character again and again", "配".repeat(length)],
    ["accents without end", "e" + "\u0301\u0323".repeat(length / 2)],
    ["ligatures that unfold to 18 letters", "\ufdfa".repeat(length)],
    ["hashes and ats", "#@".repeat(length / 2)],
    ["emoji", "😡".repeat(length / 2)],
    ["lone surrogates", "\ud83d".repeat(length)],
  ])("reads %s in linear time", (_, text) => {
    const meets = matchQuery(parseQuery(query));
    const whole = { ...aMention(), text };
    const eighth = { ...aMention(), text: text.slice(0, length / 8) };
    meets(whole);
    const costOf = (mention: Mention) => {
      const start = process.cpuUsage();
      meets(mention);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    const best = (mention: Mention) => Math.min(...Array.from({ length: 5 }, () => costOf(mention)));
    // eight times the text: eight times as long, 64 times if it were quadratic
    expect(best(whole)).toBeLessThan(24 * best(eighth) + 50);
  });
});

const airline = sharedData("airline.jsonl.gz");

describe.skipIf(airline === undefined)("matchQuery on 10,000 real tweets (set airline, when present)", () => {
  const mentions = (airline === undefined ? "" : gunzipSync(readFileSync(airline)).toString())
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Mention => ({ ...aMention(), text: (JSON.parse(line) as { text: string }).text }));

  it.each<[string, RegExp]>([
    ["delay*", /(?<![\p{L}\p{N}_])delay/iu],
    ["united", /(?<![\p{L}\p{N}_])united(?![\p{L}\p{N}_])/iu],
    ["@united", /(?<![\p{L}\p{N}_])@united(?![\p{L}\p{N}_])/iu],
    ["can't", /(?<![\p{L}\p{N}_])can['’]t(?![\p{L}\p{N}_])/iu],
    ['"customer service"', /(?<![\p{L}\p{N}_])customer[^\p{L}\p{N}_\p{So}]+service(?![\p{L}\p{N}_])/iu],
  ])("finds %s where a regular expression does", (query, pattern) => {
    const meets = matchQuery(parseQuery(query));
    const found = mentions.filter(meets).map(({ text }) => text);
    expect(found).toEqual(mentions.map(({ text }) => text).filter((text) => pattern.test(text)));
    expect(found.length).toBeGreaterThan(50);
  });

  it("reads more than 50,000 of them per second of processor time for a query of 20 terms", () => {
    const meets = matchQuery(
      parseQuery(
        '(delta OR united OR "southwest airlines" OR @jetblue OR usair*) AND (delay* OR cancel* OR refund* OR ' +
          '"lost my bag" OR luggage NEAR/4 lost OR wait* OR hold OR rude OR worst OR "customer service" OR terrible ' +
          "OR never) AND NOT (giveaway OR contest) -lang:fr",
      ),
    );
    const rates = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      const found = mentions.filter(meets).length;
      const { user, system } = process.cpuUsage(start);
      expect(found).toBeGreaterThan(1_000);
      return mentions.length / ((user + system) / 1e6);
    });
    expect(Math.max(...rates)).toBeGreaterThan(50_000);
  });
});
