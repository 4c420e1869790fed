import { modelFolder } from "../../cli/reading.ts";
import { loadModels } from "../../processors/models.ts";

/** The trained models that come with the program. */
export const models = loadModels(modelFolder);
