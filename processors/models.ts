import { existsSync } from "node:fs";
import { join } from "node:path";
import { EarshotError } from "../core/errors.ts";
import type { ComplaintModels } from "./detect-complaint.ts";
import type { LinearModel } from "./linear-model/linear-model.ts";
import { readModel } from "./linear-model/model-file.ts";
import type { SentimentModels } from "./score-sentiment/index.ts";

/** The trained models of all readers. One that was not trained is absent: rules decide alone. */
export interface ReadingModels {
  readonly sentiment: SentimentModels;
  readonly complaint: ComplaintModels;
  /** Of English. */
  readonly feedback: LinearModel | undefined;
}

/** Files of the models, in the folder that `npm run train` fills. */
export const MODEL_FILES = {
  sentimentEnglish: "sentiment-en.model",
  sentimentOthers: "sentiment-es-de-fr-pt-it.model",
  leanings: "leanings-es-de-fr-pt-it.model",
  complaintEnglish: "complaint-en.model",
  complaintOthers: "complaint-es-de-fr-pt-it.model",
  feedback: "feedback-en.model",
} as const;

/**
 * Loads the models in a folder, about a megabyte each.
 * @throws {EarshotError} config_invalid when there is none, one is cut off, or one lacks another it was trained with
 */
export function loadModels(folder: string): ReadingModels {
  if (!Object.values(MODEL_FILES).some((file) => existsSync(join(folder, file)))) {
    throw new EarshotError("config_invalid", `There are no models in ${folder}; install Earshot again.`);
  }
  const load = (file: string) => {
    const path = join(folder, file);
    return existsSync(path) ? readModel(path) : undefined;
  };
  const [others, leanings] = [load(MODEL_FILES.sentimentOthers), load(MODEL_FILES.leanings)];
  if (others !== undefined && leanings === undefined) {
    const lacking = `${MODEL_FILES.sentimentOthers} needs ${MODEL_FILES.leanings} beside it`;
    throw new EarshotError("config_invalid", `In ${folder} ${lacking}; install Earshot again.`);
  }
  return {
    sentiment: { english: load(MODEL_FILES.sentimentEnglish), others, leanings },
    complaint: { english: load(MODEL_FILES.complaintEnglish), others: load(MODEL_FILES.complaintOthers) },
    feedback: load(MODEL_FILES.feedback),
  };
}
