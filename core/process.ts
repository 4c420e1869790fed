import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Enrichment } from "../schemas/enrichment.ts";
import type { Mention, MentionEvent } from "../schemas/mention.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import type { Chain } from "./chain.ts";
import type { Context } from "./context.ts";
import type { Sink } from "./contracts.ts";
import { toDeadLetter } from "./dead-letters.ts";
import { EarshotError } from "./errors.ts";
import { retrying } from "./retry.ts";

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
  let previous: Promise<void> = Promise.resolve();
  return {
    name: "process",
    // batches are read side by side and stored in the order they came: of two equal versions the later must win
    async write(events, signal) {
      const turn = previous;
      let release = () => {};
      previous = new Promise((resolve) => (release = resolve));
      try {
        const { stored, dead } = await readEvents(options, events, signal);
        await turn;
        // tried again within the turn: a batch that waits for the store must not be overtaken
        const storing = { what: "store mentions" };
        const refused = await retrying(
          () => writeIsolating(options, stored, signal),
          storing,
          signal,
          context,
        );
        dead.push(...refused);
        if (dead.length > 0) {
          await deadLetters.write(dead, signal);
          context.log.warn({ deadLetters: dead.length }, "some mentions could not be processed");
        }
      } finally {
        void turn.then(release);
      }
    },
    check: () => store.check(),
    close: () => store.close(),
  };
}

/**
 * Writes what the store accepts. A batch it rejects is halved until the culprits stand alone: they become dead
 * letters, the rest is written. @returns the dead letters
 */
async function writeIsolating(
  options: ProcessOptions,
  stored: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<DeadLetter[]> {
  if (stored.length === 0) return [];
  try {
    await options.store.write(stored, signal);
    return [];
  } catch (error) {
    if (!(error instanceof EarshotError) || error.code !== "sink_rejected") throw error;
    const [only] = stored;
    if (stored.length === 1 && only !== undefined) {
      return [rejectedByStore(only, error, options.context.now().toISOString())];
    }
    const middle = Math.ceil(stored.length / 2);
    const first = await writeIsolating(options, stored.slice(0, middle), signal);
    return [...first, ...(await writeIsolating(options, stored.slice(middle), signal))];
  }
}

function rejectedByStore(event: StoredEvent, error: EarshotError, at: string): DeadLetter {
  const failed = { ingestor: "", stage: "store", error, at } as const;
  if (event.type === "delete") {
    return toDeadLetter({
      ...failed,
      source: event.source,
      position: event.id,
      payload: event,
      identity: "deletion",
    });
  }
  const { mention } = event;
  const { source, id: position } = mention;
  return toDeadLetter({ ...failed, source, position, payload: mention, identity: identityOf(mention) });
}

/** The same content observed again is the same failure. */
function identityOf({ revision, rawHash }: Mention): string {
  return `${revision}\0${rawHash}`;
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
          identity: identityOf(mention),
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
