import type { Coverage, CoverageState } from "../schemas/coverage.ts";
import type { Sink } from "./contracts.ts";
import { EarshotError } from "./errors.ts";
import { ingest, type IngestOptions, type IngestProgress } from "./ingest.ts";
import { cutText } from "./mention.ts";
import { retrying } from "./retry.ts";

/** How one poll of a source ended. */
export type PollOutcome =
  | { readonly kind: "ok"; readonly done: IngestProgress; readonly notBefore: Date | undefined }
  /** Try again on schedule, but not before this time. */
  | { readonly kind: "failed"; readonly error: EarshotError; readonly notBefore: Date | undefined }
  /** Something a person must change first. */
  | { readonly kind: "stopped"; readonly error: EarshotError };

/**
 * Polls one source once and says how it ended; one bad source never disturbs another, so only programmer errors, aborts
 * and a store that refuses us (config_invalid, sink_rejected) are thrown. Writes the hour's coverage: complete, or none with the reason. A lost cursor starts anew at once.
 */
export async function pollSource(options: IngestOptions, signal: AbortSignal): Promise<PollOutcome> {
  const worse = new Set<string>();
  return pollOnce({ ...options, coverage: noting(options.coverage, worse) }, worse, signal);
}

/** @param worse hours this poll found less than complete: they do not become complete by the poll having ended */
async function pollOnce(
  options: IngestOptions,
  worse: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PollOutcome> {
  const { context, source } = options;
  try {
    const done = await ingest(options, signal);
    if (!worse.has(hourOf(context.now()))) await recordCoverage(options, "complete", "", signal);
    const { mentions, deletions } = done;
    context.observe({ kind: "polled", source, mentions, deletions });
    context.log.info({ source, ...done }, "polled");
    return {
      kind: "ok",
      done,
      notBefore: done.notBefore === undefined ? undefined : new Date(done.notBefore),
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof EarshotError) || isOfStore(error)) throw error;
    if (error.code === "ownership_lost") return { kind: "stopped", error };
    if (error.code === "cursor_lost" && options.fromStart !== true) {
      await recordCoverage(options, "partial", error.message, signal);
      context.log.warn({ source, reason: error.message }, "cursor lost, starting anew");
      return pollOnce({ ...options, fromStart: true }, worse, signal);
    }
    await recordFailure(options, error, signal);
    context.log.warn({ source, code: error.code, reason: error.message }, "poll failed");
    if (!error.retried) return { kind: "stopped", error };
    const { retryAfterMs } = error;
    const notBefore =
      retryAfterMs === undefined ? undefined : new Date(context.now().getTime() + retryAfterMs);
    return { kind: "failed", error, notBefore };
  }
}

/** A store that refuses us for good concerns every source alike. */
function isOfStore({ code }: EarshotError): boolean {
  return code === "config_invalid" || code === "sink_rejected";
}

/** What failed may have been the store, and then the ledger cannot be written either: the poll's own error counts. */
async function recordFailure(
  options: IngestOptions,
  error: EarshotError,
  signal: AbortSignal,
): Promise<void> {
  try {
    await recordCoverage(options, "none", error.message, signal);
  } catch (second) {
    if (signal.aborted || !(second instanceof EarshotError)) throw second;
    options.context.log.warn({ source: options.source, reason: second.message }, "coverage was not recorded");
  }
}

/** The same sink, with the hours that are not complete noted. */
function noting(coverage: Sink<Coverage>, hours: Set<string>): Sink<Coverage> {
  return {
    ...coverage,
    async write(rows, signal) {
      await coverage.write(rows, signal);
      for (const { hour, state } of rows) if (state !== "complete") hours.add(hour);
    },
  };
}

function hourOf(at: Date): string {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000).toISOString();
}

async function recordCoverage(
  options: IngestOptions,
  state: CoverageState,
  reason: string,
  signal: AbortSignal,
) {
  const { source, context, coverage } = options;
  const now = context.now();
  const row = {
    source,
    hour: hourOf(now),
    state,
    reason: cutText(reason, 500),
    recordedAt: now.toISOString(),
  };
  await retrying(
    () => coverage.write([row], signal),
    { what: `record coverage of ${source}` },
    signal,
    context,
  );
}
