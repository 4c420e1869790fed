import type { Coverage } from "../schemas/coverage.ts";
import type { Poll } from "../schemas/poll.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import type { LedgerBudget } from "./budget.ts";
import type { Gap, Sink, TimeWindow } from "./contracts.ts";
import { hoursHeard, hoursUnheard } from "./coverage.ts";
import { EarshotError } from "./errors.ts";
import { ingest, type IngestOptions, type IngestProgress } from "./ingest.ts";
import { cutText } from "./mention.ts";
import { retrying } from "./retry.ts";

/** What is known of a source from the polls before. */
export interface SourceState {
  /** Everything since then, up to `heardUntil`, was heard. Null: it was never heard. */
  readonly coveredFrom: Timestamp | null;
  readonly heardUntil: Timestamp | null;
  /** Polls in a row that were not ok. */
  readonly failures: number;
  readonly notBefore: Timestamp | null;
}

/** Of a source that was never polled. */
export const NEVER_POLLED: SourceState = {
  coveredFrom: null,
  heardUntil: null,
  failures: 0,
  notBefore: null,
};

export interface SourceOptions extends Omit<IngestOptions, "onGap" | "onProgress" | "budget"> {
  readonly budget: LedgerBudget;
  readonly coverage: Sink<Coverage>;
  readonly polls: Sink<Poll>;
  /** When the schedule comes round next, at that time or after it. Absent: nobody knows. */
  readonly nextTurn?: (notBefore: Timestamp) => Timestamp;
}

/** A source as it is polled again and again by one process. */
export interface PolledSource {
  /** As of the last poll, or of the last report of a stream. */
  state(): SourceState;
  /**
   * Polls once and says how it ended. One bad source never disturbs another, so only programmer errors, aborts and a
   * store that refuses us (config_invalid, sink_rejected) are thrown. A lost cursor starts anew at once. Writes down the
   * poll and how completely each hour was heard.
   */
  poll(signal: AbortSignal): Promise<Poll>;
}

/** A stream reports itself so often. */
const REPORT_EVERY_MS = 60_000;

/** Waits after failures grow from the first to the last of these, with full jitter above the least. */
const PATIENCE = {
  failed: { least: 0, first: 30_000, most: 30 * 60_000 },
  // a refused token or a page instead of a feed may be a passing fault of theirs, so it is looked at again, seldom
  stopped: { least: 15 * 60_000, first: 30 * 60_000, most: 6 * 3_600_000 },
} as const;

