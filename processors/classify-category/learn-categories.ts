import { EarshotError } from "../../core/errors.ts";
import { hashText } from "../hash-text.ts";
import { softmax } from "../linear-model/linear-model.ts";
import type { Sentence } from "../read-text.ts";
import { wholeReader, type Encode, type ReadWhole } from "./read-whole.ts";
import { separate } from "./separate.ts";
import { largestOf, sidesOf, type Taught, type TaughtCategories } from "./tell-category.ts";
import { evidenceOf, learnOutlook } from "./weigh-evidence.ts";

/** A text and the category a person put it in. */
export interface CategoryExample {
  readonly title?: string;
  readonly text: string;
  readonly category: string;
}

/** Categories as examples taught them. */
export interface Categories extends TaughtCategories {
  /** How well each is told, by examples kept aside in turn. */
  readonly trial: CategoryTrial;
}

/** What examples said of each other: each part of five read by what the other four taught. */
export interface CategoryTrial {
  /** Mean F1 of the categories, each counting the same, 0..1. */
  readonly macroF1: number;
  readonly byCategory: readonly {
    readonly label: string;
    readonly examples: number;
    readonly f1: number;
  }[];
}

/** A category of one example could not be told once that example is kept aside. */
const LEAST_EXAMPLES = 2;
const FOLDS = 5;

/**
 * Learns a user's own categories from examples, in memory: some 5,000 short texts take a few seconds. The same examples
 * give the same categories. Any language; English words count by their stem. Examples without text or category are left
 * out.
 * @param encode says what a text means, as a direction
 * @throws {EarshotError} config_invalid for fewer than two categories, or one with a single example
 */
export function learnCategories(given: readonly CategoryExample[], encode: Encode): Categories {
  const read = wholeReader(encode);
  const examples = given.flatMap(({ title = "", text, category }) => {
    const label = category.trim();
    if (label === "") return [];
    const whole = read(title, text);
    return whole.sentences.length === 0 ? [] : [{ whole, label, part: partOf(whole.sentences) }];
  });
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  checkCounts(counts);
  const labels = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));

  const said: Said[] = [];
  for (let part = 0; part < FOLDS; part++) {
    const taught = teach(
      examples.filter((example) => example.part !== part),
      labels,
    );
    for (const example of examples) {
      if (example.part !== part) continue;
      said.push({ truth: labels.indexOf(example.label), sides: sidesOf(taught, example.whole) });
    }
  }
  return {
    labels,
    taught: teach(examples, labels),
    sharpness: fitSharpness(said),
    trial: toTrial(said, labels, counts),
  };
}

function checkCounts(counts: ReadonlyMap<string, number>): void {
  if (counts.size < 2) {
    throw new EarshotError(
      "config_invalid",
      `Categories are learned from examples of two at least; there are examples of ${counts.size}. Add others.`,
    );
  }
  for (const [label, count] of counts) {
    if (count >= LEAST_EXAMPLES) continue;
    throw new EarshotError(
      "config_invalid",
      `The category "${label.slice(0, 60)}" has ${count} example; give it ${LEAST_EXAMPLES} at least, better 30, or take it out.`,
    );
  }
}

/** An example with its text read. */
interface ReadExample {
  readonly whole: ReadWhole;
  readonly label: string;
}

function teach(examples: readonly ReadExample[], labels: readonly string[]): Taught {
  const outlook = learnOutlook(examples.map(({ whole }) => whole));
  const texts = examples.map(({ whole }) => evidenceOf(whole, outlook));
  const separators = labels.map((label) => {
    const isInside = examples.map((example) => example.label === label);
    const inside = isInside.filter(Boolean).length;
    const rareness = examples.length / labels.length / Math.max(1, inside);
    return separate(texts, isInside, outlook.vocabulary.size, rareness);
  });
  return { outlook, separators };
}

/** The truth of a kept-aside example, as a place among the labels, and what was said of it. */
interface Said {
  readonly truth: number;
  readonly sides: Float64Array | undefined;
}

/** Factors on the sides that make confidences, of which the one is taken that finds the truth likeliest. */
const SHARPNESSES = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

function fitSharpness(said: readonly Said[]): number {
  let best = 1;
  let most = -Infinity;
  for (const sharpness of SHARPNESSES) {
    let sum = 0;
    for (const { truth, sides } of said) {
      if (sides === undefined) continue;
      sum += Math.log(softmax(sides.map((side) => side * sharpness))[truth] || Number.MIN_VALUE);
    }
    if (sum > most) [best, most] = [sharpness, sum];
  }
  return best;
}

function toTrial(
  said: readonly Said[],
  labels: readonly string[],
  counts: ReadonlyMap<string, number>,
): CategoryTrial {
  const claims = said.map(({ sides }) => (sides === undefined ? -1 : largestOf(sides)));
  const byCategory = labels.map((label, at) => {
    const examples = counts.get(label) ?? 0;
    const claimed = claims.filter((claim) => claim === at).length;
    const right = said.filter(({ truth }, index) => truth === at && claims[index] === at).length;
    return { label, examples, f1: (2 * right) / (examples + claimed || 1) };
  });
  return { macroF1: byCategory.reduce((sum, { f1 }) => sum + f1, 0) / labels.length, byCategory };
}

/** Texts that begin with these many same words are copies, and stay together. */
const COPIED_WORDS = 12;

function partOf(sentences: readonly Sentence[]): number {
  const words = sentences.flatMap(({ tokens }) => tokens.filter(({ kind }) => kind === "word"));
  const beginning = words.slice(0, COPIED_WORDS).map(({ text }) => text);
  const hash = hashText(beginning.join(""));
  return ((hash ^ (hash >>> 15)) >>> 0) % FOLDS;
}
