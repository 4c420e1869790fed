import { workerData } from "node:worker_threads";
import type { Config } from "../core/config.ts";
import { readPart } from "./read-part.ts";
import { packOutcomes, toFailure, unpackPart, type Answer, type Packed } from "./reading-messages.ts";
import { openReadChain } from "./reading.ts";

const chain = openReadChain(workerData as Pick<Config, "aspects">);
// an abort ends the whole thread
const { signal } = new AbortController();

/** What a reading thread does with parts of a batch; `cli/reading-pool.ts` starts the threads. */
export default async function read(parts: readonly Packed[]): Promise<Answer> {
  try {
    const packed: Packed[] = [];
    // what was read is packed at once: what lives on while others are read is moved about by the garbage collector
    for (const part of parts) packed.push(packOutcomes(await readPart(chain, unpackPart(part), signal)));
    return { kind: "read", parts: packed };
  } catch (error) {
    return toFailure(error);
  }
}
