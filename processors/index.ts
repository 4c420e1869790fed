import { chain, type Chain } from "../core/chain.ts";
import type { ChainAdds } from "../core/process.ts";
import type { Mention } from "../schemas/mention.ts";
import { detectComplaint } from "./detect-complaint.ts";
import { detectLanguage } from "./detect-language.ts";
import { readText } from "./read-text.ts";
import { scoreSentiment } from "./score-sentiment/index.ts";

/** Version of the readers; stored with every enrichment. Changes whenever the same mention could be read differently. */
export const MODEL_VERSION = "rules-1";

/** Gives every step over mentions, in order. */
export function readChain(): Chain<Mention, Mention & ChainAdds> {
  return chain<Mention>()
    .pipe(readText())
    .pipe(detectLanguage())
    .pipe(scoreSentiment())
    .pipe(detectComplaint());
}
