import type { Chain } from "../core/chain.ts";
import type { Outcome } from "../core/contracts.ts";
import { toReading, type ChainAdds } from "../core/process.ts";
import type { Mention } from "../schemas/mention.ts";

/**
 * Reads parts one after the other, and keeps of each only what a reading is: what steps hand on to each other is large,
 * and let go of before the next part. Outcomes are in order.
 */
export async function readParts(
  chain: Chain<Mention, Mention & ChainAdds>,
  parts: readonly (readonly Mention[])[],
  signal: AbortSignal,
): Promise<Outcome<ChainAdds>[]> {
  const outcomes: Outcome<ChainAdds>[] = [];
  for (const part of parts) {
    for (const outcome of await chain.run(part, signal)) {
      outcomes.push(outcome.kind === "ok" ? { kind: "ok", value: toReading(outcome.value) } : outcome);
    }
  }
  return outcomes;
}
