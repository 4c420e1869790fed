import type { Command } from "commander";
import { runEmbeddedChild } from "../../sinks/embedded-clickhouse/child.ts";
import { abortOnSignals, readConfig, type GlobalOptions } from "../app.ts";
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
