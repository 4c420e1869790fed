import type { EarshotError } from "../errors.ts";
import { faultAt, lexQuery, type QuerySpan, type QueryToken } from "./lex-query.ts";
import type { MentionQuery, QueryNode, WordOrPhrase } from "./query.ts";

/** Deepest nesting of parentheses and NOT. */
export const MAX_QUERY_DEPTH = 50;

/**
 * Gives the meaning of a query as people write it, strongest binding first:
 *
 *     acme  #acme  @acme  "where is my order"  refund*  organi?e   words, phrases, wildcards
 *     lang:en  author:@jane,@joe  rating<3  followers>=1000        fields; values with commas between are alternatives
 *     NOT spam  -spam  ( … )
 *     refund NEAR/5 "my card"                                      at most 5 words between, in any order
 *     acme refund  acme AND refund                                 both
 *     acme OR zenith
 *
 * Operators are upper case; `and`, `or`, `not` are words. Quotes may be curly; a `?` that ends a word in quotes is a
 * question mark. Fields: lang, platform, author, kind, source, country, product, url; rating and followers are numbers.
 * Linear in the length of the text.
 * @throws {EarshotError} config_invalid: says the column, points at it; `details` are `{ position, length }`, from 1
 */
export function parseQuery(text: string): MentionQuery {
  return { text, root: new Parser(text).parse() };
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly QueryToken[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lexQuery(text);
  }

  parse(): QueryNode {
    if (this.#tokens.length === 0) {
      throw this.#fault(
        { start: 0, end: this.#text.length },
        "it is empty; write what to look for, as in acme",
      );
    }
    const root = this.#or();
    const rest = this.#next();
    if (rest !== undefined) throw this.#unopened(rest);
    return root;
  }

  #or(): QueryNode {
    const nodes = [this.#and()];
    while (this.#take("or")) nodes.push(this.#and());
    return joined("or", nodes);
  }

  #and(): QueryNode {
    const nodes = [this.#near()];
    for (;;) {
      const next = this.#next()?.type;
      if (next !== "and" && next !== "not" && next !== "term" && next !== "(") return joined("and", nodes);
      this.#take("and");
      nodes.push(this.#near());
    }
  }

  #near(): QueryNode {
    const start = this.#at;
    const first = this.#unary();
    const operator = this.#next();
    if (operator?.type !== "near") return first;
    const left = this.#side(first, start);
    this.#at++;
    const rightAt = this.#at;
    const right = this.#unary();
    const node: QueryNode = {
      type: "near",
      left,
      right: this.#side(right, rightAt),
      distance: operator.distance,
    };
    const another = this.#next();
    if (another?.type === "near") {
      throw this.#fault(another, "NEAR stands between two words or phrases; write a NEAR/5 b AND b NEAR/5 c");
    }
    return node;
  }

  /** What NEAR can take, read from the token at `start` on. */
  #side(node: QueryNode, start: number): WordOrPhrase {
    if (node.type === "word" || node.type === "phrase") return node;
    const advice =
      node.type === "or"
        ? "write an OR of NEARs, as in a NEAR/5 c OR b NEAR/5 c"
        : node.type === "not"
          ? "for its opposite write NOT (a NEAR/5 b)"
          : 'for several words write a phrase, as in "my card"';
    const span = { start: this.#tokens[start]?.start ?? 0, end: this.#tokens[this.#at - 1]?.end ?? 0 };
    throw this.#fault(span, `NEAR takes a word or a phrase on each side; ${advice}`);
  }

  #unary(): QueryNode {
    const token = this.#next();
    if (token?.type === "not") {
      this.#at++;
      return this.#deeper(token, () => ({ type: "not", node: this.#unary() }));
    }
    if (token?.type === "term") {
      this.#at++;
      return token.node;
    }
    if (token?.type === "(") {
      this.#at++;
      const inside = this.#deeper(token, () => this.#or());
      if (!this.#take(")")) throw this.#unclosed(token);
      return inside;
    }
    throw this.#missing(token);
  }

  #deeper(token: QueryToken, read: () => QueryNode): QueryNode {
    this.#depth++;
    if (this.#depth > MAX_QUERY_DEPTH) {
      throw this.#fault(token, `parentheses and NOT are nested ${MAX_QUERY_DEPTH} deep at most; simplify it`);
    }
    const node = read();
    this.#depth--;
    return node;
  }

  /** Something to look for was due where `token` stands. */
  #missing(token: QueryToken | undefined): EarshotError {
    const before = this.#tokens[this.#at - 1];
    if (before?.type === "(" && token === undefined) return this.#unclosed(before);
    if (before?.type === "(" && token?.type === ")") {
      return this.#fault({ start: before.start, end: token.end }, "there is nothing in these parentheses");
    }
    if (before !== undefined && before.type !== "(") {
      return this.#fault(before, `nothing follows ${this.#shown(before)}; say what, or take it out`);
    }
    const span = token ?? { start: 0, end: this.#text.length };
    return token?.type === ")"
      ? this.#unopened(span)
      : this.#fault(span, `nothing stands before ${this.#shown(span)}; say what, or take it out`);
  }

  #unclosed(span: QuerySpan): EarshotError {
    return this.#fault(span, "this parenthesis is never closed; close it, or take it out");
  }

  #unopened(span: QuerySpan): EarshotError {
    return this.#fault(span, "this parenthesis closes none; take it out, or open one before");
  }

  #shown({ start, end }: QuerySpan): string {
    return this.#text.slice(start, end);
  }

  #next(): QueryToken | undefined {
    return this.#tokens[this.#at];
  }

  #take(type: QueryToken["type"]): boolean {
    if (this.#next()?.type !== type) return false;
    this.#at++;
    return true;
  }

  #fault(span: QuerySpan, fault: string): EarshotError {
    return faultAt(this.#text, span, fault);
  }
}

function joined(type: "and" | "or", nodes: readonly QueryNode[]): QueryNode {
  const [first] = nodes;
  return nodes.length === 1 && first !== undefined ? first : { type, nodes };
}
