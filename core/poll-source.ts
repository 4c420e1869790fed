import type { CoverageState } from "../schemas/coverage.ts";
import { EarshotError } from "./errors.ts";
import { ingest, type IngestOptions, type IngestProgress } from "./ingest.ts";
import { retrying } from "./retry.ts";

/** How one poll of a source ended. */
export type PollOutcome =
  | { readonly kind: "ok"; readonly done: IngestProgress; readonly notBefore: Date | undefined }
  /** Try again on schedule, but not before this time. */
  | { readonly kind: "failed"; readonly error: EarshotError; readonly notBefore: Date | undefined }
  /** Something a person must change first. */
  | { readonly kind: "stopped"; readonly error: EarshotError };

/**
 * Polls one source once and says how it ended; one bad source never disturbs another, so only programmer errors and
 * aborts are thrown. Writes the hour's coverage: complete, or none with the reason. A lost cursor starts anew at once.
 */
export async function pollSource(options: IngestOptions, signal: AbortSignal): Promise<PollOutcome> {
  const { context, source } = options;
  try {
    const done = await ingest(options, signal);
    await recordCoverage(options, "complete", "", signal);
    context.log.info({ source, ...done }, "polled");
    return {
      kind: "ok",
      done,
      notBefore: done.notBefore === undefined ? undefined : new Date(done.notBefore),
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof EarshotError)) throw error;
    if (error.code === "cursor_lost" && options.fromStart !== true) {
      await recordCoverage(options, "partial", error.message, signal);
      context.log.warn({ source, reason: error.message }, "cursor lost, starting anew");
      return pollSource({ ...options, fromStart: true }, signal);
    }
    await recordCoverage(options, "none", error.message, signal);
    context.log.warn({ source, code: error.code, reason: error.message }, "poll failed");
    if (!error.retried) return { kind: "stopped", error };
    const { retryAfterMs } = error;
    const notBefore =
      retryAfterMs === undefined ? undefined : new Date(context.now().getTime() + retryAfterMs);
    return { kind: "failed", error, notBefore };
  }
}

async function recordCoverage(
  options: IngestOptions,
  state: CoverageState,
  reason: string,
  signal: AbortSignal,
) {
  const { source, context, coverage } = options;
  const now = context.now();
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
  const row = { source, hour, state, reason: reason.slice(0, 500), recordedAt: now.toISOString() };
  await retrying(
    () => coverage.write([row], signal),
    { what: `record coverage of ${source}` },
    signal,
    context,
  );
}
