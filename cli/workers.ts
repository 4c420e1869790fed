import type { SourceConfig } from "../core/config.ts";
import type { Broker, Sink } from "../core/contracts.ts";
import { gathering } from "../core/gather.ts";
import { isolating } from "../core/isolate.ts";
import { processingSink, toStored } from "../core/process.ts";
import { readingTo } from "../core/read-topic.ts";
import { MODEL_VERSION } from "../processors/model-version.ts";
import { copiesByTracker, isFirstCopy, type EnrichedEvent } from "../schemas/enriched-event.ts";
import { deadLetterRows } from "../schemas/rows.ts";
import type { MentionEvent } from "../schemas/mention.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import { deadLettersTopic, enrichedTopic, mentionsTopic } from "../schemas/topics.ts";
import type { App, Runtime, Service } from "./app.ts";
import { linkSigner } from "../api/sign-links.ts";
import { deliverAlerts } from "./alert/deliver-alerts.ts";
import { linkSigning } from "./alert/link-signing.ts";
import { watchAlerts } from "./alert/watch-rules.ts";
import { openDetectThread } from "./detect/detect-thread.ts";
import { deadLetterTopicSink, loggedSink, pipelineFor } from "./pipeline.ts";
import { prepareTopics } from "./broker.ts";
import { followChanges } from "./follow-changes.ts";
import { GROUPS, watchLags } from "./groups.ts";
import { runPurge } from "./purge.ts";
import { rematchChanged } from "./rematch.ts";
import { runTogether, type Worker } from "./run-together.ts";
import { assertSchedule, runSource } from "./scheduler.ts";
import { isPushed } from "./sources.ts";

/** Groups whose members share names out, not records. */
const INGEST_GROUP = "earshot.ingest";
const DETECT_GROUP = "earshot.detect";
const KEEP_GROUP = "earshot.keep";

/** What goes through the chain, and into the store, in one piece: from one partition or from several. */
const PROCESS_BATCH = 500;
const STORE_BATCH = 2_000;

/** Everything one process can do: poll all sources into the store, or with Kafka a share of every kind of work. */
export function allWorkers(app: App & Service): Worker[] {
  const { broker } = app;
  const polled = polledSources(app);
  polled.forEach(assertSchedule);
  if (broker === undefined) {
    return [
      ...polled.map(
        (source) => (signal: AbortSignal) => runSource(app, pipelineFor(app, source.id), source, signal),
      ),
      (signal) => keepHouse(app, signal),
      (signal) => detectAll(app, signal),
    ];
  }
  const workers = [
    ingestWorker(app, broker),
    processWorker(app, broker),
    storeWorker(app, broker),
    detectWorker(app, broker),
  ];
  // the page is served while the broker is still waited for
  return [
    async (signal) => {
      await prepareTopics(app, broker);
      await watchLags(app, broker);
      await runTogether(workers, signal);
    },
  ];
}

/** Those that others push to are written to by whoever serves the API. */
function polledSources({ config }: App): readonly SourceConfig[] {
  return config.sources.filter((source) => !isPushed(source));
}

/** Polls this process's share of the sources, each polled by one process at a time. */
export function ingestWorker(app: App, broker: Broker): Worker {
  const sources = new Map(polledSources(app).map((source) => [source.id, source]));
  return (signal) =>
    broker.share(
      {
        group: INGEST_GROUP,
        names: [...sources.keys()],
        async onOwned(id, owned) {
          const source = sources.get(id);
          if (source === undefined) return;
          app.context.log.info({ source: id }, "source taken over");
          await runSource(app, pipelineFor(app, id), source, owned);
          app.context.log.info({ source: id }, "source released");
        },
      },
      signal,
    );
}

