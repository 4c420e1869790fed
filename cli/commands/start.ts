import type { Command } from "commander";
import { requireTokens } from "../../core/config.ts";
import { openApp, readConfig, type GlobalOptions } from "../app.ts";

interface StartOptions {
  readonly port?: number;
  readonly host?: string;
}

export function addStart(program: Command): void {
  program
    .command("start")
    .summary("run everything: listen to the sources, store, and serve the web page")
    .option("--port <port>", "port of the web page and API", Number)
    .option("--host <address>", "address to listen on; anything but loopback needs tokens in the config")
    .action(async (options: StartOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { api } = await readConfig(globals);
      const host = options.host ?? api.host;
      requireTokens(host, api);
      const app = await openApp(globals, { holder: `earshot start, pid ${process.pid}`, isScheduler: true });
      try {
        const { serve } = await import("../serve.ts");
        await serve(app, { host, port: options.port ?? api.port });
      } finally {
        await app.close();
      }
    });
}
