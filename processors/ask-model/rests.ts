import type { Context } from "../../core/context.ts";
import type { EarshotError, ErrorCode } from "../../core/errors.ts";

/** When the model may be asked, and the log of when it may not. */
export interface Rests {
  /** Whether it may be asked now. */
  mayAsk(): boolean;
  /** Whether the last request went well: until one does, one at a time is enough. */
  isProven(): boolean;
  succeeded(): void;
  /** @param lostMs how long we waited for nothing */
  failed(error: EarshotError, lostMs: number): void;
  /** Nothing may be spent before its `retryAfterMs` is over. */
  spent(error: EarshotError): void;
  /** Notes mentions that kept their built-in reading. */
  kept(mentions: number): void;
}

/** First rest and longest, ms. What a person must put right is not put right within seconds. */
const RESTS: Partial<Record<ErrorCode, readonly [first: number, longest: number]>> = {
  source_unauthorized: [60_000, 3_600_000],
  source_changed: [60_000, 3_600_000],
};
const USUAL_REST = [5_000, 600_000] as const;

/** Whoever waits for nothing rests this much longer: a dead endpoint costs a stream a tenth of its time at most. */
const REST_PER_LOSS = 9;

/** One text nobody can read must not silence the model for all others, an endpoint that takes none must. */
const UNREADABLE_IN_A_ROW = 3;

/** Starts to keep account of one endpoint. One line is logged when asking stops, for each new reason, and when it resumes. */
export function keepRests(model: string, context: Context): Rests {
  let notBefore = 0;
  let failures = 0;
  let unreadable = 0;
  let isProven = false;
  let trouble: ErrorCode | undefined;
  let keptMentions = 0;
  const mayAsk = () => context.now().getTime() >= notBefore;

  function rest({ code, message }: EarshotError, restMs: number): void {
    isProven = false;
    notBefore = context.now().getTime() + restMs;
    if (trouble === code) return;
    trouble = code;
    context.log.warn(
      { model, code, reason: message, until: new Date(notBefore).toISOString() },
      "the model is not asked for now; the built-in readers decide alone",
    );
  }

  return {
    mayAsk,
    isProven: () => isProven,
    succeeded() {
      // the last of those that were under way may succeed after we were asked to wait
      if (!mayAsk()) return;
      [isProven, failures, unreadable, notBefore] = [true, 0, 0, 0];
      if (trouble === undefined) return;
      context.log.info({ model, mentions: keptMentions }, "the model is asked again");
      [trouble, keptMentions] = [undefined, 0];
    },
    failed(error, lostMs) {
      context.log.debug({ model, code: error.code, reason: error.message }, "the model gave no readings");
      // requests that were under way together fail together: that is one failure
      if (!mayAsk()) return;
      if (error.code === "record_invalid" && ++unreadable < UNREADABLE_IN_A_ROW) return;
      const [first, longest] = RESTS[error.code] ?? USUAL_REST;
      const backOff = Math.min(longest, first * 2 ** failures++);
      // an endpoint that says "now" while it refuses us would be asked with every batch
      rest(error, Math.max(error.retryAfterMs || backOff, lostMs * REST_PER_LOSS));
    },
    spent: (error) => rest(error, error.retryAfterMs ?? USUAL_REST[1]),
    kept(mentions) {
      if (trouble !== undefined) keptMentions += mentions;
    },
  };
}
