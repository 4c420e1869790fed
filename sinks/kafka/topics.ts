import type { GroupLag, TopicSpec } from "../../core/contracts.ts";
import type { Context } from "../../core/context.ts";
import { EarshotError } from "../../core/errors.ts";
import { retrying } from "../../core/retry.ts";
import type { Admin, KafkaClient, KafkaSettings } from "./client.ts";
import { OWNERSHIP_PARTITIONS, OWNERSHIP_TOPIC } from "./share.ts";

/** How a topic is made. */
interface Plan {
  readonly name: string;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;

/** A superseded record is gone after this and the cleaner's own pace: half of the strictest platform's day. */
const MAX_COMPACTION_LAG_MS = 12 * HOUR_MS;

type TopicSettings = Pick<KafkaSettings, "partitions" | "retentionHours" | "maxMessageBytes">;
type AnySpec = Pick<TopicSpec<never>, "name" | "retention">;

/**
 * How the broker keeps a topic: its partitions and its config, by Kafka's names.
 * @see https://kafka.apache.org/documentation/#topicconfigs
 */
export function planTopic(
  { name, retention }: AnySpec,
  { partitions, retentionHours, maxMessageBytes }: TopicSettings,
): Plan {
  const hours = retention.hours ?? retentionHours;
  const config: Record<string, string> = {
    "cleanup.policy": retention.latestPerKey === true ? "compact,delete" : "delete",
    "retention.ms": String(Math.round(hours * HOUR_MS)),
    "max.message.bytes": String(maxMessageBytes),
    // whatever its writers use, readers find what kafkajs can read
    "compression.type": "gzip",
    // retention goes by when the log got a record, whatever its writer says
    "message.timestamp.type": "LogAppendTime",
  };
  if (retention.latestPerKey === true) config["max.compaction.lag.ms"] = String(MAX_COMPACTION_LAG_MS);
  // only closed segments are deleted, so they must be short against the retention
  else config["segment.ms"] = String(Math.round(Math.min(HOUR_MS * 24, (hours * HOUR_MS) / 10)));
  return { name, partitions, config };
}

const OWNERSHIP: Plan = {
  name: OWNERSHIP_TOPIC,
  partitions: OWNERSHIP_PARTITIONS,
  config: { "retention.ms": String(HOUR_MS) },
};

/** Creates the topics that are missing, and the one that ownership is dealt out by. */
export async function createTopics(
  client: KafkaClient,
  admin: Admin,
  specs: readonly AnySpec[],
): Promise<string[]> {
  const existing = new Set(await admin.listTopics());
  const plans = [...specs.map((spec) => planTopic(spec, client.settings)), OWNERSHIP];
  const missing = plans.filter(({ name }) => !existing.has(client.fullName(name)));
  for (const { name, partitions, config } of missing) {
    // another process may have been quicker: that is no failure
    await admin.createTopics({
      // kafkajs gives up on a topic the broker has not heard of itself yet
      waitForLeaders: false,
      topics: [
        {
          topic: client.fullName(name),
          numPartitions: partitions,
          replicationFactor: client.settings.replication,
          configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
        },
      ],
    });
  }
  // a topic has leaders before they answer for it: until then its first writers would be told there is none
  for (const { name } of missing) await untilUsable(client, admin, name);
  return missing.map(({ name }) => name);
}

async function untilUsable(client: KafkaClient, admin: Admin, name: string): Promise<void> {
  const ask = async () => {
    try {
      await admin.fetchTopicOffsets(client.fullName(name));
    } catch (error) {
      throw client.translate(error, name);
    }
  };
  const limits = { what: `wait for topic ${name}`, firstDelayMs: 50, maxDelayMs: 1_000, maxAttempts: 20 };
  await retrying(ask, limits, new AbortController().signal, quiet(client.context));
}

/** A moment's waiting that is part of the matter is no news. */
function quiet(context: Context): Context {
  const silent = () => {};
  return { ...context, log: { ...context.log, warn: silent }, observe: silent };
}

/** How far a group has read a topic, one entry per partition in order. */
export async function lagOf(
  client: KafkaClient,
  admin: Admin,
  { group, topic }: { readonly group: string; readonly topic: string },
): Promise<GroupLag[]> {
  const topicName = client.fullName(topic);
  const [ends, committed] = await Promise.all([
    admin.fetchTopicOffsets(topicName),
    admin.fetchOffsets({ groupId: client.fullName(group), topics: [topicName] }),
  ]).catch((error: unknown) => {
    throw client.translate(error, topic);
  });
  const at = new Map(
    (committed[0]?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
  );
  return ends
    .map(({ partition, high, low }) => {
      const [first, end] = [Number(low), Number(high)];
      const next = at.get(partition) ?? -1;
      return {
        group,
        topic,
        partition,
        retained: end - first,
        lag: end - Math.max(next, first),
        expired: next < 0 ? 0 : Math.max(0, first - next),
      };
    })
    .sort((a, b) => a.partition - b.partition);
}

/** Sets what a group has committed to the first record since a time, or to the oldest there is. */
export async function rewindGroup(
  client: KafkaClient,
  admin: Admin,
  group: string,
  topic: string,
  since: Date | undefined,
): Promise<void> {
  const groupId = client.fullName(group);
  const { groups } = await admin.describeGroups([groupId]);
  const members = groups[0]?.members.length ?? 0;
  if (members > 0) {
    throw new EarshotError(
      "request_invalid",
      `${members} ${members === 1 ? "process reads" : "processes read"} ${topic} as ${group}; stop them first, then replay.`,
    );
  }
  const name = client.fullName(topic);
  const oldest = await admin.fetchTopicOffsets(name);
  const wanted =
    since === undefined ? undefined : await admin.fetchTopicOffsetsByTimestamp(name, since.getTime());
  const partitions = oldest.map(({ partition, low, high }) => {
    const found = wanted?.find((entry) => entry.partition === partition)?.offset;
    // -1: nothing is as young as that
    const offset = wanted === undefined ? low : found === undefined || found === "-1" ? high : found;
    return { partition, offset };
  });
  await admin.setOffsets({ groupId, topic: name, partitions });
}