/** Reads mentions with the chain of processors; needs no store. */
export function processWorker({ context, reading }: Runtime & Pick<App, "reading">, broker: Broker): Worker {
  const deadLetters = deadLetterTopicSink(broker, context);
  const target = isolating({
    what: "publish enriched mentions",
    stage: "publish",
    target: enrichedSink(broker.topic(enrichedTopic)),
    deadLetters,
    context,
  });
  const toEvent = toStored(MODEL_VERSION);
  const read = processingSink({ chain: reading.chain, toEvent, target, deadLetters, context });
  const onDelivery = readingTo({
    target: gathering(read, PROCESS_BATCH),
    take: (event: MentionEvent, logged) => ({ ...event, logged }),
    deadLetters,
    context,
  });
  const { group } = GROUPS.process;
  return (signal) => broker.consume({ topic: mentionsTopic, group, onDelivery }, signal);
}

function enrichedSink(target: Sink<EnrichedEvent>): Sink<StoredEvent> {
  return { ...target, write: (events, signal) => target.write(events.flatMap(copiesByTracker), signal) };
}

/** Stores what was read, files the dead letters of every process, and one of them purges what was deleted. */
export function storeWorker(app: App, broker: Broker): Worker {
  const { context, store } = app;
  const deadLetters = deadLetterTopicSink(broker, context);
  const mentions = loggedSink(app, broker, deadLetters);
  const filed = store.table(deadLetterRows);
  const first = (copy: EnrichedEvent) => (isFirstCopy(copy) ? copy.event : undefined);
  return async (signal) => {
    await runTogether(
      [
        (running) =>
          broker.consume(
            {
              topic: enrichedTopic,
              group: GROUPS.store.group,
              batchSize: STORE_BATCH,
              onDelivery: readingTo({
                target: gathering(mentions, STORE_BATCH),
                take: first,
                deadLetters,
                context,
              }),
            },
            running,
          ),
        (running) =>
          broker.consume(
            {
              topic: deadLettersTopic,
              group: GROUPS.deadLetters.group,
              batchSize: 50,
              onDelivery: readingTo({ target: filed, take: (letter) => letter, deadLetters, context }),
            },
            running,
          ),
        (running) =>
          broker.share(
            { group: KEEP_GROUP, names: ["house"], onOwned: (_name, owned) => keepHouse(app, owned) },
            running,
          ),
      ],
      signal,
    );
  };
}

/**
 * What one process does for all: match what is stored with queries that were changed, hear of changes, purge what was
 * deleted, and watch for alerts.
 */
async function keepHouse(app: App, signal: AbortSignal): Promise<void> {
  const { events } = pipelineFor(app, "rematch");
  await runTogether(
    [
      (running) => rematchChanged(app, events, running),
      (running) => followChanges(app, running),
      (running) => runPurge(app, running),
      (running) => watchAlerts(app, running),
      (running) => tellOfAlerts(app, running),
    ],
    signal,
  );
}

async function tellOfAlerts(app: App, signal: AbortSignal): Promise<void> {
  const signing = await linkSigning(app.config);
  if (signing === undefined) return deliverAlerts(app, signal);
  const signer = linkSigner(signing.key, signing.publicUrl);
  await deliverAlerts(app, signal, { link: (alertId, action, now) => signer.link(alertId, action, now) });
}

/** Stands for the trackers that mentions have and the config does not. */
const OTHER_TRACKERS = "*";

/** Follows the issues of all trackers, where no other process does. */
async function detectAll(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const thread = openDetectThread(runtime);
  await thread.follow({ allBut: [] }, signal);
  await thread.close();
}

/** Follows the issues of this process's share of the trackers: their state is in the one process that owns it. */
export function detectWorker(runtime: Runtime, broker: Broker): Worker {
  const { config, context } = runtime;
  const configured = config.trackers.map(({ id }) => id);
  return async (signal) => {
    const thread = openDetectThread(runtime);
    const share = {
      group: DETECT_GROUP,
      names: [...configured, OTHER_TRACKERS],
      async onOwned(tracker: string, owned: AbortSignal) {
        context.log.info({ tracker }, "tracker taken over");
        await thread.follow(tracker === OTHER_TRACKERS ? { allBut: configured } : { tracker }, owned);
        context.log.info({ tracker }, "tracker released");
      },
    };
    await broker.share(share, signal).finally(() => thread.close());
  };
}
