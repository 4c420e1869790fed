import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Enrichment } from "../schemas/enrichment.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { LoggedEvent, StoredEvent } from "../schemas/stored-event.ts";
import type { Context } from "./context.ts";
import type { Outcome, Sink } from "./contracts.ts";
import { identityOf, toDeadLetter } from "./dead-letters.ts";
import type { EarshotError } from "./errors.ts";
import { retrying } from "./retry.ts";
import { queueing } from "./turns.ts";

/** What the whole chain must have added by its end. `modelVersion` and `processedAt` are the loop's. */
export interface ChainAdds extends Omit<Enrichment, "modelVersion" | "processedAt"> {
  /** What read it beside the program's own readers, for `modelVersion`. Absent or empty: nothing did. */
  readonly readBy?: string;
}

/** What gives something of mentions by reading them: a whole chain, wherever it runs. */
export interface MentionReader<Read extends object> {
  /** Outcomes in the order of `batch`. @throws {EarshotError} a retryable error: nothing was decided */
  run(batch: readonly Mention[], signal: AbortSignal): Promise<readonly Outcome<Read>[]>;
}

/** A mention as it came, with its place in the log, if it came through one. */
export type LoggedMention = Extract<LoggedEvent, { type: "upsert" }>;
type LoggedDeletion = Extract<LoggedEvent, { type: "delete" }>;

export interface ProcessOptions<Read extends object, Event> {
  readonly chain: MentionReader<Read>;
  /** A mention as the target takes it. @param at when it was read */
  readonly toEvent: (event: LoggedMention, read: Read, at: Timestamp) => Event;
  /** Where events go once read: the store, or the topic in front of it. */
  readonly target: Sink<Event | LoggedDeletion>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/**
 * The process loop as a sink of mention events: chain, then write what is ok, then write dead letters. When `write`
 * resolves, every event is durable at the target or as a dead letter, or was dropped on purpose.
 */
export function processingSink<Read extends object, Event>(
  options: ProcessOptions<Read, Event>,
): Sink<LoggedEvent> {
  const { target, deadLetters, context } = options;
  const takePlace = queueing();
  return {
    name: "process",
    // batches are read side by side and written in the order they came: of two equal versions the later must win
    async write(events, signal) {
      const place = takePlace();
      try {
        const { read, dead } = await readEvents(options, events, signal);
        await place.turn;
        if (read.length > 0) await target.write(read, signal);
        if (dead.length > 0) {
          const label = { what: "write dead letters" };
          await retrying(() => deadLetters.write(dead, signal), label, signal, context);
        }
      } finally {
        place.leave();
      }
    },
    check: () => target.check(),
    close: () => target.close(),
  };
}

async function readEvents<Read extends object, Event>(
  { chain, toEvent, context }: ProcessOptions<Read, Event>,
  events: readonly LoggedEvent[],
  signal: AbortSignal,
) {
  const upserts = events.filter((event) => event.type === "upsert");
  const outcomes = await chain.run(
    upserts.map(({ mention }) => mention),
    signal,
  );
  const processedAt = context.now().toISOString();
  const read: (Event | LoggedDeletion)[] = [];
  const dead: DeadLetter[] = [];
  let next = 0;
  for (const event of events) {
    if (event.type === "delete") {
      read.push(event);
      continue;
    }
    const outcome = outcomes[next++];
    if (outcome === undefined || outcome.kind === "drop") continue;
    if (outcome.kind === "dead") {
      dead.push(unprocessed(event.mention, outcome.error, processedAt));
      continue;
    }
    read.push(toEvent(event, outcome.value, processedAt));
  }
  return { read, dead };
}

/** Gives mentions as they are stored, with what was read. @param modelVersion of the readers */
export function toStored(modelVersion: string) {
  return (event: LoggedMention, read: ChainAdds, at: Timestamp): StoredEvent => ({
    ...event,
    enrichment: toEnrichment(read, modelVersion, at),
  });
}

/** What was read from a mention, without what the steps handed on to each other. */
export function toReading(read: ChainAdds): ChainAdds {
  return { ...storedOf(read), ...(read.readBy === undefined ? {} : { readBy: read.readBy }) };
}

function storedOf(read: ChainAdds): Omit<ChainAdds, "readBy"> {
  return {
    language: read.language,
    languageConfidence: read.languageConfidence,
    sentiment: read.sentiment,
    complaint: read.complaint,
    intent: read.intent,
    request: read.request,
    feedback: read.feedback,
    aspects: read.aspects,
    stage: read.stage,
    severity: read.severity,
    anger: read.anger,
    repetition: read.repetition,
    expectation: read.expectation,
    threats: read.threats,
    spam: read.spam,
  };
}

/** What is stored of a reading. */
export function toEnrichment(read: ChainAdds, modelVersion: string, processedAt: Timestamp): Enrichment {
  return { ...storedOf(read), modelVersion: versionOf(modelVersion, read), processedAt };
}

/** The version of all that read a mention: our own readers', and behind a + what read some of it again. */
export function versionOf(modelVersion: string, { readBy = "" }: Pick<ChainAdds, "readBy">): string {
  return readBy === "" ? modelVersion : `${modelVersion}+${readBy}`;
}

function unprocessed(mention: Mention, error: EarshotError, at: Timestamp): DeadLetter {
  const { source, id: position } = mention;
  const identity = identityOf(mention);
  return toDeadLetter({
    source,
    ingestor: "",
    stage: "process",
    position,
    payload: mention,
    identity,
    error,
    at,
  });
}
