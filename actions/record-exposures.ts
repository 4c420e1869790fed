import type { Context } from "../core/context.ts";
import type { Store } from "../core/contracts.ts";
import { EarshotError } from "../core/errors.ts";
import { cleanText } from "../core/mention.ts";
import { exposureRows } from "../schemas/issue-rows.ts";
import type { WrittenExposure } from "../schemas/written-exposure.ts";

export interface RecordExposuresOptions {
  readonly store: Store;
  readonly exposures: readonly WrittenExposure[];
  /** Who says it. */
  readonly by: string;
  readonly context: Context;
}

/** Tells of rows, one after the other, what is wrong with each beside the others. */
export type ExposureChecker = (exposure: WrittenExposure) => string | undefined;

/** Gives a checker of the rows of one import: undefined where a row may be taken. */
export function exposureChecker(context: Context): ExposureChecker {
  const today = context.now().toISOString().slice(0, 10);
  const met = new Set<string>();
  return ({ tracker, measure, version, day }) => {
    if (day > today) return `day: ${day} is in the future; what is not over yet cannot be counted`;
    const key = [tracker, measure, version, day].join("\n");
    if (met.has(key)) {
      const of = version === "" ? tracker : `version ${version} of ${tracker}`;
      return `day: ${day} of ${of} is there twice; add its rows up first`;
    }
    met.add(key);
    return undefined;
  };
}

/**
 * Records how much could have complained on days. What was recorded of the same tracker, measure, version and day before
 * is replaced.
 * @throws {EarshotError} request_invalid, when nothing is recorded: a day in the future, or twice among them
 */
export async function recordExposures(options: RecordExposuresOptions, signal: AbortSignal): Promise<void> {
  const { store, exposures, by, context } = options;
  const faultOf = exposureChecker(context);
  exposures.forEach((exposure, index) => {
    const fault = faultOf(exposure);
    if (fault !== undefined) throw new EarshotError("request_invalid", `${index}.${fault}.`);
  });
  if (exposures.length === 0) return;
  const recordedAt = context.now().toISOString();
  await store.table(exposureRows).write(
    exposures.map((exposure) => ({ ...exposure, version: cleanText(exposure.version), by, recordedAt })),
    signal,
  );
}
