import type { Command } from "commander";
import { z } from "zod";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { agendaPage } from "../../api/agenda/agenda-page.ts";
import { AGENDA_FORMATS, renderAgenda } from "../../api/agenda/render-agenda.ts";
import { decisionWords } from "../../api/why/wording.ts";
import { agenda } from "../../queries/agenda.ts";
import { SlugList } from "../../queries/values.ts";
import { DECISIONS, IssueRequest } from "../../schemas/issue.ts";
import { toWire } from "../../schemas/wire.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findIssue } from "../find-issue.ts";
import { localUser } from "../local-user.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";
import { writeOut } from "./issues-why.ts";

const AgendaOptions = z.object({
  tracker: SlugList.optional(),
  public: z.boolean().default(false),
  format: z.enum(["table", ...AGENDA_FORMATS]).default("table"),
  out: z.string().optional(),
  link: z.url({ protocol: /^https?$/ }).optional(),
});

export function addAgenda(program: Command): void {
  const group = program
    .command("agenda")
    .summary("what you change, what not, and why; as a page or feed to publish")
    .description(
      "Shows what was decided of issues, with who complained since. A decision is due for review when its day is past, or\n" +
        "when as many people as it names have complained since.",
    )
    .option("--tracker <ids>", "only of these trackers")
    .option("--public", "only what may be published, without names")
    .option("--format <format>", ["table", ...AGENDA_FORMATS].join(", "), "table")
    .option("--link <address>", "where the page is published, for the feed")
    .option("--out <file>", "write it there instead of printing it")
    .action(async (options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const asked = parseOptions(AgendaOptions, options);
      await withApp(globals, "agenda", (app) => show(app, asked, globals));
    });
  group
    .command("decide")
    .summary("decide what is done about an issue")
    .argument("<issue>", "its id, or the first characters of it")
    .requiredOption("--decision <decision>", DECISIONS.join(", "))
    .requiredOption("--reason <text>", "why; customers read it where the entry is public")
    .requiredOption("--review-on <day>", "when it is looked at again")
    .option("--review-at-voices <n>", "so many more people force the review before its day", Number)
    .option("--owner <name>", "who sees to it")
    .option("--public", "put it on the page that is published")
    .option("--public-text <text>", "what it is called there; by default its title")
    .option("--note <text>", "for us")
    .action(async (issue: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      // the agenda has a --public too, and takes it wherever it stands
      const ofAgenda = command.parent?.opts<{ public?: boolean }>().public ?? false;
      const { public: isPublic = ofAgenda, ...said } = options;
      const request = parseOptions(IssueRequest, { kind: "decide", ...said, isPublic });
      await withApp(globals, "agenda decide", (app) => decide(app, issue, request, globals));
    });
}

async function show(app: App, asked: z.infer<typeof AgendaOptions>, globals: GlobalOptions): Promise<void> {
  const at = app.context.now();
  const { tracker, public: isPublic, format } = asked;
  const rows = await app.ask(
    agenda,
    agenda.params.parse({
      at: at.toISOString(),
      ...(tracker === undefined ? {} : { tracker }),
      ...(isPublic ? { public: true } : {}),
    }),
  );
  const page = agendaPage({ rows, isPublic, at });
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(toWire(page), null, 2)}\n`);
    return;
  }
  if (format !== "table") return writeOut(renderAgenda(page, format, asked.link), asked.out);
  const entries = page.sections.flatMap(({ entries }) => entries);
  if (entries.length === 0) {
    const nothing = isPublic ? "Nothing on the agenda may be published." : "Nothing was decided yet.";
    process.stdout.write(`${nothing} Decide: earshot agenda decide <issue> --help\n`);
    return;
  }
  const columns = ["decision", "issue", "what", "why", "people", "since decided", "review", "owner"];
  const table = toTable(
    columns,
    entries.map((entry) => [
      decisionWords(entry.decision),
      entry.issue,
      entry.text.slice(0, 50),
      entry.reason.slice(0, 60),
      entry.people,
      entry.peopleSince,
      entry.isForced
        ? "now: too many complain"
        : entry.isOverdue
          ? `overdue: ${entry.reviewOn ?? ""}`
          : entry.reviewOn,
      entry.internal?.owner ?? "",
    ]),
  );
  await writeOut(table, asked.out);
}

async function decide(app: App, id: string, request: IssueRequest, globals: GlobalOptions): Promise<void> {
  const { store, context, signal, ask } = app;
  const { tracker, issueId } = await findIssue({ ask }, id);
  const event = await actOnIssue({ store, tracker, issueId, request, by: localUser(), context }, signal);
  process.stdout.write(
    globals.json === true
      ? `${JSON.stringify(toWire(event), null, 2)}\n`
      : `${issueId}: ${request.kind === "decide" ? decisionWords(request.decision) : ""}, says ${event.by}\n`,
  );
}
