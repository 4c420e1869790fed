import type { Mention } from "../../schemas/mention.ts";
import type { TrackerQuery } from "../contracts.ts";
import { EarshotError } from "../errors.ts";
import { COMMON_WORDS } from "./common-words.ts";
import { lexQuery, nearestTo, type QuerySpan } from "./lex-query.ts";
import { matcherOf } from "./match-query.ts";
import type { MentionQuery, QueryNode, WordOrPhrase } from "./query.ts";
import { overlapOf, termHits } from "./query-hits.ts";
import {
  covers,
  excludeEachOther,
  isLeaf,
  isWords,
  leavesOf,
  partsOf,
  sidesOf,
  termsOf,
  wantedLeaves,
  type Side,
} from "./query-logic.ts";
import { normalizeText, readWords, withoutMarks } from "./read-words.ts";
import { searchesOf } from "./searches.ts";
import { showQuery } from "./show-query.ts";

export type QueryFindingKind =
  | "nothing_to_search"
  | "excludes_replies"
  | "ambiguous_word"
  | "lower_case_operator"
  | "ends_in_question_mark"
  | "needs_marks"
  | "never_matches"
  | "redundant_term"
  | "unknown_language"
  | "unknown_platform"
  | "never_found"
  | "overlaps_tracker";

/** Something in a query that is likely not meant as it is written. */
export interface QueryFinding {
  readonly kind: QueryFindingKind;
  /** What it does, and what to write instead. */
  readonly message: string;
  /** Where in the query's text, from 1, in UTF-16 units; absent where it is about the whole. */
  readonly position?: number;
  readonly length?: number;
}

/** What is known beside the query; each part that is absent leaves its findings out. */
export interface LintContext {
  /** The other trackers. */
  readonly others?: readonly TrackerQuery[];
  /** Mentions as the sources bring them; fewer than {@link MIN_SAMPLES} prove nothing. */
  readonly samples?: readonly Mention[];
  /** The platforms there are. */
  readonly platforms?: readonly string[];
}

export const MIN_SAMPLES = 200;
/** From this share of the smaller one on, two trackers are said to overlap. */
const OVERLAP_SHARE = 0.5;
/** Longest word taken for an abbreviation. */
const SHORT_WORD_LENGTH = 3;

/** Gives what is likely wrong with a query that `parseQuery` has accepted, in the order of its text. Pure. */
export function lintQuery(query: MentionQuery, context: LintContext = {}): QueryFinding[] {
  const placeOf = placesOf(query);
  return [
    ...findWordFaults(query, placeOf),
    ...findSearchFaults(query, placeOf),
    ...findFieldFaults(query, context.platforms, placeOf),
    ...findDeadTerms(query.root, SCALES, placeOf),
    ...findRedundantTerms(query.root, placeOf),
    ...findSharedTerms(query, context.others ?? [], placeOf),
    ...findInSamples(query, context, placeOf),
  ].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

type PlaceOf = (node: QueryNode) => Pick<QueryFinding, "position" | "length">;

/** Where the leaves of a query are written: leaves and tokens come in one order. */
function placesOf(query: MentionQuery): PlaceOf {
  const written = lexQuery(query.text).flatMap((token): QuerySpan[] =>
    token.type === "term" ? leavesOf(token.node).map(() => token) : [],
  );
  const spans = new Map<QueryNode, QuerySpan>();
  let at = 0;
  for (const { leaf } of leavesOf(query.root)) {
    const start = written[at];
    if (leaf.type === "near") at++;
    const end = written[at++];
    if (start !== undefined && end !== undefined) spans.set(leaf, { start: start.start, end: end.end });
  }
  return (node) => {
    const span = spans.get(node);
    return span === undefined ? {} : { position: span.start + 1, length: span.end - span.start };
  };
}

function findWordFaults(query: MentionQuery, placeOf: PlaceOf): QueryFinding[] {
  const findings: QueryFinding[] = [];
  for (const token of lexQuery(query.text)) {
    if (token.type !== "term" || token.node.type !== "word" || token.isQuoted) continue;
    const place = { position: token.start + 1, length: token.end - token.start };
    const { text } = token.node;
    if (/^(and|or|not|near(\/\d+)?)$/i.test(text)) {
      const message = `${text} is looked for as a word; write ${text.toUpperCase()}, or "${text}" if the word is meant.`;
      findings.push({ kind: "lower_case_operator", message, ...place });
    }
    if (partsOf(token.node).at(-1)?.word.endsWith("?") === true) {
      const bare = text.replace(/\p{P}$/u, "");
      const message = `${text} finds ${bare} with one more letter, and not ${bare}; leave the question mark out.`;
      findings.push({ kind: "ends_in_question_mark", message, ...place });
    }
  }
  for (const leaf of wantedLeaves(query.root).filter(isWords)) {
    for (const word of termsOf(leaf).flatMap((term) => (term.type === "word" ? [term.text] : term.words))) {
      const bare = withoutMarks(normalizeText(word));
      if (bare === normalizeText(word)) continue;
      const message = `${word} is found only with its marks, and many write without; write ${bare} to find both.`;
      findings.push({ kind: "needs_marks", message, ...placeOf(leaf) });
    }
  }
  return findings;
}

function findSearchFaults(query: MentionQuery, placeOf: PlaceOf): QueryFinding[] {
  let alternatives: readonly (readonly WordOrPhrase[])[];
  try {
    alternatives = searchesOf(query);
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return [{ kind: "nothing_to_search", message: error.message }];
  }
  const isNarrowed = sidesOf(query.root, false, "and").some(
    ({ node, isNegated }) => !isNegated && node.type === "field" && NARROWING.has(node.name),
  );
  if (isNarrowed) return [];
  return alternatives.flatMap(([term, more]): QueryFinding[] => {
    if (term?.type !== "word" || more !== undefined) return [];
    const why = ambiguityOf(term.text);
    if (why === undefined) return [];
    const message = `${term.text} alone ${why}; add a word that must be there too, as in ${term.text} AND (…), or write a phrase.`;
    return [{ kind: "ambiguous_word", message, ...placeOf(term) }];
  });
}

/** Fields that say of whom or what a mention is, so that a common word is no riddle. */
const NARROWING: ReadonlySet<string> = new Set(["author", "source", "product", "url"]);

function ambiguityOf(text: string): string | undefined {
  const words: string[] = [];
  readWords(normalizeText(text), (word, mark) => words.push(mark === "+" ? word : mark + word));
  const [word = ""] = words;
  if (words.length !== 1 || /^[#@]/.test(word) || /^(?:\p{Extended_Pictographic}|\p{RI})/u.test(word))
    return undefined;
  if (COMMON_WORDS.has(word)) return "is a common English word and finds much that is not meant";
  return [...word].length <= SHORT_WORD_LENGTH ? "is short and stands for many things" : undefined;
}

const LANGUAGES = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
/** Country codes and others that people write for a language; some of them are the codes of small languages. */
const MISTAKEN_LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ at: "de", br: "pt", cn: "zh", cz: "cs", dk: "da", ee: "et", gb: "en", gr: "el", ir: "fa" },
    ...{ jp: "ja", kr: "ko", mx: "es", rs: "sr", se: "sv", ua: "uk", us: "en", vn: "vi" },
  }),
);

