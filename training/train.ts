import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../cli/package.ts";
import { modelFolder } from "../cli/reading.ts";
import type { LinearModel } from "../processors/linear-model/linear-model.ts";
import { readModel, writeModel } from "../processors/linear-model/model-file.ts";
import { MODEL_FILES } from "../processors/models.ts";
import { complaintExamples, ENGLISH_COMPLAINTS } from "./complaint.ts";
import { ENGLISH_FEEDBACK, feedbackExamples } from "./feedback.ts";
import { ENGLISH_SENTIMENT, OTHER_SENTIMENT, sentimentExamples } from "./sentiment.ts";
import { trainLinear, type Example, type TrainingPlan } from "./train-linear.ts";

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: join(packageRoot, "..", "shared", "data") },
    out: { type: "string", default: modelFolder },
    permissive: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const { data, permissive } = options;
mkdirSync(options.out, { recursive: true });

const sentiment = await train(MODEL_FILES.sentimentEnglish, ENGLISH_SENTIMENT, () =>
  sentimentExamples(data, "english", permissive),
);
// not made here, and neither is what words say of complaints: training/leanings/ says how
const leanings = permissive ? undefined : readModel(join(modelFolder, MODEL_FILES.leanings));
await train(MODEL_FILES.sentimentOthers, OTHER_SENTIMENT, () =>
  sentimentExamples(data, "others", permissive, leanings),
);
const complaint = await train(MODEL_FILES.complaintEnglish, ENGLISH_COMPLAINTS, () =>
  complaintExamples(data, sentiment),
);
await train(MODEL_FILES.feedback, ENGLISH_FEEDBACK, () =>
  feedbackExamples(data, { sentiment: { english: sentiment }, complaint: { english: complaint } }),
);

if (permissive && !options.check) {
  for (const file of [MODEL_FILES.sentimentOthers, MODEL_FILES.leanings, MODEL_FILES.complaintOthers]) {
    rmSync(join(options.out, file), { force: true });
  }
  process.stdout.write("what learned from TweetEval or XLM-T is taken away\n");
}

/** Trains a model and writes it, or compares it with the one that is there. */
async function train(
  file: string,
  plan: TrainingPlan,
  learn: () => readonly Example[] | Promise<readonly Example[]>,
): Promise<LinearModel | undefined> {
  const started = performance.now();
  const examples = await learn();
  if (examples.length === 0) {
    process.stdout.write(`${file}: nothing in ${data} to learn it from; it is left out\n`);
    return undefined;
  }
  const model = trainLinear(plan, examples);
  const bytes = writeModel(model);
  const path = join(options.out, file);
  if (!options.check) writeFileSync(path, bytes);
  else if (!readFileSync(path).equals(bytes)) throw new Error(`${path} is not what these sets train.`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(
    `${file}: ${examples.length} examples, ${(bytes.length / 1_000).toFixed(0)} kB, ${seconds} s\n`,
  );
  return model;
}
