import { basename } from "node:path";
import { addAbortSignal } from "node:stream";
import type { z } from "zod";
import { EarshotError } from "../core/errors.ts";
import { cellValue, openRecords, readStored } from "../ingestors/file/index.ts";
import type { GlobalOptions } from "./config-file.ts";

export interface RowImport<S extends z.ZodObject> {
  /** The file; `-` is standard input. */
  readonly file: string;
  /** What a row says, each key in a column of its name. */
  readonly schema: S;
  /** What is meant where a row does not say. */
  readonly otherwise?: Readonly<Record<string, string | undefined>>;
  /** Columns of several values, which stand side by side in a table. */
  readonly lists?: readonly string[];
  /** What is wrong with a row beside those before it; undefined when nothing is. */
  readonly check?: (row: z.infer<S>) => string | undefined;
  /** Resolves when the rows are durable. */
  readonly take: (rows: readonly z.infer<S>[]) => Promise<unknown>;
}

/** A row that was left out; `line` is its number in a JSON document. */
export interface RowFault {
  readonly line: number;
  readonly reason: string;
}

export interface RowReport {
  readonly taken: number;
  readonly failed: readonly RowFault[];
  /** Columns that nothing was read from. */
  readonly unread: readonly string[];
}

/**
 * Reads a CSV, TSV, JSON or JSON-lines file row by row and hands on what it says. A row that is wrong is reported and
 * stops no other.
 * @throws {EarshotError} config_invalid, source_unavailable when the file cannot be read; whatever `take` throws
 */
export async function importRows<S extends z.ZodObject>(
  { file, schema, otherwise = {}, lists = [], check = () => undefined, take }: RowImport<S>,
  signal: AbortSignal,
): Promise<RowReport> {
  const bytes = file === "-" ? addAbortSignal(signal, process.stdin) : readStored(file);
  const fields = new Map(Object.keys(schema.shape).map((name) => [plainName(name), name]));
  const failed: RowFault[] = [];
  const unread = new Set<string>();
  let taken = 0;
  try {
    const opened = await openRecords(
      { name: nameOf(file), bytes, isSlow: file === "-" },
      { format: "auto", hasColumns: true },
    );
    for await (const items of opened.records) {
      signal.throwIfAborted();
      const rows: z.infer<S>[] = [];
      for (const { line, record, fault } of items) {
        if (record === undefined) {
          failed.push({ line, reason: fault?.reason ?? "there is no row" });
          continue;
        }
        const said: Record<string, unknown> = { ...otherwise };
        for (const [column, value] of Object.entries(record)) {
          const field = fields.get(plainName(column));
          if (field === undefined) unread.add(column);
          else if (Array.isArray(value)) said[field] = value;
          else if (cellValue(value) !== "") {
            said[field] = lists.includes(field) ? cellValue(value).split(/[\s,;|]+/) : cellValue(value);
          }
        }
        const row = schema.safeParse(said);
        const reason = row.success ? check(row.data) : faultOf(row.error, said);
        if (row.success && reason === undefined) rows.push(row.data);
        else failed.push({ line, reason: reason ?? "" });
      }
      if (rows.length > 0) await take(rows);
      taken += rows.length;
    }
  } catch (error) {
    // an aborted stream fails in its own words
    signal.throwIfAborted();
    throw error;
  }
  return { taken, failed, unread: [...unread] };
}

/** Most rows that are told one by one to a person. */
const MOST_TOLD = 20;

/**
 * Tells what became of the rows.
 * @param what was brought: `61 days of orders`
 * @throws {EarshotError} record_invalid when some were left out
 */
export function tellRows(
  file: string,
  { taken, failed, unread }: RowReport,
  { what, ...more }: { readonly what: string; readonly [name: string]: unknown },
  { json }: Pick<GlobalOptions, "json">,
): void {
  if (json === true) process.stdout.write(`${JSON.stringify({ taken, failed, unread, ...more }, null, 2)}\n`);
  else {
    process.stdout.write(`${nameOf(file)} brought ${what}; ${failed.length} rows left out\n`);
    for (const { line, reason } of failed.slice(0, MOST_TOLD)) {
      process.stdout.write(`  line ${line}: ${reason}\n`);
    }
    if (failed.length > MOST_TOLD) process.stdout.write(`  … and ${failed.length - MOST_TOLD} more\n`);
    if (unread.length > 0) process.stdout.write(`Not read: ${unread.slice(0, MOST_TOLD).join(", ")}\n`);
  }
  if (failed.length === 0) return;
  throw new EarshotError(
    "record_invalid",
    `${failed.length} of ${taken + failed.length} rows could not be taken. Correct them and import the file again: ` +
      "what is there already is not doubled.",
  );
}

function nameOf(file: string): string {
  return file === "-" ? "Standard input" : basename(file);
}

/** `Ends at`, `ends_at` and `endsAt` are one. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function faultOf({ issues }: z.ZodError, said: Readonly<Record<string, unknown>>): string {
  return issues
    .map(({ path, message }) => {
      const field = String(path[0] ?? "");
      if (field === "") return message;
      return `${field}: ${said[field] === undefined ? "is missing" : message}`;
    })
    .join("; ");
}
