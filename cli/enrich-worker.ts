import { workerData } from "node:worker_threads";
import type { CutRecords } from "../ingestors/file/index.ts";
import { recordReader } from "./enrich-records.ts";
import type { EnrichTask } from "./enriching.ts";
import { openReadChain } from "./reading.ts";
import { answering } from "./thread-messages.ts";

const { aspects, ...plan } = workerData as EnrichTask;
const chain = openReadChain({ aspects });
// an abort ends the whole thread
const { signal } = new AbortController();
const read = recordReader(plan, (mentions) => chain.run(mentions, signal), { now: () => new Date(), signal });

/** What a thread does with records that were cut out of a file; `cli/enriching.ts` starts the threads. */
export default answering((cut: CutRecords) => read(cut));
