import cron, { type ScheduledTask } from "node-cron";
import type { SourceConfig } from "../core/config.ts";
import type { ContentDuty, TrackerQuery } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import {
  NEVER_POLLED,
  openSource,
  type PolledSource,
  type SourceOptions,
  type SourceState,
} from "../core/poll-source.ts";
import { retrying } from "../core/retry.ts";
import { sourceState } from "../queries/source-state.ts";
import { toPoll } from "../schemas/poll.ts";
import type { Timestamp } from "../schemas/primitives.ts";
import { coverageRows, pollRows } from "../schemas/rows.ts";
import type { App } from "./app.ts";
import { followSource, type LookAgain } from "./follow.ts";
import type { Pipeline } from "./pipeline.ts";
import { runTogether } from "./run-together.ts";
import { continueBudget, toSource } from "./sources.ts";

/** Spread of the starts of sources that share a schedule. */
const JITTER_MS = 10_000;
/** So many turns of a schedule are looked through for the first one after a long wait. */
const MOST_TURNS = 1_024;
/** How long the end of a program waits for one row. */
const PATIENCE_MS = 2_000;

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
  const { options, state } = await continueSource(app, pipeline, config, signal);
  const turns = cron.createTask(config.schedule, () => {}, { timezone: "UTC" });
  const polled = openSource({ ...options, nextTurn: (notBefore) => nextTurn(turns, notBefore) }, state);
  const follow = {
    ...options,
    perHour: config.rereadPerHour,
    look: lookAgain(options.ingestor.source.duty),
  };
  const startedAt = app.context.now().toISOString();
  try {
    await runTogether(
      [
        (running) => pollOnSchedule(app, polled, config, running),
        (running) => followSource(app, follow, running),
      ],
      signal,
    );
  } finally {
    await turns.destroy();
    await writeSpent(app, options, startedAt);
  }
}

/** The first turn of a schedule that a source is polled at. */
function nextTurn(turns: ScheduledTask, notBefore: Timestamp): Timestamp {
  for (let count = 1; count <= MOST_TURNS; count *= 2) {
    const turn = turns.getNextRuns(count).find((at) => at >= new Date(notBefore));
    if (turn !== undefined) return turn.toISOString();
  }
  // so many turns away, one more or less does not matter
  return notBefore;
}

/** What was spent since the last poll that ended counts when the source is polled again, by whomever. */
async function writeSpent({ context }: App, { source, budget, polls }: SourceOptions, startedAt: string) {
  const spent = budget.takeSpent();
  if (Object.values(spent).every((cost) => cost === 0)) return;
  const at = context.now().toISOString();
  const poll = toPoll({ source, startedAt, at, outcome: "asked", ...spent, budget: budget.left() });
  try {
    await polls.write([poll], AbortSignal.timeout(PATIENCE_MS));
  } catch (error) {
    context.log.warn({ source, err: error }, "what was spent last was not written down");
  }
}

/** What is not of a platform with a duty is looked at again weekly for three months: deletions and late answers. */
const UNASKED: LookAgain = { afterHours: 7 * 24, forDays: 90 };
const FOR_EVER_DAYS = 36_500;

function lookAgain(duty: ContentDuty | undefined): LookAgain {
  const hours = duty?.deleteWithinHours ?? (duty?.rereadWithinDays ?? 0) * 24;
  // some time is left to hear of it and to purge
  return hours === 0 ? UNASKED : { afterHours: Math.ceil(hours * 0.8), forDays: FOR_EVER_DAYS };
}

async function pollOnSchedule(
  app: App,
  polled: PolledSource,
  config: SourceConfig,
  signal: AbortSignal,
): Promise<void> {
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
    // a machine that slept through its time, or was too busy, has it made up for
    task.on("execution:missed", start);
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
): Promise<{ options: SourceOptions & { queries: readonly TrackerQuery[] }; state: SourceState }> {
  const { context, store, ask } = app;
  const { source, ...parts } = toSource(app.config, config);
  const load = async () => ({
    found: (await ask(sourceState, { source }))[0],
    budget: await continueBudget(app, config),
  });
  const { found, budget } = await retrying(load, { what: `load the state of ${source}` }, signal, context);
  return {
    options: {
      ...pipeline,
      source,
      ...parts,
      budget,
      coverage: store.table(coverageRows),
      polls: store.table(pollRows),
    },
    state:
      found === undefined
        ? NEVER_POLLED
        : {
            coveredFrom: found.covered_from,
            heardUntil: found.heard_until,
            failures: found.failures,
            notBefore: found.not_before,
          },
  };
}

/** @throws {EarshotError} config_invalid */
export function assertSchedule({ id, schedule }: SourceConfig): void {
  if (cron.validate(schedule)) return;
  throw new EarshotError("config_invalid", `The schedule of source ${id} is no cron expression: ${schedule}`);
}