function findFieldFaults(
  query: MentionQuery,
  platforms: readonly string[] | undefined,
  placeOf: PlaceOf,
): QueryFinding[] {
  return leavesOf(query.root).flatMap(({ leaf, isNegated }): QueryFinding[] => {
    if (leaf.type !== "field") return [];
    const value = leaf.value.toLowerCase();
    if (leaf.name === "kind" && value === "comment" && isNegated) {
      const message =
        "NOT kind:comment leaves out replies, and most complaints to a brand are replies; keep them unless you are sure.";
      return [{ kind: "excludes_replies", message, ...placeOf(leaf) }];
    }
    if (leaf.name === "lang") {
      const message = languageFault(value);
      return message === undefined ? [] : [{ kind: "unknown_language", message, ...placeOf(leaf) }];
    }
    if (
      leaf.name === "platform" &&
      platforms !== undefined &&
      !value.endsWith("*") &&
      !platforms.includes(value)
    ) {
      const nearest = value === "twitter" ? "x" : nearestTo(value, platforms);
      const advice =
        nearest === undefined ? `there are ${platforms.join(", ")}` : `you may mean platform:${nearest}`;
      return [
        { kind: "unknown_platform", message: `There is no platform ${value}; ${advice}.`, ...placeOf(leaf) },
      ];
    }
    return [];
  });
}

function languageFault(code: string): string | undefined {
  const name = /^[a-z]{2,3}$/.test(code) ? LANGUAGES.of(code) : undefined;
  const meant = MISTAKEN_LANGUAGES.get(code);
  if (meant === undefined) {
    return name === undefined
      ? `There is no language ${code}; write an ISO 639 code, as in lang:en.`
      : undefined;
  }
  return `lang:${code} is ${name ?? "no language"}; you may mean ${LANGUAGES.of(meant) ?? meant}, lang:${meant}.`;
}

/** What numbers can be at all. */
const SCALES: readonly Side[] = [
  { node: { type: "number", name: "rating", operator: ">=", value: 0 }, isNegated: false },
  { node: { type: "number", name: "rating", operator: "<=", value: 5 }, isNegated: false },
];

