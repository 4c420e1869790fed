import {
  CompressionTypes,
  Kafka,
  Partitioners,
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type Producer,
  type SASLOptions,
} from "kafkajs";
import type { Context } from "../../core/context.ts";
import { fromKafka } from "./errors.ts";

export type { Admin, Consumer, EachBatchPayload, Producer };

export interface KafkaSettings {
  /** `host:port` of the brokers to start from. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Put before every topic and group name. */
  readonly prefix: string;
  /** PEM contents; `true` trusts the usual authorities. */
  readonly tls: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly password: string;
  };
  /** Partitions and copies of topics that are created. */
  readonly partitions: number;
  readonly replication: number;
  /** How long topics without a limit of their own are kept. */
  readonly retentionHours: number;
  readonly maxMessageBytes: number;
}

/** A member that is silent for so long has lost its partitions: within it a dead one's work is taken over. */
export const SESSION_TIMEOUT_MS = 10_000;
export const HEARTBEAT_MS = 2_000;
/** How long members may take to come together again: longer than any batch they finish first. */
const REBALANCE_TIMEOUT_MS = 30_000;

/** The cluster as the files of this folder use it. */
export interface KafkaClient {
  readonly settings: KafkaSettings;
  readonly context: Context;
  /** With the prefix of this installation. */
  fullName(name: string): string;
  consumer(groupId: string, fetch: { readonly maxWaitMs: number }): Consumer;
  producer(): Producer;
  admin(): Admin;
  readonly gzip: CompressionTypes;
  /** A failure of the cluster as one of our errors; anything else as it is. `topic` is without its prefix. */
  translate(error: unknown, topic?: string): unknown;
}

/** Prepares clients of a cluster; nothing is connected yet. */
export function openClient(settings: KafkaSettings, context: Context): KafkaClient {
  const { brokers, clientId, prefix, tls, sasl } = settings;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    ssl: tls,
    // kafkajs types one object per mechanism
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
    // our own loops try again, with their own back-off and log
    retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000, restartOnFailure: async () => false },
    logCreator:
      () =>
      ({ log, namespace }) =>
        context.log.debug({ kafkajs: namespace }, log.message),
  });
  return {
    settings,
    context,
    fullName: (name) => `${prefix}${name}`,
    consumer: (groupId, { maxWaitMs }) =>
      kafka.consumer({
        groupId: `${prefix}${groupId}`,
        sessionTimeout: SESSION_TIMEOUT_MS,
        heartbeatInterval: HEARTBEAT_MS,
        rebalanceTimeout: REBALANCE_TIMEOUT_MS,
        maxWaitTimeInMs: maxWaitMs,
        maxBytesPerPartition: 1024 * 1024,
        maxBytes: 4 * 1024 * 1024,
        allowAutoTopicCreation: false,
        metadataMaxAge: 60_000,
      }),
    producer: () =>
      kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        maxInFlightRequests: 1,
        metadataMaxAge: 60_000,
      }),
    admin: () => kafka.admin(),
    gzip: CompressionTypes.GZIP,
    translate: (error, topic) =>
      fromKafka(error, { brokers, username: sasl?.username }, topic === undefined ? "" : `${prefix}${topic}`),
  };
}
