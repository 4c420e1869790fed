import type { Command } from "commander";
import { correctMention } from "../../actions/correct-mention.ts";
import { EarshotError } from "../../core/errors.ts";
import { corrections } from "../../queries/corrections.ts";
import { CORRECTION_VALUES, CorrectionRequest, type Correction } from "../../schemas/correction.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { localUser } from "../local-user.ts";
import { toTable } from "../table.ts";

interface CorrectOptions {
  readonly sentiment?: string;
  readonly kind?: string;
  readonly relevant?: boolean;
  readonly irrelevant?: boolean;
  readonly aspect?: string;
  readonly label?: string;
  readonly note?: string;
}

interface ListOptions {
  readonly field?: string;
  readonly by?: string;
  readonly limit: string;
}

export function addCorrect(program: Command): void {
  const group = program
    .command("correct")
    .summary("say what a mention means where it was read wrongly")
    .description(
      "Records what you say of a mention, with your name and the time. It holds at once in every figure, also when\n" +
        "the mention is read again or edited, until somebody says otherwise; as_read takes it back.",
    )
    .argument("<mention>", "id of the mention, as in the column id of mentions")
    .option("--sentiment <label>", CORRECTION_VALUES.sentiment.join(", "))
    .option("--kind <kind>", CORRECTION_VALUES.intent.join(", "))
    .option("--irrelevant", "it is not about what is followed: leave it out of everything that is counted")
    .option("--relevant", "it is, after all")
    .option("--aspect <name>", "what it judges, with --label")
    .option("--label <label>", CORRECTION_VALUES.aspect.join(", "))
    .option("--note <text>", "why")
    .action(async (mentionId: string, options: CorrectOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const requests = toRequests(options);
      await withApp(globals, "correct", (app) => correct(app, mentionId, requests, globals));
    });
  group
    .command("list")
    .summary("show what was corrected, latest first")
    .option("--field <fields>", "relevance, sentiment, intent or aspect")
    .option("--by <names>", "only by these people or tokens")
    .option("--limit <n>", "how many", "50")
    .action(async (options: ListOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const params = parsed(corrections.params, { ...options });
      await withApp(globals, "correct list", (app) => list(app, params, globals));
    });
}

/** One request for each thing that is said. @throws {EarshotError} request_invalid */
function toRequests(options: CorrectOptions): CorrectionRequest[] {
  const { sentiment, kind, relevant, irrelevant, aspect, label, note = "" } = options;
  if (relevant === true && irrelevant === true) {
    throw new EarshotError("request_invalid", "A mention is --relevant or --irrelevant, not both.");
  }
  if ((aspect === undefined) !== (label === undefined)) {
    throw new EarshotError(
      "request_invalid",
      "--aspect and --label go together: --aspect delivery --label negative.",
    );
  }
  const said = [
    ...(irrelevant === true ? [{ field: "relevance", value: "irrelevant", note }] : []),
    ...(relevant === true ? [{ field: "relevance", value: "relevant", note }] : []),
    ...(sentiment === undefined ? [] : [{ field: "sentiment", value: sentiment, note }]),
    ...(kind === undefined ? [] : [{ field: "intent", value: kind, note }]),
    ...(aspect === undefined ? [] : [{ field: "aspect", aspect, value: label, note }]),
  ];
  if (said.length === 0) {
    throw new EarshotError(
      "request_invalid",
      "Say what is wrong: --sentiment, --kind, --irrelevant, --relevant, or --aspect with --label.",
    );
  }
  return said.map((one) => parsed(CorrectionRequest, one));
}

interface Parser<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

/** @throws {EarshotError} request_invalid */
function parsed<T>(schema: Parser<T>, value: Readonly<Record<string, unknown>>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => {
    const field = value["field"];
    return `${typeof field === "string" ? field : path.join(".")}: ${message}`;
  });
  throw new EarshotError("request_invalid", `This cannot be asked for. ${faults.join("; ")}.`);
}

async function correct(
  app: App,
  mentionId: string,
  requests: readonly CorrectionRequest[],
  globals: GlobalOptions,
): Promise<void> {
  const { store, context, signal } = app;
  const recorded: Correction[] = [];
  for (const request of requests) {
    recorded.push(await correctMention({ store, mentionId, request, by: localUser(), context }, signal));
  }
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(recorded, null, 2)}\n`);
    return;
  }
  for (const { field, aspect, value, by } of recorded) {
    const what = field === "aspect" ? `aspect ${aspect}` : field;
    process.stdout.write(`${mentionId}: ${what} is ${value}, says ${by}\n`);
  }
}

async function list(app: App, params: Parameters<typeof corrections.statement>[0], globals: GlobalOptions) {
  const rows = await app.ask(corrections, params);
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write("Nothing was corrected.\n");
    return;
  }
  const columns = ["at", "by", "mention", "field", "read", "said", "holds", "text"];
  const table = toTable(
    columns,
    rows.map((row) => [
      row.at.slice(0, 16),
      row.by,
      row.mention_id,
      row.field === "aspect" ? `aspect ${row.aspect}` : row.field,
      row.read_value,
      row.value,
      row.is_standing ? (row.is_edited ? "yes, edited since" : "yes") : "no",
      (row.title === "" ? row.text : row.title).slice(0, 60),
    ]),
  );
  process.stdout.write(table);
}
