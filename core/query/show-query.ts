import { lexQuery } from "./lex-query.ts";
import type { QueryNode } from "./query.ts";

/** How tightly each kind binds; what binds less than its surroundings is put in parentheses. */
const BINDING = { or: 0, and: 1, near: 2, not: 3, word: 4, phrase: 4, field: 4, number: 4 } as const;

/** Writes a query so that `parseQuery` gives it again, with every AND and as few parentheses as that needs. */
export function showQuery(node: QueryNode): string {
  switch (node.type) {
    case "and":
    case "or":
      return node.nodes
        .map((part) => within(part, BINDING[node.type] + 1))
        .join(node.type === "and" ? " AND " : " OR ");
    case "not":
      return `NOT ${within(node.node, BINDING.not)}`;
    case "near":
      return `${showQuery(node.left)} NEAR/${node.distance} ${showQuery(node.right)}`;
    case "word":
      return isPlain(node.text) ? node.text : `"${node.text}"`;
    case "phrase":
      return `"${node.words.join(" ")}"`;
    case "field":
      return `${node.name}:${/[\s,()（）]/.test(node.value) ? `"${node.value}"` : node.value}`;
    case "number":
      return `${node.name}${node.operator}${node.value}`;
  }
}

function within(node: QueryNode, binding: number): string {
  return BINDING[node.type] < binding ? `(${showQuery(node)})` : showQuery(node);
}

/** Whether the word means itself without quotes; NOT, lang:en and -5 mean something else. */
function isPlain(word: string): boolean {
  try {
    const [token, ...others] = lexQuery(word);
    return (
      token?.type === "term" && token.node.type === "word" && token.node.text === word && others.length === 0
    );
  } catch {
    return false;
  }
}
