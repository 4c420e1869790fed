import Table from "cli-table3";
import { oneLine } from "../core/one-line.ts";

const MAX_CELL_LENGTH = 120;

/** Rows as a table for a terminal, one line each; numbers to the right, long cells cut, null as nothing. */
export function toTable(
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  isNumber: readonly boolean[] = columns.map((_, at) => rows.some((row) => typeof row[at] === "number")),
): string {
  const table = new Table({
    head: [...columns],
    style: { head: [], border: [], compact: true },
    colAligns: columns.map((_, at) => (isNumber[at] === true ? "right" : "left")),
  });
  for (const row of rows) table.push(row.map(toCell));
  return `${table.toString()}\n`;
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = oneLine(typeof value === "string" ? value : JSON.stringify(value));
  return text.length > MAX_CELL_LENGTH ? `${text.slice(0, MAX_CELL_LENGTH - 1)}…` : text;
}
