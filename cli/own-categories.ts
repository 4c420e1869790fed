import { chain } from "../core/chain.ts";
import { EarshotError } from "../core/errors.ts";
import {
  cellValue,
  columnReader,
  openRecords,
  planRecords,
  readStored,
  UNDATED,
} from "../ingestors/file/index.ts";
import { classifyCategory, type ClassifyCategoryAdds } from "../processors/classify-category/index.ts";
import {
  learnCategories,
  type Categories,
  type CategoryExample,
} from "../processors/classify-category/learn-categories.ts";
import type { Encode } from "../processors/classify-category/read-whole.ts";
import { textEncoder } from "../processors/embed-text/index.ts";
import { readMeaningModel } from "../processors/embed-text/meaning-model.ts";
import { readText } from "../processors/read-text.ts";
import type { Mention } from "../schemas/mention.ts";
import { meaningModelFile } from "./reading.ts";

/** Puts mentions into categories, in their order. */
export type Categorize = (mentions: readonly Mention[]) => Promise<ClassifyCategoryAdds["category"][]>;

/** What says what texts mean; its model is read when first needed, and once. */
let encode: Encode | undefined;

function encoder(): Encode {
  return (encode ??= textEncoder(readMeaningModel(meaningModelFile)));
}

/**
 * Learns categories from the texts of a file that a person has put into them.
 * @param field where the category stands
 * @throws {EarshotError} config_invalid when there is no such file, no example has that field, or they are too few;
 *   source_unavailable when the file cannot be read
 */
export async function learnFrom(file: string, field: string, text?: string): Promise<Categories> {
  return learnCategories(await readExamples(file, field, text), encoder());
}

async function readExamples(file: string, field: string, text?: string): Promise<CategoryExample[]> {
  const opened = await openRecords(
    { name: file, bytes: readStored(file), isSlow: false },
    { format: "auto", hasColumns: true },
  );
  const plan = planRecords(opened, file, {
    columns: text === undefined ? {} : { text },
    publishedAt: UNDATED,
  });
  const categoryOf = columnReader(field);
  const examples: CategoryExample[] = [];
  let read = 0;
  for await (const group of opened.records) {
    for (const item of group) {
      read += 1;
      const category = item.record === undefined ? "" : cellValue(categoryOf(item.record));
      if (category === "") continue;
      const { title = "", text: said } = plan.fieldsOf(item);
      examples.push({ title, text: said, category });
    }
  }
  if (examples.length === 0) {
    const reason = `None of the ${read} records of ${file} has a category in ${field}`;
    throw new EarshotError("config_invalid", `${reason}; name the field with --category.`);
  }
  return examples;
}

/** Gives what puts mentions into these categories. */
export function categorizer(categories: Categories, signal: AbortSignal): Categorize {
  const steps = chain<Mention>().pipe(readText()).pipe(classifyCategory(categories, encoder()));
  return async (mentions) => {
    const outcomes = await steps.run(mentions, signal);
    return outcomes.map((outcome) =>
      outcome.kind === "ok" ? outcome.value.category : { label: null, confidence: 0 },
    );
  };
}

/** How well categories are told by their own examples, for people. */
export function trialOf({ trial }: Categories): string {
  const lines = trial.byCategory.map(
    ({ label, examples, f1 }) => `  ${f1.toFixed(2)}  ${label} (${examples} examples)`,
  );
  return `F1 of your categories, each fifth of the examples told by the others; mean ${trial.macroF1.toFixed(2)}:\n${lines.join("\n")}\n`;
}
