import type { DeadLetter } from "../schemas/dead-letter.ts";
import { idOf, type MentionEvent } from "../schemas/mention.ts";
import type { Sink } from "./contracts.ts";

/** What an import did, or with a dry run would do. `duplicate` counts rows whose id is stored already or came before. */
export interface ImportReport {
  new: number;
  duplicate: number;
  /** Of the duplicates, those whose content differs from what is stored; they are written as its newer state. */
  changed: number;
  rejected: number;
  /** Mention ids of rows that could be read but not processed or stored: rejected, and neither new nor changed. */
  readonly unstored: Set<string>;
  deadLetters: { line: number | null; code: string; reason: string }[];
}

/** At most this many rejected rows are listed one by one; all are counted, and all are dead letters. */
const MAX_LISTED = 10_000;

export interface ImportSinkOptions {
  /** Where new and changed mentions go; absent in a dry run. */
  readonly events: Sink<MentionEvent> | undefined;
  /** Content hash by id, of those among `ids` that are known. */
  readonly lookUp: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Told of every new id with its content hash, so that a dry run can look it up later. */
  readonly remember: (met: ReadonlyMap<string, string>, signal: AbortSignal) => Promise<void>;
  readonly report: ImportReport;
}

/** A sink of mention events that tells new from duplicate, passes on only what the store does not have, and counts. */
export function importSink(options: ImportSinkOptions): Sink<MentionEvent> {
  const { events: target, lookUp, remember, report } = options;
  // batches on their way, whose rows a look-up may not see yet
  const underWay = new Set<Map<string, string>>();

  async function takeIn(events: readonly MentionEvent[], batch: Map<string, string>, signal: AbortSignal) {
    const latest = new Map<string, MentionEvent>();
    for (const event of events) latest.set(idOf(event), event);
    const known = new Map<string, string>();
    for (const ahead of underWay) for (const [id, hash] of ahead) known.set(id, hash);
    for (const [id, event] of latest) batch.set(id, hashOf(event));
    underWay.add(batch);
    for (const [id, hash] of await lookUp([...latest.keys()])) if (!known.has(id)) known.set(id, hash);

    const wanted: MentionEvent[] = [];
    const fresh: string[] = [];
    for (const [id, event] of latest) {
      if (!known.has(id)) fresh.push(id);
      if (known.get(id) !== hashOf(event)) wanted.push(event);
    }
    if (wanted.length > 0) await target?.write(wanted, signal);
    await remember(new Map(fresh.map((id) => [id, batch.get(id) ?? ""])), signal);
    const isStored = (id: string) => !report.unstored.has(id);
    report.new += fresh.filter(isStored).length;
    report.duplicate += events.length - fresh.length;
    report.changed += wanted.map(idOf).filter((id) => isStored(id) && known.has(id)).length;
  }

  return {
    name: "import",
    async write(events, signal) {
      const batch = new Map<string, string>();
      try {
        await takeIn(events, batch, signal);
      } finally {
        underWay.delete(batch);
      }
    },
    check: async () => target?.check(),
    close: async () => target?.close(),
  };
}

/** Content hash; a deletion has none and differs from everything stored. */
function hashOf(event: MentionEvent): string {
  return event.type === "upsert" ? event.mention.rawHash : "deleted";
}

/** A sink of dead letters that lists them in the report and passes them on unless this is a dry run. */
export function importDeadLetterSink(
  target: Sink<DeadLetter> | undefined,
  report: ImportReport,
): Sink<DeadLetter> {
  return {
    name: "import dead letters",
    async write(deadLetters, signal) {
      await target?.write(deadLetters, signal);
      report.rejected += deadLetters.length;
      for (const { stage, position, code, reason } of deadLetters) {
        if (stage !== "parse") report.unstored.add(position);
        if (report.deadLetters.length >= MAX_LISTED) continue;
        const line = /^(?:line|item) (\d+)$/.exec(position)?.[1];
        report.deadLetters.push({ line: line === undefined ? null : Number(line), code, reason });
      }
    },
    check: async () => target?.check(),
    close: async () => target?.close(),
  };
}
