import { once } from "node:events";
import { Option, type Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { openApp, type GlobalOptions } from "../app.ts";
import { toTable } from "../table.ts";

const FORMATS = { table: "JSONCompact", json: "JSONEachRow", csv: "CSVWithNames" } as const;

/** A table is for a person's eyes: more rows than this are counted, not shown. */
const MAX_TABLE_ROWS = 1_000;

export function addSql(program: Command): void {
  program
    .command("sql")
    .summary("ask the store anything in ClickHouse SQL, read-only")
    .argument("<statement>", "the SQL; docs/analyst.md lists the views")
    .addOption(new Option("--format <format>", "how to print the rows").choices(Object.keys(FORMATS)))
    .action(async (statement: string, options: { format?: keyof typeof FORMATS }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const format = options.format ?? (globals.json === true ? "json" : "table");
      const app = await openApp(globals, { holder: `earshot sql, pid ${process.pid}` });
      try {
        const result = await app.reader.stream(statement, FORMATS[format], app.signal);
        if (format === "table") process.stdout.write(await asTable(result));
        else await pass(result);
      } finally {
        await app.close();
      }
    });
}

async function pass(result: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of result) {
    if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
  }
}

interface CompactResult {
  readonly meta: { name: string }[];
  readonly data: unknown[][];
}

async function asTable(result: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of result) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return "Done; there are no rows to show.\n";
  let parsed: CompactResult;
  try {
    parsed = JSON.parse(text) as CompactResult;
  } catch (error) {
    // the statement chose its own FORMAT: print what it asked for
    if (error instanceof SyntaxError) return text;
    throw new EarshotError("sink_rejected", "The result could not be shown as a table; use --format json.");
  }
  const names = parsed.meta.map((column) => column.name);
  const table = toTable(names, parsed.data.slice(0, MAX_TABLE_ROWS));
  const { length } = parsed.data;
  const shown = length > MAX_TABLE_ROWS ? `, the first ${MAX_TABLE_ROWS} shown (--format csv gives all)` : "";
  return `${table}${length} ${length === 1 ? "row" : "rows"}${shown}\n`;
}
