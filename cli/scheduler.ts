import cron from "node-cron";
import { ingestorConfig, type SourceConfig } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";
import { pollSource, type PollOutcome } from "../core/poll-source.ts";
import { ingestors } from "../ingestors/index.ts";
import type { App } from "./app.ts";
import { directPipeline } from "./pipeline.ts";

/** Spread of the starts of sources that share a schedule. */
const JITTER_MS = 10_000;

/** A refused token or a page instead of a feed may be a passing fault of theirs, so it is looked at again, seldom. */
const STOPPED_REST_MS = 60 * 60 * 1000;

export interface Scheduler {
  /** Rejects when a poll met what no retry mends: a store that refuses us, or a mistake in the program. */
  readonly failed: Promise<never>;
  /** Resolves when no poll is running any more. */
  stop(): Promise<void>;
}

/**
 * Polls every configured source on its schedule and once right away, each on its own, never twice at a time. A source
 * that needs a person (bad credentials, changed format) is left alone for an hour.
 * @throws {EarshotError} config_invalid for a schedule that is no cron expression
 */
export function startScheduler(app: App): Scheduler {
  const pipeline = directPipeline(app);
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => {});
  const tasks = app.config.sources.map((source) => scheduleSource(app, pipeline, source, fail));
  return {
    failed,
    async stop() {
      for (const { task } of tasks) await task.destroy();
      await Promise.allSettled(tasks.map(({ state }) => state.running));
    },
  };
}

interface SourceState {
  running: Promise<void>;
  isBusy: boolean;
  notBefore: Date | undefined;
}

function scheduleSource(
  app: App,
  pipeline: ReturnType<typeof directPipeline>,
  source: SourceConfig,
  fail: (error: unknown) => void,
) {
  const ingestor = ingestors.find((candidate) => candidate.name === source.type);
  if (ingestor === undefined) throw new Error(`the config allowed an unknown source type ${source.type}`);
  assertSchedule(source);
  const config = ingestorConfig(ingestor, source);
  const state: SourceState = {
    running: Promise.resolve(),
    isBusy: false,
    notBefore: undefined,
  };
  const { context, signal } = app;

  const poll = async () => {
    if (state.isBusy || signal.aborted) return;
    if (state.notBefore !== undefined && context.now() < state.notBefore) return;
    state.isBusy = true;
    try {
      const { id, trackers } = source;
      const outcome = await pollSource({ ...pipeline, source: id, trackers, ingestor, config }, signal);
      settle(app, source, state, outcome);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      state.isBusy = false;
    }
  };
  const start = () => {
    state.running = poll().catch(fail);
  };
  const task = cron.schedule(source.schedule, start, {
    name: source.id,
    timezone: "UTC",
    noOverlap: true,
    maxRandomDelay: JITTER_MS,
  });
  start();
  return { task, state };
}

/** @throws {EarshotError} config_invalid */
export function assertSchedule({ id, schedule }: SourceConfig): void {
  if (cron.validate(schedule)) return;
  throw new EarshotError("config_invalid", `The schedule of source ${id} is no cron expression: ${schedule}`);
}

function settle(app: App, source: SourceConfig, state: SourceState, outcome: PollOutcome): void {
  if (outcome.kind !== "stopped") {
    state.notBefore = outcome.notBefore;
    return;
  }
  state.notBefore = new Date(app.context.now().getTime() + STOPPED_REST_MS);
  app.context.log.error(
    { source: source.id, code: outcome.error.code, reason: outcome.error.message },
    "source stopped for an hour; fix what it says",
  );
}
