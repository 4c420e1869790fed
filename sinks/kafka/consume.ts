import { setMaxListeners } from "node:events";
import type { Delivery, Poison, Subscription, TopicSpec } from "../../core/contracts.ts";
import type { LogPosition } from "../../schemas/stored-event.ts";
import { toPoison, toRecord } from "../../core/messages.ts";
import { HEARTBEAT_MS, type EachBatchPayload, type KafkaClient } from "./client.ts";
import { takePart } from "./group.ts";
import { split } from "./split.ts";

type Message = EachBatchPayload["batch"]["messages"][number];

/** A stopping program lets what is under way finish for so long. */
const DRAIN_MS = 10_000;

/** Others wait for us while the group is dealt out anew: what is under way may take so long before it is dropped. */
const REBALANCE_GRACE_MS = 5_000;

const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/** Reads a topic as one of a group: in chunks, each committed once `onDelivery` has resolved. */
export async function consume<T>(
  client: KafkaClient,
  subscription: Subscription<T>,
  signal: AbortSignal,
): Promise<void> {
  const { topic, group } = subscription;
  /** The offset that should come next, by partition: a jump tells of records the broker has removed. */
  let expected = new Map<number, bigint>();
  // one listener for each partition at work
  setMaxListeners(0, signal);
  await takePart(
    client,
    {
      group,
      topic: topic.name,
      maxWaitMs: 1_000,
      // what is under way from before may still end, and knows nothing of what others have read since
      onAssigned: () => void (expected = new Map()),
      eachBatch: async (payload, fail, over) => {
        const next = expected;
        if (topic.retention.latestPerKey !== true) warnOfExpired(client, subscription, payload, next);
        const limits = { messages: subscription.batchSize ?? 500, bytes: MAX_CHUNK_BYTES };
        for (const chunk of split(payload.batch.messages, limits)) {
          if (!payload.isRunning() || payload.isStale() || signal.aborted) return;
          const watch = watchOwnership(payload, signal, over);
          const isDone = await deliver(client, subscription, payload, chunk, watch, fail);
          if (!isDone) return;
          const last = chunk.at(-1)?.offset ?? "0";
          payload.resolveOffset(last);
          // from here kafkajs goes on behind it, also when the commit fails
          next.set(payload.batch.partition, BigInt(last) + 1n);
          await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
          await payload.heartbeat();
        }
      },
    },
    signal,
  );
}

/** @returns whether the chunk was handed on, so that it may be committed */
async function deliver<T>(
  client: KafkaClient,
  subscription: Subscription<T>,
  payload: EachBatchPayload,
  chunk: readonly Message[],
  watch: ReturnType<typeof watchOwnership>,
  fail: (error: unknown) => void,
): Promise<boolean> {
  const { context } = client;
  const { topic, group } = subscription;
  const { partition, highWatermark } = payload.batch;
  const startedAt = context.now().getTime();
  let delivery: Delivery<T>;
  try {
    delivery = read(topic, partition, chunk);
    await subscription.onDelivery(delivery, watch.signal);
  } catch (error) {
    if (watch.lost() !== undefined) throw watch.lost();
    if (!watch.signal.aborted) fail(error);
    return false;
  } finally {
    watch.stop();
  }
  const last = BigInt(chunk.at(-1)?.offset ?? 0);
  context.observe({
    kind: "delivered",
    topic: topic.name,
    group,
    partition,
    records: delivery.records.length,
    poison: delivery.poison.length,
    seconds: (context.now().getTime() - startedAt) / 1_000,
    lag: Number(BigInt(highWatermark) - last - 1n),
  });
  return true;
}

function read<T>(topic: TopicSpec<T>, partition: number, chunk: readonly Message[]): Delivery<T> {
  const records: T[] = [];
  const positions: LogPosition[] = [];
  const poison: Poison[] = [];
  for (const message of chunk) {
    try {
      records.push(toRecord(topic, message));
      positions.push({
        at: new Date(Number(message.timestamp)).toISOString(),
        offset: Number(message.offset),
      });
    } catch (error) {
      poison.push(toPoison(topic.name, partition, message, error));
    }
  }
  return { records, positions, poison };
}

/**
 * Beats while a chunk is under way, so that a slow target costs no rebalance, and aborts the chunk when its partition
 * has gone to another member, or when a program that stops has waited long enough.
 */
function watchOwnership(payload: EachBatchPayload, stopping: AbortSignal, over: AbortSignal) {
  const controller = new AbortController();
  let lost: unknown;
  let timer: NodeJS.Timeout | undefined;
  const abortIn = (delayMs: number, reason: string) => {
    timer ??= setTimeout(() => controller.abort(new DOMException(reason, "AbortError")), delayMs);
  };
  const beat = async () => {
    try {
      await payload.heartbeat();
    } catch (error) {
      const type = (error as { type?: unknown }).type;
      const isRebalancing = type === "REBALANCE_IN_PROGRESS";
      // a broker that is away for a moment has not taken the partition from us
      if (!isRebalancing && type !== "ILLEGAL_GENERATION" && type !== "UNKNOWN_MEMBER_ID") return;
      lost = error;
      abortIn(isRebalancing ? REBALANCE_GRACE_MS : 0, "the partition went to another consumer");
    }
  };
  const onStop = () => abortIn(DRAIN_MS, "the program is stopping");
  const onOver = () => controller.abort(over.reason);
  stopping.addEventListener("abort", onStop, { once: true });
  // no AbortSignal.any: what it leaves at a signal that lives as long as the membership is never freed
  over.addEventListener("abort", onOver, { once: true });
  if (over.aborted) onOver();
  const beating = setInterval(() => void beat(), HEARTBEAT_MS);
  return {
    signal: controller.signal,
    lost: () => (controller.signal.aborted ? lost : undefined),
    stop() {
      clearInterval(beating);
      clearTimeout(timer);
      stopping.removeEventListener("abort", onStop);
      over.removeEventListener("abort", onOver);
    },
  };
}

/** Without compaction offsets are gapless, so a jump is what the broker's retention took before it was read. */
function warnOfExpired<T>(
  client: KafkaClient,
  { topic, group }: Subscription<T>,
  { batch }: EachBatchPayload,
  expected: ReadonlyMap<number, bigint>,
): void {
  const next = expected.get(batch.partition);
  const first = BigInt(batch.messages[0]?.offset ?? 0);
  if (next === undefined || first <= next) return;
  client.context.log.error(
    { topic: topic.name, group, partition: batch.partition, records: Number(first - next) },
    "records expired before they were read; make them again with: earshot topics replay mentions",
  );
}
