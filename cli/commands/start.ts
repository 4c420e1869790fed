import type { Command } from "commander";
import { requireTokens } from "../../core/config.ts";
import { connectApp, openService, untilStopped, type Service } from "../app.ts";
import { openBroker } from "../broker.ts";
import { readConfig, type GlobalOptions } from "../config-file.ts";

interface ServeOptions {
  readonly port?: number;
  readonly host?: string;
}

export function addStart(program: Command): void {
  addServing(program, "start", "run everything: listen to the sources, store, and serve the web page");
  addServing(program, "serve", "serve the web page and API beside workers that run elsewhere");
}

function addServing(program: Command, name: "start" | "serve", summary: string): void {
  program
    .command(name)
    .summary(summary)
    .option("--port <port>", "port of the web page and API", Number)
    .option("--host <address>", "address to listen on; anything but loopback needs tokens in the config")
    .action(async (options: ServeOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { api } = await readConfig(globals);
      const host = options.host ?? api.host;
      requireTokens(host, api);
      const runtime = await openService(globals);
      await untilStopped(
        () => runServing(name, runtime, { host, port: options.port ?? api.port }),
        runtime.signal,
      );
    });
}

async function runServing(
  name: "start" | "serve",
  runtime: Service,
  address: { readonly host: string; readonly port: number },
): Promise<void> {
  const app = await connectApp(runtime, await openBroker(runtime), {
    holder: `earshot ${name}, pid ${process.pid}`,
    isService: true,
    // with Kafka any number may run: sources are shared out
    isScheduler: name === "start" && runtime.config.kafka === undefined,
  });
  try {
    const { allWorkers } = await import("../workers.ts");
    const { serve } = await import("../serve.ts");
    await serve(app, { ...address, workers: name === "start" ? allWorkers(app) : [] });
  } finally {
    await app.close();
  }
}
