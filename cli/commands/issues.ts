import type { Command } from "commander";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { checkQuestion, SHEET_QUESTIONS } from "../../api/why/sheet-questions.ts";
import { EarshotError } from "../../core/errors.ts";
import { oneLine } from "../../core/one-line.ts";
import { IssueRequest } from "../../schemas/issue.ts";
import { toWire } from "../../schemas/wire.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findEvent, findIssue, type IssueName } from "../find-issue.ts";
import { eventWords } from "../issue-words.ts";
import { localUser } from "../local-user.ts";
import { addIssuesList } from "./issues-list.ts";
import { addIssuesShow } from "./issues-show.ts";
import { addIssuesWhy } from "./issues-why.ts";

type Options = Readonly<Record<string, unknown>> & { readonly tracker?: string };

export function addIssues(program: Command): void {
  const group = program
    .command("issues")
    .summary("what people complain about, whether it recurs, and what is done about it")
    .description(
      "An issue is what several people say, or one alone so far. Whatever you do with one is recorded with your name, later\n" +
        "mentions follow it, and undo takes it back. An issue is named by its id or the first characters of it.",
    );
  addIssuesList(group);
  addIssuesShow(group);
  addIssuesWhy(group);
  addMoves(group);
  addNotes(group);
  addUndo(group);
}

function addMoves(group: Command): void {
  act(group, "merge", "<issue> <into>")
    .summary("make it part of another issue; later mentions follow")
    .action(
      acting("merge", async (app, [issue = "", into = ""], options) => {
        const named = await findIssue(app, issue, options.tracker);
        const target = await findIssue(app, into, options.tracker ?? named.tracker);
        return [named, { kind: "merge", into: target.issueId }];
      }),
    );
  act(group, "split", "<issue> <mentions...>")
    .summary("make these mentions another issue, and what comes later and is like them")
    .option("--title <text>", "what the new issue is called")
    .action(
      acting("split", async (app, [issue = "", ...mentions], { tracker, title }) => [
        await findIssue(app, issue, tracker),
        { kind: "split", mentions, title },
      ]),
    );
  act(group, "move", "<issue> <mention>")
    .summary("take a mention out that does not belong there")
    .option("--into <issue>", "where it belongs; by default into an issue of its own")
    .action(
      acting("move", async (app, [issue = "", mention], { tracker, into }) => {
        const named = await findIssue(app, issue, tracker);
        const target = typeof into === "string" ? await findIssue(app, into, named.tracker) : undefined;
        return [named, { kind: "move", mention, into: target?.issueId }];
      }),
    );
}

function addNotes(group: Command): void {
  act(group, "rename", "<issue> <title>")
    .summary("call it something else")
    .action(noting("rename", (_, title) => ({ title })));
  act(group, "own", "<issue> [owner]")
    .summary("say who sees to it; nobody when left out")
    .action(noting("own", (_, owner = "") => ({ owner })));
  act(group, "relook", "<issue> <day>")
    .summary("say when somebody looks at it again, as 2026-03-31")
    .action(noting("relook", (_, on) => ({ on })));
  act(group, "isolate", "<issue>")
    .summary("call it isolated, until a day or until more people say it")
    .requiredOption("--reason <text>", "why it is an isolated error")
    .requiredOption("--until <day>", "when the call ends by itself")
    .option("--until-voices <n>", "so many more people overturn it (default: 3)", Number)
    .action(noting("isolate", ({ reason, until, untilVoices }) => ({ reason, until, untilVoices })));
  act(group, "answer", "<issue> <question> [answer]")
    .summary("answer a question of its WHAT / WHY / DIFFERENT sheet, by its key")
    .description(
      "Answers a question of the sheet; an empty answer takes the one before back. Keys:\n" +
        SHEET_QUESTIONS.map(({ key, question }) => `  ${key.padEnd(20)} ${question}`).join("\n"),
    )
    .option("--holds <yes|no|unknown>", "for questions of yes or no")
    .option("--department <name>", "who has to find out, while it is unknown")
    .action(
      noting("answer", ({ holds, department }, question = "", answer = "") => {
        checkQuestion(question);
        return { question, answer, holds, department };
      }),
    );
}

function addUndo(group: Command): void {
  act(group, "undo", "<event>")
    .summary("take back what was done, by the id that `issues show` has")
    .action(
      acting("undo", async (app, [event = ""]) => [await findEvent(app, event), { kind: "undo", event }]),
    );
  act(group, "dismiss", "<proposal>")
    .summary("turn down what the machine proposes, by the id that `issues proposals` has")
    .action(
      acting("dismiss", async (app, [event = ""]) => [
        await findEvent(app, event),
        { kind: "dismiss", event },
      ]),
    );
}

function act(group: Command, name: string, places: string): Command {
  return group
    .command(`${name} ${places}`)
    .option("--tracker <id>", "where it is, where several trackers have such an issue")
    .option("--note <text>", "why");
}

/** What is asked of which issue, from the places and options of a command. */
type Reader = (
  app: App,
  places: readonly string[],
  options: Options,
) => Promise<[IssueName, Readonly<Record<string, unknown>>]>;

/** Does what a command says: its places come one by one, then its options and itself. */
function acting(name: string, read: Reader) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = given.at(-2) as Options;
    const places = given.slice(0, -2).flat() as string[];
    const globals = command.optsWithGlobals<GlobalOptions>();
    await withApp(globals, `issues ${name}`, async (app) => {
      const [issue, said] = await read(app, places, options);
      const request = requestOf({ ...said, note: options["note"] });
      const { store, context, signal } = app;
      const event = await actOnIssue({ store, ...issue, request, by: localUser(), context }, signal);
      const back = request.kind === "undo" ? "" : ` Undo: earshot issues undo ${event.id}`;
      process.stdout.write(
        globals.json === true
          ? `${JSON.stringify(toWire(event), null, 2)}\n`
          : `${issue.issueId} of ${issue.tracker}: ${oneLine(eventWords(event))}.${back}\n`,
      );
    });
  };
}

/** @throws {EarshotError} request_invalid */
function requestOf(said: Readonly<Record<string, unknown>>): IssueRequest {
  const parsed = IssueRequest.safeParse(said);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new EarshotError("request_invalid", `This cannot be done. ${faults.join("; ")}.`);
}

/** Notes something of the issue that is named first. */
function noting(
  kind: IssueRequest["kind"],
  read: (options: Options, ...places: readonly (string | undefined)[]) => Readonly<Record<string, unknown>>,
) {
  return acting(kind, async (app, [issue = "", ...places], options) => [
    await findIssue(app, issue, options.tracker),
    { kind, ...read(options, ...places) },
  ]);
}
