import { EarshotError } from "../../core/errors.ts";
import type { MentionQuery, QueryField, QueryNode } from "../../core/query/query.ts";

/** What X is asked: everything (nothing X could tell apart), nothing (no post of X can match), or an expression. */
type Search = "everything" | "nothing" | Expression;
type Expression = Term | Group;

interface Term {
  readonly text: string;
  /** X takes it alone; others only beside a term that stands alone. */
  readonly standsAlone: boolean;
}

interface Group {
  readonly type: "and" | "or";
  readonly parts: readonly Expression[];
}

/**
 * A tracker's query in X's search syntax: several searches where one would be too long, none when no post of X can
 * match. Together they find all that the query matches, as far as X's words are ours, and sometimes more: what X cannot
 * say is left out.
 * @throws {EarshotError} config_invalid when nothing is left that X could look for
 * @see https://docs.x.com/x-api/posts/search/integrate/build-a-query
 */
export function compileQuery(query: MentionQuery, maxLength: number): readonly string[] {
  const search = compile(query.root, false);
  if (search === "nothing") return [];
  if (search === "everything" || !standsAlone(search)) {
    throw new EarshotError(
      "config_invalid",
      `X has nothing to look for in the query ${query.text.slice(0, 200)}: give it words without * and ? that must be there, ` +
        "on each side of an OR, or write queries of this source in X's own syntax.",
    );
  }
  return split(search, maxLength).map(render);
}

function compile(node: QueryNode, isNegated: boolean): Search {
  switch (node.type) {
    case "not":
      return compile(node.node, !isNegated);
    case "and":
    case "or": {
      const parts = node.nodes.map((part) => compile(part, isNegated));
      return (node.type === "and") === isNegated ? anyOf(parts) : allOf(parts);
    }
    case "word":
      return termOf([node.text], isNegated);
    case "phrase":
      return termOf(node.words, isNegated);
    case "near":
      return isNegated ? "everything" : allOf([compile(node.left, false), compile(node.right, false)]);
    case "field":
      return fieldOf(node.name, node.value.toLowerCase(), isNegated);
    case "number":
      // X rates nothing, and what has no rating fits no comparison
      if (node.name === "rating") return isNegated ? "everything" : "nothing";
      return "everything";
  }
}

function termOf(words: readonly string[], isNegated: boolean): Search {
  const plain = words.filter((word) => !/[*?]/.test(word));
  if (plain.length < words.length) {
    return isNegated ? "everything" : allOf(plain.map((word) => termOf([word], false)));
  }
  const text = quote(words.join(" "));
  return isNegated ? without(text) : { text, standsAlone: true };
}

