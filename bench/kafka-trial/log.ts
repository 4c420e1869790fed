import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Broker } from "../../core/contracts.ts";
import type { MentionEvent } from "../../schemas/mention.ts";
import { toColumnTime } from "../../schemas/rows.ts";
import { mentionsTopic } from "../../schemas/topics.ts";

/** A group of nobody else's. */
const GROUP = "trial.log";

/** What compaction would leave of a mention: its last event, as `deleted` or the version it has. */
type Last = ReadonlyMap<string, string>;

/**
 * Whether the last event of each mention in the log, which is what compaction leaves, is what the store shows.
 * @returns what differs, the first ones in full
 */
export async function compareLogWithDump(broker: Broker, dump: string, limitMs: number): Promise<string[]> {
  const last = new Map(await readLog(broker, limitMs));
  const faults: string[] = [];
  for await (const line of createInterface({ input: createReadStream(dump), crlfDelay: Infinity })) {
    const { id, revision, observed_at } = JSON.parse(line) as Record<
      "id" | "revision" | "observed_at",
      string
    >;
    const stored = `${revision} ${observed_at}`;
    const found = last.get(id) ?? "nothing";
    if (found !== stored) faults.push(`of ${id} the log keeps ${found}, the store ${stored}`);
    last.delete(id);
  }
  for (const [id, version] of last) {
    if (version !== "deleted") faults.push(`of ${id} the log keeps ${version}, the store nothing`);
  }
  return faults.length === 0
    ? []
    : [`${faults.length} mentions the log keeps otherwise: ${faults.slice(0, 5).join("; ")}`];
}

async function readLog(broker: Broker, limitMs: number): Promise<Last> {
  const last = new Map<string, string>();
  const stopping = new AbortController();
  const reading = broker.consume(
    {
      topic: mentionsTopic,
      group: GROUP,
      batchSize: 5_000,
      async onDelivery({ records }) {
        for (const event of records) last.set(mentionsTopic.key(event), versionOf(event));
      },
    },
    stopping.signal,
  );
  reading.catch(() => {});
  const until = performance.now() + limitMs;
  while ((await broker.lag([{ group: GROUP, topic: mentionsTopic.name }])).some(({ lag }) => lag > 0)) {
    if (performance.now() > until) throw new Error("the log could not be read in time");
    await sleep(250);
  }
  stopping.abort();
  await reading;
  return last;
}

function versionOf(event: MentionEvent): string {
  if (event.type === "delete") return "deleted";
  const { revision, observedAt } = event.mention;
  return `${revision} ${toColumnTime(observedAt)}`;
}
