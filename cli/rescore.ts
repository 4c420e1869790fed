import type { Outcome, Sink } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { toEnrichment, toReading, type ChainAdds } from "../core/process.ts";
import { retrying } from "../core/retry.ts";
import { staleMentions, type StaleMention, type StaleSelection } from "../queries/stale-mentions.ts";
import type { DeadLetter } from "../schemas/dead-letter.ts";
import type { Mention } from "../schemas/mention.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { fromColumnTime, toStoredMention } from "../schemas/rows.ts";
import type { StoredEvent } from "../schemas/stored-event.ts";
import type { App } from "./app.ts";
import { storingSink } from "./pipeline.ts";
import type { Reading } from "./reading-pool.ts";
import { openTally, type Reread, type RescoreReport, type Verdicts } from "./rescore-tally.ts";

export interface RescoreOptions {
  readonly selection: StaleSelection;
  /** Version of the readers, for what they read now. */
  readonly modelVersion: string;
  /** Reads and compares, and writes nothing. */
  readonly isDryRun: boolean;
  /** Told after each page how many mentions were met so far. */
  readonly onProgress?: (met: number) => void;
}

/** Mentions held at a time. */
const PAGE = 1_000;

/**
 * Reads stored mentions again and writes what is read of them now: readings alone, the mentions stay as they are.
 * Interrupted, it is simply run again: what was written is not stale any more.
 *
 * It may run beside everything else: of a mention that is edited, observed or deleted meanwhile the newer version wins.
 * Mentions that cannot be read again, or are refused by the store, keep what was read of them before.
 */
export async function rescore(
  app: Pick<App, "store" | "context" | "ask"> & { readonly reading: Pick<Reading, "chain"> },
  { selection, modelVersion, isDryRun, onProgress }: RescoreOptions,
  signal: AbortSignal,
): Promise<RescoreReport> {
  const { context, ask, reading } = app;
  const tally = openTally();
  const refused: DeadLetter[] = [];
  const target = storingSink(app, collecting(refused));
  let [met, after] = [0, ""];
  for (;;) {
    signal.throwIfAborted();
    const asked = context.now().toISOString();
    const page = { ...selection, after, limit: PAGE };
    const load = { what: "load mentions to read again" };
    const rows = await retrying(() => ask(staleMentions, page), load, signal, context);
    const last = rows.at(-1);
    if (last === undefined) return tally.report();
    after = last.id;

    const stored: { readonly row: StaleMention; readonly mention: Mention }[] = [];
    for (const row of rows) {
      const mention = mentionIn(row);
      if (mention instanceof EarshotError) tally.fail(toFailure(row.id, mention));
      else stored.push({ row, mention });
    }
    const mentions = stored.map(({ mention }) => mention);
    const read = { what: "read mentions again" };
    const outcomes = await retrying(() => reading.chain.run(mentions, signal), read, signal, context);

    const rereads: Reread[] = [];
    const events: StoredEvent[] = [];
    for (const [at, { row, mention }] of stored.entries()) {
      const outcome = outcomes[at];
      if (outcome?.kind !== "ok") {
        tally.fail(toFailure(mention.id, errorOf(outcome)));
        continue;
      }
      const found = toReading(outcome.value);
      // a reading is as old as the question for what it is of: what was written of the same version since then, such as
      // its trackers matched again, is later and wins. Where clocks differ it must not lose to what it replaces either
      const processedAt = laterOf(asked, fromColumnTime(row.processed_at));
      events.push({ type: "upsert", mention, enrichment: toEnrichment(found, modelVersion, processedAt) });
      const version = row.model_version;
      rereads.push({ mention, version, before: storedVerdicts(row), after: verdictsOf(found) });
    }
    if (!isDryRun) await target.write(events, signal);
    for (const { position: id, code, reason } of refused) tally.fail({ id, code, reason });
    const unwritten = new Set(refused.splice(0).map(({ position }) => position));
    for (const reread of rereads) if (!unwritten.has(reread.mention.id)) tally.count(reread);
    met += rows.length;
    onProgress?.(met);
  }
}

/** What the store refuses stands there as it was read before: nothing is lost that a dead letter would have to keep. */
function collecting(refused: DeadLetter[]): Sink<DeadLetter> {
  return {
    name: "refused readings",
    write: async (dead) => void refused.push(...dead),
    check: async () => {},
    close: async () => {},
  };
}

function mentionIn(row: StaleMention): Mention | EarshotError {
  try {
    return toStoredMention(row);
  } catch (error) {
    const message = "What is stored of this mention is none to this version; report it with its row.";
    return new EarshotError("record_invalid", message, { cause: error });
  }
}

function errorOf(outcome: Exclude<Outcome<unknown>, { kind: "ok" }> | undefined): EarshotError {
  if (outcome?.kind === "dead") return outcome.error;
  return new EarshotError("processor_failed", `Left out: ${outcome?.reason ?? "no reader answered for it"}.`);
}

function toFailure(id: string, { code, message: reason }: EarshotError) {
  return { id, code, reason };
}

function storedVerdicts(row: StaleMention): Verdicts {
  const { sentiment_label: sentiment, intent, language } = row;
  return { sentiment, complaint: yesOrNo(row.is_complaint), intent, language };
}

function verdictsOf({ sentiment, complaint, intent, language }: ChainAdds): Verdicts {
  return { sentiment: sentiment.label, complaint: yesOrNo(complaint.isComplaint), intent, language };
}

function yesOrNo(claim: boolean): string {
  return claim ? "yes" : "no";
}

function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return a > b ? a : b;
}
