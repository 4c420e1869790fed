import type { Outcome } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import type { ChainAdds } from "../core/process.ts";
import type { ReadMention } from "../processors/read-mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { WrittenRow } from "./read-part.ts";
import { fromSent, toSent, type SentError } from "./thread-messages.ts";

/**
 * A part of a batch, or what was read of it, as threads hand them to each other: JSON, since a copy made by Node takes
 * twice as long, and five times as long where it has to look at each object for something to hand over.
 */
export type Packed = string;

/** A part of a batch, and what a thread is to give of it: readings, or rows that say they were read `at`. */
export type ReadTask =
  | { readonly give: "readings"; readonly part: Packed }
  | { readonly give: "rows"; readonly part: Packed; readonly at: Timestamp };

type Unread<T> = Exclude<Outcome<T>, { kind: "ok" }>;
type SentUnread =
  Exclude<Unread<unknown>, { kind: "dead" }> | { readonly kind: "dead"; readonly error: SentError };
type SentOutcome = Extract<Outcome<ChainAdds>, { kind: "ok" }> | SentUnread;

/** What is handed to a thread. Half characters, as hostile texts have, come out as they went in. */
export function packPart(part: readonly ReadMention[]): Packed {
  return JSON.stringify(part);
}

/** What {@link packPart} packed. */
export function unpackPart<T extends ReadMention>(packed: Packed): T[] {
  return JSON.parse(packed) as T[];
}

/** What a thread has read of a part. */
export function packOutcomes(outcomes: readonly Outcome<ChainAdds>[]): Packed {
  return JSON.stringify(outcomes.map((outcome) => (outcome.kind === "ok" ? outcome : toSentUnread(outcome))));
}

/** What {@link packOutcomes} packed. */
export function unpackOutcomes(packed: Packed): Outcome<ChainAdds>[] {
  return (JSON.parse(packed) as SentOutcome[]).map((outcome) =>
    outcome.kind === "ok" ? outcome : fromSentUnread(outcome),
  );
}

/** Rows that a thread has written: a line each, since to pack them again would take as long as to write them. */
export function packRows(outcomes: readonly Outcome<WrittenRow>[]): Packed {
  const lines = outcomes.map((outcome) =>
    outcome.kind === "ok" ? outcome.value.row : JSON.stringify(toSentUnread(outcome)),
  );
  return lines.join("\n");
}

/** What {@link packRows} packed. */
export function unpackRows(packed: Packed): Outcome<WrittenRow>[] {
  return packed
    .split("\n")
    .map((line) =>
      line.startsWith("[")
        ? { kind: "ok", value: { row: line } }
        : fromSentUnread(JSON.parse(line) as SentUnread),
    );
}

function toSentUnread(outcome: Unread<unknown>): SentUnread {
  return outcome.kind === "dead" ? { kind: "dead", error: toSent(outcome.error) } : outcome;
}

function fromSentUnread(outcome: SentUnread): Unread<never> {
  if (outcome.kind !== "dead") return outcome;
  const error = fromSent(outcome.error);
  if (error instanceof EarshotError) return { kind: "dead", error };
  throw new TypeError("a dead letter's error came without its code");
}
