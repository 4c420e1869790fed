import type { Context } from "../../core/context.ts";
import type { Broker, Sink, TopicSpec } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { queueing } from "../../core/turns.ts";
import { openClient, type Admin, type KafkaClient, type KafkaSettings, type Producer } from "./client.ts";
import { consume } from "./consume.ts";
import { toMessage, type OutgoingMessage } from "../../core/messages.ts";
import { share } from "./share.ts";
import { split } from "./split.ts";
import { createTopics, lagOf, rewindGroup } from "./topics.ts";

export type { KafkaSettings };

/** So much is sent at once; the broker's own limit on one batch is `maxMessageBytes`. */
const SEND_BYTES = 1024 * 1024;

/** What a message has besides its value: key, headers, and the batch around it. */
const OVERHEAD_BYTES = 10_000;

/**
 * Kafka behind the broker contract. Connects when first used, and again whenever the connection was lost.
 * @see https://kafka.js.org/docs/getting-started
 */
export function openKafka(settings: KafkaSettings, context: Context): Broker {
  const client = openClient(settings, context);
  const producer = connecting<Producer>(() => client.producer());
  const admin = connecting<Admin>(() => client.admin());
  const check = () => asked(client, admin, async (connected) => void (await connected.listTopics()));
  return {
    topic: (spec) => topicSink(client, producer, check, spec),
    consume: (subscription, signal) => consume(client, subscription, signal),
    share: (shares, signal) => share(client, () => admin.get(), shares, signal),
    createTopics: (specs) => asked(client, admin, (connected) => createTopics(client, connected, specs)),
    lag: (groups) =>
      asked(client, admin, async (connected) => {
        const lags = await Promise.all(groups.map((group) => lagOf(client, connected, group)));
        return lags.flat();
      }),
    rewind: (group, topic, since) =>
      asked(client, admin, (connected) => rewindGroup(client, connected, group, topic, since)),
    check,
    async close() {
      await producer.close();
      await admin.close();
    },
  };
}

interface Connecting<T> {
  get(): Promise<T>;
  close(): Promise<void>;
}

/** One connection, made when first asked for; one that could not be made is tried anew next time. */
function connecting<T extends { connect(): Promise<void>; disconnect(): Promise<void> }>(
  open: () => T,
): Connecting<T> {
  let connected: Promise<T> | undefined;
  return {
    get() {
      if (connected === undefined) {
        const opened = open();
        const attempt = opened.connect().then(
          () => opened,
          async (error: unknown) => {
            connected = undefined;
            await opened.disconnect().catch(() => {});
            throw error;
          },
        );
        connected = attempt;
      }
      return connected;
    },
    async close() {
      const opened = await connected?.catch(() => undefined);
      connected = undefined;
      await opened?.disconnect().catch(() => {});
    },
  };
}

async function asked<T>(
  client: KafkaClient,
  admin: Connecting<Admin>,
  question: (admin: Admin) => Promise<T>,
): Promise<T> {
  try {
    return await question(await admin.get());
  } catch (error) {
    throw client.translate(error);
  }
}

function topicSink<T>(
  client: KafkaClient,
  producer: Connecting<Producer>,
  check: () => Promise<void>,
  spec: TopicSpec<T>,
): Sink<T> {
  const takePlace = queueing();
  const topic = client.fullName(spec.name);
  const limit = client.settings.maxMessageBytes - OVERHEAD_BYTES;

  async function send(messages: readonly OutgoingMessage[]): Promise<void> {
    try {
      const connected = await producer.get();
      await connected.send({
        topic,
        acks: -1,
        compression: client.gzip,
        messages: messages.map((message) => ({ ...message, headers: { ...message.headers } })),
      });
    } catch (error) {
      throw client.translate(error, spec.name);
    }
  }

  return {
    name: spec.name,
    async write(records, signal) {
      const messages = records.map((record) => toMessage(spec, record));
      const tooLarge = messages.find(({ value }) => value.length > limit);
      if (tooLarge !== undefined) {
        throw new EarshotError(
          "sink_rejected",
          `A record of ${tooLarge.value.length} bytes is larger than ${spec.name} takes (${limit}); raise kafka.maxMessageBytes and the topic's max.message.bytes.`,
        );
      }
      const place = takePlace();
      try {
        await place.turn;
        for (const part of split(messages, { messages: Infinity, bytes: SEND_BYTES })) {
          signal.throwIfAborted();
          await send(part);
        }
      } finally {
        place.leave();
      }
    },
    check,
    close: async () => {},
  };
}
