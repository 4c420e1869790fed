import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { createInterface } from "node:readline/promises";
import { Option, type Command } from "commander";
import type { Config } from "../../core/config.ts";
import { EarshotError } from "../../core/errors.ts";
import { importDeadLetterSink, importSink, type ImportReport } from "../../core/import.ts";
import { ingest } from "../../core/ingest.ts";
import { fileIngestor, parseMapping, planImport } from "../../ingestors/file/index.ts";
import { dryRunIds, knownMentions } from "../../queries/known-mentions.ts";
import { dryRunIdRows } from "../../schemas/rows.ts";
import { askAboutIds, type App, withApp } from "../app.ts";
import { prepareTopics } from "../broker.ts";
import { readConfig, type GlobalOptions } from "../config-file.ts";
import { progressBar } from "../progress-bar.ts";

interface ImportOptions {
  readonly map?: string;
  readonly mapping?: string;
  readonly platform?: string;
  readonly tracker?: string[];
  readonly timezone?: string;
  readonly date?: string;
  readonly dateFormat?: string;
  readonly dateOrder?: "day_first" | "month_first";
  readonly ratingMax?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function addImport(program: Command): void {
  program
    .command("import")
    .summary("bring in reviews or posts from CSV, TSV, JSON or JSONL files (also .gz)")
    .description(
      "Imports files row by row. Run it again after an interruption and it goes on where it was; the same file twice adds nothing.",
    )
    .argument("<files...>", "files to import")
    .option(
      "--map <pairs>",
      "mention field=column, comma separated: text=review,publishedAt=date; the rest is guessed",
    )
    .option("--mapping <name>", "a mapping from `imports:` in the config")
    .option("--platform <name>", "where the rows come from: trustpilot, app_store, x")
    .option("--tracker <ids...>", "trackers every row belongs to")
    .option("--timezone <zone>", "zone of dates that name none, such as Europe/Berlin", undefined)
    .option("--date-format <format>", "how dates are written, Luxon tokens: dd/MM/yy HH:mm")
    .addOption(
      new Option("--date-order <order>", "whether 03/04/2026 is 3 April or 4 March").choices([
        "day_first",
        "month_first",
      ]),
    )
    .option("--rating-max <n>", "best possible rating: 5 for stars, 10 for NPS", Number)
    .option("--date <date>", "when every row was published, for files without dates: 2026-03-31")
    .option("--dry-run", "only report what would be imported")
    .option("-y, --yes", "accept the guessed mapping without asking")
    .action(async (files: string[], options: ImportOptions, command: Command) => {
      await runImports(files, options, command.optsWithGlobals<GlobalOptions>());
    });
}

async function runImports(
  files: readonly string[],
  options: ImportOptions,
  globals: GlobalOptions,
): Promise<void> {
  const config = await readConfig(globals);
  const plans: { path: string; plan: Awaited<ReturnType<typeof planOne>> }[] = [];
  for (const path of files) plans.push({ path, plan: await planOne(path, options, config, globals) });
  await withApp(globals, "import", async (app) => {
    if (app.broker !== undefined && options.dryRun !== true) await prepareTopics(app, app.broker);
    const reports = [];
    for (const { path, plan } of plans) {
      const report = await importFile(app, path, plan.config, options, globals);
      reports.push(plans.length === 1 ? asJson(report) : { file: path, ...asJson(report) });
      if (globals.json === true) continue;
      printReport(path, report, options.dryRun === true);
      if (app.broker !== undefined && options.dryRun !== true) {
        process.stdout.write(
          "They are in Kafka now, and in the store as soon as its workers have read them.\n",
        );
      }
    }
    if (globals.json === true) {
      process.stdout.write(`${JSON.stringify(plans.length === 1 ? reports[0] : reports, null, 2)}\n`);
    }
  });
}

/** The report as scripts read it; the file is named only where there are several. */
function asJson({ new: fresh, duplicate, rejected, deadLetters }: ImportReport): object {
  return { new: fresh, duplicate, rejected, deadLetters };
}

async function planOne(path: string, options: ImportOptions, config: Config, globals: GlobalOptions) {
  const named = options.mapping === undefined ? undefined : config.imports[options.mapping];
  if (options.mapping !== undefined && named === undefined) {
    const names = Object.keys(config.imports).join(", ") || "none yet";
    throw new EarshotError(
      "config_invalid",
      `There is no mapping ${options.mapping} under imports: in the config; there are: ${names}.`,
    );
  }
  const map = options.map === undefined ? named?.map : parseMapping(options.map);
  const timezone = options.timezone ?? named?.timezone;
  const platform = options.platform ?? named?.platform;
  const dateFormat = options.dateFormat ?? named?.dateFormat;
  const ratingMax = options.ratingMax ?? named?.ratingMax;
  const plan = await planImport({
    path,
    ...(map === undefined ? {} : { map }),
    ...(platform === undefined ? {} : { platform }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(dateFormat === undefined ? {} : { dateFormat }),
    ...(ratingMax === undefined ? {} : { ratingMax }),
    ...(options.dateOrder === undefined ? {} : { dateOrder: options.dateOrder }),
    ...(options.date === undefined ? {} : { publishedAt: readDate(options.date) }),
    trackers: options.tracker ?? named?.trackers ?? [],
  });
  const mustConfirm = map === undefined && options.yes !== true;
  // what is mapped by hand is completed by guesses, so it is shown too
  if (mustConfirm || globals.json !== true) process.stderr.write(`${plan.explanation}\n`);
  if (mustConfirm) await confirm(path, globals);
  return plan;
}

function readDate(written: string): string {
  const at = new Date(written);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new EarshotError("config_invalid", `--date ${written} is no date; write it like 2026-03-31.`);
}

/** Asks whether to import as shown; where nobody can answer, says how to go on instead. */
async function confirm(path: string, globals: GlobalOptions): Promise<void> {
  if (!process.stdin.isTTY || globals.json === true) {
    throw new EarshotError(
      "config_invalid",
      `The mapping of ${path} was guessed as above. Accept it with --yes, or say it with --map text=…,publishedAt=….`,
    );
  }
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await dialogue.question("Import like this? [y/N] ");
  dialogue.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    throw new EarshotError(
      "config_invalid",
      "Nothing was imported. Say the mapping with --map text=…,publishedAt=….",
    );
  }
}

async function importFile(
  app: App,
  path: string,
  config: unknown,
  options: ImportOptions,
  globals: GlobalOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    new: 0,
    duplicate: 0,
    changed: 0,
    rejected: 0,
    unstored: new Set(),
    deadLetters: [],
  };
  const isDryRun = options.dryRun === true;
  // what is not stored when it is handed on cannot be looked up there
  const isRemembered = isDryRun || app.broker !== undefined;
  const { deadLetterSink, pipelineFor } = await import("../pipeline.ts");
  const source = `file:${basename(path)}`.slice(0, 300);
  const run = randomUUID();
  const met = app.store.table(dryRunIdRows);
  const deadLetters = importDeadLetterSink(isDryRun ? undefined : deadLetterSink(app), report);
  const pipeline = pipelineFor(app, source, deadLetters);
  const events = importSink({
    events: isDryRun ? undefined : pipeline.events,
    report,
    async lookUp(ids) {
      const known = new Map<string, string>();
      if (isRemembered)
        for (const met of await app.ask(dryRunIds, { run, ids: [...ids] })) known.set(met.id, met.raw_hash);
      for (const row of await askAboutIds(app, knownMentions, ids)) known.set(row.id, row.raw_hash);
      return known;
    },
    async remember(fresh, signal) {
      if (!isRemembered) return;
      const at = app.context.now().toISOString();
      await met.write(
        [...fresh].map(([id, rawHash]) => ({ run, id, rawHash, at })),
        signal,
      );
    },
  });
  const bar = progressBar(
    `${basename(path)} {bar} {percentage}% · {mentions} rows · {rejected} rejected · {eta_formatted} left`,
    { mentions: 0, rejected: 0 },
    globals,
  );
  const cursor = isDryRun ? { load: async () => undefined, save: async () => {} } : pipeline.cursor;
  try {
    await ingest(
      {
        ...pipeline,
        source,
        belonging: { trackers: [] },
        redactKey: app.config.redactPii?.key,
        ingestor: fileIngestor,
        config,
        events,
        deadLetters,
        cursor,
        onProgress: ({ progress, mentions, deadLetters: rejected }) =>
          bar.update(progress ?? 0, { mentions, rejected }),
      },
      app.signal,
    );
  } finally {
    bar.stop();
  }
  return report;
}

function printReport(path: string, report: ImportReport, isDryRun: boolean): void {
  const changed = report.changed > 0 ? ` (${report.changed} with changed content)` : "";
  const verb = isDryRun ? "would bring" : "brought";
  process.stdout.write(
    `${basename(path)} ${verb} ${report.new} new, ${report.duplicate} duplicate${changed}, ${report.rejected} rejected\n`,
  );
  for (const { line, code, reason } of report.deadLetters.slice(0, 20)) {
    process.stdout.write(`  ${line === null ? "" : `line ${line}: `}${reason} (${code})\n`);
  }
  if (report.rejected > 20) process.stdout.write(`  … and ${report.rejected - 20} more\n`);
  if (report.rejected > 0 && !isDryRun) {
    process.stdout.write("See them with: earshot dead-letters list\n");
  }
}
