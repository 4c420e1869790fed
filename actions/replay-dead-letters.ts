import type { Context } from "../core/context.ts";
import type { Ingestor, Sink, Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cutText, toDeletion } from "../core/mention.ts";
import { rereadMessage } from "../core/messages.ts";
import { ownMention, type ParseOptions } from "../core/parse-items.ts";
import { openDeadLetters } from "../queries/open-dead-letters.ts";
import { UnreadMessage, type DeadLetter } from "../schemas/dead-letter.ts";
import { Mention, MentionDeletion, type MentionEvent } from "../schemas/mention.ts";
import { fromColumnTime } from "../schemas/rows.ts";
import { enrichedTopic, mentionsTopic } from "../schemas/topics.ts";

export interface ReplayOptions {
  readonly store: Store;
  readonly ingestors: readonly Ingestor[];
  /** Whose the mentions of a configured source are, and what must not be kept of them, by its id. */
  readonly sourceOf: (source: string) => Pick<ParseOptions, "belonging" | "redactKey">;
  /** Makes the way into the store whose own dead letters are told to `onDead`. */
  readonly openEvents: (onDead: Sink<DeadLetter>) => Sink<MentionEvent>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly source?: string;
  readonly ids?: readonly string[];
  readonly context: Context;
}

export interface ReplayReport {
  replayed: number;
  failed: { id: string; reason: string }[];
}

/** Few at a time: a payload may be 16 MiB. */
const BATCH = 50;

/**
 * Tries open dead letters again with the program as it is now, oldest first. What succeeds is marked replayed; what
 * fails stays open with its new reason.
 */
export async function replayDeadLetters(options: ReplayOptions, signal: AbortSignal): Promise<ReplayReport> {
  const report: ReplayReport = { replayed: 0, failed: [] };
  const until = options.context.now().toISOString();
  for (let last = ""; ;) {
    const batch = await nextBatch(options, until, last);
    if (batch.length === 0) return report;
    last = batch.at(-1)?.id ?? "";
    await replayBatch(options, batch, report, signal);
  }
}

async function nextBatch(options: ReplayOptions, until: string, after: string): Promise<DeadLetter[]> {
  const { source, ids = [] } = options;
  const statement = openDeadLetters.statement({ until, after, source, ids: [...ids], limit: BATCH });
  const rows = await options.store.query(statement, openDeadLetters.row);
  return rows.map(({ is_payload_cut: isPayloadCut, at, ...rest }) => ({
    ...rest,
    isPayloadCut,
    state: "open",
    at: fromColumnTime(at),
  }));
}

async function replayBatch(
  options: ReplayOptions,
  batch: readonly DeadLetter[],
  report: ReplayReport,
  signal: AbortSignal,
): Promise<void> {
  const at = options.context.now().toISOString();
  const failures = new Map<string, string>();
  const events: MentionEvent[] = [];
  /** Which dead letters stand for a mention: it may have failed more than once. */
  const standing = new Map<string, string[]>();
  for (const deadLetter of batch) {
    try {
      const event = toEvent(options, deadLetter);
      if (event === undefined) continue;
      events.push(event);
      const id = event.type === "upsert" ? event.mention.id : event.id;
      standing.set(id, [...(standing.get(id) ?? []), deadLetter.id]);
    } catch (error) {
      failures.set(deadLetter.id, error instanceof Error ? error.message : String(error));
    }
  }
  const sink = options.openEvents({
    name: "replay failures",
    // the position of what failed in processing or storing is the id of its mention
    write: async (dead) => {
      for (const { position, reason } of dead) {
        for (const id of standing.get(position) ?? []) failures.set(id, reason);
      }
    },
    check: async () => {},
    close: async () => {},
  });
  if (events.length > 0) await sink.write(events, signal);
  const outcomes = batch.map((deadLetter): DeadLetter => {
    const reason = failures.get(deadLetter.id);
    if (reason === undefined) return { ...deadLetter, state: "replayed", at };
    report.failed.push({ id: deadLetter.id, reason: cutText(reason, 2_000) });
    return { ...deadLetter, reason: cutText(reason, 2_000), at };
  });
  await options.deadLetters.write(outcomes, signal);
  report.replayed += outcomes.filter((outcome) => outcome.state === "replayed").length;
}

/** The mention event a dead letter stands for, undefined when its item is now left out on purpose. */
function toEvent(options: ReplayOptions, deadLetter: DeadLetter): MentionEvent | undefined {
  // observed when it failed: replaying must not make an old item newer than what came since
  const { source, ingestor: name, isPayloadCut, payload, stage, at: observedAt } = deadLetter;
  if (isPayloadCut) {
    throw new EarshotError(
      "record_invalid",
      "The payload was too long to be kept whole; import it from its source again.",
    );
  }
  if (stage === "deliver") {
    throw new EarshotError(
      "record_invalid",
      "A message about an alert is not sent again, for by now it is old; the alert itself is listed. Mend the receiver, try it with: earshot alerts test",
    );
  }
  const item: unknown = JSON.parse(payload);
  if (stage === "read") return fromUnread(UnreadMessage.parse(item));
  if (stage !== "parse") {
    const deletion = MentionDeletion.safeParse(item);
    return deletion.success ? deletion.data : { type: "upsert", mention: Mention.parse(item) };
  }
  const ingestor = options.ingestors.find((candidate) => candidate.name === name);
  if (ingestor === undefined) {
    throw new EarshotError("record_invalid", `There is no ingestor ${name} in this version to read it.`);
  }
  const parsed = ingestor.parse(item, observedAt);
  if (parsed.type === "skip") return undefined;
  const { belonging, redactKey } = options.sourceOf(source);
  if (parsed.type === "delete") {
    return toDeletion(parsed, { source, trackers: belonging.trackers, observedAt });
  }
  const mention = ownMention({ source, belonging, redactKey }, parsed.mention, observedAt);
  return mention === undefined ? undefined : { type: "upsert", mention };
}

/** @throws {EarshotError} record_invalid */
function fromUnread(message: UnreadMessage): MentionEvent {
  if (message.topic === mentionsTopic.name) return rereadMessage(mentionsTopic, message);
  if (message.topic === enrichedTopic.name) {
    const { event } = rereadMessage(enrichedTopic, message);
    return event.type === "upsert" ? { type: "upsert", mention: event.mention } : event;
  }
  throw new EarshotError(
    "record_invalid",
    `A message of ${message.topic} holds no mention; look at its payload, then discard it.`,
  );
}
