import type { Outcome } from "../core/contracts.ts";
import { toEnrichment, toReading, type ChainAdds } from "../core/process.ts";
import { MODEL_VERSION } from "../processors/model-version.ts";
import { toReadMention, type ReadMention } from "../processors/read-mention.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { mentionRows } from "../schemas/rows.ts";
import type { ReadChain } from "./reading-here.ts";

/** The row of the store that a mention becomes: JSON of values in the order of its columns. */
export interface WrittenRow {
  readonly row: string;
}

/**
 * Reads mentions in one piece, and keeps only what a reading is: what steps hand on to each other is large. Outcomes are
 * in order.
 */
export async function readPart(
  chain: ReadChain,
  part: readonly ReadMention[],
  signal: AbortSignal,
): Promise<Outcome<ChainAdds>[]> {
  const outcomes = await chain.run(part, signal);
  return outcomes.map((outcome) =>
    outcome.kind === "ok" ? { kind: "ok", value: toReading(outcome.value) } : outcome,
  );
}

/** Reads mentions in one piece, and gives the rows they become, in order. @param at when they say they were read */
export async function readRows(
  chain: ReadChain,
  part: readonly Mention[],
  at: Timestamp,
  signal: AbortSignal,
): Promise<Outcome<WrittenRow>[]> {
  const outcomes = await chain.run(part.map(toReadMention), signal);
  return outcomes.map((outcome, index) => {
    if (outcome.kind !== "ok") return outcome;
    const mention = part[index] as Mention;
    const enrichment = toEnrichment(outcome.value, MODEL_VERSION, at);
    const row = JSON.stringify(mentionRows.toRow({ type: "upsert", mention, enrichment }));
    return { kind: "ok", value: { row } };
  });
}
