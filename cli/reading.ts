import { join } from "node:path";
import type { Chain } from "../core/chain.ts";
import type { Config } from "../core/config.ts";
import type { ChainAdds } from "../core/process.ts";
import type { AskModelOptions } from "../processors/ask-model/index.ts";
import { readChain } from "../processors/index.ts";
import { loadModels, type ReadingModels } from "../processors/models.ts";
import type { ReadMention } from "../processors/read-mention.ts";
import { packageRoot } from "./package.ts";

/** Where the trained models lie that come with the program. */
export const modelFolder = join(packageRoot, "processors", "models");

/** What words mean, by which texts are put into issues. */
export const meaningModelFile = join(modelFolder, "meaning-en.model");

/** Loaded when first needed, and once: every source has its chain, and they share the models. */
let models: ReadingModels | undefined;

/**
 * The processors with the models that come with the program, and what is configured of them.
 * @param stronger a language model that reads some of it again; one chain holds its budget and memory
 */
export function openReadChain(
  { aspects }: Pick<Config, "aspects">,
  stronger?: AskModelOptions,
): Chain<ReadMention, ReadMention & ChainAdds> {
  models ??= loadModels(modelFolder);
  return readChain(models, aspects, stronger);
}
