import type { Chain } from "../core/chain.ts";
import type { Outcome } from "../core/contracts.ts";
import { toReading, type ChainAdds } from "../core/process.ts";
import type { ReadMention } from "../processors/read-mention.ts";

/**
 * Reads mentions in one piece, and keeps only what a reading is: what steps hand on to each other is large. Outcomes are
 * in order.
 */
export async function readPart(
  chain: Chain<ReadMention, ReadMention & ChainAdds>,
  part: readonly ReadMention[],
  signal: AbortSignal,
): Promise<Outcome<ChainAdds>[]> {
  const outcomes = await chain.run(part, signal);
  return outcomes.map((outcome) =>
    outcome.kind === "ok" ? { kind: "ok", value: toReading(outcome.value) } : outcome,
  );
}
