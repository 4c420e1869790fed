import { setTimeout as sleep } from "node:timers/promises";
import { EarshotError } from "../../core/errors.ts";
import { SESSION_TIMEOUT_MS, type Consumer, type EachBatchPayload, type KafkaClient } from "./client.ts";

/** One member of a consumer group. */
export interface Membership {
  /** Names without the prefix. */
  readonly group: string;
  readonly topic: string;
  /** How long a fetch waits for something to come. */
  readonly maxWaitMs: number;
  /** What must be known before the first assignment; tried again with the joining. */
  prepare?(): Promise<void>;
  /**
   * @param fail ends the membership with an error that is thrown to the caller
   * @param over aborts when the membership has failed and what is under way cannot be committed any more
   */
  eachBatch(payload: EachBatchPayload, fail: (error: unknown) => void, over: AbortSignal): Promise<void>;
  /**
   * Told of the partitions dealt to this member, and of none when its membership ends; a member that leaves in peace
   * waits for it.
   */
  onAssigned(partitions: readonly number[]): void | Promise<void>;
}

const MAX_DELAY_MS = 10_000;

/** So many partitions are at work side by side, so that what waits for a target can go to it in one piece. */
const PARTITIONS_AT_ONCE = 12;

/** A broker that does not answer must not keep a stopping program alive. */
const DISCONNECT_MS = 20_000;

/**
 * Takes part in a group until the signal aborts, joining anew whenever the cluster failed for a while.
 * @throws {EarshotError} config_invalid when the cluster refuses us; whatever `fail` was told
 */
export async function takePart(
  client: KafkaClient,
  membership: Membership,
  signal: AbortSignal,
): Promise<void> {
  const { context } = client;
  const what = `read ${membership.topic} as ${membership.group}`;
  for (let failures = 0; !signal.aborted;) {
    try {
      await joinOnce(client, membership, signal, () => {
        if (failures > 0) context.observe({ kind: "resumed", what });
        failures = 0;
      });
    } catch (error) {
      const known = client.translate(error, membership.topic);
      if (!(known instanceof EarshotError) || !known.retried) throw known;
      if (signal.aborted) break;
      const delayMs = Math.round(Math.min(MAX_DELAY_MS, 250 * 2 ** failures++) * (0.5 + Math.random() / 2));
      context.log.warn({ what, code: known.code, delayMs, reason: known.message }, "will try again");
      context.observe({ kind: "waiting", what, reason: known.message });
      await sleep(delayMs, undefined, { signal }).catch(() => {});
    }
  }
  context.observe({ kind: "resumed", what });
}

async function joinOnce(
  client: KafkaClient,
  membership: Membership,
  signal: AbortSignal,
  onHealthy: () => void,
): Promise<void> {
  const { context } = client;
  const { group, topic } = membership;
  const consumer = client.consumer(group, { maxWaitMs: membership.maxWaitMs });
  const over = new AbortController();
  let end: () => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  ended.catch(() => {});
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();

  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
  let isOver = false;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    // kafkajs may still finish joining while it is being disconnected
    if (isOver) return;
    const assigned = payload.memberAssignment[client.fullName(topic)] ?? [];
    const partitions = [...assigned].sort((a, b) => a - b);
    context.log.info({ group, topic, partitions }, "partitions assigned");
    context.observe({ kind: "rebalanced", group, partitions });
    void membership.onAssigned(partitions);
  });
  // a member that joins and fails at its first fetch was never well
  consumer.on(consumer.events.HEARTBEAT, onHealthy);
  const stopWatching = watchHeartbeats(client, consumer, fail);
  try {
    await membership.prepare?.();
    await consumer.connect();
    await consumer.subscribe({ topics: [client.fullName(topic)], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => membership.eachBatch(payload, fail, over.signal),
    });
    await ended;
    isOver = true;
    await membership.onAssigned([]);
  } catch (error) {
    isOver = true;
    over.abort(new DOMException("the membership in the group has ended", "AbortError"));
    void membership.onAssigned([]);
    context.observe({ kind: "rebalanced", group, partitions: [] });
    throw error;
  } finally {
    stopWatching();
    signal.removeEventListener("abort", end);
    await disconnect(consumer);
  }
}

/** A member the coordinator has not heard for a whole session is given up by it, and must not go on as if it were not. */
function watchHeartbeats(client: KafkaClient, consumer: Consumer, fail: (error: unknown) => void) {
  const now = () => client.context.now().getTime();
  let lastBeatAt: number | undefined;
  const beat = () => (lastBeatAt = now());
  consumer.on(consumer.events.HEARTBEAT, beat);
  consumer.on(consumer.events.GROUP_JOIN, beat);
  // while the group is dealt out anew there are no heartbeats
  consumer.on(consumer.events.REBALANCING, () => (lastBeatAt = undefined));
  const watching = setInterval(() => {
    if (lastBeatAt === undefined || now() - lastBeatAt <= SESSION_TIMEOUT_MS) return;
    const seconds = SESSION_TIMEOUT_MS / 1_000;
    const where = client.settings.brokers.join(", ");
    fail(
      new EarshotError(
        "sink_unavailable",
        `Kafka at ${where} has not been heard for ${seconds} s; joining anew.`,
      ),
    );
  }, 1_000);
  return () => clearInterval(watching);
}

async function disconnect(consumer: Consumer): Promise<void> {
  const timer = new AbortController();
  try {
    await Promise.race([consumer.disconnect(), sleep(DISCONNECT_MS, undefined, { signal: timer.signal })]);
  } catch {
    // what failed before is the news; the broker drops a silent connection by itself
  } finally {
    timer.abort();
  }
}
