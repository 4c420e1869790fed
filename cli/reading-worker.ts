import { workerData } from "node:worker_threads";
import type { Config } from "../core/config.ts";
import { readPart, readRows } from "./read-part.ts";
import { packOutcomes, packRows, unpackPart, type ReadTask } from "./reading-messages.ts";
import { openReadChain } from "./reading.ts";
import { answering } from "./thread-messages.ts";

const chain = openReadChain(workerData as Pick<Config, "aspects">);
// an abort ends the whole thread
const { signal } = new AbortController();

/** What a reading thread does with a part of a batch; `cli/reading-pool.ts` starts the threads. */
export default answering(async (task: ReadTask) =>
  task.give === "rows"
    ? packRows(await readRows(chain, unpackPart(task.part), task.at, signal))
    : packOutcomes(await readPart(chain, unpackPart(task.part), signal)),
);
