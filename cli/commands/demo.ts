import type { Command } from "commander";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";

export function addDemo(program: Command): void {
  program
    .command("demo")
    .summary("load an invented story of six weeks, to look around")
    .description(
      "Loads several thousand invented mentions of an invented brand and two competitors, with its releases, fixes and\n" +
        "orders: a bad release, a fix that works, one that fails, one that comes back, a viral one-off. docs/demo.md tells\n" +
        "the story.",
    )
    .option("--clear", "take the story out again")
    .action(async (options: { clear?: boolean }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "demo", async (app) => {
        const { clearDemo, loadDemo } = await import("../demo.ts");
        if (options.clear === true) {
          await clearDemo(app);
          process.stdout.write(
            globals.json === true
              ? `${JSON.stringify({ cleared: true })}\n`
              : "The demo story is gone. Its issues go when they are next judged: within ten minutes of npm start, or by earshot detect --once\n",
          );
          return;
        }
        const done = await loadDemo(app, app.signal);
        process.stdout.write(
          globals.json === true
            ? `${JSON.stringify({ mentions: done.mentions, deletions: done.deletions })}\n`
            : `The demo story is loaded: ${done.mentions} mentions. Look at it on the page that npm start serves.\n`,
        );
      });
    });
}