/** Words that mean something else to X, and all but plain words, handles, hashtags and cashtags, are put in quotes. */
function quote(text: string): string {
  const isPlain = /^[#@$]?[\p{L}\p{M}\p{N}_]+$/u.test(text) && !/^(?:or|and|not)$/i.test(text);
  return isPlain ? text : `"${text.replace(/["\\]/g, " ").trim()}"`;
}

function without(text: string): Term {
  return { text: `-${text}`, standsAlone: false };
}

function fieldOf(name: QueryField, value: string, isNegated: boolean): Search {
  switch (name) {
    case "platform":
      return fits("x", value) === isNegated ? "nothing" : "everything";
    case "kind": {
      const kinds = ["post", "comment"].filter((kind) => fits(kind, value) !== isNegated);
      if (kinds.length !== 1) return kinds.length === 0 ? "nothing" : "everything";
      return kinds[0] === "comment" ? { text: "is:reply", standsAlone: false } : without("is:reply");
    }
    case "lang":
      // a post without a language fits every language, so only a negation says what X would leave out
      return isNegated && LANGUAGES.has(value) ? without(`lang:${value}`) : "everything";
    case "author": {
      // an author may be meant by name too, so only a negation says what X would leave out
      const handle = /^@?(\w{1,15})$/.exec(value)?.[1];
      return isNegated && handle !== undefined ? without(`from:${handle}`) : "everything";
    }
    case "source":
    case "country":
    case "product":
    case "url":
      return "everything";
  }
}

function fits(text: string, value: string): boolean {
  return value.endsWith("*") ? text.startsWith(value.slice(0, -1)) : text === value;
}

/** Languages X tells apart whose codes are those of everyone else. */
const LANGUAGES = new Set(
  (
    "am ar bg bn bo bs ca cs cy da de dv el en es et eu fa fi fr gu hi hr ht hu hy is it ja ka km kn ko lo lt lv ml mr " +
    "my ne nl no or pa pl ps pt ro ru sd si sk sl sr sv ta te th tl tr ug uk ur vi"
  ).split(" "),
);

function allOf(searches: readonly Search[]): Search {
  if (searches.includes("nothing")) return "nothing";
  const parts = searches.filter((search) => typeof search !== "string");
  const [first] = parts;
  return first === undefined ? "everything" : parts.length === 1 ? first : group("and", parts);
}

function anyOf(searches: readonly Search[]): Search {
  // a negation beside an OR finds all of X
  if (searches.some((search) => search === "everything" || isNegation(search))) return "everything";
  const parts = searches.filter((search) => typeof search !== "string");
  const [first] = parts;
  return first === undefined ? "nothing" : parts.length === 1 ? first : group("or", parts);
}

function isNegation(search: Search): boolean {
  if (typeof search === "string") return false;
  return "text" in search ? search.text.startsWith("-") : search.parts.every(isNegation);
}

function group(type: Group["type"], parts: readonly Expression[]): Group {
  return {
    type,
    parts: parts.flatMap((part) => ("parts" in part && part.type === type ? part.parts : [part])),
  };
}

function standsAlone(expression: Expression): boolean {
  if ("text" in expression) return expression.standsAlone;
  return expression.type === "and" ? expression.parts.some(standsAlone) : expression.parts.every(standsAlone);
}

function render(expression: Expression): string {
  if ("text" in expression) return expression.text;
  const parts = expression.parts.map((part) => ("text" in part ? part.text : `(${render(part)})`));
  return parts.join(expression.type === "and" ? " " : " OR ");
}

/** Expressions that are short enough and find as much together, or more. */
function split(expression: Expression, maxLength: number): readonly Expression[] {
  if (render(expression).length <= maxLength) return [expression];
  if ("text" in expression) {
    throw new EarshotError(
      "config_invalid",
      `X takes no query longer than ${maxLength} characters, and one of a tracker has a phrase that is; shorten it.`,
    );
  }
  const { type, parts } = expression;
  if (type === "or")
    return packed(
      parts.flatMap((part) => split(part, maxLength)),
      maxLength,
    );
  const longest = parts
    .filter((part) => "parts" in part)
    .toSorted((a, b) => render(b).length - render(a).length)[0];
  if (longest === undefined) return [shortened(parts, maxLength)];
  const half = Math.ceil(longest.parts.length / 2);
  const halves = [longest.parts.slice(0, half), longest.parts.slice(half)];
  return halves.flatMap((some) => {
    const [only] = some;
    const side = some.length === 1 && only !== undefined ? only : group("or", some);
    return split(
      group(
        "and",
        parts.map((part) => (part === longest ? side : part)),
      ),
      maxLength,
    );
  });
}

/** As few ORs of the parts as the length allows, in their order. */
function packed(parts: readonly Expression[], maxLength: number): readonly Expression[] {
  const packs: Expression[] = [];
  for (const part of parts) {
    const last = packs.at(-1);
    const together = last === undefined ? part : group("or", [last, part]);
    if (last === undefined || render(together).length > maxLength) packs.push(part);
    else packs[packs.length - 1] = together;
  }
  return packs;
}

/** As many of the words that must all be there as the length allows: fewer find more. */
function shortened(parts: readonly Expression[], maxLength: number): Expression {
  const kept: Expression[] = [];
  for (const part of parts.toSorted((a, b) => Number(standsAlone(b)) - Number(standsAlone(a)))) {
    if (render(group("and", [...kept, part])).length <= maxLength) kept.push(part);
  }
  const [first] = kept;
  if (first !== undefined && standsAlone(first)) return kept.length === 1 ? first : group("and", kept);
  throw new EarshotError(
    "config_invalid",
    `X takes no query longer than ${maxLength} characters; shorten its phrases.`,
  );
}
