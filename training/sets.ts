import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const Row = z.record(z.string(), z.unknown());
export type Row = z.infer<typeof Row>;

/** Rows of a labelled set, undefined where the folder does not have it. @throws {Error} a line that is no JSON object */
export function readSet(folder: string, name: string): Row[] | undefined {
  const file = join(folder, `${name}.jsonl.gz`);
  if (!existsSync(file)) return undefined;
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n");
  return lines.map((line) => Row.parse(JSON.parse(line)));
}

/** The text in a column, as an ingestor would have handed it on: without what dumping did to the sets. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") return "";
  return value
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
