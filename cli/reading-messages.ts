import type { Outcome } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import type { ChainAdds } from "../core/process.ts";
import type { ReadMention } from "../processors/read-mention.ts";
import { fromSent, toSent, type SentError } from "./thread-messages.ts";

/**
 * A part of a batch, or what was read of it, as threads hand them to each other: JSON, since a copy made by Node takes
 * twice as long, and five times as long where it has to look at each object for something to hand over.
 */
export type Packed = string;

type SentOutcome =
  Exclude<Outcome<ChainAdds>, { kind: "dead" }> | { readonly kind: "dead"; readonly error: SentError };

/** What is handed to a thread. Half characters, as hostile texts have, come out as they went in. */
export function packPart(part: readonly ReadMention[]): Packed {
  return JSON.stringify(part);
}

/** What {@link packPart} packed. */
export function unpackPart(packed: Packed): ReadMention[] {
  return JSON.parse(packed) as ReadMention[];
}

/** What a thread has read of a part. */
export function packOutcomes(outcomes: readonly Outcome<ChainAdds>[]): Packed {
  const sent = outcomes.map((outcome): SentOutcome =>
    outcome.kind === "dead" ? { kind: "dead", error: toSent(outcome.error) } : outcome,
  );
  return JSON.stringify(sent);
}

/** What {@link packOutcomes} packed. */
export function unpackOutcomes(packed: Packed): Outcome<ChainAdds>[] {
  return (JSON.parse(packed) as SentOutcome[]).map((outcome) => {
    if (outcome.kind !== "dead") return outcome;
    const error = fromSent(outcome.error);
    if (error instanceof EarshotError) return { kind: "dead", error };
    throw new TypeError("a dead letter's error came without its code");
  });
}
