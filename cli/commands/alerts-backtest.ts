import { addAbortSignal } from "node:stream";
import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { readStored } from "../../ingestors/file/index.ts";
import { Instant } from "../../queries/values.ts";
import { type App, openRuntime, withApp } from "../app.ts";
import { backtestCascades } from "../backtest-cascades.ts";
import { backtestRules, chooseRules, type RuleBacktest } from "../backtest-rules.ts";
import { backtestSeries, SERIES_DETECTORS } from "../backtest-series.ts";
import type { GlobalOptions } from "../config-file.ts";
import { progressBar } from "../progress-bar.ts";
import { toTable } from "../table.ts";

interface BacktestOptions {
  readonly rule: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly series?: string;
  readonly detector: string;
  readonly cascades?: string;
  readonly target: number;
  readonly pollMinutes: number;
}

/** Adds `alerts backtest`: what rules would have told of, on what was. */
export function addAlertsBacktest(group: Command): void {
  group
    .command("backtest")
    .summary("try rules out on what was")
    .description(
      "Replays what is stored through the rules of the config and tells what each would have said, and what care said of it " +
        "where they did. --series reads a CSV with the columns timestamp and value and prints timestamp, anomaly_score and alert for each " +
        "row; 1 is the threshold, alert is 1 where people would have been told. --cascades reads JSON lines " +
        '{"id": …, "shares_at_min": [minutes]} and prints {"id", "fired_at_min"}. - is standard input.',
    )
    .option("--rule <id>", "only this rule; may be given several times", collect, [])
    .option("--since <time>", "from this time or day on; by default the last 8 weeks")
    .option("--until <time>", "until this time or day; by default now")
    .option("--series <file>", "counts per bucket, any length of bucket")
    .option(
      "--detector <name>",
      `what is tried out on a series: ${SERIES_DETECTORS.join(", ")}`,
      "volume_spike",
    )
    .option("--cascades <file>", "minutes at which posts were shared")
    .option("--target <shares>", "shares a post is to pass", Number, 500)
    .option("--poll-minutes <minutes>", "how often a post is read", Number, 5)
    .action(async (options: BacktestOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      if (options.series === undefined && options.cascades === undefined) {
        return withApp(globals, "alerts backtest", (app) => replay(app, options, globals));
      }
      const { signal } = await openRuntime(globals);
      process.exitCode = await backtest(options, signal);
    });
}

const WEEKS = 8 * 7 * 86_400_000;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function replay(app: App, options: BacktestOptions, globals: GlobalOptions): Promise<void> {
  const to = timeOf(options.until, "--until") ?? app.context.now();
  const from = timeOf(options.since, "--since") ?? new Date(to.getTime() - WEEKS);
  if (from >= to) throw new EarshotError("request_invalid", "--since must be before --until.");
  const enabled = app.config.alerts.rules.filter(({ isEnabled }) => isEnabled);
  const rules = chooseRules(enabled, options.rule);
  const bar = progressBar("{bar} {percentage} % of the rules tried", {}, globals);
  let results: readonly RuleBacktest[];
  try {
    results = await backtestRules(app, rules, { from, to }, app.signal, (done) => bar.update(done, {}));
  } finally {
    bar.stop();
  }
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(results)}\n`);
    return;
  }
  const alerts = results
    .flatMap(({ alerts: found }) => found)
    .sort((a, b) => (a.firedAt < b.firedAt ? -1 : 1));
  if (alerts.length > 0) {
    process.stdout.write(
      toTable(
        ["fired at", "rule", "severity", "tracker", "issue", "what", "was"],
        alerts.map((alert) => [
          alert.firedAt.slice(0, 16).replace("T", " "),
          alert.rule,
          alert.severity,
          alert.tracker,
          alert.issueId,
          alert.sentence,
          alert.verdict,
        ]),
      ),
    );
  }
  for (const { rule, alerts: found, reason } of results) {
    process.stdout.write(
      reason === "" ? `${rule} ${summaryOf(found)}.\n` : `${rule} was not tried: ${reason}.\n`,
    );
  }
}

/** `would have fired 4 times, 3 useful` */
function summaryOf(alerts: RuleBacktest["alerts"]): string {
  const fired = `would have fired ${alerts.length} ${alerts.length === 1 ? "time" : "times"}`;
  const judged = alerts.filter(({ verdict }) => verdict !== "");
  if (judged.length === 0) return alerts.length === 0 ? fired : `${fired}; nobody has judged any of them yet`;
  const useful = judged.filter(({ verdict }) => verdict === "real" || verdict === "too_late").length;
  return `${fired}, ${useful} useful of ${judged.length} that were judged`;
}

/** @throws {EarshotError} request_invalid */
function timeOf(written: string | undefined, option: string): Date | undefined {
  if (written === undefined) return undefined;
  const read = Instant.safeParse(written);
  if (read.success) return new Date(read.data);
  throw new EarshotError(
    "request_invalid",
    `${option} ${written.slice(0, 100)} is no time; write it like 2026-03-02T10:00:00Z or 2026-03-02.`,
  );
}

async function backtest(options: BacktestOptions, signal: AbortSignal): Promise<number> {
  const { series, cascades, detector, target, pollMinutes } = options;
  const inputOf = (file: string) => ({
    name: file === "-" ? "standard input" : file,
    bytes: file === "-" ? addAbortSignal(signal, process.stdin) : readStored(file),
    isSlow: file === "-",
    output: process.stdout,
    errors: process.stderr,
    signal,
  });
  if (series !== undefined && cascades === undefined) return backtestSeries({ ...inputOf(series), detector });
  if (cascades !== undefined && series === undefined) {
    return backtestCascades({ ...inputOf(cascades), target, pollMinutes });
  }
  throw new EarshotError("request_invalid", "Try out --series FILE or --cascades FILE, one at a time.");
}
