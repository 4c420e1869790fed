import { inspect } from "node:util";
import type { Outcome } from "../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../core/errors.ts";
import type { ChainAdds } from "../core/process.ts";
import type { ReadMention } from "../processors/read-mention.ts";

/**
 * A part of a batch, or what was read of it, as threads hand them to each other: JSON, since a copy made by Node takes
 * twice as long, and five times as long where it has to look at each object for something to hand over.
 */
export type Packed = string;

/** An error as threads hand it on: a copy of an error loses what its class adds. */
interface SentError {
  /** Absent: no {@link EarshotError}. */
  readonly code?: ErrorCode;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** As it is logged where it was no error. */
  readonly cause?: SentError | string;
}

type SentOutcome =
  Exclude<Outcome<ChainAdds>, { kind: "dead" }> | { readonly kind: "dead"; readonly error: SentError };

/** What was read of each part in order, or why none of them was decided. */
export type Answer =
  | { readonly kind: "read"; readonly parts: readonly Packed[] }
  | { readonly kind: "failed"; readonly error: SentError };

/** What is handed to a thread. Half characters, as hostile texts have, come out as they went in. */
export function packPart(part: readonly ReadMention[]): Packed {
  return JSON.stringify(part);
}

/** What {@link packPart} packed. */
export function unpackPart(packed: Packed): ReadMention[] {
  return JSON.parse(packed) as ReadMention[];
}

/** What was read of a part. */
export function packOutcomes(outcomes: readonly Outcome<ChainAdds>[]): Packed {
  const sent = outcomes.map((outcome): SentOutcome =>
    outcome.kind === "dead" ? { kind: "dead", error: toSent(outcome.error) } : outcome,
  );
  return JSON.stringify(sent);
}

/** The answer that says what the chain threw. */
export function toFailure(error: unknown): Answer {
  return { kind: "failed", error: toSent(error instanceof Error ? error : new Error(String(error))) };
}

/** The outcomes of an answer, of all its parts. @throws what the chain threw */
export function outcomesOf(answer: Answer): Outcome<ChainAdds>[] {
  if (answer.kind === "failed") throw fromSent(answer.error);
  return answer.parts.flatMap((part) => (JSON.parse(part) as SentOutcome[]).map(unpackOutcome));
}

function unpackOutcome(outcome: SentOutcome): Outcome<ChainAdds> {
  if (outcome.kind !== "dead") return outcome;
  const error = fromSent(outcome.error);
  if (error instanceof EarshotError) return { kind: "dead", error };
  throw new TypeError("a dead letter's error came without its code");
}

function toSent(error: Error): SentError {
  const { name, message, stack, cause } = error;
  return {
    ...(error instanceof EarshotError ? { code: error.code, retryAfterMs: error.retryAfterMs } : {}),
    name,
    message,
    stack,
    ...(cause === undefined
      ? {}
      : {
          cause: cause instanceof Error ? toSent(cause) : typeof cause === "string" ? cause : inspect(cause),
        }),
  };
}

function fromSent({ code, name, message, stack, retryAfterMs, cause: sent }: SentError): Error {
  const cause = typeof sent === "object" ? fromSent(sent) : sent;
  const error =
    code === undefined
      ? Object.assign(new Error(message, { cause }), { name })
      : new EarshotError(code, message, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}