/** Continues a source where earlier polls left it. */
export function openSource(options: SourceOptions, before: SourceState): PolledSource {
  const { source, ingestor, context, budget } = options;
  let state = before;
  /** Hours up to here are in the ledger as not heard. */
  let unheardUntil: Timestamp | null = null;

  const now = () => context.now().toISOString();

  async function writeDown<T>(what: string, sink: Sink<T>, rows: readonly T[], signal: AbortSignal) {
    if (rows.length === 0) return;
    await retrying(() => sink.write(rows, signal), { what: `${what} of ${source}` }, signal, context);
  }

  /** Moves the state on over what was heard, and tells it in the ledger before anything lies behind it. */
  async function heard(until: Timestamp, gaps: readonly Gap[], signal: AbortSignal): Promise<void> {
    const from = state.heardUntil ?? until;
    const first = state.coveredFrom ?? until;
    const lost = gaps.map((gap) => withinUnheard(gap, state.heardUntil));
    const old = state.heardUntil === null ? lost : [];
    const window: TimeWindow = { from: earliest([from, ...old.map((gap) => gap.from)]), to: until };
    const coveredFrom = earliest([until, behind(first, gaps)]);
    const isFirst = state.heardUntil === null;
    const hours = hoursHeard({
      source,
      window: isFirst && old.length === 0 ? { from: until, to: until } : window,
      coveredFrom: first,
      gaps: lost,
      isFirst,
      at: now(),
    });
    await writeDown("record coverage", options.coverage, hours, signal);
    state = { ...state, coveredFrom, heardUntil: until };
    unheardUntil = null;
  }

  /** From when on nothing is missing if no more is heard than the gaps of a poll that has not ended. */
  function coveredBehind(gaps: readonly Gap[]): Timestamp | null {
    const [first] = gaps;
    if (first === undefined) return state.coveredFrom;
    return earliest([now(), behind(state.coveredFrom ?? first.from, gaps)]);
  }

  async function report(poll: Poll, signal: AbortSignal): Promise<Poll> {
    await writeDown("record the poll", options.polls, [poll], signal);
    return poll;
  }

  return {
    state: () => state,
    poll: (signal) => pollOnce(false, signal),
  };

  async function pollOnce(fromStart: boolean, signal: AbortSignal): Promise<Poll> {
    const startedAt = now();
    const gaps: Gap[] = [];
    let told: IngestProgress | undefined;
    let toldAt = startedAt;

    const onGap = async (gap: Gap) => {
      gaps.push(gap);
      const hours = hoursHeard({
        source,
        window: { from: gap.from, to: gap.to > startedAt ? startedAt : gap.to },
        coveredFrom: gap.from,
        gaps: [withinUnheard(gap, state.heardUntil)],
        at: now(),
      });
      await writeDown("record coverage", options.coverage, hours, signal);
      // the cursor lies behind it soon, and nobody would tell of it again, whoever polls then
      const coveredFrom = coveredBehind(gaps);
      if (coveredFrom !== state.coveredFrom)
        await report({ ...soFar(toldAt, since(undefined, told)), coveredFrom }, signal);
    };
    /** A stream never ends, so it tells how far it is while it runs. */
    const onProgress = async (done: IngestProgress, isCheckpoint: boolean) => {
      const at = now();
      if (!isCheckpoint || ingestor.source.mode !== "stream") return;
      if (Date.parse(at) - Date.parse(toldAt) < REPORT_EVERY_MS) return;
      await heard(reached(done, at), gaps.splice(0), signal);
      state = { ...state, failures: 0, notBefore: null };
      await report(soFar(toldAt, since(done, told)), signal);
      told = { ...done };
      toldAt = at;
    };

    try {
      const done = await ingest(
        { ...options, fromStart: fromStart || options.fromStart === true, onGap, onProgress },
        signal,
      );
      await heard(ingestor.source.mode === "stream" ? reached(done, now()) : startedAt, gaps, signal);
      state = { ...state, failures: 0, notBefore: done.notBefore ?? null };
      context.observe({ kind: "polled", source, mentions: done.mentions, deletions: done.deletions });
      context.log.info({ source, ...done }, "polled");
      return await report(aPoll(toldAt, "ok", since(done, told)), signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof EarshotError) || isOfStore(error)) throw error;
      if (error.code === "cursor_lost" && !fromStart) {
        const lost = {
          from: state.heardUntil ?? startedAt,
          to: startedAt,
          reason: error.message,
          isPartial: true,
        };
        if (state.heardUntil !== null) await heard(startedAt, [...gaps, lost], signal);
        context.log.warn({ source, reason: error.message }, "cursor lost, starting anew");
        return pollOnce(true, signal);
      }
      if (error.code === "ownership_lost") {
        // whoever took it over writes its ledger; should it be given back, the next poll goes on
        context.log.warn({ source, reason: error.message }, "poll given up");
        return aPoll(toldAt, "failed", since(undefined, told), error);
      }
      state = { ...state, coveredFrom: coveredBehind(gaps) };
      return failed(error, toldAt, told, signal);
    }
  }

  async function failed(
    error: EarshotError,
    startedAt: Timestamp,
    told: IngestProgress | undefined,
    signal: AbortSignal,
  ): Promise<Poll> {
    const outcome = error.retried || error.code === "budget_spent" ? "failed" : "stopped";
    const failures = state.failures + 1;
    const wait = error.retryAfterMs ?? backOff(PATIENCE[outcome], failures);
    state = { ...state, failures, notBefore: new Date(context.now().getTime() + wait).toISOString() };
    context.log.warn({ source, code: error.code, reason: error.message, failures }, "poll failed");
    const poll = aPoll(startedAt, outcome, since(undefined, told), error);
    // what failed may have been the store, and then nothing can be written down either: the poll's own error counts
    try {
      const known = [unheardUntil, state.heardUntil, state.coveredFrom].filter((at) => at !== null);
      const from = known.length === 0 ? now() : latest(known);
      await writeDown(
        "record coverage",
        options.coverage,
        hoursUnheard(source, { from, to: now() }, error.message, now()),
        signal,
      );
      unheardUntil = hourOf(now());
      return await report(poll, signal);
    } catch (second) {
      if (signal.aborted || !(second instanceof EarshotError)) throw second;
      context.log.warn({ source, reason: second.message }, "the failed poll was not written down");
      return poll;
    }
  }

  /** Of a poll that goes on. A stream is not asked again while it runs. */
  function soFar(startedAt: Timestamp, brought: Brought): Poll {
    const poll = aPoll(startedAt, "ok", brought);
    return ingestor.source.mode === "stream" ? { ...poll, nextPollAt: null } : poll;
  }

  function aPoll(
    startedAt: Timestamp,
    outcome: Poll["outcome"],
    { mentions, deletions, unmatched, deadLetters }: Brought,
    error?: EarshotError,
  ): Poll {
    return {
      source,
      startedAt,
      at: now(),
      outcome,
      code: error?.code ?? "",
      reason: cutText(error?.message ?? "", 500),
      mentions,
      deletions,
      unmatched,
      deadLetters,
      ...budget.takeSpent(),
      ...state,
      nextPollAt: options.nextTurn?.(state.notBefore ?? now()) ?? null,
      budget: budget.left(),
    };
  }
}

