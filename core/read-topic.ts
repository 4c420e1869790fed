import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { LogPosition } from "../schemas/stored-event.ts";
import type { Context } from "./context.ts";
import type { Delivery, Sink } from "./contracts.ts";
import { toDeadLetter } from "./dead-letters.ts";
import { retrying } from "./retry.ts";

export interface ReadTopicOptions<T, U> {
  readonly target: Sink<U>;
  /** What the target is given for a record, with its place in the topic; undefined: nothing. */
  readonly take: (record: T, position: LogPosition) => U | undefined;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/**
 * What a consumer does with what it is delivered: hand the records to a sink, then what cannot be read to the dead
 * letters. Resolves when both are durable, so that the broker may commit.
 */
export function readingTo<T, U>(options: ReadTopicOptions<T, U>) {
  const { target, take, deadLetters, context } = options;
  return async ({ records, positions, poison }: Delivery<T>, signal: AbortSignal): Promise<void> => {
    const what = { what: `hand on to ${target.name}` };
    const taken = records
      .map((record, index) => take(record, positionAt(positions, index)))
      .filter((record) => record !== undefined);
    if (taken.length > 0) await retrying(() => target.write(taken, signal), what, signal, context);
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

function positionAt(positions: readonly LogPosition[], index: number): LogPosition {
  const position = positions[index];
  if (position === undefined) throw new RangeError("a delivery has fewer positions than records");
  return position;
}
