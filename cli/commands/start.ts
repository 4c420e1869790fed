import type { Command } from "commander";
import { requireTokens } from "../../core/config.ts";
import { openApp } from "../app.ts";
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
      const { api, kafka } = await readConfig(globals);
      const host = options.host ?? api.host;
      requireTokens(host, api);
      const app = await openApp(globals, {
        holder: `earshot ${name}, pid ${process.pid}`,
        isService: true,
        // with Kafka any number may run: sources are shared out
        isScheduler: name === "start" && kafka === undefined,
      });
      try {
        const { allWorkers } = await import("../workers.ts");
        const { serve } = await import("../serve.ts");
        const workers = name === "start" ? await allWorkers(app) : [];
        await serve(app, { host, port: options.port ?? api.port, workers });
      } finally {
        await app.close();
      }
    });
}
