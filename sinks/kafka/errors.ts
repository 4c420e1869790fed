import { EarshotError } from "../../core/errors.ts";

/** Whom an error is about, for its message. */
export interface Peer {
  readonly brokers: readonly string[];
  readonly username: string | undefined;
}

const REFUSED = /^(SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM|ILLEGAL_SASL_STATE)$/;
const FORBIDDEN = /_AUTHORIZATION_FAILED$/;
const TOO_LARGE = /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|INVALID_TIMESTAMP)$/;
const NOT_ALLOWED = /^(INVALID_REPLICATION_FACTOR|INVALID_PARTITIONS|INVALID_CONFIG|POLICY_VIOLATION)$/;
const CERTIFICATE = /CERT|^ERR_TLS|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;
const NETWORK = /^E[A-Z]+$/;

interface Cause {
  readonly name: string;
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/**
 * What went wrong at a Kafka cluster as one of our errors; anything that is not Kafka's or the network's as it is.
 * @param topic what it was about, empty when it was about none
 */
export function fromKafka(error: unknown, { brokers, username }: Peer, topic: string): unknown {
  if (error instanceof EarshotError) return error;
  const causes = causesOf(error);
  const at = `Kafka at ${brokers.join(", ")}`;
  const why = causes.at(-1)?.message ?? String(error);
  const has = (pattern: RegExp) => causes.find(({ type }) => pattern.test(type));

  if (has(REFUSED) !== undefined || causes.some(({ name }) => name === "KafkaJSSASLAuthenticationError")) {
    const who = username === undefined ? "a connection without a user" : `the user ${username}`;
    return new EarshotError(
      "config_invalid",
      `${at} refused ${who} (${why}); check kafka.sasl in the config.`,
      { cause: error },
    );
  }
  const forbidden = has(FORBIDDEN);
  if (forbidden !== undefined) {
    const who = username ?? "this connection";
    return new EarshotError(
      "config_invalid",
      `${at} does not allow ${who} to do this (${forbidden.type}: ${forbidden.message}); grant it, or change kafka.sasl.`,
      { cause: error },
    );
  }
  const bad = causes.find(({ code }) => CERTIFICATE.test(code));
  if (bad !== undefined) {
    return new EarshotError(
      "config_invalid",
      `The certificate of ${at} is not trusted (${bad.code}); check kafka.tls.caFile in the config.`,
      { cause: error },
    );
  }
  if (has(TOO_LARGE) !== undefined)
    return new EarshotError("sink_rejected", `${at} does not take this message (${why}).`, { cause: error });
  if (has(NOT_ALLOWED) !== undefined) {
    return new EarshotError(
      "config_invalid",
      `${at} cannot create this topic (${why}); check kafka.partitions and kafka.replication.`,
      { cause: error },
    );
  }
  if (has(/^UNKNOWN_TOPIC_OR_PARTITION$/) !== undefined) {
    return new EarshotError(
      "sink_unavailable",
      `${at} has no topic ${topic}; create it with: earshot topics create`,
      { cause: error },
    );
  }
  if (causes.some(({ name }) => name === "KafkaJSNotImplemented")) {
    return new EarshotError(
      "sink_unavailable",
      `${topic} at ${at} holds messages in a compression that cannot be read here (${why}); set compression.type of the topic to gzip and replay what was written before.`,
      { cause: error },
    );
  }
  const isTheirs =
    causes.some(({ name, code }) => name.startsWith("KafkaJS") || NETWORK.test(code)) || isOfNoBroker(error);
  if (!isTheirs) return error;
  return new EarshotError(
    "sink_unavailable",
    `${at} did not answer as it should (${why}); if that lasts, check kafka.brokers, kafka.tls and kafka.sasl.`,
    { cause: error },
  );
}

/** Where every broker fails to answer at the same moment, kafkajs goes on with no answer and stumbles over it. */
function isOfNoBroker(error: unknown): boolean {
  if (!(error instanceof TypeError)) return false;
  const thrownIn = error.stack?.split("\n").find((line) => line.startsWith("    at ")) ?? "";
  return /[\\/]kafkajs[\\/]/.test(thrownIn);
}

/** The error and what caused it, outermost first; the parts of an aggregate among them. */
function causesOf(error: unknown): Cause[] {
  const found: Cause[] = [];
  const walk = (at: unknown, depth: number) => {
    if (typeof at !== "object" || at === null || depth > 8) return;
    const { name, type, code, message, cause, errors } = at as Record<string, unknown>;
    found.push({ name: text(name), type: text(type), code: text(code), message: text(message) });
    for (const part of Array.isArray(errors) ? (errors as unknown[]) : []) walk(part, depth + 1);
    if (cause !== at) walk(cause, depth + 1);
  };
  walk(error, 0);
  return found;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
