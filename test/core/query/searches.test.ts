import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EarshotError } from "../../../core/errors.ts";
import { matchQuery } from "../../../core/query/match-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import { hasWildcard, searchesOf, type SearchesOptions } from "../../../core/query/searches.ts";
import { showQuery } from "../../../core/query/show-query.ts";
import { aMention } from "../../support/builders.ts";
import { aField, aQueryTree, aWordOrPhrase } from "../../support/queries.ts";

function searches(query: string, options?: SearchesOptions): string[] {
  return searchesOf(parseQuery(query), options).map((terms) => terms.map(showQuery).join(" + "));
}

describe("searchesOf", () => {
  it.each<[string, string[]]>([
    ["acme", ["acme"]],
    ["acme refund*", ["acme + refund*"]],
    ["acme (refund OR chargeback)", ["acme + refund", "acme + chargeback"]],
    ["acme OR zenith refund", ["acme", "zenith + refund"]],
    ['acme "my card" -spam lang:en rating<3', ['acme + "my card"']],
    ["refund NEAR/5 acme", ["refund + acme"]],
    ["NOT (NOT acme)", ["acme"]],
    ["NOT (NOT acme OR refund)", ["acme"]],
    ["NOT (NOT acme AND NOT zenith)", ["acme", "zenith"]],
    ["acme ACME Acme", ["acme"]],
    ["acme OR Acme", ["acme"]],
    ["acme OR acme refund", ["acme"]],
    ['acme OR "acme refund"', ["acme"]],
    ["acme refund OR refund acme", ["acme + refund"]],
    ['"acme refund" acme', ['"acme refund"']],
    ["#acme OR acme", ["#acme", "acme"]],
    ["acme (platform:x OR refund)", ["acme"]],
  ])("searches for %s by %j", (query, expected) => {
    expect(searches(query)).toEqual(expected);
  });

  it("searches for one side of an AND when all combinations would be too many", () => {
    const words = (letter: string, count: number) =>
      `(${Array.from({ length: count }, (_, at) => `${letter}${at}`).join(" OR ")})`;
    expect(searches(`${words("a", 8)} ${words("b", 8)}`)).toHaveLength(64);
    expect(searches(`${words("a", 9)} ${words("b", 8)}`)).toEqual(
      Array.from({ length: 8 }, (_, at) => `b${at}`),
    );
    expect(searches(`acme ${words("a", 100)}`)).toEqual(["acme"]);
    expect(searches(words("a", 300))).toHaveLength(300);
    const explosive = Array.from({ length: 40 }, (_, at) => `(a${at} OR b${at})`).join(" ");
    expect(searches(explosive)).toHaveLength(64);
    const pairs = Array.from({ length: 20 }, (_, at) => `${words(`a${at}x`, 3)} ${words(`b${at}x`, 3)}`).join(
      " OR ",
    );
    expect(searches(pairs)).toHaveLength(60);
  });

  it("drops wildcards on request, and with them only what they narrow", () => {
    const drop = { wildcards: "drop" } as const;
    expect(searches("acme refund*", drop)).toEqual(["acme"]);
    expect(searches('acme OR "please refund* my card"', drop)).toEqual(["acme", 'please + "my card"']);
    expect(searches("refund* NEAR/3 card", drop)).toEqual(["card"]);
    expect(() => searches("acme OR refund*", drop)).toThrow(
      /cannot search for beginnings of words.*write the words out/,
    );
    expect(() => searches("refund*", drop)).toThrow(EarshotError);
  });

  it("tells which terms have wildcards", () => {
    expect(hasWildcard({ type: "word", text: "refund*" })).toBe(true);
    expect(hasWildcard({ type: "word", text: "organi?e" })).toBe(true);
    expect(hasWildcard({ type: "phrase", words: ["my", "refund*"] })).toBe(true);
    expect(hasWildcard({ type: "phrase", words: ["my", "refund"] })).toBe(false);
  });

  it.each(["NOT spam", "lang:en", "acme OR lang:en", "rating<3 -spam", "acme OR -spam"])(
    "refuses %s, which no search can find, and says what to add",
    (query) => {
      expect(() => searches(query)).toThrow(
        /There is nothing to search for in the query .* Add a word or phrase/s,
      );
      expect(() => searches(query)).toThrow(expect.objectContaining({ code: "config_invalid" }));
    },
  );

  it("finds every mention the query matches, with and without wildcards", () => {
    const word = fc.constantFrom("acme", "Refund", "card", "app*", "my", "#acme", "@acme", "don't", "c?rd");
    const text = fc
      .array(fc.constantFrom("acme", "refund", "card", "apps", "my", "#acme", "@acme", "don’t", "cord"), {
        maxLength: 8,
      })
      .map((words) => words.join(" "));
    let found = 0;
    fc.assert(
      fc.property(
        aQueryTree(aWordOrPhrase(word), aField),
        fc.array(text, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("keep" as const, "drop" as const),
        (root, texts, wildcards) => {
          let alternatives;
          try {
            alternatives = searchesOf({ text: showQuery(root), root }, { wildcards });
          } catch (error) {
            expect(error).toMatchObject({ code: "config_invalid" });
            return;
          }
          expect(alternatives.length).toBeGreaterThan(0);
          const tests = alternatives.map((terms) =>
            terms.map((term) => matchQuery({ text: "", root: term })),
          );
          for (const each of texts) {
            const mention = { ...aMention(), text: each };
            if (!matchQuery({ text: "", root })(mention)) continue;
            found++;
            expect(tests.some((terms) => terms.every((has) => has(mention)))).toBe(true);
          }
          if (wildcards === "drop") expect(alternatives.flat().some(hasWildcard)).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(300);
  });
});
