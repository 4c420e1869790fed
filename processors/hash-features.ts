import type { Processor } from "../core/contracts.ts";
import type { DetectLanguageAdds } from "./detect-language.ts";
import { featuresOf, shapeOf, type Features } from "./linear-model/features.ts";
import { perMention } from "./per-mention.ts";
import type { ReadMention } from "./read-mention.ts";
import type { ReadTextAdds } from "./read-text.ts";

export interface HashFeaturesAdds {
  /** Of each sentence, as `reading` has them. */
  readonly features: { readonly title: readonly Features[]; readonly sentences: readonly Features[] };
}

/** Gives the step that turns words into the features linear models are made of, once for all of them. */
export function hashFeatures(): Processor<ReadMention & ReadTextAdds & DetectLanguageAdds, HashFeaturesAdds> {
  return perMention("hash_features", ({ reading, language }) => {
    const shape = shapeOf(language);
    return {
      features: {
        title: reading.title.map(({ tokens }) => featuresOf(tokens, shape)),
        sentences: reading.sentences.map(({ tokens }) => featuresOf(tokens, shape)),
      },
    };
  });
}
