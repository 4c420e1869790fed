import { createHash } from "node:crypto";
import type { Shares } from "../../core/contracts.ts";
import type { Admin, KafkaClient } from "./client.ts";
import { takePart } from "./group.ts";

/** A topic that carries nothing: its partitions are what is owned. */
export const OWNERSHIP_TOPIC = "ownership";
export const OWNERSHIP_PARTITIONS = 32;

/** The partition that stands for a name: the same in every process, whatever else is shared. */
export function partitionOf(name: string, partitions: number): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % partitions;
}

interface Holding {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** Shares names out among the processes of a group by Kafka's own assignment; each name has one owner at a time. */
export async function share(
  client: KafkaClient,
  admin: () => Promise<Admin>,
  shares: Shares,
  signal: AbortSignal,
): Promise<void> {
  const { context } = client;
  const { group, names } = shares;
  const held = new Map<string, Holding>();
  const leaving = new Map<string, Promise<void>>();
  let failure: { error: unknown } | undefined;
  const failing = new AbortController();
  // somebody else may have made the topic, with another number of partitions
  let count = OWNERSHIP_PARTITIONS;
  const prepare = async () => {
    const connected = await admin();
    const { topics } = await connected.fetchTopicMetadata({ topics: [client.fullName(OWNERSHIP_TOPIC)] });
    count = topics[0]?.partitions.length ?? count;
  };

  const take = (name: string) => {
    const controller = new AbortController();
    const done = (leaving.get(name) ?? Promise.resolve())
      .then(() => (controller.signal.aborted ? undefined : shares.onOwned(name, controller.signal)))
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        failure ??= { error };
        failing.abort();
      });
    held.set(name, { controller, done });
  };
  const release = (name: string, { controller, done }: Holding) => {
    held.delete(name);
    controller.abort(new DOMException(`${name} went to another process`, "AbortError"));
    const gone = done.finally(() => {
      if (leaving.get(name) === gone) leaving.delete(name);
    });
    leaving.set(name, gone);
  };
  const onAssigned = async (partitions: readonly number[]) => {
    const ours = new Set(names.filter((name) => partitions.includes(partitionOf(name, count))));
    for (const [name, holding] of held) if (!ours.has(name)) release(name, holding);
    for (const name of ours) if (!held.has(name)) take(name);
    context.observe({ kind: "owned", group, names: [...ours] });
    await Promise.all(leaving.values());
  };
  try {
    await takePart(
      client,
      {
        group,
        topic: OWNERSHIP_TOPIC,
        maxWaitMs: 1_000,
        prepare,
        eachBatch: async () => {},
        onAssigned,
      },
      AbortSignal.any([signal, failing.signal]),
    );
  } finally {
    await onAssigned([]);
  }
  if (failure !== undefined) throw failure.error;
}
