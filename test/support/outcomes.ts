import type { Outcome } from "../../core/contracts.ts";

/** The values of outcomes that must all be ok. */
export function valuesOf<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.map((outcome) => {
    if (outcome.kind !== "ok") throw new Error(`expected ok, got ${JSON.stringify(outcome)}`);
    return outcome.value;
  });
}
