import { availableParallelism } from "node:os";
import type { Chain } from "../core/chain.ts";
import type { Config } from "../core/config.ts";
import type { Context } from "../core/context.ts";
import type { ChainAdds } from "../core/process.ts";
import type { ReadMention } from "../processors/read-mention.ts";

export type ReadingConfig = Pick<Config, "aspects" | "reading">;

export type ReadChain = Chain<ReadMention, ReadMention & ChainAdds>;

/** Whether a language model reads too. It is slower than any thread, and its budget and memory are held once. */
export function isAsking({ reading }: ReadingConfig): boolean {
  return reading.stronger?.endpoint !== undefined;
}

/** How many threads read beside this one. */
export function threadsOf(config: ReadingConfig): number {
  if (isAsking(config)) return 0;
  return config.reading.threads ?? Math.max(1, availableParallelism() - 1);
}

/** Gives the readers of this thread, loaded when first asked for. */
export function readersHere({ aspects, reading }: ReadingConfig, context: Context): () => Promise<ReadChain> {
  let opened: Promise<ReadChain> | undefined;

  async function open(): Promise<ReadChain> {
    // the readers are large, and a command that reads nothing should not wait for them
    const { openReadChain } = await import("./reading.ts");
    const { stronger } = reading;
    if (stronger === undefined) return openReadChain({ aspects });
    return openReadChain({ aspects }, { config: stronger, context, aspectNames: Object.keys(aspects) });
  }

  return () => (opened ??= open());
}
