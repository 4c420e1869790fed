import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type Message, type Producer } from "kafkajs";
import type { Context } from "../../core/context.ts";
import type { Broker } from "../../core/contracts.ts";
import { toMessage } from "../../core/messages.ts";
import { retrying } from "../../core/retry.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { mentionsTopic } from "../../schemas/topics.ts";
import type { FeedServer } from "./feeds.ts";
import type { Input, PoisonMessage } from "./input.ts";
import type { Reference } from "./reference.ts";

export interface FlowOptions {
  readonly input: Input;
  readonly reference: Reference;
  readonly broker: Broker;
  readonly brokers: readonly string[];
  readonly feeds: FeedServer;
  /** Steps of the input per second. */
  readonly perSecond: number;
  /** Runs the task while nobody restarts the broker, which might make two of one message. */
  readonly inPeace: (task: () => Promise<void>) => Promise<void>;
  readonly context: Context;
}

/** What went in. */
export interface Flow {
  readonly published: number;
  readonly entries: number;
  readonly seconds: number;
}

const TICKS_PER_SECOND = 5;

/** Lets everything of the input happen at its pace, waiting out a broker that is away. */
export async function flow(options: FlowOptions, signal: AbortSignal): Promise<Flow> {
  const { input, reference, broker, brokers, feeds, perSecond, inPeace, context } = options;
  const topic = broker.topic(mentionsTopic);
  const started = performance.now();
  const patience = { what: "publish mentions of another team", maxDelayMs: 1_000 };
  let [published, entries, ticks] = [0, 0, 0];
  for (let isOver = false; !isOver;) {
    const events: MentionEvent[] = [];
    const poison: PoisonMessage[] = [];
    for (let left = Math.ceil(perSecond / TICKS_PER_SECOND); left > 0 && !isOver; left--) {
      const { value: step, done } = input.steps.next();
      isOver = done === true;
      if (step === undefined) continue;
      reference.note(step);
      if (step.to === "topic") events.push(step.event);
      else if (step.to === "poison") poison.push(step.message);
      else {
        feeds.put(step.entry);
        entries++;
      }
    }
    if (events.length > 0) await retrying(() => topic.write(events, signal), patience, signal, context);
    for (const message of poison) await inPeace(() => plant(brokers, message));
    published += events.length + poison.length;
    const isDueAt = (++ticks * 1_000) / TICKS_PER_SECOND;
    await sleep(Math.max(0, isDueAt - (performance.now() - started)), undefined, { signal });
  }
  return { published, entries, seconds: (performance.now() - started) / 1_000 };
}

/** Publishes what the program itself never would. */
async function plant(brokers: readonly string[], message: PoisonMessage): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer: Producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({ topic: message.topic, acks: -1, messages: [written(message)] });
  } finally {
    await producer.disconnect();
  }
}

function written({ name, kind }: PoisonMessage): Message {
  const right = toMessage(mentionsTopic, {
    type: "delete",
    id: `forum:${name}`,
    source: "other-team",
    trackers: [],
    reason: "never happened",
    observedAt: "2025-03-01T00:00:00.000Z",
  });
  const { key, value } = right;
  const headers = { ...right.headers };
  switch (kind) {
    case "no JSON":
      return { key, value: `{"${name}`, headers };
    case "newer version":
      return { key, value, headers: { ...headers, "schema-version": "99" } };
    case "wrong key":
      return { key: `another-${name}`, value, headers };
    case "no mention":
      return { key, value: JSON.stringify({ type: "upsert", name }), headers };
    case "empty":
      return { key: name, value: null, headers };
  }
}
