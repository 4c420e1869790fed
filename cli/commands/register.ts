import type { Command } from "commander";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { knownIssues } from "../../queries/known-issues.ts";
import { IssueRequest, REGISTER_STATES } from "../../schemas/issue.ts";
import { toWire } from "../../schemas/wire.ts";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findIssue } from "../find-issue.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

export function addRegister(program: Command): void {
  const group = program
    .command("register")
    .summary("known issues and how to speak of them to customers")
    .description(
      "For whoever answers customers: how they notice it, what may be said word for word, what helps meanwhile, what may\n" +
        "and what must not be promised.",
    );
  group
    .command("list", { isDefault: true })
    .summary("show the register")
    .option("--tracker <ids>", "only of these trackers")
    .option("--status <states>", REGISTER_STATES.join(", "), "active")
    .option("--q <text>", "only entries that contain this")
    .action(async (options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "register list", async ({ ask, context }) => {
        const params = parseOptions(knownIssues.params, { ...options, at: context.now().toISOString() });
        const rows = await ask(knownIssues, params);
        if (globals.json === true) {
          process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
          return;
        }
        if (rows.length === 0) {
          process.stdout.write(
            "Nothing is in the register. Put something in: earshot register set <issue> --help\n",
          );
          return;
        }
        const columns = ["issue", "symptom", "say", "meanwhile", "may promise", "must not promise", "until"];
        const table = toTable(
          columns,
          rows.map((row) => [
            row.issue_id,
            row.symptom,
            row.wording,
            row.workaround,
            row.may_promise,
            row.must_not_promise,
            row.is_expired ? `ended ${row.expires_on ?? ""}` : row.expires_on,
          ]),
        );
        process.stdout.write(table);
      });
    });
  group
    .command("set")
    .summary("put an issue into the register, or say anew what may be said of it")
    .argument("<issue>", "its id, or the first characters of it")
    .requiredOption("--symptom <text>", "how customers notice it")
    .requiredOption("--wording <text>", "what may be said to them, word for word")
    .option("--workaround <text>", "what helps meanwhile")
    .option("--may-promise <text>", "what may be promised")
    .option("--must-not-promise <text>", "what must not be promised")
    .option("--expires-on <day>", "when this no longer holds")
    .option("--retired", "it is over: keep it, but no longer show it")
    .option("--note <text>", "for us")
    .action(async (id: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { retired, ...said } = options;
      const request = parseOptions(IssueRequest, {
        kind: "register",
        ...said,
        status: retired === true ? "retired" : "active",
      });
      await withApp(globals, "register set", async ({ ask, store, context, signal }) => {
        const { tracker, issueId } = await findIssue({ ask }, id);
        const event = await actOnIssue(
          { store, tracker, issueId, request, by: localUser(), context },
          signal,
        );
        process.stdout.write(
          globals.json === true
            ? `${JSON.stringify(toWire(event), null, 2)}\n`
            : `${issueId} is in the register, says ${event.by}\n`,
        );
      });
    });
}
