import { chooseQuotes } from "./choose-quotes.ts";
import { nameIssue, type Phrase, type PhraseCounts } from "./name-issue.ts";

/** A text of an issue, as far as it can name it and speak for it. */
export interface DescribingText {
  readonly id: string;
  readonly text: string;
  /** What it means, of unit length. */
  readonly vector: Float32Array;
  readonly phrases: readonly Phrase[];
  /** The person heard. */
  readonly voice: string;
  /** ms since 1970. */
  readonly at: number | undefined;
}

export interface DescribeOptions {
  /** Of phrases in everything that was said. */
  readonly counts: PhraseCounts;
  /** What a text means, as the vectors of the texts say it. */
  readonly encode: (text: string) => Float32Array;
}

/** What an issue is called and who speaks for it. */
export interface IssueDescription<T extends DescribingText> {
  /** What somebody said of it in one sentence, at most 80 characters. */
  readonly title: string;
  /** Phrases many of its texts have and few others. */
  readonly terms: readonly string[];
  /** Share of its texts that have any of them, 0..1. */
  readonly coverage: number;
  /** The most typical first, each of another person. */
  readonly typical: readonly T[];
  readonly newest: T | undefined;
}

const TYPICAL_QUOTES = 3;
const SHORTEST_TITLE = 12;
const TITLE_LENGTH = 80;
/** Sentences of a quote that may become the title. */
const MOST_SENTENCES = 8;

/**
 * Says what an issue is called and which texts speak for it. Its title is the sentence of its typical texts that is most
 * like all of them: words people said tell more than the phrases they share.
 * @param texts some of the issue, without those that repeat others
 */
export function describeIssue<T extends DescribingText>(
  texts: readonly T[],
  { counts, encode }: DescribeOptions,
): IssueDescription<T> {
  const { terms, coverage } = nameIssue(texts, counts);
  const typical = chooseQuotes(
    texts.map((one) => ({ ...one, length: one.text.length, one })),
    TYPICAL_QUOTES,
  ).map(({ one }) => one);
  const newest = texts.reduce<T | undefined>(
    (last, one) => ((one.at ?? 0) > (last?.at ?? 0) ? one : last),
    undefined,
  );
  return { title: titleOf(texts, typical, encode), terms, coverage, typical, newest };
}

function titleOf(
  texts: readonly DescribingText[],
  typical: readonly DescribingText[],
  encode: DescribeOptions["encode"],
): string {
  let [best, bestLikeness] = [cutLine(typical[0]?.text ?? "", TITLE_LENGTH), 0];
  for (const { text } of typical) {
    for (const part of text.split(SENTENCE_END).slice(0, MOST_SENTENCES)) {
      const sentence = cutLine(part.replace(ADDRESSED, ""), text.length);
      if (sentence.length < SHORTEST_TITLE || sentence.length > TITLE_LENGTH) continue;
      const vector = encode(sentence);
      const likeness = texts.reduce((sum, one) => sum + dot(vector, one.vector), 0);
      if (likeness > bestLikeness) [best, bestLikeness] = [sentence, likeness];
    }
  }
  return best.charAt(0).toUpperCase() + best.slice(1);
}

const SENTENCE_END = /(?<=[.!?…])\s+|\n+/u;
/** To whom it is said. */
const ADDRESSED = /^(?:\s*@[\p{L}\p{N}_]+[:,]?)+\s*|\s+[@#][\p{L}\p{N}_]+\s*$/gu;

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

/** A text in one line of at most so many characters. */
export function cutLine(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
}
