import { meaningModelFile } from "../cli/reading.ts";
import { learnCategories } from "../processors/classify-category/learn-categories.ts";
import { wholeReader } from "../processors/classify-category/read-whole.ts";
import { tellCategory } from "../processors/classify-category/tell-category.ts";
import { textEncoder } from "../processors/embed-text/index.ts";
import { readMeaningModel } from "../processors/embed-text/meaning-model.ts";
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
  const encode = textEncoder(readMeaningModel(meaningModelFile));
  const read = wholeReader(encode);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isLeft = ({ author }: SortedText) => foldOf(author, FOLDS) === fold;
    const taught = rows.filter((row) => !isLeft(row));
    const categories = learnCategories(taught, encode);
    return rows
      .filter(isLeft)
      .map(({ text, category }): Verdict<string> => [
        category,
        tellCategory(read("", text), categories).label ?? "",
      ]);
  }).flat();
}
