import { workerData } from "node:worker_threads";
import type { CutRecords } from "../ingestors/file/index.ts";
import { learnCategories } from "../processors/classify-category/learn-categories.ts";
import { recordReader } from "./enrich-records.ts";
import type { EnrichTask } from "./enriching.ts";
import { openReadChain } from "./reading.ts";
import { answering } from "./thread-messages.ts";

const { aspects, columns, withText, examples } = workerData as EnrichTask;
const chain = openReadChain({ aspects });
const categories = examples && learnCategories(examples);
// an abort ends the whole thread
const { signal } = new AbortController();
const read = recordReader({ columns, withText, categories }, (mentions) => chain.run(mentions, signal), {
  now: () => new Date(),
  signal,
});

/** What a thread does with records that were cut out of a file; `cli/enriching.ts` starts the threads. */
export default answering((cut: CutRecords) => read(cut));
