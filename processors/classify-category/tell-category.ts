import { softmax } from "../linear-model/linear-model.ts";
import type { ReadWhole } from "./read-whole.ts";
import { sideOf, type Separator } from "./separate.ts";
import { evidenceOf, type Outlook } from "./weigh-evidence.ts";

/** What examples taught of their categories. */
export interface Taught {
  readonly outlook: Outlook;
  /** By category, in their order. */
  readonly separators: readonly Separator[];
}

/** What it takes to tell the category of a text. Can be copied to another thread. */
export interface TaughtCategories {
  /** The commonest first. */
  readonly labels: readonly string[];
  readonly taught: Taught;
  /** Factor on how far a text is inside each category that makes its confidence. */
  readonly sharpness: number;
}

/** The category of a text and how sure that is, 0..1; null where no word of it is known. */
export interface CategoryGuess {
  readonly label: string | null;
  readonly confidence: number;
}

/** The category a text is most inside of. */
export function tellCategory(
  whole: ReadWhole,
  { labels, taught, sharpness }: TaughtCategories,
): CategoryGuess {
  const sides = sidesOf(taught, whole);
  if (sides === undefined) return { label: null, confidence: 0 };
  const likely = softmax(sides.map((side) => side * sharpness));
  const most = largestOf(likely);
  return { label: labels[most] ?? null, confidence: Math.round((likely[most] ?? 0) * 1_000) / 1_000 };
}

/** How far a text is inside each category; undefined where no term of it is known. */
export function sidesOf({ outlook, separators }: Taught, whole: ReadWhole): Float64Array | undefined {
  const evidence = evidenceOf(whole, outlook);
  if (evidence.terms.at.length === 0) return undefined;
  return Float64Array.from(separators, (separator) => sideOf(separator, evidence));
}

/** Where the largest value stands, the first of equal ones. */
export function largestOf(values: Float64Array): number {
  let most = 0;
  values.forEach((value, at) => {
    if (value > (values[most] ?? 0)) most = at;
  });
  return most;
}
