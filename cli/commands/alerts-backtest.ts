import { addAbortSignal } from "node:stream";
import type { Command } from "commander";
import { EarshotError } from "../../core/errors.ts";
import { readStored } from "../../ingestors/file/index.ts";
import { openRuntime } from "../app.ts";
import { backtestCascades } from "../backtest-cascades.ts";
import { backtestSeries, SERIES_DETECTORS } from "../backtest-series.ts";
import type { GlobalOptions } from "../config-file.ts";

interface BacktestOptions {
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
      "--series reads a CSV with the columns timestamp and value and prints timestamp, anomaly_score and alert for each " +
        "row; 1 is the threshold, alert is 1 where people would have been told. --cascades reads JSON lines " +
        '{"id": …, "shares_at_min": [minutes]} and prints {"id", "fired_at_min"}. - is standard input.',
    )
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
      const { signal } = await openRuntime(command.optsWithGlobals<GlobalOptions>());
      process.exitCode = await backtest(options, signal);
    });
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
  throw new EarshotError("request_invalid", "Say what to try out: --series FILE or --cascades FILE.");
}
