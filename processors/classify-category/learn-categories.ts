import { EarshotError } from "../../core/errors.ts";
import { hashText } from "../hash-text.ts";
import { softmax } from "../linear-model/linear-model.ts";
import { createReader, type Sentence } from "../read-text.ts";
import { separate, sideOf, type Separator } from "./separate.ts";
import { learnVocabulary, type Terms, type Vocabulary } from "./weigh-terms.ts";

/** A text and the category a person put it in. */
export interface CategoryExample {
  readonly title?: string;
  readonly text: string;
  readonly category: string;
}

/** The category of a text and how sure that is, 0..1; null where no word of it is known. */
export interface CategoryGuess {
  readonly label: string | null;
  readonly confidence: number;
}

/** Categories as examples taught them. */
export interface Categories {
  /** The commonest first. */
  readonly labels: readonly string[];
  readonly classify: (sentences: readonly Sentence[]) => CategoryGuess;
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
 * Learns a user's own categories from examples, in memory: some 5,000 short texts take a second or two. The same
 * examples give the same categories. Any language; English words count by their stem. Examples without text or category
 * are left out.
 * @throws {EarshotError} config_invalid for fewer than two categories, or one with a single example
 */
export function learnCategories(given: readonly CategoryExample[]): Categories {
  const reader = createReader();
  const examples = given.flatMap(({ title = "", text, category }) => {
    const label = category.trim();
    const sentences = [...reader(title), ...reader(text)];
    return label === "" || sentences.length === 0 ? [] : [{ sentences, label, part: partOf(sentences) }];
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
      said.push({ truth: labels.indexOf(example.label), sides: sidesOf(taught, example.sentences) });
    }
  }
  const sharpness = fitSharpness(said);
  const taught = teach(examples, labels);
  return {
    labels,
    classify(sentences) {
      const sides = sidesOf(taught, sentences);
      if (sides === undefined) return { label: null, confidence: 0 };
      const likely = softmax(sides.map((side) => side * sharpness));
      const most = largestOf(likely);
      return { label: labels[most] ?? null, confidence: Math.round((likely[most] ?? 0) * 1_000) / 1_000 };
    },
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
  readonly sentences: readonly Sentence[];
  readonly label: string;
}

interface Taught {
  readonly vocabulary: Vocabulary;
  /** By category, in their order. */
  readonly separators: readonly Separator[];
}

function teach(examples: readonly ReadExample[], labels: readonly string[]): Taught {
  const vocabulary = learnVocabulary(examples.map(({ sentences }) => sentences));
  const texts = examples.map(({ sentences }) => vocabulary.termsOf(sentences));
  const separators = labels.map((label) => {
    const isInside = examples.map((example) => example.label === label);
    const inside = isInside.filter(Boolean).length;
    return separate(texts, isInside, vocabulary.size, examples.length / labels.length / Math.max(1, inside));
  });
  return { vocabulary, separators };
}

/** How far a text is inside each category; undefined where no term of it is known. */
function sidesOf(
  { vocabulary, separators }: Taught,
  sentences: readonly Sentence[],
): Float64Array | undefined {
  const terms: Terms = vocabulary.termsOf(sentences);
  if (terms.at.length === 0) return undefined;
  return Float64Array.from(separators, (separator) => sideOf(separator, terms));
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

function largestOf(values: Float64Array): number {
  let most = 0;
  values.forEach((value, at) => {
    if (value > (values[most] ?? 0)) most = at;
  });
  return most;
}

/** Texts that begin with these many same words are copies, and stay together. */
const COPIED_WORDS = 12;

function partOf(sentences: readonly Sentence[]): number {
  const words = sentences.flatMap(({ tokens }) => tokens.filter(({ kind }) => kind === "word"));
  const beginning = words.slice(0, COPIED_WORDS).map(({ text }) => text);
  const hash = hashText(beginning.join(""));
  return ((hash ^ (hash >>> 15)) >>> 0) % FOLDS;
}
