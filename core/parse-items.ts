import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Mention, MentionEvent } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { Belonging } from "./belonging.ts";
import type { Context } from "./context.ts";
import type { Ingestor, MentionFields } from "./contracts.ts";
import { toDeadLetter } from "./dead-letters.ts";
import { EarshotError } from "./errors.ts";
import { toDeletion, toMention } from "./mention.ts";
import { redactItem, redactMention } from "./redact-mention.ts";
import { redactPii } from "./redact-pii/index.ts";

export interface ParseOptions {
  /** Name of the configured source. */
  readonly source: string;
  /** Whose its mentions are. */
  readonly belonging: Belonging;
  readonly ingestor: Ingestor;
  /** Where personal data must not be kept: what pseudonyms are made with. */
  readonly redactKey: string | undefined;
  readonly context: Context;
}

/** What items turned out to be. */
export interface ParsedItems {
  readonly events: readonly MentionEvent[];
  readonly dead: readonly DeadLetter[];
  /** Items that are no mention. */
  readonly skipped: number;
  /** Mentions that belong to none of the source's trackers. */
  readonly unmatched: number;
}

/** Makes events of what a platform sent; whatever `parse` throws costs the one item, which becomes a dead letter. */
export function parseItems(options: ParseOptions, items: readonly unknown[]): ParsedItems {
  const { ingestor, source, context, redactKey } = options;
  const { trackers } = options.belonging;
  const observedAt = context.now().toISOString();
  const events: MentionEvent[] = [];
  const dead: DeadLetter[] = [];
  let [skipped, unmatched] = [0, 0];
  for (const item of items) {
    try {
      const parsed = ingestor.parse(item, observedAt);
      if (parsed.type === "upsert") {
        const mention = ownMention(options, parsed.mention, observedAt);
        if (mention === undefined) unmatched++;
        else events.push({ type: "upsert", mention });
      } else if (parsed.type === "delete") {
        events.push(toDeletion(parsed, { source, trackers, observedAt }));
      } else {
        skipped++;
      }
    } catch (error) {
      const position = ingestor.position?.(item) ?? "";
      dead.push(
        toDeadLetter({
          source,
          ingestor: ingestor.name,
          stage: "parse",
          position,
          payload: redactKey === undefined ? item : redactItem(item),
          error: asInvalidRecord(ingestor.name, error, redactKey !== undefined),
          at: observedAt,
        }),
      );
    }
  }
  return { events, dead, skipped, unmatched };
}

/**
 * The mention with its trackers, or undefined when it is nobody's.
 * @throws {EarshotError} record_invalid
 */
export function ownMention(
  { source, belonging, redactKey }: Pick<ParseOptions, "source" | "belonging" | "redactKey">,
  fields: MentionFields,
  observedAt: Timestamp,
): Mention | undefined {
  const { trackers, match } = belonging;
  const origin = { source, trackers: match === undefined ? trackers : [], observedAt };
  const mention = toMention(fields, origin);
  // what we answered is ours whatever it says: the mention it answers was matched
  const found = match === undefined || (mention.byUs && mention.parentId !== "") ? trackers : match(mention);
  if (found === undefined) return undefined;
  const owned = { ...mention, trackers: [...new Set([...mention.trackers, ...found])] };
  // queries may ask for what is taken out here
  return redactKey === undefined ? owned : redactMention(owned, redactKey);
}

/** One item must never stop the rest, so whatever `parse` threw becomes the reason of a dead letter. */
function asInvalidRecord(ingestor: string, error: unknown, isRedacted: boolean): EarshotError {
  const known = error instanceof EarshotError ? error : undefined;
  const detail = error instanceof Error ? error.message : String(error);
  const message = known?.message ?? `${ingestor} could not read this item (${detail}).`;
  return new EarshotError(known?.code ?? "record_invalid", isRedacted ? redactPii(message) : message, {
    cause: error,
  });
}
