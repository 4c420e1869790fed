import type { Command } from "commander";
import type { z } from "zod";
import { recordChange, recordChanges, removeChange } from "../../actions/record-change.ts";
import { oneLine } from "../../core/one-line.ts";
import { changes } from "../../queries/changes.ts";
import { CHANGE_KINDS, type Change } from "../../schemas/change.ts";
import { toWire } from "../../schemas/wire.ts";
import { WrittenChange } from "../../schemas/written-change.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findFixed } from "../find-fixed.ts";
import { importRows, tellRows } from "../import-rows.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

const ORIGIN = "cli";
/** Issues that are shown by their ids. */
const MOST_FIXES = 3;

export function addChanges(program: Command): void {
  const group = program
    .command("changes")
    .summary("tell what you did that customers could notice")
    .description(
      "Releases, fixes, prices, campaigns, policies and outages: what complaints may come from, and what is meant to mend\n" +
        "them. Feeds and lists of them go under changes: in earshot.yaml.",
    );
  group
    .command("add")
    .summary("tell of one; with the id of one that is there, correct it")
    .requiredOption("--kind <kind>", CHANGE_KINDS.join(", "))
    .requiredOption("--title <text>", "what people call it")
    .option("--at <time>", "when customers got it, UTC unless it names an offset; by default now")
    .option("--ends-at <time>", "when it was over")
    .option("--tracker <id>", "whom it concerns; by default every tracker")
    // --version is the program's own
    .option("--product-version <version>", "the version that has it")
    .option("--platform <name>", "where customers notice it: ios, android, web")
    .option("--country <code>", "where it holds, if not everywhere")
    .option("--product <name>", "which product it concerns")
    .option("--url <address>", "where more is said of it")
    .option("--description <text>", "more about it")
    .option("--fixes <issues...>", "issues it is meant to mend, by id, or mentions that tell of them")
    .option("--id <id>", "names it for good; by default one is made of tracker, kind, time and title")
    .action(async ({ productVersion, ...options }: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const version = productVersion === undefined ? {} : { version: productVersion };
      await withApp(globals, "changes add", (app) => add(app, { ...options, ...version }, globals));
    });
  group
    .command("list")
    .summary("show them, newest first")
    .option("--tracker <ids>", "only of these trackers, and what concerns every one")
    .option("--kind <kinds>", CHANGE_KINDS.join(", "))
    .option("--from <time>", "began at or after this time")
    .option("--to <time>", "began before this time")
    .option("--limit <n>", "how many", "50")
    .action(async (options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const params = parseOptions(changes.params, options);
      await withApp(globals, "changes list", (app) => list(app, params, globals));
    });
  group
    .command("remove")
    .summary("take one back")
    .argument("<id>", "its id, as `changes list` shows it")
    .action(async (id: string, _options: object, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "changes remove", async ({ store, context, signal }) => {
        const told = { store, origin: ORIGIN, by: localUser(), context };
        tell(await removeChange({ ...told, id }, signal), "taken back", globals);
      });
    });
  group
    .command("import")
    .summary("tell of many, from a CSV, TSV, JSON or JSONL file")
    .description(
      `Columns: ${Object.keys(WrittenChange.shape).join(", ")}; kind, title and at are needed. The same file twice adds ` +
        "nothing. A row that is wrong is told with its line and stops no other.",
    )
    .argument("<file>", "file to read; - is standard input")
    .option("--tracker <id>", "whom rows concern that do not say")
    .action(async (file: string, options: { tracker?: string }, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "changes import", (app) => importChanges(app, file, options, globals));
    });
}

async function add(app: App, options: Record<string, unknown>, globals: GlobalOptions): Promise<void> {
  const { store, context, signal } = app;
  const now = context.now().toISOString();
  const said = parseOptions(WrittenChange, { at: now, ...options });
  const change = { ...said, fixes: await findFixed(app, said.fixes, said.tracker) };
  const recorded = await recordChange({ store, change, origin: ORIGIN, by: localUser(), context }, signal);
  tell(recorded, "recorded", globals);
}

function tell(change: Change, done: string, { json }: GlobalOptions): void {
  const { id, kind, title, at, tracker } = change;
  process.stdout.write(
    json === true
      ? `${JSON.stringify(toWire(change), null, 2)}\n`
      : `${oneLine(`${id}: ${kind} "${title}" at ${at}${tracker === "" ? "" : ` of ${tracker}`}, ${done}`)}\n`,
  );
}

async function list(app: App, params: z.infer<typeof changes.params>, globals: GlobalOptions): Promise<void> {
  const rows = await app.ask(changes, params);
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    const [any] = await app.ask(changes, changes.params.parse({ limit: 1 }));
    process.stdout.write(
      any === undefined
        ? 'No changes are told of. Tell of one: earshot changes add --kind release --title "5.2"\n'
        : "No change is like that.\n",
    );
    return;
  }
  const columns = ["at", "kind", "title", "tracker", "version", "where", "fixes", "told by", "id"];
  const table = toTable(
    columns,
    rows.map((row) => [
      row.at.slice(0, 16),
      row.kind,
      row.title.slice(0, 60),
      row.tracker,
      row.version,
      [row.platform, row.country, row.product].filter((part) => part !== "").join(" "),
      row.fixes.length > MOST_FIXES ? `${row.fixes.length} issues` : row.fixes.join(" "),
      row.by === "" ? row.origin : row.by,
      row.id,
    ]),
  );
  process.stdout.write(table);
}

async function importChanges(
  app: App,
  file: string,
  { tracker }: { tracker?: string },
  globals: GlobalOptions,
): Promise<void> {
  const { store, context, signal } = app;
  const told = { store, origin: ORIGIN, by: localUser(), context };
  const report = await importRows(
    {
      file,
      schema: WrittenChange,
      lists: ["fixes"],
      otherwise: { tracker },
      take: (rows) => recordChanges({ ...told, changes: rows }, signal),
    },
    signal,
  );
  tellRows(file, report, { what: `${report.taken} changes` }, globals);
}
