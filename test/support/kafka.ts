import { randomBytes } from "node:crypto";
import { describe, inject } from "vitest";

const kafka = inject("kafka");

/** Addresses of the broker all tests share; empty where there is none. */
export const kafkaBrokers: readonly string[] = kafka.brokers;

/** `describe` for what needs a Kafka broker: left out, with the reason in its name, where there is none. */
export function describeKafka(name: string, suite: () => void): void {
  if (kafka.reason === undefined) describe(name, suite);
  else describe.skip(`${name} (left out: ${kafka.reason})`, suite);
}

/** `describe` for what starts, kills and restarts brokers of its own: left out also where KAFKA_BROKERS names one. */
export function describeOwnKafka(name: string, suite: () => void): void {
  if (process.env["KAFKA_BROKERS"]) describe.skip(`${name} (left out: KAFKA_BROKERS is set)`, suite);
  else describeKafka(name, suite);
}

/** What a test puts before its topics and groups, so that it meets no other test's on the shared broker. */
export function uniquePrefix(): string {
  return `test-${randomBytes(6).toString("hex")}.`;
}
