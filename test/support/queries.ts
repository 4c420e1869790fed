import fc from "fast-check";
import {
  NUMBER_OPERATORS,
  QUERY_FIELDS,
  QUERY_NUMBERS,
  type QueryNode,
  type WordOrPhrase,
} from "../../core/query/query.ts";
import { MENTION_KINDS } from "../../schemas/mention.ts";

/** Random queries with these leaves. `words` and `phrases` are what NEAR may take. */
export function aQueryTree(
  wordsAndPhrases: fc.Arbitrary<WordOrPhrase>,
  others: fc.Arbitrary<QueryNode>,
): fc.Arbitrary<QueryNode> {
  const near = fc
    .tuple(wordsAndPhrases, wordsAndPhrases, fc.integer({ min: 1, max: 100 }))
    .map(([left, right, distance]): QueryNode => ({ type: "near", left, right, distance }));
  const { node } = fc.letrec<{ node: QueryNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", maxDepth: 5 },
      { weight: 4, arbitrary: wordsAndPhrases },
      near,
      others,
      tie("node").map((inner): QueryNode => ({ type: "not", node: inner })),
      {
        weight: 4,
        arbitrary: fc
          .tuple(
            fc.constantFrom("and" as const, "or" as const),
            fc.array(tie("node"), { minLength: 2, maxLength: 4 }),
          )
          .map(([type, nodes]): QueryNode => ({ type, nodes })),
      },
    ),
  }));
  return node;
}

/** Words and phrases of the given words. */
export function aWordOrPhrase(word: fc.Arbitrary<string>): fc.Arbitrary<WordOrPhrase> {
  return fc.oneof(
    { weight: 3, arbitrary: word.map((text): WordOrPhrase => ({ type: "word", text })) },
    {
      weight: 1,
      arbitrary: fc
        .array(word, { minLength: 2, maxLength: 4 })
        .map((words): WordOrPhrase => ({ type: "phrase", words })),
    },
  );
}

const LETTERS = [..."abzABZ019éßøéюйआ配アก애_"];
const INNER = [...LETTERS, ..."-'’./:,&<>=()（?#@+!–\u200d😡"];

/** Words as the parser gives them: letters at both ends, anything but spaces, quotes and `*` between. */
export const aWrittenWord: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom("", "", "", "#", "@"),
        fc.constantFrom(...LETTERS.filter((letter) => letter !== "_")),
        fc.string({ unit: fc.constantFrom(...INNER), maxLength: 6 }),
        fc.constantFrom(...LETTERS.filter((letter) => letter !== "_")),
        fc.constantFrom("", "", "", "*"),
      )
      .map((parts) => parts.join("")),
  },
  fc.constantFrom(
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR/5",
    "and",
    "lang:en",
    "rating<3",
    "http://acme.com",
    "a-b",
    "C++",
  ),
);

const aValue = fc
  .string({ unit: fc.constantFrom(...LETTERS, ..." ,()-:/.@'"), minLength: 2, maxLength: 12 })
  .map((value) => value.trim())
  .filter((value) => value.length >= 2)
  .chain((value) => fc.constantFrom(value, `${value}*`));

/** Fields and numbers as the parser gives them. */
export const aField: fc.Arbitrary<QueryNode> = fc.oneof(
  fc.constantFrom(...QUERY_FIELDS).chain((name) => {
    const value =
      name === "lang"
        ? fc.constantFrom("en", "DE", "por")
        : name === "kind"
          ? fc.constantFrom(...MENTION_KINDS)
          : aValue;
    return value.map((written): QueryNode => ({ type: "field", name, value: written }));
  }),
  fc
    .tuple(
      fc.constantFrom(...QUERY_NUMBERS),
      fc.constantFrom(...NUMBER_OPERATORS),
      fc.oneof(fc.nat(), fc.constantFrom(0.5, 3.25, 0.000001, 999_999_999_999_999)),
    )
    .map(([name, operator, value]): QueryNode => ({ type: "number", name, operator, value })),
);
