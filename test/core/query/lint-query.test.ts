import { describe, expect, it } from "vitest";
import { lintQuery, type LintContext } from "../../../core/query/lint-query.ts";
import { parseQuery } from "../../../core/query/parse-query.ts";
import { overlapOf, termHits } from "../../../core/query/query-hits.ts";
import { showQuery } from "../../../core/query/show-query.ts";
import { aMention } from "../../support/builders.ts";

/** Findings as `kind: text it is about`. */
function findings(text: string, context?: LintContext): string[] {
  return lintQuery(parseQuery(text), context).map(({ kind, position, length = 0 }) =>
    position === undefined ? kind : `${kind}: ${text.slice(position - 1, position - 1 + length)}`,
  );
}

const others = (query: string) => [{ tracker: "zenith", query: parseQuery(query) }];

describe("lintQuery", () => {
  it.each([
    "zenithar",
    "acme (refund OR chargeback) -giveaway",
    '"gap store" OR #gap OR @gap',
    "gap product:jeans",
    "gap NEAR/5 jeans",
    "配送 OR 환불 OR 😡",
    "straße OR организация",
    '"and" "or" acme',
    "acme lang:en,de,pt",
    "rating<3 acme rating>1",
    "acme kind:review,comment",
    "acme OR zenith -acme",
  ])("has nothing to say about %s", (text) => {
    expect(findings(text)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ["acme NOT kind:comment", ["excludes_replies: kind:comment"]],
    ["acme -(kind:comment OR kind:article)", ["excludes_replies: kind:comment"]],
    ["gap", ["ambiguous_word: gap"]],
    ["zenithar OR Apple lang:en", ["ambiguous_word: Apple"]],
    ["xyz -spam", ["ambiguous_word: xyz"]],
    ["C++", ["ambiguous_word: C++"]],
    ["acme or zenithar", ["lower_case_operator: or"]],
    ["acme Not near/5 zenithar", ["lower_case_operator: Not", "lower_case_operator: near/5"]],
    ["acme order?", ["ends_in_question_mark: order?"]],
    ["Nestlé OR acmé*", ["needs_marks: Nestlé", "needs_marks: acmé*"]],
    ["acme refund NOT acme", ["never_matches: acme"]],
    ['"acme refund" -acme', ["never_matches: acme"]],
    ["#acme -acme", ["never_matches: acme"]],
    ["refunds -refund*", ["never_matches: refund*"]],
    ["refund NEAR/3 acme -refund", ["never_matches: refund"]],
    ["acme (refund OR spam) -spam", ["never_matches: spam"]],
    ["acme platform:x platform:reddit", ["never_matches: platform:reddit"]],
    ["acme kind:post -kind:post", ["never_matches: kind:post"]],
    ["acme rating<2 rating>=4", ["never_matches: rating>=4"]],
    ["acme rating>5", ["never_matches: rating>5"]],
    ["NOT (NOT acme OR acme)", ["never_matches: acme"]],
    ["acme OR zenithar OR ACME", ["redundant_term: ACME"]],
    ['zenithar OR "zenithar refund"', ['redundant_term: "zenithar refund"']],
    ["acme (refund* OR refunds OR refund)", ["redundant_term: refunds", "redundant_term: refund"]],
    ["acme -(#contest OR contest)", ["redundant_term: #contest"]],
    ["zenithar OR acme NEAR/5 x OR (a OR zenithar)", ["ambiguous_word: a", "redundant_term: zenithar"]],
    ["acme lang:jp", ["unknown_language: lang:jp"]],
    ["acme lang:xq", ["unknown_language: lang:xq"]],
    ["acme lang:se", ["unknown_language: lang:se"]],
    ["acme -lang:qqq", ["unknown_language: lang:qqq"]],
    ["NOT acme", ["nothing_to_search"]],
    ["acme OR lang:en", ["nothing_to_search"]],
  ])("finds in %s: %j", (text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  it("says what it does and what to write", () => {
    const messages = (text: string) => lintQuery(parseQuery(text)).map(({ message }) => message);
    expect(messages("acme lang:jp")).toEqual(["lang:jp is no language; you may mean Japanese, lang:ja."]);
    expect(messages("acme or zenithar")).toEqual([
      'or is looked for as a word; write OR, or "or" if the word is meant.',
    ]);
    expect(messages("acme -acme")).toEqual([
      "NOT acme can never match, since acme must hold as well; take one of them out, or put OR between.",
    ]);
  });

  it("knows the platforms it is told", () => {
    const platforms = ["x", "reddit", "app_store"];
    expect(findings("acme platform:x", { platforms })).toEqual([]);
    expect(findings("acme platform:redit", { platforms })).toEqual(["unknown_platform: platform:redit"]);
    const [finding] = lintQuery(parseQuery("acme platform:twitter"), { platforms });
    expect(finding?.message).toBe("There is no platform twitter; you may mean platform:x.");
  });

  it("finds what another tracker looks for too", () => {
    expect(findings("acme (refund OR chargeback)", { others: others("acme lang:en") })).toEqual([
      "overlaps_tracker: acme",
    ]);
    expect(findings("acme", { others: others("acme refund") })).toEqual([]);
    expect(findings("acme", { others: others("NOT acme") })).toEqual([]);
  });

  it("finds in samples what never occurs and what two trackers share", () => {
    const samples = [
      ...Array.from({ length: 200 }, () => aMention({ text: "acme refund" })),
      ...Array.from({ length: 100 }, () => aMention({ text: "zenithar" })),
    ];
    expect(findings("acme (refund OR chargebakc)", { samples })).toEqual(["never_found: chargebakc"]);
    expect(findings("acme NEAR/1 zenithar", { samples })).toEqual([
      "never_found",
      "never_found: acme NEAR/1 zenithar",
    ]);
    expect(findings("refund", { samples, others: others("acme -spam") })).toEqual([
      "overlaps_tracker",
      "ambiguous_word: refund",
    ]);
    expect(findings("chargebakc", { samples: samples.slice(0, 199) })).toEqual([]);
  });
});

describe("termHits", () => {
  it("counts the mentions that have each term, those after NOT left out", () => {
    const mentions = ["acme acme", "acme refunds", "spam"].map((text) => aMention({ text }));
    const query = parseQuery('acme (refund* OR "acme refunds" OR acme NEAR/2 refunds) -spam');
    expect(termHits(query, mentions).map(({ term, mentions: count }) => [showQuery(term), count])).toEqual([
      ["acme", 2],
      ["refund*", 1],
      ['"acme refunds"', 1],
      ["acme NEAR/2 refunds", 1],
    ]);
  });
});

describe("overlapOf", () => {
  it("gives the pairs that share mentions, by their share of the smaller tracker", () => {
    const hits = new Map([
      ["zenith", new Set(["x:1", "x:2"])],
      ["acme", new Set(["x:1", "x:2", "x:3", "x:4"])],
      ["brand", new Set(["x:4", "x:5"])],
      ["empty", new Set<string>()],
    ]);
    expect(overlapOf(hits)).toEqual([
      { tracker: "acme", other: "zenith", shared: 2, share: 1 },
      { tracker: "acme", other: "brand", shared: 1, share: 0.5 },
    ]);
  });
});
