import { createHash } from "node:crypto";
import { MAX_PAYLOAD_LENGTH, type DeadLetter, type DeadLetterStage } from "../schemas/dead-letter.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Sink } from "./contracts.ts";
import { EarshotError } from "./errors.ts";
import { cleanText, cutText } from "./mention.ts";

/** How much of a payload too long to keep is kept, for a person to recognise it by. */
const CUT_PAYLOAD_LENGTH = 64 * 1024;

export interface Failure {
  readonly source: string;
  readonly ingestor: string;
  readonly stage: DeadLetterStage;
  readonly position: string;
  readonly payload: unknown;
  /** What makes the record itself the same when it is met again; the payload when absent. */
  readonly identity?: string;
  readonly error: EarshotError;
  readonly at: Timestamp;
}

/** The dead letter of one failed record. The same failure gives the same id, so meeting it twice keeps one. */
export function toDeadLetter(failure: Failure): DeadLetter {
  const whole = JSON.stringify(failure.payload) ?? "null";
  const isPayloadCut = whole.length > MAX_PAYLOAD_LENGTH;
  const id = createHash("sha256")
    .update(`${failure.source}\0${failure.stage}\0${failure.position}\0${failure.identity ?? whole}`)
    .digest("hex")
    .slice(0, 32);
  return {
    id,
    source: cleanText(failure.source),
    ingestor: failure.ingestor,
    stage: failure.stage,
    code: failure.error.code,
    reason: cutText(failure.error.message, 2_000),
    position: cutText(failure.position, 600),
    payload: isPayloadCut ? whole.slice(0, CUT_PAYLOAD_LENGTH).toWellFormed() : whole,
    isPayloadCut,
    state: "open",
    at: failure.at,
  };
}

/** The same content of a mention observed again is the same failure. */
export function identityOf({ revision, rawHash }: Mention): string {
  return `${revision}\0${rawHash}`;
}

/** Fits wherever anything fits: no broker is set up for messages this small. */
const SHORT_PAYLOAD_LENGTH = 4 * 1024;

/**
 * A sink of dead letters for a target that takes no large records: those it refuses are written again with their
 * payload cut, since a dead letter must get through.
 */
export function cuttingDeadLetters(target: Sink<DeadLetter>): Sink<DeadLetter> {
  const isRefused = (error: unknown) => error instanceof EarshotError && error.code === "sink_rejected";
  return {
    ...target,
    async write(dead, signal) {
      try {
        await target.write(dead, signal);
        return;
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
      for (const deadLetter of dead) {
        try {
          await target.write([deadLetter], signal);
        } catch (error) {
          if (!isRefused(error)) throw error;
          const payload = deadLetter.payload.slice(0, SHORT_PAYLOAD_LENGTH).toWellFormed();
          await target.write([{ ...deadLetter, payload, isPayloadCut: true }], signal);
        }
      }
    },
  };
}
