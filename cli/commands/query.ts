import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { showSql } from "../../core/show-sql.ts";
import { queries } from "../../queries/index.ts";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toTable } from "../table.ts";
import { addQueryTest } from "./query-test.ts";

export function addQuery(program: Command): void {
  const group = program.command("query");
  addQueryTest(group);
  group
    .summary("ask one of the named questions the dashboard asks")
    .description(
      `Named questions:\n${queries.map((query) => `  ${query.name}: ${query.summary}`).join("\n")}`,
    )
    .argument("<name>", "the question, such as mention_volume")
    .argument(
      "[params...]",
      "its parameters as name=value: interval=day by=platform from=2026-01-01T00:00:00.000Z",
    )
    .option("--show-sql", "print the SQL instead of running it")
    .action(async (name: string, pairs: string[], options: { showSql?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const query = queries.find((candidate) => candidate.name === name);
      if (query === undefined) {
        const names = queries.map((candidate) => candidate.name).join(", ");
        throw new EarshotError("request_invalid", `There is no question ${name}; there are: ${names}.`);
      }
      const parsed = query.params.safeParse(toParams(pairs));
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
        throw new EarshotError("request_invalid", `${name} cannot be asked like this: ${faults.join("; ")}.`);
      }
      const statement = query.statement(parsed.data);
      if (options.showSql === true) {
        process.stdout.write(`${showSql(statement)}\n`);
        return;
      }
      await withApp(globals, "query", async ({ reader }) => {
        const rows: Record<string, unknown>[] = await reader.query(statement, query.row);
        process.stdout.write(globals.json === true ? `${JSON.stringify(rows, null, 2)}\n` : asTable(rows));
      });
    });
}

function toParams(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new EarshotError("request_invalid", `${pair} is not name=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function asTable(rows: readonly Record<string, unknown>[]): string {
  const [first] = rows;
  if (first === undefined) return "No rows.\n";
  const columns = Object.keys(first);
  return toTable(
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  );
}
