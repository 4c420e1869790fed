import cron from "node-cron";
import { openBudget } from "../core/budget.ts";
import { ingestorConfig, type SourceConfig } from "../core/config.ts";
import { EarshotError } from "../core/errors.ts";
import { NEVER_POLLED, openSource, type PolledSource } from "../core/poll-source.ts";
import { retrying } from "../core/retry.ts";
import { ingestors } from "../ingestors/index.ts";
import { sourceSpending, sourceState } from "../queries/source-state.ts";
import { coverageRows, pollRows } from "../schemas/rows.ts";
import type { App } from "./app.ts";
import type { Pipeline } from "./pipeline.ts";

/** Spread of the starts of sources that share a schedule. */
const JITTER_MS = 10_000;

/**
 * Polls one source right away and then on its schedule, never twice at a time and not before the time that it or its
 * platform has set, until the signal aborts and the poll under way has ended.
 * @throws {EarshotError} config_invalid for a schedule that is no cron expression; what no retry mends: a store that
 * refuses us, or a mistake in the program
 */
export async function runSource(
  app: App,
  pipeline: Pipeline,
  config: SourceConfig,
  signal: AbortSignal,
): Promise<void> {
  assertSchedule(config);
  const polled = await continueSource(app, pipeline, config, signal);
  let running: Promise<void> | undefined;

  await new Promise<void>((resolve, reject) => {
    const poll = async () => {
      const { notBefore } = polled.state();
      if (notBefore !== null && app.context.now() < new Date(notBefore)) return;
      try {
        await polled.poll(signal);
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
    const task = cron.schedule(config.schedule, start, {
      name: config.id,
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

/** The source as its earlier polls left it, by whichever process they were made. */
async function continueSource(
  app: App,
  pipeline: Pipeline,
  config: SourceConfig,
  signal: AbortSignal,
): Promise<PolledSource> {
  const { context, store, ask } = app;
  const ingestor = ingestors.find((candidate) => candidate.name === config.type);
  if (ingestor === undefined) throw new Error(`the config allowed an unknown source type ${config.type}`);
  const { id: source, trackers } = config;
  const load = async () => ({
    state: (await ask(sourceState, { source }))[0],
    spent: await ask(sourceSpending, { source }),
  });
  const { state, spent } = await retrying(load, { what: `load the state of ${source}` }, signal, context);
  const before = spent.map((hour) => ({ ...hour, at: new Date(hour.at) }));
  return openSource(
    {
      ...pipeline,
      source,
      trackers,
      ingestor,
      config: ingestorConfig(ingestor, config),
      budget: openBudget(source, config.budget, before, context),
      coverage: store.table(coverageRows),
      polls: store.table(pollRows),
    },
    state === undefined
      ? NEVER_POLLED
      : {
          coveredFrom: state.covered_from,
          heardUntil: state.heard_until,
          failures: state.failures,
          notBefore: state.not_before,
        },
  );
}

/** @throws {EarshotError} config_invalid */
export function assertSchedule({ id, schedule }: SourceConfig): void {
  if (cron.validate(schedule)) return;
  throw new EarshotError("config_invalid", `The schedule of source ${id} is no cron expression: ${schedule}`);
}
