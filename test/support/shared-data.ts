import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../shared/data");

/** Path of a labelled development set beside the checkout, or undefined where it is absent; says so once. */
export function sharedData(name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  console.warn(`SKIPPED: tests on ${name}; the set is not beside this checkout (../shared/data)`);
  return undefined;
}
