import type { DeadLetter, DeadLetterStage } from "../schemas/dead-letter.ts";
import { MentionDeletion, type MentionEvent } from "../schemas/mention.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import type { Context } from "./context.ts";
import type { Sink } from "./contracts.ts";
import { identityOf, toDeadLetter } from "./dead-letters.ts";
import { EarshotError } from "./errors.ts";
import { retrying } from "./retry.ts";
import { queueing } from "./turns.ts";

export interface IsolateOptions<T> {
  /** What is done, for the log: `store mentions`. */
  readonly what: string;
  /** Where a record fails that the target does not take. */
  readonly stage: DeadLetterStage;
  readonly target: Sink<T>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/** So many failures of one batch, with the target answering in between, look like the fault of a record. */
const SUSPICIOUS_TRIES = 6;

/** So many failures in a row without one record taken are the fault of the target after all. */
const MAX_FUTILE_TRIES = 24;

/**
 * A sink in front of another that waits while it is away and goes on past what it will not take: a batch it refuses
 * is halved until the culprits stand alone, and they become dead letters. A record whose failures look like an outage
 * is to blame only when the target answers and takes others of its batch.
 */
export function isolating<T extends MentionEvent | StoredEvent>(options: IsolateOptions<T>): Sink<T> {
  const { target, deadLetters, context, what, stage } = options;
  const takePlace = queueing();

  async function writeAll(records: readonly T[], signal: AbortSignal): Promise<void> {
    let tries = 0;
    const attempt = async () => {
      try {
        await target.write(records, signal);
        return [];
      } catch (error) {
        if (!(error instanceof EarshotError) || signal.aborted) throw error;
        const isSuspicious = error.retried && records.length > 1 && ++tries % SUSPICIOUS_TRIES === 0;
        if (error.code !== "sink_rejected" && !(isSuspicious && (await isAnswering(target)))) throw error;
        return findCulprits(target, records, error, signal);
      }
    };
    const culprits = await retrying(attempt, { what }, signal, context);
    if (culprits.length === 0) return;
    const at = context.now().toISOString();
    const dead = culprits.map(({ record, error }) => refused(record, stage, error, at));
    await retrying(() => deadLetters.write(dead, signal), { what: "write dead letters" }, signal, context);
  }

  return {
    name: target.name,
    async write(records, signal) {
      if (records.length === 0) return;
      // tried again within its turn: a batch that waits must not be overtaken
      const place = takePlace();
      try {
        await place.turn;
        await writeAll(records, signal);
      } finally {
        place.leave();
      }
    },
    check: () => target.check(),
    close: () => target.close(),
  };
}

interface Culprit<T> {
  readonly record: T;
  readonly error: EarshotError;
}

async function findCulprits<T>(
  target: Sink<T>,
  records: readonly T[],
  error: EarshotError,
  signal: AbortSignal,
): Promise<Culprit<T>[]> {
  const [only] = records;
  if (records.length === 1 && only !== undefined) return [{ record: only, error }];
  const culprits: Culprit<T>[] = [];
  await writeHalves(target, records, { taken: 0, failures: 0 }, culprits, signal);
  return culprits;
}

async function writeHalves<T>(
  target: Sink<T>,
  records: readonly T[],
  tally: { taken: number; failures: number },
  culprits: Culprit<T>[],
  signal: AbortSignal,
): Promise<void> {
  const middle = Math.ceil(records.length / 2);
  for (const half of [records.slice(0, middle), records.slice(middle)]) {
    try {
      await target.write(half, signal);
      tally.taken += half.length;
    } catch (error) {
      if (!(error instanceof EarshotError) || signal.aborted) throw error;
      if (!error.retried && error.code !== "sink_rejected") throw error;
      if (error.retried && tally.taken === 0 && ++tally.failures > MAX_FUTILE_TRIES) throw error;
      const [only] = half;
      if (half.length > 1) await writeHalves(target, half, tally, culprits, signal);
      else if (only !== undefined && (await isToBlame(target, only, error, signal)))
        culprits.push({ record: only, error });
    }
  }
  if (tally.taken === 0) {
    const outage = culprits.find(({ error }) => error.retried);
    if (outage !== undefined) throw outage.error;
  }
}

/** A record that failed as in an outage is tried once more, after the target has answered. */
async function isToBlame<T>(
  target: Sink<T>,
  record: T,
  error: EarshotError,
  signal: AbortSignal,
): Promise<boolean> {
  if (!error.retried) return true;
  await target.check();
  try {
    await target.write([record], signal);
    return false;
  } catch {
    signal.throwIfAborted();
    return true;
  }
}

async function isAnswering(target: Sink<never>): Promise<boolean> {
  try {
    await target.check();
    return true;
  } catch {
    return false;
  }
}

/** The dead letter of an event its target did not take. */
function refused(
  event: MentionEvent | StoredEvent,
  stage: DeadLetterStage,
  error: EarshotError,
  at: string,
): DeadLetter {
  const failed = { ingestor: "", stage, error, at } as const;
  if (event.type === "delete") {
    const { source, id: position } = event;
    return toDeadLetter({
      ...failed,
      source,
      position,
      payload: MentionDeletion.strip().parse(event),
      identity: "deletion",
    });
  }
  const { mention } = event;
  const { source, id: position } = mention;
  return toDeadLetter({ ...failed, source, position, payload: mention, identity: identityOf(mention) });
}
