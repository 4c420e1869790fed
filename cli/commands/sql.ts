import { once } from "node:events";
import { Option, type Command } from "commander";
import { z } from "zod";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toTable } from "../table.ts";

const FORMATS = { table: "JSONCompact", json: "JSONEachRow", csv: "CSVWithNames" } as const;

/** JavaScript would round integers beyond 2⁵³ and has no way to write NaN in JSON, so for a table they come as text. */
const SETTINGS = {
  table: { output_format_json_quote_64bit_integers: 1, output_format_json_quote_denormals: 1 },
  json: {},
  csv: {},
} as const;

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
      await withApp(globals, "sql", async ({ reader, signal }) => {
        const result = await reader.stream(statement, FORMATS[format], signal, SETTINGS[format]);
        if (format === "table") process.stdout.write(await asTable(result));
        else await pass(result);
      });
    });
}

async function pass(result: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of result) {
    if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
  }
}

const CompactResult = z.object({
  meta: z.array(z.object({ name: z.string(), type: z.string() })),
  data: z.array(z.array(z.unknown())),
});

function readResult(text: string): z.infer<typeof CompactResult> | undefined {
  try {
    return CompactResult.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function asTable(result: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of result) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return "Done; there are no rows to show.\n";
  const parsed = readResult(text);
  // the statement chose its own FORMAT: print what it asked for
  if (parsed === undefined) return text;
  const { meta, data } = parsed;
  const { length } = data;
  const isNumber = meta.map(({ type }) => /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type));
  const table = toTable(
    meta.map(({ name }) => name),
    data.slice(0, MAX_TABLE_ROWS),
    isNumber,
  );
  const shown = length > MAX_TABLE_ROWS ? `, the first ${MAX_TABLE_ROWS} shown (--format csv gives all)` : "";
  return `${table}${length} ${length === 1 ? "row" : "rows"}${shown}\n`;
}
