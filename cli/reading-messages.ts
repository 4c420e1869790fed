import { inspect } from "node:util";
import { deserialize, serialize } from "node:v8";
import type { Outcome } from "../core/contracts.ts";
import { EarshotError, type ErrorCode } from "../core/errors.ts";
import type { ChainAdds } from "../core/process.ts";
import type { Mention } from "../schemas/mention.ts";

/**
 * What threads are handed and hand back. It crosses as bytes: a message of many objects costs five times as much
 * processor time, since Node looks at each of them for something to transfer.
 */
export type Packed = Uint8Array;

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

/** Outcomes in the order a thread was given mentions, or why the batch was not decided. */
type Answer =
  | { readonly kind: "read"; readonly outcomes: readonly SentOutcome[] }
  | { readonly kind: "failed"; readonly error: SentError };

/** A whole mention each: what the steps look at is theirs to say, and leaving the rest out would save 1 µs of 170. */
export function packParts(parts: readonly (readonly Mention[])[]): Packed {
  return serialize(parts);
}

/** What {@link packParts} packed. */
export function unpackParts(packed: Packed): Mention[][] {
  return deserialize(packed) as Mention[][];
}

/** The answer that says what was read. */
export function packOutcomes(outcomes: readonly Outcome<ChainAdds>[]): Packed {
  return packAnswer({
    kind: "read",
    outcomes: outcomes.map((outcome) =>
      outcome.kind === "dead" ? { kind: "dead", error: toSent(outcome.error) } : outcome,
    ),
  });
}

/** The answer that says what the chain threw. */
export function packFailure(error: unknown): Packed {
  const sent = error instanceof Error ? error : new Error(String(error));
  return packAnswer({ kind: "failed", error: toSent(sent) });
}

function packAnswer(answer: Answer): Packed {
  return serialize(answer);
}

/** The outcomes of an answer. @throws what the chain threw */
export function unpackOutcomes(packed: Packed): Outcome<ChainAdds>[] {
  const answer = deserialize(packed) as Answer;
  if (answer.kind === "failed") throw fromSent(answer.error);
  return answer.outcomes.map((outcome) => {
    if (outcome.kind !== "dead") return outcome;
    const error = fromSent(outcome.error);
    if (error instanceof EarshotError) return { kind: "dead", error };
    throw new TypeError("a dead letter's error came without its code");
  });
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
