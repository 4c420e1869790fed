import { openReading, type Reading } from "../cli/reading-pool.ts";
import type { Context } from "../core/context.ts";
import type { Mention } from "../schemas/mention.ts";

/** As an import hands mentions on: pages of so many, two at a time. */
export const PAGE = 2_000;

export const { signal } = new AbortController();
export const context: Context = { now: () => new Date(), log: console, observe: () => {} };

/** The reading of mentions as the program opens it. @param threads beside this one */
export function openReaders(threads: number): Reading {
  return openReading({ aspects: {}, reading: { threads } }, context);
}

/** Reads `count` mentions to rows of the store, repeating those given. */
export async function readAll(reading: Reading, mentions: readonly Mention[], count: number): Promise<void> {
  const inFlight: Promise<unknown>[] = [];
  for (let from = 0; from < count; from += PAGE) {
    const page: Mention[] = [];
    for (let index = from; index < Math.min(count, from + PAGE); index++) {
      const mention = mentions[index % mentions.length];
      if (mention !== undefined) page.push(mention);
    }
    inFlight.push(reading.rows.run(page, signal));
    if (inFlight.length >= 2) await inFlight.shift();
  }
  await Promise.all(inFlight);
}
