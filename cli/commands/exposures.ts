import type { Command } from "commander";
import type { z } from "zod";
import { exposureChecker, recordExposures } from "../../actions/record-exposures.ts";
import { exposures } from "../../queries/exposures.ts";
import { WrittenExposure } from "../../schemas/written-exposure.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { importRows, tellRows } from "../import-rows.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

interface ImportOptions {
  readonly measure?: string;
  readonly tracker?: string;
}

export function addExposures(program: Command): void {
  const group = program
    .command("exposures")
    .summary("tell how many could have complained: orders, active users, installs")
    .description(
      "Every rate is per exposure: complaints per 1,000 orders. Where nothing is imported it is the people heard of a tracker.",
    );
  group
    .command("import")
    .summary("bring in counts per day, from a CSV, TSV, JSON or JSONL file")
    .description(
      "Columns: day, count, and tracker, version or measure where rows differ. A day of UTC is counted once: what was\n" +
        "imported of it before is replaced. A row that is wrong is told with its line and stops no other.",
    )
    .argument("<file>", "file to read; - is standard input")
    .option("--measure <name>", "what is counted: orders, active_users, installs")
    .option("--tracker <id>", "whose customers they are, of rows that do not say")
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "exposures import", (app) => importExposures(app, file, options, globals));
    });
  group
    .command("list")
    .summary("show what was imported, latest day first")
    .option("--tracker <ids>", "only of these trackers")
    .option("--measure <names>", "only these measures")
    .option("--from <day>", "days at or after this one")
    .option("--to <day>", "days before this one")
    .option("--limit <n>", "how many", "50")
    .action(async (options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const params = parseOptions(exposures.params, options);
      await withApp(globals, "exposures list", (app) => list(app, params, globals));
    });
}

async function importExposures(
  app: App,
  file: string,
  { measure, tracker }: ImportOptions,
  globals: GlobalOptions,
): Promise<void> {
  const { store, context, signal } = app;
  const days = new Set<string>();
  const measures = new Set<string>();
  const report = await importRows(
    {
      file,
      schema: WrittenExposure,
      otherwise: { measure, tracker },
      check: exposureChecker(context),
      async take(rows) {
        await recordExposures({ store, exposures: rows, by: localUser(), context }, signal);
        for (const row of rows) {
          days.add(row.day);
          measures.add(row.measure);
        }
      },
    },
    signal,
  );
  const [first, last] = [[...days].sort()[0] ?? null, [...days].sort().at(-1) ?? null];
  const span =
    first === null ? "" : `: ${days.size} days of ${[...measures].join(", ")}, ${first} to ${last}`;
  tellRows(file, report, { what: `${report.taken} rows${span}`, days: days.size, first, last }, globals);
}

async function list(
  app: App,
  params: z.infer<typeof exposures.params>,
  globals: GlobalOptions,
): Promise<void> {
  const rows = await app.ask(exposures, params);
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    const [any] = await app.ask(exposures, exposures.params.parse({ limit: 1 }));
    process.stdout.write(
      any === undefined
        ? "Nothing is imported; rates are per person heard. Bring counts in: earshot exposures import FILE --measure orders\n"
        : "Nothing that is imported is like that.\n",
    );
    return;
  }
  const columns = ["day", "tracker", "measure", "version", "count", "by"];
  process.stdout.write(
    toTable(
      columns,
      rows.map((row) => [row.day, row.tracker, row.measure, row.version, row.count, row.by]),
    ),
  );
}
