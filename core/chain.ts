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
  const blank: Blank = { record: {} };
  return {
    pipe: <Adds extends object>(step: Processor<Out, Adds>) =>
      build<In, Out & Adds>([...steps, step as unknown as AnyStep]),
    run: (batch, signal) => runSteps<In, Out>(steps, blank, batch, signal),
  };
}

type Fields = Record<string, unknown>;

/**
 * A record with all the keys that records leave a chain with and nothing in them, learned from the first that does.
 * Copies of it are filled, step by step: to copy a record of many keys for each step takes longer than most steps do.
 */
interface Blank {
  record: Fields;
}

async function runSteps<In extends object, Out extends object>(
  steps: readonly AnyStep[],
  blank: Blank,
  batch: readonly In[],
  signal: AbortSignal,
): Promise<Outcome<Out>[]> {
  const outcomes: Outcome<Fields>[] = batch.map((record) => {
    const value = { ...blank.record };
    fill(value, record as Fields);
    return { kind: "ok", value };
  });
  for (const step of steps) {
    const alive: number[] = [];
    const records: Fields[] = [];
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
      if (result.kind === "ok") fill(record, result.value as Fields);
      else outcomes[index] = result;
    });
  }
  if (!isLearned(blank)) learn(blank, outcomes);
  return outcomes as unknown as Outcome<Out>[];
}

function fill(record: Fields, additions: Fields): void {
  for (const key in additions) record[key] = additions[key];
}

function isLearned({ record }: Blank): boolean {
  return Object.keys(record).length > 0;
}

function learn(blank: Blank, outcomes: readonly Outcome<Fields>[]): void {
  const first = outcomes.find((outcome) => outcome.kind === "ok");
  if (first === undefined) return;
  // the copy of an object is laid out as one piece, unlike what was given one key after another
  const record = { ...first.value };
  for (const key in record) record[key] = undefined;
  blank.record = record;
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
