import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Enrichment } from "../schemas/enrichment.ts";
import type { Mention, MentionEvent } from "../schemas/mention.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import type { Chain } from "./chain.ts";
import type { Context } from "./context.ts";
import type { Sink } from "./contracts.ts";
import { toDeadLetter } from "./dead-letters.ts";

/** What the whole chain must have added by its end. `modelVersion` and `processedAt` are the loop's. */
export type ChainAdds = Omit<Enrichment, "modelVersion" | "processedAt">;

export interface ProcessOptions {
  readonly chain: Chain<Mention, Mention & ChainAdds>;
  readonly modelVersion: string;
  readonly store: Sink<StoredEvent>;
  readonly deadLetters: Sink<DeadLetter>;
  readonly context: Context;
}

/**
 * The process loop as a sink of mention events: chain, then write what is ok, then write dead letters. When `write`
 * resolves, every event is durable as a row or a dead letter, or was dropped on purpose.
 */
export function processingSink(options: ProcessOptions): Sink<MentionEvent> {
  const { store, deadLetters, context } = options;
  return {
    name: "process",
    async write(events, signal) {
      const { stored, dead } = await readEvents(options, events, signal);
      if (stored.length > 0) await store.write(stored, signal);
      if (dead.length > 0) {
        await deadLetters.write(dead, signal);
        context.log.warn({ deadLetters: dead.length }, "some mentions could not be processed");
      }
    },
    check: () => store.check(),
    close: () => store.close(),
  };
}

async function readEvents(options: ProcessOptions, events: readonly MentionEvent[], signal: AbortSignal) {
  const { chain, modelVersion, context } = options;
  const stored: StoredEvent[] = [];
  const dead: DeadLetter[] = [];
  const mentions: Mention[] = [];
  for (const event of events) {
    if (event.type === "upsert") mentions.push(event.mention);
    else stored.push(event);
  }
  const outcomes = await chain.run(mentions, signal);
  const processedAt = context.now().toISOString();
  outcomes.forEach((outcome, index) => {
    const mention = mentions[index];
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
          error: outcome.error,
          at: processedAt,
        }),
      );
      return;
    }
    const { language, languageConfidence, sentiment, complaint } = outcome.value;
    const enrichment = { language, languageConfidence, sentiment, complaint, modelVersion, processedAt };
    stored.push({ type: "upsert", mention, enrichment });
  });
  return { stored, dead };
}
