import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedData } from "./shared-data.ts";

/** Rows of a labelled development set (`airline`), or undefined where it is absent. */
export function labelledRows(name: string): Record<string, unknown>[] | undefined {
  const path = sharedData(`${name}.jsonl.gz`);
  if (path === undefined) return undefined;
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
