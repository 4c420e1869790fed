import type { QueryNode, WordOrPhrase } from "./query.ts";
import { normalizeText, readWords, withoutMarks, type Mark } from "./read-words.ts";
import { showQuery } from "./show-query.ts";

/** What stands at the ends of a query's tree. */
export type Leaf = Exclude<QueryNode, { type: "and" | "or" | "not" }>;
/** Leaves that are found in a text. */
export type Words = Extract<QueryNode, { type: "word" | "phrase" | "near" }>;

/** A part of a query, or its opposite. */
export interface Side {
  readonly node: QueryNode;
  readonly isNegated: boolean;
}

/** The sides of what amounts to one AND (or OR), nested ones and NOT of the opposite included; else the node alone. */
export function sidesOf(node: QueryNode, isNegated: boolean, operator: "and" | "or"): Side[] {
  if (node.type === "not") return sidesOf(node.node, !isNegated, operator);
  if ((node.type === "and" || node.type === "or") && (node.type === operator) !== isNegated) {
    return node.nodes.flatMap((side) => sidesOf(side, isNegated, operator));
  }
  return [{ node, isNegated }];
}

/** The leaves of a query in the order they are written, each with whether it is looked for or kept out. */
export function leavesOf(
  node: QueryNode,
  isNegated = false,
): { readonly leaf: Leaf; readonly isNegated: boolean }[] {
  if (node.type === "not") return leavesOf(node.node, !isNegated);
  if (isLeaf(node)) return [{ leaf: node, isNegated }];
  return node.nodes.flatMap((side) => leavesOf(side, isNegated));
}

export function wantedLeaves(node: QueryNode): Leaf[] {
  return leavesOf(node).flatMap(({ leaf, isNegated }) => (isNegated ? [] : [leaf]));
}

export function isLeaf(node: QueryNode): node is Leaf {
  return node.type !== "and" && node.type !== "or" && node.type !== "not";
}

export function isWords(node: QueryNode): node is Words {
  return node.type === "word" || node.type === "phrase" || node.type === "near";
}

/** Words and phrases that a text must have where it has these words. */
export function termsOf(words: Words): readonly WordOrPhrase[] {
  return words.type === "near" ? [words.left, words.right] : [words];
}

/**
 * Whether every text that has `special` is sure to have `general` too: `refund` covers "my refund", #refund and
 * réfund, `refund*` covers refunds. A no may be wrong, a yes is not.
 */
export function covers(general: Words, special: Words): boolean {
  if (general.type === "near") return showQuery(general) === showQuery(special);
  const wanted = partsOf(general);
  return (
    wanted.length > 0 &&
    termsOf(special).some((term) => {
      const given = partsOf(term);
      return given.some((_, start) =>
        wanted.every((part, offset) => {
          const found = given[start + offset];
          return found !== undefined && coversPart(part, found);
        }),
      );
    })
  );
}

interface Part {
  readonly word: string;
  readonly mark: Mark;
}

const known = new WeakMap<WordOrPhrase, readonly Part[]>();

/** What is listened for, one after another: `e-mail` is two parts. */
export function partsOf(term: WordOrPhrase): readonly Part[] {
  const before = known.get(term);
  if (before !== undefined) return before;
  const parts: Part[] = [];
  for (const word of term.type === "word" ? [term.text] : term.words) {
    readWords(normalizeText(word), (part, mark) => parts.push({ word: part, mark }), true);
  }
  known.set(term, parts);
  return parts;
}

function coversPart(general: Part, special: Part): boolean {
  if (general.mark !== "" && general.mark !== special.mark) return false;
  const forms = [special.word, withoutMarks(special.word)];
  if (forms.includes(general.word)) return true;
  const [letters = "", rest] = general.word.split("*");
  return rest !== undefined && !letters.includes("?") && forms.some((form) => form.startsWith(letters));
}

/** Whether no mention can meet both. A no may be wrong; a yes is not, mentions of no known language aside. */
export function excludeEachOther(a: Side, b: Side): boolean {
  if (a.isNegated && b.isNegated) return false;
  if (a.isNegated || b.isNegated) {
    const [kept, wanted] = a.isNegated ? [a.node, b.node] : [b.node, a.node];
    return isWords(kept) && isWords(wanted)
      ? covers(kept, wanted)
      : showQuery(kept).toLowerCase() === showQuery(wanted).toLowerCase();
  }
  if (a.node.type === "field" && b.node.type === "field") return areDifferent(a.node, b.node);
  if (a.node.type === "number" && b.node.type === "number") {
    return isBelow(a.node, b.node) || isBelow(b.node, a.node);
  }
  return false;
}

type Field = Extract<QueryNode, { type: "field" }>;
type Comparison = Extract<QueryNode, { type: "number" }>;

function areDifferent(a: Field, b: Field): boolean {
  // an author has several names, an address several parts
  if (a.name !== b.name || a.name === "author" || a.name === "url") return false;
  const isOpen = a.value.endsWith("*") || b.value.endsWith("*");
  return !isOpen && normalizeText(a.value) !== normalizeText(b.value);
}

/** Whether what `low` allows ends before what `high` allows begins. */
function isBelow(low: Comparison, high: Comparison): boolean {
  if (low.name !== high.name || low.operator.startsWith(">") || high.operator.startsWith("<")) return false;
  const isOpen = low.operator === "<" || high.operator === ">";
  return low.value < high.value || (isOpen && low.value === high.value);
}
