import type { Mention } from "../../schemas/mention.ts";
import type { TrackerQuery } from "../contracts.ts";
import { WordEar } from "./hear-words.ts";
import type { MentionQuery, NumberOperator, QueryField, QueryNode, WordOrPhrase } from "./query.ts";
import { normalizeText, readWords } from "./read-words.ts";

/**
 * Gives a test whether a mention is what the query looks for. Compiled once; linear in the length of the mention.
 *
 * A word is found in title or text as a whole word, in any case of any language: `straße` finds STRASSE, `istanbul`
 * finds İSTANBUL. Marks: a word written without them is found with them too (`cafe` finds café), one written with them
 * only with them (`café`). What is no letter, digit or `_` parts words, so `acme` finds Acme's, #acme, @acme and
 * acme.com, and `e-mail` finds "e mail"; `#acme` finds only the hashtag, `@acme` only the handle. In scripts without
 * spaces (Chinese, Japanese, Thai …) and in Korean a word is found anywhere.
 *
 * Phrases and NEAR stay within the title or the text, whatever punctuation stands between; for NEAR each character of
 * a script without spaces counts as a word, and the two sides do not share one.
 *
 * Fields are compared whole and in any case, with `*` at the end for whatever follows. `author:` is the handle, with or
 * without @, the name or the id; `url:` finds any part of it; `lang:` compares the language alone (`en` of `en-GB`). A
 * mention whose platform does not say the language fits both `lang:x` and `NOT lang:x`, since the language is detected
 * later. A rating counts on the scale 1 to 5; a mention without rating or followers fits no comparison.
 */
export function matchQuery(query: MentionQuery): (mention: Mention) => boolean {
  const trackersOf = matcherOf([{ tracker: "", query }]);
  return (mention) => trackersOf(mention).length > 0;
}

/**
 * Gives the trackers whose query a mention meets, in the order of `queries`. Reads each mention once for all of them,
 * and asks only those queries of which some word that must be there is.
 * @see {@link matchQuery} for what meets a query
 */
export function matcherOf(queries: readonly TrackerQuery[]): (mention: Mention) => string[] {
  const ear = new WordEar();
  const compiled = queries.map(({ tracker, query }) => ({
    tracker,
    meets: compile(query.root, false, ear),
    anchors: anchorsOf(query.root, false, ear),
  }));
  const asked: number[] = compiled.flatMap(({ anchors }, at) => (anchors === undefined ? [at] : []));
  const askedFor = new Map<number, number[]>();
  compiled.forEach(({ anchors = [] }, at) => {
    for (const anchor of anchors) askedFor.set(anchor, [...(askedFor.get(anchor) ?? []), at]);
  });
  return (mention) => {
    ear.listen([mention.title, mention.text]);
    if (asked.length === 0 && ear.heard.length === 0) return [];
    const due = new Set(asked);
    for (const id of ear.heard) for (const at of askedFor.get(id) ?? []) due.add(at);
    const found: number[] = [];
    for (const at of due) if (compiled[at]?.meets(mention) === true) found.push(at);
    return found.sort((a, b) => a - b).map((at) => compiled[at]?.tracker ?? "");
  };
}

type Predicate = (mention: Mention) => boolean;

/** Whether a mention meets the node or, negated, does not. NOT is carried down to the leaves for the sake of `lang:`. */
function compile(node: QueryNode, isNegated: boolean, ear: WordEar): Predicate {
  switch (node.type) {
    case "not":
      return compile(node.node, !isNegated, ear);
    case "and":
    case "or": {
      const parts = node.nodes.map((part) => compile(part, isNegated, ear));
      return (node.type === "and") === isNegated
        ? (mention) => parts.some((meets) => meets(mention))
        : (mention) => parts.every((meets) => meets(mention));
    }
    case "field":
      if (node.name === "lang") return compileLanguage(node.value, isNegated);
      return negatedIf(isNegated, compileField(node.name, node.value));
    case "number":
      return negatedIf(isNegated, compileNumber(node));
    case "word":
    case "phrase":
    case "near":
      return negatedIf(isNegated, compileWords(node, ear));
  }
}

function negatedIf(isNegated: boolean, meets: Predicate): Predicate {
  return isNegated ? (mention) => !meets(mention) : meets;
}

type Words = Extract<QueryNode, { type: "word" | "phrase" | "near" }>;

function compileWords(node: Words, ear: WordEar): Predicate {
  if (node.type === "near") {
    const left = idsOf(node.left, ear);
    const right = idsOf(node.right, ear);
    for (const id of [...left, ...right]) ear.keepPositions(id);
    return () => isNear(spansOf(left, ear), spansOf(right, ear), node.distance);
  }
  const ids = idsOf(node, ear);
  const [first] = ids;
  if (first === undefined) return () => false;
  if (ids.length === 1) return () => ear.has(first);
  for (const id of ids) ear.keepPositions(id);
  return () => spansOf(ids, ear).starts.length > 0;
}

