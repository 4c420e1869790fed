import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EarshotError } from "../../../core/errors.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import type { QueryNode } from "../../../core/query/query.ts";
import { showQuery } from "../../../core/query/show-query.ts";
import { aField, aQueryTree, aWordOrPhrase, aWrittenWord } from "../../support/queries.ts";

/** A query as nested lists: `a OR NOT b` is `["or", "a", ["not", "b"]]`. */
function outline(node: QueryNode): unknown {
  switch (node.type) {
    case "and":
    case "or":
      return [node.type, ...node.nodes.map(outline)];
    case "not":
      return ["not", outline(node.node)];
    case "word":
      return node.text;
    case "phrase":
      return `"${node.words.join(" ")}"`;
    case "near":
      return [`near/${node.distance}`, outline(node.left), outline(node.right)];
    case "field":
      return `${node.name}:${node.value}`;
    case "number":
      return `${node.name}${node.operator}${node.value}`;
  }
}

function faultOf(text: string): EarshotError {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error(`No fault was found in ${text}`);
}

describe("parseQuery", () => {
  it.each<[string, unknown]>([
    ["acme", "acme"],
    ["acme refund", ["and", "acme", "refund"]],
    ["acme AND refund", ["and", "acme", "refund"]],
    ["a OR b AND c", ["or", "a", ["and", "b", "c"]]],
    ["a OR b c", ["or", "a", ["and", "b", "c"]]],
    ["a AND b OR c AND d", ["or", ["and", "a", "b"], ["and", "c", "d"]]],
    ["(a OR b) c", ["and", ["or", "a", "b"], "c"]],
    ["NOT a OR b", ["or", ["not", "a"], "b"]],
    ["a NOT b c", ["and", "a", ["not", "b"], "c"]],
    ["a AND NOT b", ["and", "a", ["not", "b"]]],
    ["a -b", ["and", "a", ["not", "b"]]],
    ["a –b", ["and", "a", ["not", "b"]]],
    ["a -(b OR c)", ["and", "a", ["not", ["or", "b", "c"]]]],
    ['a -"b c"', ["and", "a", ["not", '"b c"']]],
    ["NOT NOT a", ["not", ["not", "a"]]],
    ["NOT (a NEAR/5 b)", ["not", ["near/5", "a", "b"]]],
    ["a NEAR/5 b c", ["and", ["near/5", "a", "b"], "c"]],
    ["a OR b NEAR/100 c", ["or", "a", ["near/100", "b", "c"]]],
    ['"my card" NEAR/3 (refund)', ["near/3", '"my card"', "refund"]],
    ["(a b) c", ["and", ["and", "a", "b"], "c"]],
    ["((a))", "a"],
  ])("reads %s by precedence NOT, NEAR, AND, OR", (text, meaning) => {
    expect(outline(parseQuery(text).root)).toEqual(meaning);
  });

  it.each<[string, unknown]>([
    ['"where is my order?"', '"where is my order"'],
    ["“where is” „mein Geld“ «mon argent»", ["and", '"where is"', '"mein Geld"', '"mon argent"']],
    ['"refund"', "refund"],
    ['"AND"', "AND"],
    ['"refund* now"', '"refund* now"'],
    ["refund* organi?e", ["and", "refund*", "organi?e"]],
    ["acme, (refund) this.", ["and", "acme", "refund", "this"]],
    [
      "don’t e-mail @acme_help #refund C++ 10:30",
      ["and", "don’t", "e-mail", "@acme_help", "#refund", "C++", "10:30"],
    ],
    ["（アクメ OR 配送）　返金", ["and", ["or", "アクメ", "配送"], "返金"]],
    ["acme 😡", ["and", "acme", "😡"]],
    ["and or not near", ["and", "and", "or", "not", "near"]],
    ["lang:en,de acme", ["and", ["or", "lang:en", "lang:de"], "acme"]],
    ['author:@jane,"Jane Doe, MD"', ["or", "author:@jane", "author:Jane Doe, MD"]],
    ["url:https://acme.com/help?x=1", "url:https://acme.com/help?x=1"],
    ["Kind:review -product:Acme*", ["and", "kind:review", ["not", "product:Acme*"]]],
    ["rating<3 rating>=4 followers>1000", ["and", "rating<3", "rating>=4", "followers>1000"]],
    ["rating <= 2.5", "rating<=2.5"],
    ["acme\n  refund", ["and", "acme", "refund"]],
  ])("reads %s", (text, meaning) => {
    expect(outline(parseQuery(text).root)).toEqual(meaning);
  });

  it("keeps the text as it was written", () => {
    expect(parseQuery("  acme AND\trefund ").text).toBe("  acme AND\trefund ");
  });

  it.each<[string, number, number, RegExp]>([
    ["", 1, 1, /it is empty/],
    ["   ", 1, 3, /it is empty/],
    ["(a OR b", 1, 1, /parenthesis is never closed/],
    ["a (", 3, 1, /parenthesis is never closed/],
    ["a OR b)", 7, 1, /parenthesis closes none/],
    [") a", 1, 1, /parenthesis closes none/],
    ["a () b", 3, 2, /nothing in these parentheses/],
    ['a "b c', 3, 1, /quote is never closed/],
    ['author:"b', 8, 1, /quote is never closed/],
    ['a "" b', 3, 2, /no word between these quotes/],
    ["a AND", 3, 3, /nothing follows AND/],
    ["a OR OR b", 3, 2, /nothing follows OR/],
    ["(a OR) b", 4, 2, /nothing follows OR/],
    ["NOT", 1, 3, /nothing follows NOT/],
    ["OR a", 1, 2, /nothing stands before OR/],
    ["(AND a)", 2, 3, /nothing stands before AND/],
    ["a NEAR/5", 3, 6, /nothing follows NEAR\/5/],
    ["a stars:5", 3, 6, /there is no field stars; you may mean rating<3/],
    ["langg:en", 1, 6, /there is no field langg; you may mean lang:en/],
    ["https://acme.com", 1, 6, /you may mean url:acme\.com\/help; to look for the text itself, quote it/],
    ["foobar:1", 1, 7, /the fields are lang, platform/],
    ["a score>3", 3, 6, /there is no field score; you may mean rating<3/],
    ["rating:5", 1, 7, /rating is compared by <, <=, =, >= or >, as in rating<3/],
    ["acme rating<low", 13, 3, /rating is compared with a number, as in rating<3/],
    ["followers>", 11, 1, /followers is compared with a number/],
    ["lang:", 6, 1, /lang: needs a value right after it, as in lang:en/],
    ["lang:en, de", 9, 1, /lang: needs a value/],
    ["lang:english", 6, 7, /lang takes a language code/],
    ["kind:reveiw", 6, 6, /there is no kind reveiw; you may mean kind:review/],
    ["author:*smith", 8, 6, /\* may only end a value/],
    ["*fund", 1, 5, /begins with a wildcard/],
    ["acme ?efund", 6, 6, /begins with a wildcard/],
    ["re*nd", 1, 5, /\* may only end a word/],
    ["acme a*", 6, 2, /2 letters or more/],
    ["a NEAR b", 3, 4, /NEAR needs the most words that may stand between, as in NEAR\/5/],
    ["a NEAR/x b", 3, 6, /NEAR needs the most words/],
    ["a NEAR/0 b", 3, 6, /NEAR takes 1 to 100 words/],
    ["a NEAR/101 b", 3, 8, /NEAR takes 1 to 100 words/],
    ["(a OR b) NEAR/5 c", 1, 8, /NEAR takes a word or a phrase on each side; write an OR of NEARs/],
    ["a NEAR/5 lang:en", 10, 7, /NEAR takes a word or a phrase/],
    ["NOT a NEAR/5 b", 1, 5, /for its opposite write NOT \(a NEAR\/5 b\)/],
    ["a NEAR/5 b NEAR/5 c", 12, 6, /NEAR stands between two words or phrases/],
    ["acme & refund", 6, 1, /no letter or digit to look for in &; write AND/],
    ["acme || refund", 6, 2, /write OR/],
    ["acme - refund", 6, 1, /take it out/],
  ])("refuses %j and says where", (text, position, length, message) => {
    const fault = faultOf(text);
    expect(fault.code).toBe("config_invalid");
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain(`column ${position}`);
    expect(fault.details).toEqual({ position, length });
  });

  it("points a caret at the fault, also after wide letters and in a later line", () => {
    expect(faultOf("acme stars:5").message).toBe(
      "The query is wrong at column 6: there is no field stars; you may mean rating<3; " +
        "to look for the text itself, quote it.\n  acme stars:5\n       ^^^^^^",
    );
    expect(faultOf("返金 OR").message.split("\n").slice(1)).toEqual(["  返金 OR", "  \u3000\u3000 ^^"]);
    const fault = faultOf("acme OR\n zenith AND");
    expect(fault.message.split("\n")).toEqual([
      expect.stringContaining("at line 2, column 9"),
      "   zenith AND",
      "          ^^^",
    ]);
    expect(fault.details).toEqual({ position: 17, length: 3 });
  });

  it("shows only the neighbourhood of a fault in a long query", () => {
    const [, line = "", carets = ""] = faultOf(`${"acme OR ".repeat(400)}* OR b`).message.split("\n");
    expect(line.length).toBeLessThan(120);
    expect(line.charAt(carets.indexOf("^"))).toBe("*");
  });

  it.each<[string, string, RegExp]>([
    ["4,001 characters", "a".repeat(4_001), /4001 characters long, and 4000 is the most/],
    ["501 words", "a ".repeat(501), /past the 500th/],
    ["501 words in a phrase", `"${"a ".repeat(501)}"`, /past the 500th/],
    ["501 values of a field", `lang:${"en,".repeat(501)}en`, /past the 500th/],
    ["51 parentheses", `${"(".repeat(51)}a${")".repeat(51)}`, /nested 50 deep at most/],
    ["4,000 parentheses", "(".repeat(4_000), /nested 50 deep at most/],
    ["2,000 times NOT", "-".repeat(3_999) + "a", /nested 50 deep at most/],
    ["4,000 quotes", '"'.repeat(4_000), /no word between/],
    ["4,000 question marks", "?".repeat(4_000), /begins with a wildcard/],
    ["4,000 commas", `author:${",".repeat(3_000)}`, /needs a value/],
  ])("refuses %s", (_, text, message) => {
    expect(faultOf(text).message).toMatch(message);
  });

  it("takes what is just within the limits", () => {
    expect(parseQuery(`a${"!".repeat(3_997)}b`).root).toMatchObject({ type: "word" });
    expect(parseQuery("a ".repeat(500)).root).toMatchObject({ type: "and" });
    expect(parseQuery(`${"(".repeat(50)}a${")".repeat(50)}`).root).toEqual({ type: "word", text: "a" });
    expect(parseQuery("a".repeat(4_000)).root).toMatchObject({ type: "word" });
  });

  it("throws nothing but EarshotError, whatever it is given", () => {
    const fragments = fc.constantFrom(
      ..."AND OR NOT NEAR/5 NEAR ( ) \" “ ” - * ? , : lang: rating< rating author:@ , a refund* 配送 #x & ' \n \ud800".split(
        " ",
      ),
      " ",
      "\u0000",
    );
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join("")),
      fc.array(fragments, { maxLength: 30 }).map((parts) => parts.join(" ")),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          const { root } = parseQuery(text);
          // what was accepted can be written down and read again
          expect(parseQuery(showQuery(root)).root).toEqual(root);
        } catch (error) {
          expect(error).toBeInstanceOf(EarshotError);
          const { position, length } = (error as EarshotError).details as {
            position: number;
            length: number;
          };
          expect(position).toBeGreaterThanOrEqual(1);
          expect(position + length - 1).toBeLessThanOrEqual(Math.max(1, text.length + 1));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("showQuery", () => {
  it("writes what parseQuery reads back as the same, for any query", () => {
    fc.assert(
      fc.property(aQueryTree(aWordOrPhrase(aWrittenWord), aField), (root) => {
        expect(parseQuery(showQuery(root)).root).toEqual(root);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["a b -c", "a AND b AND NOT c"],
    ["(a OR b) (c)", "(a OR b) AND c"],
    ["(a AND b) OR (c d)", "a AND b OR c AND d"],
    ["NOT (a NEAR/3 “b c”)", 'NOT (a NEAR/3 "b c")'],
    ['"AND" "-x" "10:30" "lang:en"', '"AND" AND x AND 10:30 AND "lang:en"'],
    ['author:"Jane Doe",joe rating < 3', '(author:"Jane Doe" OR author:joe) AND rating<3'],
  ])("writes %s as %s", (text, shown) => {
    expect(showQuery(parseQuery(text).root)).toBe(shown);
  });
});
