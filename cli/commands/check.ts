import type { Command } from "commander";
import type { Config, SourceConfig } from "../../core/config.ts";
import type { Broker, Ingestor } from "../../core/contracts.ts";
import { NO_LIMITS } from "../../core/budget.ts";
import { EarshotError } from "../../core/errors.ts";
import { toMention } from "../../core/mention.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { GROUPS } from "../groups.ts";
import { isPushed, toSource } from "../sources.ts";

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .summary("test the config, the store and every source")
    .action(async (_options: object, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const findings = await withApp(globals, "check", checkAll);
      if (globals.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
      else
        for (const { what, ok, detail } of findings)
          process.stdout.write(`${ok ? "ok  " : "FAIL"} ${what}: ${detail}\n`);
      if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
    });
}

async function checkAll(app: App): Promise<Finding[]> {
  const { config } = app;
  const findings: Finding[] = [
    {
      what: "config",
      ok: true,
      detail: `${config.sources.length} sources, ${config.trackers.length} trackers`,
    },
  ];
  const where = config.clickhouse.url ?? `embedded in ${config.dataDir}`;
  findings.push(await probe("store", where, () => app.store.check()));
  findings.push(await probe("store, read-only user", where, () => app.reader.check()));
  if (app.broker !== undefined) findings.push(await probeBroker(app.broker, config));
  for (const source of config.sources) findings.push(await probeSource(app, source));
  return findings;
}

async function probe(what: string, detail: string, check: () => Promise<void>): Promise<Finding> {
  try {
    await check();
    return { what, ok: true, detail };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether the broker answers, and how far behind its readers are. */
async function probeBroker(broker: Broker, config: Config): Promise<Finding> {
  const what = "kafka";
  const where = config.kafka?.brokers.join(", ") ?? "";
  try {
    const lags = await broker.lag(Object.values(GROUPS));
    const lag = lags.reduce((total, partition) => total + partition.lag, 0);
    return { what, ok: true, detail: `${where}; ${lag} records wait to be read` };
  } catch (error) {
    return { what, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Fetches the first page of a source and reads it, storing nothing. */
async function probeSource(app: App, source: SourceConfig): Promise<Finding> {
  const what = `source ${source.id}`;
  const { context, signal } = app;
  if (isPushed(source)) {
    return { what, ok: true, detail: `others push to it, at /v1/ingest/${source.id}` };
  }
  try {
    const { assertSchedule } = await import("../scheduler.ts");
    assertSchedule(source);
    const { ingestor, config, queries } = toSource(app.config, source);
    for await (const page of ingestor.poll({
      config,
      cursor: undefined,
      queries,
      budget: NO_LIMITS,
      signal,
      context,
    })) {
      const observedAt = context.now().toISOString();
      const readable = page.items.filter((item) => isReadable(ingestor, item, observedAt)).length;
      return {
        what,
        ok: true,
        detail: `answers; ${readable} of the first ${page.items.length} items can be read`,
      };
    }
    return { what, ok: true, detail: "answers, with nothing in it" };
  } catch (error) {
    if (!(error instanceof EarshotError)) throw error;
    return { what, ok: false, detail: `${error.message} (${error.code})` };
  }
}

function isReadable(ingestor: Ingestor, item: unknown, observedAt: string): boolean {
  try {
    const parsed = ingestor.parse(item, observedAt);
    if (parsed.type === "upsert") toMention(parsed.mention, { source: "check", trackers: [], observedAt });
    return true;
  } catch {
    return false;
  }
}
