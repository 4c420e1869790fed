import { inspect } from "node:util";
import { EarshotError, type ErrorCode } from "../core/errors.ts";

/** An error as threads hand it on: a copy of an error loses what its class adds. */
export interface SentError {
  /** Absent: no {@link EarshotError}. */
  readonly code?: ErrorCode;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** As it is logged where it was no error. */
  readonly cause?: SentError | string;
}

/** What a thread answers a task with. */
export type Answer<Value> =
  { readonly kind: "done"; readonly value: Value } | { readonly kind: "failed"; readonly error: SentError };

/**
 * Makes what a thread does with its tasks out of what it does with one. It is handed several ahead and does one at a time:
 * what lives on while others are worked on is moved about by the garbage collector.
 */
export function answering<Task, Value>(
  work: (task: Task) => Promise<Value>,
): (task: Task) => Promise<Answer<Value>> {
  let before: Promise<unknown> = Promise.resolve();
  return (task) => {
    const answer = before.then(() => answerOf(() => work(task)));
    before = answer;
    return answer;
  };
}

async function answerOf<Value>(work: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    return { kind: "failed", error: toSent(error instanceof Error ? error : new Error(String(error))) };
  }
}

/** What was answered. @throws what the task threw */
export function valueOf<Value>(answer: Answer<Value>): Value {
  if (answer.kind === "failed") throw fromSent(answer.error);
  return answer.value;
}

/** An error made ready to be handed to another thread, its causes with it. */
export function toSent(error: Error): SentError {
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

/** The error that {@link toSent} made ready. */
export function fromSent({ code, name, message, stack, retryAfterMs, cause: sent }: SentError): Error {
  const cause = typeof sent === "object" ? fromSent(sent) : sent;
  const error =
    code === undefined
      ? Object.assign(new Error(message, { cause }), { name })
      : new EarshotError(code, message, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}