/** A stream that catches up has not heard what is said now. */
function reached({ upTo }: IngestProgress, now: Timestamp): Timestamp {
  return upTo !== undefined && upTo < now ? upTo : now;
}

type Brought = Pick<IngestProgress, "mentions" | "deletions" | "unmatched" | "deadLetters">;

/** What came since a stream last reported. */
function since(done: IngestProgress | undefined, told: IngestProgress | undefined): Brought {
  const difference = (name: keyof Brought) => Math.max(0, (done?.[name] ?? 0) - (told?.[name] ?? 0));
  return {
    mentions: difference("mentions"),
    deletions: difference("deletions"),
    unmatched: difference("unmatched"),
    deadLetters: difference("deadLetters"),
  };
}

/** A gap may reach back to the last item; what was heard after that item is not missing. */
function withinUnheard(gap: Gap, heardUntil: Timestamp | null): Gap {
  return heardUntil !== null && gap.from < heardUntil ? { ...gap, from: heardUntil } : gap;
}

function earliest(times: readonly Timestamp[]): Timestamp {
  return times.reduce((least, at) => (at < least ? at : least));
}

function latest(times: readonly Timestamp[]): Timestamp {
  return times.reduce((most, at) => (at > most ? at : most));
}

/** The later of a time and the ends of all gaps. */
function behind(at: Timestamp, gaps: readonly Gap[]): Timestamp {
  return latest([at, ...gaps.map(({ to }) => to)]);
}

function hourOf(at: Timestamp): Timestamp {
  return new Date(Math.floor(Date.parse(at) / 3_600_000) * 3_600_000).toISOString();
}

/** @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function backOff(
  { least, first, most }: { least: number; first: number; most: number },
  failures: number,
): number {
  const ceiling = Math.min(most, first * 2 ** (failures - 1));
  return Math.round(least + Math.random() * Math.max(0, ceiling - least));
}

/** A store that refuses us for good concerns every source alike. */
function isOfStore({ code }: EarshotError): boolean {
  return code === "config_invalid" || code === "sink_rejected";
}
