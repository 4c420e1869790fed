import type { Statement } from "./contracts.ts";

/**
 * The statement with its parameters written in as literals: what a person can paste into `earshot sql` to get the same
 * rows. Values are quoted as ClickHouse quotes them, so a hostile search term stays a string.
 * @see https://clickhouse.com/docs/sql-reference/syntax#string
 */
export function showSql(statement: Statement): string {
  const shown = statement.sql.replace(/\{(\w+):([^}]+)\}/g, (_placeholder, name: string, type: string) => {
    return toLiteral(statement.params[name], type.trim());
  });
  return shown.trim();
}

function toLiteral(value: unknown, type: string): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) {
    const element = /^Array\((.*)\)$/.exec(type)?.[1] ?? "String";
    return `CAST([${value.map((item) => toLiteral(item, element)).join(", ")}], ${sqlString(type)})`;
  }
  if (typeof value !== "string") return JSON.stringify(value);
  const text = sqlString(value);
  return type === "String" ? text : `CAST(${text}, ${sqlString(type)})`;
}

/** A text as a ClickHouse string literal. Escaping quote and backslash is what makes it safe. */
export function sqlString(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'").replace(/\0/g, "\\0")}'`;
}
