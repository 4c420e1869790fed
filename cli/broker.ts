import { readFile } from "node:fs/promises";
import type { KafkaConfig } from "../core/config.ts";
import type { Broker } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { retrying } from "../core/retry.ts";
import { topics } from "../schemas/topics.ts";
import type { KafkaSettings } from "../sinks/kafka/index.ts";
import type { Runtime } from "./app.ts";

/**
 * The broker the config names, if it names one; nothing is connected yet.
 * @throws {EarshotError} config_invalid when a certificate file cannot be read
 */
export async function openBroker({ config, context }: Runtime): Promise<Broker | undefined> {
  if (config.kafka === undefined) return undefined;
  const { retentionDays, tls, sasl, ...rest } = config.kafka;
  const settings: KafkaSettings = {
    ...rest,
    retentionHours: retentionDays * 24,
    tls: await readTls(tls),
    ...(sasl === undefined ? {} : { sasl }),
  };
  const { openKafka } = await import("../sinks/kafka/index.ts");
  return openKafka(settings, context);
}

/** @throws {EarshotError} config_invalid when the config names no broker */
export function requireBroker(broker: Broker | undefined, command: string): Broker {
  if (broker !== undefined) return broker;
  throw new EarshotError(
    "config_invalid",
    `earshot ${command} works through Kafka: name its brokers under kafka.brokers in the config. Without Kafka, earshot start runs everything in one process.`,
  );
}

/** Waits until the broker answers and has the topics, creating them where the config allows. */
export async function prepareTopics({ config, context, signal }: Runtime, broker: Broker): Promise<void> {
  const isAllowed = config.kafka?.createTopics !== false;
  const prepare = async () => {
    if (!isAllowed) return broker.check();
    const created = await broker.createTopics(topics);
    if (created.length > 0) context.log.info({ topics: created }, "topics created");
  };
  await retrying(prepare, { what: "reach Kafka", maxDelayMs: 10_000 }, signal, context);
}

async function readTls(tls: KafkaConfig["tls"]): Promise<KafkaSettings["tls"]> {
  if (typeof tls === "boolean") return tls;
  const [ca, cert, key] = await Promise.all([tls.caFile, tls.certFile, tls.keyFile].map(readPem));
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function readPem(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new EarshotError(
      "config_invalid",
      `kafka.tls names ${path}, which cannot be read; check the path.`,
      {
        cause: error,
      },
    );
  }
}
