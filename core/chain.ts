import type { Outcome, Processor } from "./contracts.ts";
import { EarshotError } from "./errors.ts";

/** A sequence of processors over one kind of record; `pipe` accepts a step only when its needs have been added before. */
export interface Chain<In extends object, Out extends object> {
  pipe<Adds extends object>(step: Processor<Out, Adds>): Chain<In, Out & Adds>;
  /** Outcomes in the order of `batch`. @throws {EarshotError} a retryable error of a step: nothing was decided */
  run(batch: readonly In[], signal: AbortSignal): Promise<Outcome<Out>[]>;
}

/** Starts an empty chain over records of type `T`. */
export function chain<T extends object>(): Chain<T, T> {
  return build<T, T>([]);
}

type AnyStep = Processor<object, object>;

function build<In extends object, Out extends object>(steps: readonly AnyStep[]): Chain<In, Out> {
  return {
    pipe: <Adds extends object>(step: Processor<Out, Adds>) =>
      build<In, Out & Adds>([...steps, step as unknown as AnyStep]),
    run: (batch, signal) => runSteps<In, Out>(steps, batch, signal),
  };
}

async function runSteps<In extends object, Out extends object>(
  steps: readonly AnyStep[],
  batch: readonly In[],
  signal: AbortSignal,
): Promise<Outcome<Out>[]> {
  const outcomes: Outcome<object>[] = batch.map((value) => ({ kind: "ok", value }));
  for (const step of steps) {
    const alive: number[] = [];
    const records: object[] = [];
    outcomes.forEach((outcome, index) => {
      if (outcome.kind === "ok") {
        alive.push(index);
        records.push(outcome.value);
      }
    });
    if (records.length === 0) break;
    const results = await runStep(step, records, signal);
    results.forEach((result, position) => {
      const index = alive[position];
      const record = records[position];
      if (index === undefined || record === undefined) return;
      // a spread keeps objects of many keys fast, Object.assign would not
      outcomes[index] = result.kind === "ok" ? { kind: "ok", value: { ...record, ...result.value } } : result;
    });
  }
  return outcomes as Outcome<Out>[];
}

/**
 * Runs a step on a batch; when it throws, again record by record, so that only the culprit dies.
 * @throws {EarshotError} a retryable error of the step: nothing was decided
 */
export async function runStep<Needs extends object, Adds extends object>(
  step: Processor<Needs, Adds>,
  records: readonly Needs[],
  signal: AbortSignal,
): Promise<readonly Outcome<Adds>[]> {
  try {
    return await attempt(step, records, signal);
  } catch (error) {
    if (mustPropagate(error, signal)) throw error;
  }
  const results: Outcome<Adds>[] = [];
  for (const record of records) {
    try {
      results.push(...(await attempt(step, [record], signal)));
    } catch (error) {
      if (mustPropagate(error, signal)) throw error;
      results.push({ kind: "dead", error: asProcessorFailure(step.name, error) });
    }
  }
  return results;
}

async function attempt<Needs extends object, Adds extends object>(
  step: Processor<Needs, Adds>,
  records: readonly Needs[],
  signal: AbortSignal,
) {
  const results = await step.process(records, signal);
  if (results.length !== records.length) {
    throw new Error(`${step.name} answered ${results.length} outcomes for ${records.length} records.`);
  }
  return results;
}

function mustPropagate(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof EarshotError && error.retried);
}

function asProcessorFailure(step: string, error: unknown): EarshotError {
  if (error instanceof EarshotError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new EarshotError(
    "processor_failed",
    `${step} could not read this mention (${detail}); report it with the payload, then replay it.`,
    { cause: error },
  );
}
