import { workerData } from "node:worker_threads";
import type { Config } from "../core/config.ts";
import { readParts } from "./read-parts.ts";
import { packFailure, packOutcomes, unpackParts, type Packed } from "./reading-messages.ts";
import { openReadChain } from "./reading.ts";

const chain = openReadChain(workerData as Pick<Config, "aspects">);
// an abort ends the whole thread
const { signal } = new AbortController();

/** What a reading thread does with parts of a batch; `cli/reading-pool.ts` starts the threads. */
export default async function read(parts: Packed): Promise<Packed> {
  try {
    return packOutcomes(await readParts(chain, unpackParts(parts), signal));
  } catch (error) {
    return packFailure(error);
  }
}
