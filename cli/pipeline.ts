import type { Context } from "../core/context.ts";
import type { Broker, Sink } from "../core/contracts.ts";
import { ownCursor } from "../core/cursors.ts";
import { cuttingDeadLetters } from "../core/dead-letters.ts";
import type { IngestOptions } from "../core/ingest.ts";
import { isolating } from "../core/isolate.ts";
import { keepingLog, notingVersions } from "../core/keep-log.ts";
import { processingSink } from "../core/process.ts";
import { outdatedInLog, standingMentions } from "../queries/standing-mentions.ts";
import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { MentionEvent } from "../schemas/mention.ts";
import { deadLetterRows, loggedVersionRows, mentionRows, toMentionEvent } from "../schemas/rows.ts";
import type { StoredEvent, WrittenMention } from "../schemas/stored-event.ts";
import { deadLettersTopic, mentionsTopic } from "../schemas/topics.ts";
import { askAboutIds, type App } from "./app.ts";

/** The ends an ingest loop of one source writes to. */
export type Pipeline = Pick<IngestOptions, "events" | "deadLetters" | "cursor" | "context">;

/** The way from a source into the store: through Kafka where there is one, else direct. */
export function pipelineFor(app: App, source: string, deadLetters = deadLetterSink(app)): Pipeline {
  const { context, cursors, broker } = app;
  return {
    events:
      broker === undefined ? directSink(app, deadLetters) : publishingSink(broker, deadLetters, context),
    deadLetters,
    cursor: ownCursor(cursors, source, context),
    context,
  };
}

/** The direct topology: events are processed and stored in this process. */
export function directSink(app: App, deadLetters: Sink<DeadLetter>): Sink<MentionEvent> {
  const { context, reading } = app;
  return processingSink({
    chain: reading.rows,
    toEvent: ({ mention }, { row }): WrittenMention => ({ type: "upsert", mention, row }),
    target: storingSink(app, deadLetters),
    deadLetters,
    context,
  });
}

/** Events go to the topic that process workers read. */
function publishingSink(broker: Broker, deadLetters: Sink<DeadLetter>, context: Context): Sink<MentionEvent> {
  const target = broker.topic(mentionsTopic);
  return isolating({ what: "publish mentions", stage: "publish", target, deadLetters, context });
}

/** The store, past what it will not take. */
export function storingSink(
  { store, context }: Pick<App, "store" | "context">,
  deadLetters: Sink<DeadLetter>,
): Sink<StoredEvent | WrittenMention> {
  const target = store.table(mentionRows);
  return isolating({ what: "store mentions", stage: "store", target, deadLetters, context });
}

/** The store as those write to it who read from the log of mentions: they keep the log true to it. */
export function loggedSink(app: App, broker: Broker, deadLetters: Sink<DeadLetter>): Sink<StoredEvent> {
  const { store, context } = app;
  const target = notingVersions(store.table(mentionRows), store.table(loggedVersionRows));
  return keepingLog({
    target: isolating({ what: "store mentions", stage: "store", target, deadLetters, context }),
    log: publishingSink(broker, deadLetters, context),
    outdated: async (ids) => (await askAboutIds(app, outdatedInLog, ids)).map(({ id }) => id),
    standing: async (ids) =>
      (await askAboutIds(app, standingMentions, ids)).map((row) => toMentionEvent(row)),
    context,
  });
}

/** Where dead letters of this process go: with Kafka to the topic that store workers file from, else to the store. */
export function deadLetterSink({ store, broker, context }: App): Sink<DeadLetter> {
  return broker === undefined
    ? counting(store.table(deadLetterRows), context)
    : deadLetterTopicSink(broker, context);
}

/** The topic that store workers file dead letters from. */
export function deadLetterTopicSink(broker: Broker, context: Context): Sink<DeadLetter> {
  return counting(cuttingDeadLetters(broker.topic(deadLettersTopic)), context);
}

/** Tells of every dead letter, in the log and the metrics. */
function counting(target: Sink<DeadLetter>, context: Context): Sink<DeadLetter> {
  return {
    ...target,
    async write(dead, signal) {
      await target.write(dead, signal);
      const byStage = new Map<string, number>();
      for (const { stage, state } of dead) {
        if (state === "open") byStage.set(stage, (byStage.get(stage) ?? 0) + 1);
      }
      for (const [stage, count] of byStage) {
        context.observe({ kind: "dead_letters", stage, count });
        context.log.warn({ deadLetters: count, stage }, "some records became dead letters");
      }
    },
  };
}
