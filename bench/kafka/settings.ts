import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

/** A way into the broker: unencrypted, SASL_PLAINTEXT (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512), or TLS. */
export type KafkaListener = "plain" | "sasl" | "tls";

/** Where each listener is, on 127.0.0.1. */
export type KafkaPorts = Readonly<Record<KafkaListener | "controller", number>>;

/** The broker is reachable from this computer alone. */
export const HOST = "127.0.0.1";
/** The one user of the SASL listener. */
export const USERNAME = "earshot";
/** Of that user and of the key store. */
export const PASSWORD = "loopback-only";

/**
 * Free ports; with `plain` given, that one and the next for the controller.
 * @throws {Error} when something listens on it
 */
export async function choosePorts(plain: number | undefined): Promise<KafkaPorts> {
  if (plain !== undefined && !(await isFree(plain))) {
    throw new Error(`Port ${plain} of ${HOST} is in use: stop what listens there, or choose another port.`);
  }
  return {
    plain: plain ?? (await freePort()),
    controller: plain === undefined ? await freePort() : plain + 1,
    sasl: await freePort(),
    tls: await freePort(),
  };
}

/**
 * A port from below those the system hands to outgoing connections: a client that keeps trying while the broker is
 * down could otherwise be given the broker's own port, and its restart would find it taken.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isBound = once(server.listen(port, HOST), "listening").then(
    () => true,
    () => false,
  );
  if (!(await isBound)) return false;
  await promisify(server.close.bind(server))();
  return true;
}

/** A `server.properties`, small, quick and strict: see https://kafka.apache.org/documentation/#brokerconfigs. */
export function serverProperties(
  folder: string,
  ports: KafkaPorts,
  listeners: ReadonlySet<KafkaListener>,
): string {
  const protocols = { plain: "PLAINTEXT", sasl: "SASL_PLAINTEXT", tls: "SSL" };
  const addresses = [...listeners].map((name) => `${name.toUpperCase()}://${HOST}:${ports[name]}`).join(",");
  const map = [...listeners].map((name) => `${name.toUpperCase()}:${protocols[name]}`).join(",");
  const jaas = "org.apache.kafka.common.security";
  const settings: Record<string, string | number | boolean> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.bootstrap.servers": `${HOST}:${ports.controller}`,
    listeners: `${addresses},CONTROLLER://${HOST}:${ports.controller}`,
    "advertised.listeners": addresses,
    "listener.security.protocol.map": `${map},CONTROLLER:PLAINTEXT`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAIN",
    "log.dirs": join(folder, "data"),
    // after a kill -9 the controller lets the broker in again only when its former self's session is over
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 2_000,
    "metadata.max.idle.interval.ms": 0,
    "auto.create.topics.enable": false,
    "group.initial.rebalance.delay.ms": 0,
    "default.replication.factor": 1,
    "offsets.topic.num.partitions": 8,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 2,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 2,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "background.threads": 2,
    "group.coordinator.threads": 1,
    "log.index.size.max.bytes": 1_048_576,
    "log.cleaner.dedupe.buffer.size": 4_194_304,
    "log.cleaner.backoff.ms": 500,
    "log.segment.delete.delay.ms": 1_000,
    ...(listeners.has("sasl") && {
      "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
      "listener.name.sasl.plain.sasl.jaas.config": `${jaas}.plain.PlainLoginModule required user_${USERNAME}="${PASSWORD}";`,
      "listener.name.sasl.scram-sha-256.sasl.jaas.config": `${jaas}.scram.ScramLoginModule required;`,
      "listener.name.sasl.scram-sha-512.sasl.jaas.config": `${jaas}.scram.ScramLoginModule required;`,
    }),
    ...(listeners.has("tls") && {
      "listener.name.tls.ssl.keystore.type": "PKCS12",
      "listener.name.tls.ssl.keystore.location": join(folder, "keystore.p12"),
      "listener.name.tls.ssl.keystore.password": PASSWORD,
      "listener.name.tls.ssl.key.password": PASSWORD,
    }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
