/**
 * What a tracker looks for, parsed. Words match whole words in title or text, in any case; `*` at the end of a word
 * stands for any letters or none, `?` in it for one. `parseQuery` says how a query is written, `matchQuery` what a word
 * is.
 */
export type QueryNode =
  /** All of them, or at least one; two nodes or more. */
  | { readonly type: "and" | "or"; readonly nodes: readonly QueryNode[] }
  | { readonly type: "not"; readonly node: QueryNode }
  /** As written, without quotes and punctuation around it; `#refund` and `@acme` are words too. */
  | { readonly type: "word"; readonly text: string }
  /** Words that follow each other; two or more. */
  | { readonly type: "phrase"; readonly words: readonly string[] }
  /** Both with at most so many words between them, in any order; each is a word or a phrase. */
  | {
      readonly type: "near";
      readonly left: WordOrPhrase;
      readonly right: WordOrPhrase;
      readonly distance: number;
    }
  | { readonly type: "field"; readonly name: QueryField; readonly value: string }
  | {
      readonly type: "number";
      readonly name: QueryNumber;
      readonly operator: NumberOperator;
      readonly value: number;
    };

export type WordOrPhrase = Extract<QueryNode, { type: "word" | "phrase" }>;

/** Fields compared as text, in any case. `lang` is the language the platform says, as far as it says one. */
export const QUERY_FIELDS = [
  "lang",
  "platform",
  "author",
  "kind",
  "source",
  "country",
  "product",
  "url",
] as const;
export type QueryField = (typeof QUERY_FIELDS)[number];

/** Fields compared as numbers. A rating is compared on the scale 1 to 5. */
export const QUERY_NUMBERS = ["rating", "followers"] as const;
export type QueryNumber = (typeof QUERY_NUMBERS)[number];

export const NUMBER_OPERATORS = ["<", "<=", "=", ">=", ">"] as const;
export type NumberOperator = (typeof NUMBER_OPERATORS)[number];

/** A query as it was written, and what it means. */
export interface MentionQuery {
  readonly text: string;
  readonly root: QueryNode;
}
