import type { Command } from "commander";
import { accessAt } from "../../api/access.ts";
import { openMonitor } from "../../api/server.ts";
import { requireTokens } from "../../core/config.ts";
import type { Broker } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { readMeaningModel } from "../../processors/embed-text/meaning-model.ts";
import { connectApp, openRuntime, openService, untilStopped, type Runtime } from "../app.ts";
import { openBroker, prepareTopics, requireBroker } from "../broker.ts";
import type { GlobalOptions } from "../config-file.ts";
import { watchLags } from "../groups.ts";
import { meaningModelFile } from "../reading.ts";
import { openReading } from "../reading-pool.ts";

interface WorkerOptions {
  readonly port?: number;
  readonly host?: string;
  readonly once?: boolean;
}

const SUMMARIES = {
  ingest: "poll a share of the sources into Kafka",
  process: "read mentions from Kafka, score them, and hand them on",
  store: "write what was read, and dead letters, from Kafka into ClickHouse",
  detect: "put complaints into issues and judge them, of a share of the trackers",
} as const;

type WorkerName = keyof typeof SUMMARIES;

/** One command for each kind of worker; any number of each may run. */
export function addWorkers(program: Command): void {
  for (const [name, summary] of Object.entries(SUMMARIES) as [WorkerName, string][]) {
    const worker = program
      .command(name)
      .summary(summary)
      .option("--port <port>", "port of /healthz and /metrics", Number)
      .option("--host <address>", "address of /healthz and /metrics; off loopback needs tokens in the config")
      .action(async (options: WorkerOptions, command: Command) => {
        const globals = command.optsWithGlobals<GlobalOptions>();
        await (options.once === true ? detectStored(globals) : runWorker(name, options, globals));
      });
    if (name === "detect")
      worker.option(
        "--once",
        "put what is stored into issues, judge them, and end; for a store that nothing else follows, without Kafka",
      );
  }
}

async function runWorker(name: WorkerName, options: WorkerOptions, globals: GlobalOptions): Promise<void> {
  const runtime = await openService(globals);
  const { config, context, monitoring } = runtime;
  const host = options.host ?? config.monitor.host;
  requireTokens(host, { tokens: config.api.tokens, allowedHosts: [] });
  const broker = requireBroker(await openBroker(runtime), name);
  const monitor = await openMonitor({
    host,
    port: options.port ?? config.monitor.port,
    monitoring,
    auth: accessAt(host, config.api),
    context,
  });
  try {
    await untilStopped(async () => {
      await prepareTopics(runtime, broker);
      await watchLags(runtime, broker);
      context.log.info({ worker: name, monitor: monitor.url }, "running");
      await workOn(name, runtime, broker);
    }, runtime.signal);
  } finally {
    await monitor.close();
    await broker.close();
    context.log.info({ worker: name }, "stopped");
  }
}

async function workOn(name: WorkerName, runtime: Runtime, broker: Broker): Promise<void> {
  const { signal } = runtime;
  const { detectWorker, ingestWorker, processWorker, storeWorker } = await import("../workers.ts");
  if (name === "process") {
    const reading = openReading(runtime.config, runtime.context);
    return processWorker({ ...runtime, reading }, broker)(signal).finally(() => reading.close());
  }
  if (name === "detect") return detectWorker(runtime, broker)(signal);
  const holder = `earshot ${name}, pid ${process.pid}`;
  const app = await connectApp(runtime, broker, { holder, isService: true });
  try {
    const worker = name === "ingest" ? ingestWorker(app, broker) : storeWorker(app, broker);
    await worker(signal);
  } finally {
    await app.close();
  }
}

/** For a store that nothing else follows: after an import, without a running Earshot. */
async function detectStored(globals: GlobalOptions): Promise<void> {
  const runtime = await openRuntime(globals);
  if (runtime.config.kafka !== undefined) {
    throw new EarshotError(
      "config_invalid",
      "With Kafka, detectors share the trackers out among them: run `earshot detect` instead; --once is for a store that nothing else follows.",
    );
  }
  // as only one process may: two would each put the same mentions into issues of their own
  const holder = `earshot detect --once, pid ${process.pid}`;
  const app = await connectApp(runtime, undefined, { holder, isScheduler: true });
  try {
    const { detectOnce } = await import("../detect/follow-trackers.ts");
    const done = await detectOnce(app, readMeaningModel(meaningModelFile), app.signal);
    if (globals.json === true) process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
    else if (done.length === 0) process.stdout.write("No complaints or requests are stored.\n");
    for (const { tracker, assigned, judged } of globals.json === true ? [] : done)
      process.stdout.write(`${tracker}: ${assigned} mentions put into issues, ${judged} issues judged\n`);
  } finally {
    await app.close();
  }
}
