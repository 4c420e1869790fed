import type { Processor } from "../../core/contracts.ts";
import { perMention } from "../per-mention.ts";
import type { ReadMention } from "../read-mention.ts";
import type { ReadTextAdds } from "../read-text.ts";
import { meaningOf, type Encode } from "./read-whole.ts";
import { tellCategory, type CategoryGuess, type TaughtCategories } from "./tell-category.ts";

export interface ClassifyCategoryAdds {
  readonly category: CategoryGuess;
}

/**
 * Gives the step that puts a mention into one of a user's own categories, as examples taught them. No category, with
 * confidence 0, for a text of which no word is known and for what we wrote ourselves.
 * @param encode the same that the examples were learned with
 */
export function classifyCategory(
  categories: TaughtCategories,
  encode: Encode,
): Processor<ReadMention & ReadTextAdds, ClassifyCategoryAdds> {
  return perMention("classify_category", ({ byUs, title, text, reading }) => {
    if (byUs) return { category: NONE };
    const sentences = [...reading.title, ...reading.sentences];
    return { category: tellCategory({ sentences, meaning: meaningOf(title, text, encode) }, categories) };
  });
}

const NONE: CategoryGuess = { label: null, confidence: 0 };
