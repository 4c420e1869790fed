import { NO_LIMITS, openBudget } from "../../../core/budget.ts";
import type { Config } from "../../../core/config.ts";
import type { Context } from "../../../core/context.ts";
import { parseItems } from "../../../core/parse-items.ts";
import type { Mention } from "../../../schemas/mention.ts";
import { findSource } from "../../sources.ts";

/** What a source gave when it was asked once, storing nothing. */
export interface Heard {
  readonly items: number;
  readonly unreadable: number;
  /** Those that belong to its trackers. */
  readonly mentions: readonly Mention[];
  /** Those that would if all were kept. */
  readonly others: readonly Mention[];
}

const PATIENCE_MS = { poll: 60_000, stream: 20_000, push: 0, import: 0 } as const;

/**
 * Asks a source until a page has something in it, as its first poll would.
 * @throws {EarshotError} what the ingestor throws
 */
export async function listen(
  config: Config,
  id: string,
  context: Context,
  signal: AbortSignal,
): Promise<Heard> {
  const { entry, source } = findSource(config, id);
  const { ingestor, queries } = source;
  const budget =
    Object.keys(entry.budget).length === 0 ? NO_LIMITS : openBudget(id, entry.budget, [], context);
  const patience = AbortSignal.timeout(PATIENCE_MS[ingestor.source.mode]);
  const run = { config: source.config, cursor: undefined, queries, budget, context };
  const items: unknown[] = [];
  try {
    for await (const page of ingestor.poll({ ...run, signal: AbortSignal.any([signal, patience]) })) {
      items.push(...page.items);
      if (items.length > 0) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    // nothing was wrong, there was only nothing to hear for a while
    if (!patience.aborted) throw error;
  }
  const mentionsOf = (belonging: typeof source.belonging) => {
    const { events, dead } = parseItems({ ...source, belonging, context }, items);
    const mentions = events.flatMap((event) => (event.type === "upsert" ? event.mention : []));
    return { mentions, unreadable: dead.length };
  };
  const { mentions, unreadable } = mentionsOf(source.belonging);
  const all = mentionsOf({ trackers: entry.trackers });
  const own = new Set(mentions.map((mention) => mention.id));
  const others = all.mentions.filter((mention) => !own.has(mention.id));
  return { items: items.length, unreadable, mentions, others };
}