/** Terms at odds with one that must hold where they do. */
function findDeadTerms(
  node: QueryNode,
  given: readonly Side[],
  placeOf: PlaceOf,
  isNegated = false,
): QueryFinding[] {
  const findings: QueryFinding[] = [];
  const known = [...given];
  const sides = sidesOf(node, isNegated, "and");
  for (const side of sides.filter((each) => isLeaf(each.node))) {
    const conflict = known.find((other) => excludeEachOther(other, side));
    known.push(side);
    if (conflict === undefined) continue;
    const reason = SCALES.includes(conflict)
      ? "a rating is 1 to 5 here"
      : `${show(conflict)} must hold as well`;
    const message = `${show(side)} can never match, since ${reason}; take one of them out, or put OR between.`;
    findings.push({ kind: "never_matches", message, ...placeOf(side.node) });
  }
  for (const side of sides.filter((each) => !isLeaf(each.node))) {
    for (const branch of sidesOf(side.node, side.isNegated, "or")) {
      findings.push(...findDeadTerms(branch.node, known, placeOf, branch.isNegated));
    }
  }
  return findings;
}

function show({ node, isNegated }: Side): string {
  return showQuery(isNegated ? { type: "not", node } : node);
}

/** Terms of an OR that find nothing another one does not find. */
function findRedundantTerms(node: QueryNode, placeOf: PlaceOf): QueryFinding[] {
  if (node.type === "not") return findRedundantTerms(node.node, placeOf);
  if (isLeaf(node)) return [];
  const sides = flattened(node);
  const findings = sides.flatMap((side) => findRedundantTerms(side, placeOf));
  if (node.type === "and") return findings;
  const terms = sides.filter(isLeaf);
  const isCovered = (special: QueryNode, general: QueryNode) =>
    isWords(special) && isWords(general)
      ? covers(general, special)
      : showQuery(special).toLowerCase() === showQuery(general).toLowerCase();
  terms.forEach((term, index) => {
    const general = terms.find(
      (other, at) => at !== index && isCovered(term, other) && (at < index || !isCovered(other, term)),
    );
    if (general === undefined) return;
    const message = `${showQuery(term)} adds nothing: ${showQuery(general)} finds all that it finds; take it out.`;
    findings.push({ kind: "redundant_term", message, ...placeOf(term) });
  });
  return findings;
}

/** The sides of an AND (or OR), those of nested ones included. */
function flattened(node: Extract<QueryNode, { type: "and" | "or" }>): QueryNode[] {
  return node.nodes.flatMap((side) => (side.type === node.type ? flattened(side) : [side]));
}

/** Searches of this tracker whose finds are bound to be another's as well, going by the words alone. */
function findSharedTerms(
  query: MentionQuery,
  others: readonly TrackerQuery[],
  placeOf: PlaceOf,
): QueryFinding[] {
  const own = searchesOrNone(query);
  return others.flatMap((other): QueryFinding[] => {
    const theirs = searchesOrNone(other.query);
    const shared = own.find((terms) =>
      theirs.some((wanted) => wanted.every((general) => terms.some((term) => covers(general, term)))),
    );
    const [first] = shared ?? [];
    if (shared === undefined || first === undefined) return [];
    const what = shared.map(showQuery).join(" AND ");
    const message = `Tracker ${other.tracker} looks for ${what} too, so such mentions belong to both; exclude them from one, or leave it so if both should count them.`;
    return [{ kind: "overlaps_tracker", message, ...placeOf(first) }];
  });
}

function searchesOrNone(query: MentionQuery): readonly (readonly WordOrPhrase[])[] {
  try {
    return searchesOf(query);
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return [];
  }
}

function findInSamples(query: MentionQuery, context: LintContext, placeOf: PlaceOf): QueryFinding[] {
  const { samples = [], others = [] } = context;
  if (samples.length < MIN_SAMPLES) return [];
  const findings = termHits(query, samples).flatMap(({ term, mentions }): QueryFinding[] => {
    if (mentions > 0) return [];
    const message = `None of ${samples.length} mentions has ${showQuery(term)}; check its spelling, or take it out.`;
    return [{ kind: "never_found", message, ...placeOf(term) }];
  });
  const hits = new Map(
    [OWN, ...others.map(({ tracker }) => tracker)].map((tracker) => [tracker, new Set<string>()]),
  );
  const trackersOf = matcherOf([{ tracker: OWN, query }, ...others]);
  for (const mention of samples)
    for (const tracker of trackersOf(mention)) hits.get(tracker)?.add(mention.id);
  const own = hits.get(OWN)?.size ?? 0;
  if (own === 0) {
    const message = `None of ${samples.length} mentions meets the query; check that it asks for no more than is needed.`;
    findings.push({ kind: "never_found", message });
  }
  for (const { tracker, other, shared, share } of overlapOf(hits)) {
    if ((tracker !== OWN && other !== OWN) || share < OVERLAP_SHARE) continue;
    const theirs = tracker === OWN ? other : tracker;
    const message = `${shared} of ${own} mentions of this query are of tracker ${theirs} too; exclude them from one, or leave it so if both should count them.`;
    findings.push({ kind: "overlaps_tracker", message });
  }
  return findings;
}

/** No tracker is named so. */
const OWN = "";
