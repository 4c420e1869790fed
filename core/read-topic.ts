import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Context } from "./context.ts";
import type { Delivery, Sink } from "./contracts.ts";
import { toDeadLetter } from "./dead-letters.ts";
import { retrying } from "./retry.ts";

export interface ReadTopicOptions<T> {
  readonly target: Sink<T>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/**
 * What a consumer does with what it is delivered: hand the records to a sink, then what cannot be read to the dead
 * letters. Resolves when both are durable, so that the broker may commit.
 */
export function readingTo<T>(options: ReadTopicOptions<T>) {
  const { target, deadLetters, context } = options;
  return async ({ records, poison }: Delivery<T>, signal: AbortSignal): Promise<void> => {
    const what = { what: `hand on to ${target.name}` };
    if (records.length > 0) await retrying(() => target.write(records, signal), what, signal, context);
    if (poison.length === 0) return;
    const at = context.now().toISOString();
    const dead = poison.map(({ position, payload, error }) =>
      toDeadLetter({
        source: payload.topic,
        ingestor: "",
        stage: "read",
        position,
        payload,
        error,
        at,
      }),
    );
    await retrying(() => deadLetters.write(dead, signal), { what: "write dead letters" }, signal, context);
  };
}
