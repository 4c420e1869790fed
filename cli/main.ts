import { setFlagsFromString } from "node:v8";
import { Command, CommanderError } from "commander";
import { EarshotError } from "../core/errors.ts";
import { packageVersion } from "./package.ts";
import { addAgenda } from "./commands/agenda.ts";
import { addChanges } from "./commands/changes.ts";
import { addCheck } from "./commands/check.ts";
import { addClickHouse } from "./commands/clickhouse.ts";
import { addCorrect } from "./commands/correct.ts";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addDemo } from "./commands/demo.ts";
import { addEnrich } from "./commands/enrich.ts";
import { addExposures } from "./commands/exposures.ts";
import { addGroup } from "./commands/group.ts";
import { addImport } from "./commands/import.ts";
import { addIssues } from "./commands/issues.ts";
import { addQuery } from "./commands/query.ts";
import { addRegister } from "./commands/register.ts";
import { addRescore } from "./commands/rescore.ts";
import { addSql } from "./commands/sql.ts";
import { addStart } from "./commands/start.ts";
import { addToken } from "./commands/token.ts";
import { addSources } from "./commands/sources.ts";
import { addTopics } from "./commands/topics.ts";
import { addWorkers } from "./commands/workers.ts";

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

for (const add of [
  addStart,
  addWorkers,
  addSources,
  addTopics,
  addImport,
  addEnrich,
  addGroup,
  addRescore,
  addSql,
  addQuery,
  addCheck,
  addIssues,
  addCorrect,
  addChanges,
  addExposures,
  addAgenda,
  addRegister,
  addDeadLetters,
  addDemo,
  addClickHouse,
  addToken,
]) {
  add(program);
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
// an open keep-alive socket or a stream nobody reads must not keep a finished command alive
process.exit();
