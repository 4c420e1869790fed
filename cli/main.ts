import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { EarshotError } from "../core/errors.ts";
import { packageVersion } from "./package.ts";

// V8 lets the heap grow fourfold between collections; mentions come and go in batches, so that is only memory wasted
setFlagsFromString("--heap-growing-percent=150");

const program = new Command("earshot")
  .description("Hears what customers say, scores it, and separates recurring issues from anecdotes.")
  .version(packageVersion)
  .option("--config <file>", "config file (default: earshot.yaml here, if there is one)")
  .option("--data <dir>", "data directory of the embedded store (default: ./data)")
  .option("--json", "print JSON")
  .showHelpAfterError("(earshot --help lists what there is)")
  .exitOverride();

type AddCommands = (program: Command) => void;

/** The commands of each file, in the order help lists them. */
const COMMANDS: readonly (readonly [names: readonly string[], load: () => Promise<AddCommands>])[] = [
  [["start", "serve"], async () => (await import("./commands/start.ts")).addStart],
  [["ingest", "process", "store", "detect"], async () => (await import("./commands/workers.ts")).addWorkers],
  [["sources"], async () => (await import("./commands/sources.ts")).addSources],
  [["topics"], async () => (await import("./commands/topics.ts")).addTopics],
  [["import"], async () => (await import("./commands/import.ts")).addImport],
  [["enrich"], async () => (await import("./commands/enrich.ts")).addEnrich],
  [["group"], async () => (await import("./commands/group.ts")).addGroup],
  [["rescore"], async () => (await import("./commands/rescore.ts")).addRescore],
  [["sql"], async () => (await import("./commands/sql.ts")).addSql],
  [["query"], async () => (await import("./commands/query.ts")).addQuery],
  [["check"], async () => (await import("./commands/check.ts")).addCheck],
  [["issues"], async () => (await import("./commands/issues.ts")).addIssues],
  [["alerts"], async () => (await import("./commands/alerts.ts")).addAlerts],
  [["correct"], async () => (await import("./commands/correct.ts")).addCorrect],
  [["changes"], async () => (await import("./commands/changes.ts")).addChanges],
  [["exposures"], async () => (await import("./commands/exposures.ts")).addExposures],
  [["agenda"], async () => (await import("./commands/agenda.ts")).addAgenda],
  [["register"], async () => (await import("./commands/register.ts")).addRegister],
  [["dead-letters"], async () => (await import("./commands/dead-letters.ts")).addDeadLetters],
  [["demo"], async () => (await import("./commands/demo.ts")).addDemo],
  [["clickhouse"], async () => (await import("./commands/clickhouse.ts")).addClickHouse],
  [["token"], async () => (await import("./commands/token.ts")).addToken],
];

// only what is asked for is loaded: all of it takes a second of processor time
const asked = COMMANDS.filter(([names]) => names.includes(process.argv.slice(2).find(isCommand) ?? ""));
for (const [, load] of asked.length > 0 ? asked : COMMANDS) (await load())(program);

/** Values of options come before a command, too: `--config start.yaml sql`. */
function isCommand(argument: string, index: number, all: readonly string[]): boolean {
  return !argument.startsWith("-") && !["--config", "--data"].includes(all[index - 1] ?? "");
}

/** Exit codes: 0 ok, 1 failed, 2 bad usage or config, 130 stopped. The only place that ends the process. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DOMException && error.name === "AbortError") return 130;
  if (error instanceof EarshotError) {
    return error.code === "config_invalid" || error.code === "request_invalid" ? 2 : 1;
  }
  return 1;
}

// whoever read our output has seen enough: `earshot sql … | head -1`
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof EarshotError) {
    const asJson = program.opts<{ json?: boolean }>().json === true;
    const { code, message, details } = error;
    process.stderr.write(
      asJson ? `${JSON.stringify({ code, message, details })}\n` : `${message} (${code})\n`,
    );
  } else if (!(error instanceof CommanderError) && exitCodeOf(error) !== 130) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  process.exitCode = exitCodeOf(error);
}
// what waits for the reader of a pipe would be lost
for (const stream of [process.stdout, process.stderr])
  if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write("", () => resolve()));
// an open keep-alive socket or a stream nobody reads must not keep a finished command alive
process.exit();
