import { learnCategories } from "../processors/classify-category/learn-categories.ts";
import { createReader } from "../processors/read-text.ts";
import { foldOf } from "./fold-of.ts";
import type { Verdict } from "./metrics.ts";

/** A text with its author and the category people put it in. */
export interface SortedText {
  readonly text: string;
  readonly author: string;
  readonly category: string;
}

const FOLDS = 5;

/** What categories say that examples taught, of texts whose authors wrote none of the examples. */
export function categoryVerdicts(rows: readonly SortedText[]): Verdict<string>[] {
  const reader = createReader();
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isLeft = ({ author }: SortedText) => foldOf(author, FOLDS) === fold;
    const { classify } = learnCategories(rows.filter((row) => !isLeft(row)));
    return rows
      .filter(isLeft)
      .map(({ text, category }): Verdict<string> => [category, classify(reader(text)).label ?? ""]);
  }).flat();
}
