import type { Processor } from "../../core/contracts.ts";
import { perMention } from "../per-mention.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ReadTextAdds } from "../read-text.ts";
import type { Categories, CategoryGuess } from "./learn-categories.ts";

export interface ClassifyCategoryAdds {
  readonly category: CategoryGuess;
}

/**
 * Gives the step that puts a mention into one of a user's own categories, as examples taught them. No category, with
 * confidence 0, for a text of which no word is known and for what we wrote ourselves.
 */
export function classifyCategory(
  categories: Pick<Categories, "classify">,
): Processor<ReadMention & ReadTextAdds, ClassifyCategoryAdds> {
  return perMention("classify_category", ({ byUs, reading }) => ({
    category: byUs ? NONE : categories.classify([...reading.title, ...reading.sentences]),
  }));
}

const NONE: CategoryGuess = { label: null, confidence: 0 };
