import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { MODEL_VERSION } from "../../processors/model-version.ts";
import { staleMentionCount, type StaleSelection } from "../../queries/stale-mentions.ts";
import { Instant } from "../../queries/values.ts";
import { SENTIMENT_LABELS } from "../../schemas/enrichment.ts";
import { connectApp, openRuntime, type App } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { progressBar } from "../progress-bar.ts";
import { rescore } from "../rescore.ts";
import {
  changedOf,
  COMPARED,
  type ChangedExample,
  type RescoreReport,
  type Transition,
} from "../rescore-tally.ts";
import { toTable } from "../table.ts";

interface RescoreCommandOptions {
  readonly since?: string;
  readonly until?: string;
  readonly source?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

export function addRescore(program: Command): void {
  program
    .command("rescore")
    .summary("read stored mentions again with the readers of this version")
    .description(
      "Reads again what another version of the readers has read, and stores what is read now; what people corrected " +
        "stays corrected. May run beside everything else. Interrupted, run it again: it goes on where it was.",
    )
    .option("--since <date>", "only mentions published at or after this time: 2026-03-01")
    .option("--until <date>", "only mentions published before this time")
    .option("--source <id>", "only mentions of this source")
    .option("--all", "also what this version has read: after a change to `aspects` in the config")
    .option("--dry-run", "only show what would change")
    .action(async (options: RescoreCommandOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const selection = toSelection(options);
      const runtime = await openRuntime(globals);
      // readings go straight to the store: the log of mentions holds none
      const app = await connectApp(runtime, undefined, { holder: `earshot rescore, pid ${process.pid}` });
      try {
        await run(app, selection, options.dryRun === true, globals);
      } finally {
        await app.close();
      }
    });
}

/** @throws {EarshotError} request_invalid */
function toSelection({ since, until, source, all }: RescoreCommandOptions): StaleSelection {
  return {
    ...(all === true ? {} : { version: MODEL_VERSION }),
    ...(since === undefined ? {} : { since: toInstant("--since", since) }),
    ...(until === undefined ? {} : { until: toInstant("--until", until) }),
    ...(source === undefined ? {} : { source }),
  };
}

function toInstant(option: string, written: string): string {
  const { data, error } = Instant.safeParse(written);
  if (data !== undefined) return data;
  const reason = error.issues[0]?.message ?? "is no time";
  throw new EarshotError("request_invalid", `${option} ${written}: ${reason}.`);
}

/** @throws {EarshotError} record_invalid when there were mentions that could not be read again */
async function run(
  app: App,
  selection: StaleSelection,
  isDryRun: boolean,
  globals: GlobalOptions,
): Promise<void> {
  const progress = await openProgress(app, selection, globals);
  let met = 0;
  let report: RescoreReport;
  try {
    report = await rescore(
      app,
      {
        selection,
        modelVersion: MODEL_VERSION,
        isDryRun,
        onProgress(now) {
          met = now;
          progress.update(now);
        },
      },
      app.signal,
    );
  } catch (error) {
    progress.stop();
    if (app.signal.aborted && met > 0) {
      process.stderr.write(`Stopped after ${met} mentions${isDryRun ? "" : "; run it again to go on"}.\n`);
    }
    throw error;
  }
  progress.stop();
  process.stdout.write(
    globals.json === true
      ? `${JSON.stringify(toJson(report, isDryRun), null, 2)}\n`
      : toText(report, isDryRun),
  );
  if (report.failed === 0) return;
  const [first] = report.failures;
  throw new EarshotError(
    "record_invalid",
    `${report.failed} mentions could not be read again and keep what was read of them before; ` +
      `the first is ${first?.id ?? ""}: ${first?.reason ?? ""}`,
  );
}

async function openProgress({ ask }: App, selection: StaleSelection, globals: GlobalOptions) {
  // counting them costs a look at all of them, for which only a person at a terminal has a use
  if (globals.json === true || !process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const [found] = await ask(staleMentionCount, selection);
  const mentions = found?.mentions ?? 0;
  const format = "{bar} {percentage}% · {read} of {mentions} mentions · {eta_formatted} left";
  const bar = progressBar(format, { read: 0, mentions }, globals);
  return {
    update: (read: number) =>
      bar.update(mentions === 0 ? 1 : Math.min(1, read / mentions), { read, mentions }),
    stop: () => bar.stop(),
  };
}

/** The report as scripts read it. Transitions are those that change something. */
function toJson(report: RescoreReport, isDryRun: boolean): object {
  const { read, changed, failed, versions, transitions, examples, failures } = report;
  const changes = (of: readonly Transition[]) => ({
    changed: changedOf(of),
    transitions: of.filter(({ from, to }) => from !== to),
  });
  return {
    dryRun: isDryRun,
    modelVersion: MODEL_VERSION,
    versions,
    read,
    changed,
    failed,
    sentiment: changes(transitions.sentiment),
    complaints: complaintsOf(report),
    intent: changes(transitions.intent),
    language: changes(transitions.language),
    examples,
    failures,
  };
}

function complaintsOf({ transitions: { complaint } }: RescoreReport) {
  const count = (from: string, to: string) =>
    complaint.find((found) => found.from === from && found.to === to)?.mentions ?? 0;
  return { gained: count("no", "yes"), lost: count("yes", "no") };
}

function toText(report: RescoreReport, isDryRun: boolean): string {
  const { read, changed, versions, transitions, examples } = report;
  if (read === 0) return "There is nothing to read again.\n";
  const before = versions.map(({ version, mentions }) => `${version || "none"} (${mentions})`).join(", ");
  const { gained, lost } = complaintsOf(report);
  const were = isDryRun ? "would be" : read === 1 ? "was" : "were";
  const parts = [
    `${read} ${read === 1 ? "mention" : "mentions"} ${were} read again, ` +
      `${changed} of them with another verdict. Readers: ${before} → ${MODEL_VERSION}.\n`,
    toTable(
      ["verdict", "changed"],
      [
        ["sentiment", changedOf(transitions.sentiment)],
        ["complaints gained", gained],
        ["complaints lost", lost],
        ["intent", changedOf(transitions.intent)],
        ["language", changedOf(transitions.language)],
      ],
    ),
    sentimentMatrix(transitions.sentiment),
  ];
  if (examples.length > 0)
    parts.push(toTable(["mention", "before → after", "text"], examples.map(toExampleRow)));
  if (isDryRun) parts.push("Nothing was written; the same without --dry-run stores it.\n");
  return parts.join("");
}

/** Labels before in rows, after in columns. */
function sentimentMatrix(transitions: readonly Transition[]): string {
  const met = new Set(transitions.flatMap(({ from, to }) => [from, to]));
  const known: readonly string[] = SENTIMENT_LABELS;
  const labels = [
    ...known.filter((label) => met.has(label)),
    ...[...met].filter((label) => !known.includes(label)),
  ];
  const count = (from: string, to: string) =>
    transitions.find((found) => found.from === from && found.to === to)?.mentions ?? 0;
  return toTable(
    ["sentiment before ↓ after →", ...labels.map(shown)],
    labels.map((from) => [shown(from), ...labels.map((to) => count(from, to))]),
  );
}

function toExampleRow({ id, text, before, after }: ChangedExample): string[] {
  const changes = COMPARED.flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    return from === undefined || to === undefined ? [] : `${name} ${shown(from)} → ${shown(to)}`;
  });
  return [id, changes.join(", "), text];
}

/** What was never read has no verdict. */
function shown(verdict: string): string {
  return verdict === "" ? "none" : verdict;
}
