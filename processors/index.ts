import { chain, type Chain } from "../core/chain.ts";
import type { ChainAdds } from "../core/process.ts";
import type { AspectDictionary } from "../schemas/aspect-dictionary.ts";
import { askModel, type AskModelOptions } from "./ask-model/index.ts";
import { classifyFeedback } from "./classify-feedback.ts";
import { detectComplaint } from "./detect-complaint.ts";
import { detectExpectation } from "./detect-expectation.ts";
import { detectLanguage } from "./detect-language.ts";
import { detectRepetition } from "./detect-repetition/index.ts";
import { detectRequest } from "./detect-request.ts";
import { detectThreats } from "./detect-threats.ts";
import { extractAspects } from "./extract-aspects/index.ts";
import { flagSpam } from "./flag-spam.ts";
import { hashFeatures } from "./hash-features.ts";
import { locateStage } from "./locate-stage.ts";
import type { ReadingModels } from "./models.ts";
import { rateSeverity } from "./rate-severity.ts";
import type { ReadMention } from "./read-mention.ts";
import { readText } from "./read-text.ts";
import { scoreSentiment } from "./score-sentiment/index.ts";
import { tellIntent } from "./tell-intent.ts";

/** Gives every step over mentions, in order. */
export function readChain(
  models: ReadingModels,
  aspects: AspectDictionary,
  stronger: AskModelOptions | undefined,
): Chain<ReadMention, ReadMention & ChainAdds> {
  return chain<ReadMention>()
    .pipe(readText())
    .pipe(detectLanguage())
    .pipe(hashFeatures())
    .pipe(scoreSentiment(models.sentiment))
    .pipe(detectComplaint(models.complaint))
    .pipe(detectRequest())
    .pipe(classifyFeedback(models.feedback))
    .pipe(extractAspects(aspects))
    .pipe(askModel(stronger))
    .pipe(locateStage())
    .pipe(detectRepetition())
    .pipe(detectExpectation())
    .pipe(detectThreats())
    .pipe(rateSeverity())
    .pipe(flagSpam())
    .pipe(tellIntent());
}
