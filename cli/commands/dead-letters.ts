import type { Command } from "commander";
import { discardDeadLetters } from "../../actions/discard-dead-letters.ts";
import { replayDeadLetters } from "../../actions/replay-dead-letters.ts";
import { ingestors } from "../../ingestors/index.ts";
import { deadLetters } from "../../queries/dead-letters.ts";
import { deadLetterRows } from "../../schemas/rows.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { toSource } from "../sources.ts";
import { toTable } from "../table.ts";

interface ListOptions {
  readonly source?: string;
  readonly state: string;
  readonly limit: string;
}

export function addDeadLetters(program: Command): void {
  const group = program
    .command("dead-letters")
    .summary("look at records that could not be processed, and try them again");
  group
    .command("list")
    .summary("show them, newest first")
    .option("--source <name>", "only of this source")
    .option("--state <state>", "open, replayed or discarded", "open")
    .option("--limit <n>", "how many", "50")
    .action(async (options: ListOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "dead-letters list", (app) => list(app, options, globals));
    });
  group
    .command("replay")
    .summary("try open ones again with the program as it is now")
    .argument("[ids...]", "ids to replay; all open ones when absent")
    .option("--source <name>", "only of this source")
    .action(async (ids: string[], options: { source?: string }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "dead-letters replay", (app) => replay(app, ids, options.source, globals));
    });
  group
    .command("discard")
    .summary("say of some that they need no other try")
    .argument("<ids...>", "ids as `list` shows them")
    .action(async (ids: string[], _options: object, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "dead-letters discard", (app) => discard(app, ids, globals));
    });
}

async function discard(app: App, ids: readonly string[], globals: GlobalOptions): Promise<void> {
  const discarded = await discardDeadLetters({ store: app.store, ids, context: app.context }, app.signal);
  process.stdout.write(
    globals.json === true
      ? `${JSON.stringify({ discarded })}\n`
      : `${discarded} discarded; see them with: earshot dead-letters list --state discarded\n`,
  );
}

async function list(app: App, options: ListOptions, globals: GlobalOptions): Promise<void> {
  const { source, state, limit } = options;
  const rows = await app.ask(deadLetters, deadLetters.params.parse({ source, state, limit }));
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write(`There are no ${state} dead letters.\n`);
    return;
  }
  const columns = ["id", "source", "where", "stage", "code", "reason"];
  const table = toTable(
    columns,
    rows.map((row) => [row.id, row.source, row.position, row.stage, row.code, row.reason]),
  );
  process.stdout.write(`${table}Try them again with: earshot dead-letters replay\n`);
}

async function replay(app: App, ids: readonly string[], source: string | undefined, globals: GlobalOptions) {
  const { pipelineFor } = await import("../pipeline.ts");
  const sources = new Map(app.config.sources.map((entry) => [entry.id, toSource(app.config, entry)]));
  const unconfigured = { belonging: { trackers: [] }, redactKey: app.config.redactPii?.key };
  const report = await replayDeadLetters(
    {
      store: app.store,
      ingestors,
      sourceOf: (name) => sources.get(name) ?? unconfigured,
      openEvents: (onDead) => pipelineFor(app, "replay", onDead).events,
      deadLetters: app.store.table(deadLetterRows),
      ids,
      ...(source === undefined ? {} : { source }),
      context: app.context,
    },
    app.signal,
  );
  if (globals.json === true) {
    process.stdout.write(
      `${JSON.stringify({ replayed: report.replayed, failed: report.failed }, null, 2)}\n`,
    );
    return;
  }
  process.stdout.write(`${report.replayed} replayed, ${report.failed.length} failed again\n`);
  for (const { id, reason } of report.failed.slice(0, 20)) process.stdout.write(`  ${id}: ${reason}\n`);
}
