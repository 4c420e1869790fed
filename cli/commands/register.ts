import type { Command } from "commander";
import type { z } from "zod";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { decisionWords } from "../../api/why/wording.ts";
import { oneLine } from "../../core/one-line.ts";
import { knownIssues } from "../../queries/known-issues.ts";
import { IssueRequest, REGISTER_STATES } from "../../schemas/issue.ts";
import { toWire } from "../../schemas/wire.ts";
import { withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findIssue } from "../find-issue.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";

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
          const [any] = await ask(
            knownIssues,
            knownIssues.params.parse({ status: REGISTER_STATES, limit: 1 }),
          );
          process.stdout.write(
            any === undefined
              ? "Nothing is in the register. Put something in: earshot register set <issue> --help\n"
              : "No entry of the register is like that.\n",
          );
          return;
        }
        process.stdout.write(rows.map(entryText).join("\n"));
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
    .option("--tracker <id>", "where it is, where several trackers have such an issue")
    .option("--note <text>", "for us")
    .action(async (id: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { retired, tracker: named, ...said } = options;
      const request = parseOptions(IssueRequest, {
        kind: "register",
        ...said,
        status: retired === true ? "retired" : "active",
      });
      await withApp(globals, "register set", async ({ ask, store, context, signal }) => {
        const { tracker, issueId } = await findIssue(
          { ask },
          id,
          typeof named === "string" ? named : undefined,
        );
        const event = await actOnIssue(
          { store, tracker, issueId, request, by: localUser(), context },
          signal,
        );
        process.stdout.write(
          globals.json === true
            ? `${JSON.stringify(toWire(event), null, 2)}\n`
            : `${issueId} is in the register${retired === true ? " as retired" : ""}, says ${oneLine(event.by)}. Undo: earshot issues undo ${event.id}\n`,
        );
      });
    });
}

/** What is said of one issue, a line each: a table of so many long texts cannot be read. */
function entryText(row: z.infer<typeof knownIssues.row>): string {
  const { status, expires_on: until, decision, people } = row;
  const state = [
    ...(row.is_expired ? [`ENDED on ${until ?? ""}: do not say this any more`] : []),
    ...(status === "retired" ? ["retired"] : []),
    `${people} ${people === 1 ? "person" : "people"}`,
    ...(decision === "" ? [] : [decisionWords(decision)]),
    ...(until === null || row.is_expired ? [] : [`holds until ${until}`]),
  ];
  const lines = [
    `${row.issue_id} of ${row.tracker}: ${row.symptom}`,
    `  ${state.join(" · ")}`,
    `  Say:              ${row.wording}`,
    ...(row.workaround === "" ? [] : [`  Meanwhile:        ${row.workaround}`]),
    ...(row.may_promise === "" ? [] : [`  May promise:      ${row.may_promise}`]),
    ...(row.must_not_promise === "" ? [] : [`  Must not promise: ${row.must_not_promise}`]),
  ];
  return lines.map((line) => `${oneLine(line)}\n`).join("");
}
