import { Kafka, logLevel } from "kafkajs";
import { afterAll, describe } from "vitest";
import { openKafka, type KafkaSettings } from "../../sinks/kafka/index.ts";
import { OWNERSHIP_TOPIC } from "../../sinks/kafka/share.ts";
import { brokerContract } from "../contracts/broker.ts";
import { aContext } from "../support/builders.ts";
import { startKafkaMock } from "../support/kafka-mock.ts";
import { describeKafka, kafkaBrokers, uniquePrefix } from "../support/kafka.ts";

const context = { ...aContext(), now: () => new Date() };

const names = Array.from({ length: 12 }, (_, index) => `feed-${index}`);

function settingsFor(brokers: readonly string[]): KafkaSettings {
  return {
    brokers,
    clientId: "test",
    prefix: uniquePrefix(),
    tls: false,
    partitions: 4,
    replication: 1,
    retentionHours: 24,
    maxMessageBytes: 1_000_000,
  };
}

describeKafka("Apache Kafka", () => {
  brokerContract("Apache Kafka", async () => {
    const settings = settingsFor(kafkaBrokers);
    const admin = openKafka(settings, context);
    return {
      connect: () => openKafka(settings, context),
      create: async (topics) => void (await admin.createTopics(topics)),
      names,
      close: () => admin.close(),
    };
  });
});

const mock = await startKafkaMock();
afterAll(() => mock?.stop());

if (mock === undefined) {
  describe.skip("librdkafka's mock cluster (left out: there is no kcat; apt-get install kcat)", () => {});
} else {
  brokerContract("librdkafka's mock cluster", async () => {
    const settings = settingsFor(mock.brokers);
    const admin = new Kafka({ brokers: [...mock.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return {
      connect: () => openKafka(settings, context),
      // it knows no request to create topics, and creates whatever it is asked about
      create: async (topics) => {
        const asked = [...topics.map(({ name }) => name), OWNERSHIP_TOPIC];
        await admin.fetchTopicMetadata({ topics: asked.map((name) => `${settings.prefix}${name}`) });
      },
      noAdmin: "librdkafka's mock knows neither CreateTopics nor DescribeGroups",
      names,
      close: () => admin.disconnect(),
    };
  });
}
