import cron from "node-cron";
import { ingestorConfig, type SourceConfig } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";
import { pollSource, type PollOutcome } from "../core/poll-source.ts";
import { ingestors } from "../ingestors/index.ts";
import type { App } from "./app.ts";
import type { Pipeline } from "./pipeline.ts";

/** Spread of the starts of sources that share a schedule. */
const JITTER_MS = 10_000;

/** A refused token or a page instead of a feed may be a passing fault of theirs, so it is looked at again, seldom. */
const STOPPED_REST_MS = 60 * 60 * 1000;

/**
 * Polls one source right away and then on its schedule, never twice at a time, until the signal aborts and the poll
 * under way has ended. A source that needs a person (bad credentials, changed format) is left alone for an hour.
 * @throws {EarshotError} config_invalid for a schedule that is no cron expression; what no retry mends: a store that
 * refuses us, or a mistake in the program
 */
export async function runSource(
  app: App,
  pipeline: Pipeline,
  source: SourceConfig,
  signal: AbortSignal,
): Promise<void> {
  const { context } = app;
  const ingestor = ingestors.find((candidate) => candidate.name === source.type);
  if (ingestor === undefined) throw new Error(`the config allowed an unknown source type ${source.type}`);
  assertSchedule(source);
  const { id, trackers } = source;
  const options = { ...pipeline, source: id, trackers, ingestor, config: ingestorConfig(ingestor, source) };
  let notBefore: Date | undefined;
  let running: Promise<void> | undefined;

  await new Promise<void>((resolve, reject) => {
    const poll = async () => {
      if (notBefore !== undefined && context.now() < notBefore) return;
      try {
        notBefore = restAfter(app, source, await pollSource(options, signal));
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    };
    const start = () => {
      if (running !== undefined || signal.aborted) return;
      running = poll()
        .finally(() => (running = undefined))
        .catch(reject);
    };
    const task = cron.schedule(source.schedule, start, {
      name: id,
      timezone: "UTC",
      maxRandomDelay: JITTER_MS,
    });
    const stop = async () => {
      await task.destroy();
      await running;
    };
    signal.addEventListener("abort", () => void stop().then(resolve, reject), { once: true });
    if (signal.aborted) void stop().then(resolve, reject);
    start();
  });
}

/** @throws {EarshotError} config_invalid */
export function assertSchedule({ id, schedule }: SourceConfig): void {
  if (cron.validate(schedule)) return;
  throw new EarshotError("config_invalid", `The schedule of source ${id} is no cron expression: ${schedule}`);
}

/** Until when a source is left alone after a poll. */
function restAfter(app: App, source: SourceConfig, outcome: PollOutcome): Date | undefined {
  if (outcome.kind !== "stopped") return outcome.notBefore;
  const { code, message: reason } = outcome.error;
  app.context.log.error({ source: source.id, code, reason }, "source stopped for an hour; fix what it says");
  return new Date(app.context.now().getTime() + STOPPED_REST_MS);
}