/** The words of a term as they follow each other in a text; one of the query may be several: `e-mail`, `配送`. */
function idsOf(term: WordOrPhrase, ear: WordEar): number[] {
  const ids: number[] = [];
  for (const word of term.type === "word" ? [term.text] : term.words) {
    readWords(normalizeText(word), (part, mark) => ids.push(ear.idOf(part, mark)), true);
  }
  return ids;
}

/** Where words stand one after another: the first positions, in order, and how many words each time. */
interface Spans {
  readonly starts: readonly number[];
  readonly length: number;
}

function spansOf(ids: readonly number[], ear: WordEar): Spans {
  let starts: readonly number[] = [];
  if (ids.every((id) => ear.has(id))) {
    ids.forEach((id, offset) => {
      const positions = ear.positionsOf(id);
      let at = 0;
      starts =
        offset === 0
          ? positions
          : starts.filter((start) => {
              while ((positions[at] ?? Infinity) < start + offset) at++;
              return positions[at] === start + offset;
            });
    });
  }
  return { starts, length: ids.length };
}

function isNear(left: Spans, right: Spans, distance: number): boolean {
  return isFollowed(left, right, distance) || isFollowed(right, left, distance);
}

/** Whether one of `before` ends at most `distance` words ahead of one of `after`. */
function isFollowed(before: Spans, after: Spans, distance: number): boolean {
  let at = 0;
  return before.starts.some((start) => {
    const end = start + before.length;
    while ((after.starts[at] ?? Infinity) < end) at++;
    return (after.starts[at] ?? Infinity) - end <= distance;
  });
}

/** Words of which at least one is in whatever meets the node; undefined when it can be met without any. */
function anchorsOf(node: QueryNode, isNegated: boolean, ear: WordEar): readonly number[] | undefined {
  switch (node.type) {
    case "not":
      return anchorsOf(node.node, !isNegated, ear);
    case "and":
    case "or": {
      const parts = node.nodes.map((part) => anchorsOf(part, isNegated, ear));
      const bound = parts.filter((part) => part !== undefined);
      if ((node.type === "and") !== isNegated) return bound.toSorted((a, b) => a.length - b.length)[0];
      return bound.length === parts.length ? bound.flat() : undefined;
    }
    case "word":
    case "phrase":
      return isNegated ? undefined : idsOf(node, ear).slice(0, 1);
    case "near":
      return isNegated ? undefined : idsOf(node.left, ear).slice(0, 1);
    case "field":
    case "number":
      return undefined;
  }
}

function compileField(name: Exclude<QueryField, "lang">, written: string): Predicate {
  const value = normalizeText(written).replace(/^@/, "");
  const bare = value.replace(/\*$/, "");
  if (name === "url") return (mention) => normalizeText(mention.url).includes(bare);
  const fits =
    bare === value
      ? (text: string) => normalizeText(text) === bare
      : (text: string) => normalizeText(text).startsWith(bare);
  if (name !== "author") return (mention) => fits(mention[name]);
  return (mention) => fits(mention.authorHandle) || fits(mention.authorName) || fits(mention.authorId);
}

function compileLanguage(value: string, isNegated: boolean): Predicate {
  const language = languageOf(value);
  return (mention) => {
    const said = languageOf(mention.languageHint);
    return said === "" || (said === language) !== isNegated;
  };
}

/** Withdrawn codes that platforms still send. */
const OLD_CODES: ReadonlyMap<string, string> = new Map([
  ["in", "id"],
  ["iw", "he"],
  ["ji", "yi"],
]);

/** The language of a BCP 47 tag; empty where it says that none is known (X sends `und` and `qme`, among others). */
function languageOf(tag: string): string {
  const code = /^[^-_]*/.exec(tag)?.[0].toLowerCase() ?? "";
  return /^(und|mul|mis|zxx|q[a-t][a-z])$/.test(code) ? "" : (OLD_CODES.get(code) ?? code);
}

function compileNumber(node: Extract<QueryNode, { type: "number" }>): Predicate {
  const fits = COMPARISONS[node.operator];
  const valueOf = (mention: Mention) => {
    if (node.name === "followers") return mention.authorFollowers;
    return mention.rating === null ? null : (mention.rating * STARS) / (mention.ratingMax ?? STARS);
  };
  return (mention) => {
    const value = valueOf(mention);
    return value !== null && fits(value, node.value);
  };
}

const STARS = 5;
const COMPARISONS: Readonly<Record<NumberOperator, (value: number, bound: number) => boolean>> = {
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  "=": (value, bound) => value === bound,
  ">=": (value, bound) => value >= bound,
  ">": (value, bound) => value > bound,
};
