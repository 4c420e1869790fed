import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Enrichment } from "../schemas/enrichment.ts";
import type { Mention, MentionEvent } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import type { Chain } from "./chain.ts";
import type { Context } from "./context.ts";
import type { Sink } from "./contracts.ts";
import { identityOf, toDeadLetter } from "./dead-letters.ts";
import { retrying } from "./retry.ts";
import { queueing } from "./turns.ts";

/** What the whole chain must have added by its end. `modelVersion` and `processedAt` are the loop's. */
export type ChainAdds = Omit<Enrichment, "modelVersion" | "processedAt">;

export interface ProcessOptions {
  readonly chain: Chain<Mention, Mention & ChainAdds>;
  readonly modelVersion: string;
  /** Where events go once read: the store, or the topic in front of it. */
  readonly target: Sink<StoredEvent>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/**
 * The process loop as a sink of mention events: chain, then write what is ok, then write dead letters. When `write`
 * resolves, every event is durable at the target or as a dead letter, or was dropped on purpose.
 */
export function processingSink(options: ProcessOptions): Sink<MentionEvent> {
  const { target, deadLetters, context } = options;
  const takePlace = queueing();
  const timesOf = orderedTimes(context);
  return {
    name: "process",
    // batches are read side by side and written in the order they came: of two equal versions the later must win
    async write(events, signal) {
      const place = takePlace();
      try {
        const { read, dead } = await readEvents(options, events, timesOf(events), signal);
        await place.turn;
        if (read.length > 0) await target.write(read, signal);
        if (dead.length > 0) {
          const label = { what: "write dead letters" };
          await retrying(() => deadLetters.write(dead, signal), label, signal, context);
        }
      } finally {
        place.leave();
      }
    },
    check: () => target.check(),
    close: () => target.close(),
  };
}

/** When events were processed: those of one mention have growing times, in the order they came. */
function orderedTimes(context: Context) {
  let latest = 0;
  return (events: readonly MentionEvent[]): Timestamp[] => {
    const start = Math.max(context.now().getTime(), latest + 1);
    const met = new Map<string, number>();
    return events.map((event) => {
      const id = event.type === "upsert" ? event.mention.id : event.id;
      const at = start + (met.get(id) ?? 0);
      met.set(id, at - start + 1);
      latest = Math.max(latest, at);
      return new Date(at).toISOString();
    });
  };
}

async function readEvents(
  options: ProcessOptions,
  events: readonly MentionEvent[],
  times: readonly Timestamp[],
  signal: AbortSignal,
) {
  const { chain, modelVersion } = options;
  const read: StoredEvent[] = [];
  const dead: DeadLetter[] = [];
  const mentions: Mention[] = [];
  const mentionTimes: Timestamp[] = [];
  events.forEach((event, index) => {
    const processedAt = times[index] ?? "";
    if (event.type === "upsert") {
      mentions.push(event.mention);
      mentionTimes.push(processedAt);
    } else read.push({ ...event, processedAt });
  });
  const outcomes = await chain.run(mentions, signal);
  outcomes.forEach((outcome, index) => {
    const mention = mentions[index];
    const processedAt = mentionTimes[index] ?? "";
    if (mention === undefined || outcome.kind === "drop") return;
    if (outcome.kind === "dead") {
      const { source } = mention;
      dead.push(
        toDeadLetter({
          source,
          ingestor: "",
          stage: "process",
          position: mention.id,
          payload: mention,
          identity: identityOf(mention),
          error: outcome.error,
          at: processedAt,
        }),
      );
      return;
    }
    const { language, languageConfidence, sentiment, complaint } = outcome.value;
    const enrichment = { language, languageConfidence, sentiment, complaint, modelVersion, processedAt };
    read.push({ type: "upsert", mention, enrichment });
  });
  return { read, dead };
}
