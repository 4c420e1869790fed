import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { runEmbeddedChild } from "../../sinks/embedded-clickhouse/child.ts";
import { abortOnSignals } from "../app.ts";
import { readConfig, type GlobalOptions } from "../config-file.ts";
import { STORE_THREADS } from "../stores.ts";
import { openContext } from "../log.ts";

export function addClickHouse(program: Command): void {
  program
    .command("clickhouse")
    .summary("serve the embedded store over ClickHouse's HTTP protocol")
    .description(
      "Runs the ClickHouse engine on the data directory and answers HTTP on loopback, as a ClickHouse server does. Every command starts it by itself when needed; run it by hand to keep it up for other tools. Users and passwords are in DATA/clickhouse/credentials.json.",
    )
    .option("--port <port>", "port to listen on", Number)
    .option("--child", "end when no Earshot process uses it any more")
    .action(async (options: { port?: number; child?: boolean }, command: Command) => {
      if (process.env["UV_THREADPOOL_SIZE"] === undefined) return rerunWithThreads();
      const globals = command.optsWithGlobals<GlobalOptions>();
      const config = await readConfig(globals);
      const context = openContext({ level: config.logLevel, isPretty: process.stderr.isTTY });
      await runEmbeddedChild(
        {
          dataDir: config.dataDir,
          exitWhenUnleased: options.child === true,
          ...(options.port === undefined ? {} : { port: options.port }),
        },
        context,
        abortOnSignals(context),
      );
    });
}

/** The engine runs statements on libuv's threads, whose number is read once, before any of our code runs. */
async function rerunWithThreads(): Promise<void> {
  const child = spawn(process.execPath, process.argv.slice(1), {
    stdio: "inherit",
    env: { ...process.env, ...STORE_THREADS },
  });
  // a terminal's Ctrl-C reaches the child by itself
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
}
