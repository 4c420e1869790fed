import type { Broker } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { deadLettersTopic, enrichedTopic, mentionsTopic } from "../schemas/topics.ts";
import type { Service } from "./app.ts";

/** The consumer groups, by what their members do. */
export const GROUPS = {
  process: { group: "earshot.process", topic: mentionsTopic.name },
  store: { group: "earshot.store", topic: enrichedTopic.name },
  deadLetters: { group: "earshot.store-dead-letters", topic: deadLettersTopic.name },
} as const;

/** Shows how far the groups lag in the metrics, and says so when records have expired before they were read. */
export async function watchLags({ context, monitoring }: Service, broker: Broker): Promise<void> {
  const groups = Object.values(GROUPS);
  monitoring.readLagsWith(() => broker.lag(groups));
  try {
    for (const { group, topic, partition, expired } of await broker.lag(groups)) {
      if (expired === 0) continue;
      context.log.error(
        { group, topic, partition, records: expired },
        "records expired before they were read; make them again with: earshot topics replay mentions",
      );
    }
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    context.log.info({ reason: error.message }, "how far the groups lag is not known yet");
  }
}
