import type { Command } from "commander";
import { z } from "zod";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { agendaPage } from "../../api/agenda/agenda-page.ts";
import { AGENDA_FORMATS, renderAgenda } from "../../api/agenda/render-agenda.ts";
import { decisionWords } from "../../api/why/wording.ts";
import { agenda } from "../../queries/agenda.ts";
import { oneLine } from "../../core/one-line.ts";
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
  review: z.boolean().default(false),
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
    .option("--review", "only what has to be reviewed now")
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
      // the agenda has a --public and a --tracker too, and takes them wherever they stand
      const ofAgenda = command.parent?.opts<{ public?: boolean; tracker?: string }>();
      const { public: isPublic = ofAgenda?.public ?? false, ...said } = options;
      const request = parseOptions(IssueRequest, { kind: "decide", ...said, isPublic });
      const asked = { issue, tracker: ofAgenda?.tracker };
      await withApp(globals, "agenda decide", (app) => decide(app, asked, request, globals));
    });
}

async function show(app: App, asked: z.infer<typeof AgendaOptions>, globals: GlobalOptions): Promise<void> {
  const at = app.context.now();
  const { tracker, public: isPublic, review, format } = asked;
  const rows = await app.ask(
    agenda,
    agenda.params.parse({
      at: at.toISOString(),
      ...(tracker === undefined ? {} : { tracker }),
      ...(isPublic ? { public: true } : {}),
      ...(review ? { review: true } : {}),
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
    process.stdout.write(nothing(asked));
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
  const due = entries.filter(({ isForced, isOverdue }) => isForced || isOverdue).length;
  const unnamed = entries.filter(({ internal }) => internal?.isPublic === true && !internal.isPublished);
  const notes = [
    ...(due === 0 ? [] : [`${due} of ${entries.length} to be reviewed now.\n`]),
    ...unnamed.map(({ issue }) => unpublished(issue)),
  ];
  await writeOut(`${table}${notes.join("")}`, asked.out);
}

function nothing({ public: isPublic, review, tracker }: z.infer<typeof AgendaOptions>): string {
  if (isPublic) return "Nothing on the agenda may be published.\n";
  if (review) return "Nothing has to be reviewed now.\n";
  if (tracker !== undefined) return `Nothing was decided of ${tracker.join(", ")}.\n`;
  return "Nothing was decided yet. Decide: earshot agenda decide <issue> --help\n";
}

function unpublished(issue: string): string {
  return `${issue} is public and not published yet: only words of a customer name it. Decide again with --public-text, or: earshot issues rename ${issue} "…"\n`;
}

async function decide(
  app: App,
  asked: { readonly issue: string; readonly tracker: string | undefined },
  request: IssueRequest,
  globals: GlobalOptions,
): Promise<void> {
  const { store, context, signal, ask } = app;
  const { tracker, issueId } = await findIssue({ ask }, asked.issue, asked.tracker);
  const event = await actOnIssue({ store, tracker, issueId, request, by: localUser(), context }, signal);
  if (globals.json === true) {
    process.stdout.write(`${JSON.stringify(toWire(event), null, 2)}\n`);
    return;
  }
  const decision = request.kind === "decide" ? decisionWords(request.decision) : "";
  const [row] = await ask(agenda, agenda.params.parse({ tracker: [tracker], issue: [issueId] }));
  const note = row?.is_public === true && !row.is_published ? unpublished(issueId) : "";
  process.stdout.write(
    `${issueId}: ${decision}, says ${oneLine(event.by)}. Undo: earshot issues undo ${event.id}\n${note}`,
  );
}
