import type { Command } from "commander";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { decisionWords } from "../../api/why/wording.ts";
import { EarshotError } from "../../core/errors.ts";
import { oneLine } from "../../core/one-line.ts";
import { showSql } from "../../core/show-sql.ts";
import { agenda } from "../../queries/agenda.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import { issueMentions } from "../../queries/issue-mentions.ts";
import { issueProposals } from "../../queries/issue-proposals.ts";
import { issues } from "../../queries/issues.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findIssue, type IssueName } from "../find-issue.ts";
import { eventWords } from "../issue-words.ts";
import { toTable } from "../table.ts";

interface ShowOptions {
  readonly tracker?: string;
  readonly sql?: boolean;
}

type IssueRow = z.infer<typeof issues.row>;
type EventRow = z.infer<typeof issueEvents.row>;
type MentionRow = z.infer<typeof issueMentions.row>;

/** Everything that is shown of an issue. */
interface Shown {
  readonly issue: IssueRow;
  readonly mentions: readonly MentionRow[];
  readonly events: readonly EventRow[];
  readonly proposals: readonly z.infer<typeof issueProposals.row>[];
  /** What was decided, with who spoke of it since; null: nothing. */
  readonly agenda: z.infer<typeof agenda.row> | null;
}

const MOST_QUOTES = 5;
const MOST_EVENTS = 30;
/** A false-discovery rate above which growth may be chance. */
const GROWN_Q = 0.05;

export function addIssuesShow(group: Command): void {
  group
    .command("show <issue>")
    .summary("show one issue: its verdict and why, what people said, who did what")
    .option("--tracker <id>", "where it is, where several trackers have such an issue")
    .option("--sql", "print the SQL of every figure instead")
    .action(async (given: string, options: ShowOptions, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      await withApp(globals, "issues show", async (app) => {
        const name = await findIssue(app, given, options.tracker);
        const asked: string[] = [];
        const shown = await readShown(app, name, asked);
        if (options.sql === true) process.stdout.write(asked.join("\n"));
        else if (globals.json === true) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
        else process.stdout.write(toText(shown));
      });
    });
}

/** @param asked gets the statements that were run */
async function readShown(app: App, name: IssueName, asked: string[]): Promise<Shown> {
  const { tracker, issueId } = name;
  const ask = async <P extends z.ZodObject, R extends z.ZodObject>(
    query: Query<P, R>,
    params: z.input<P>,
  ): Promise<z.infer<R>[]> => {
    const parsed = query.params.parse(params);
    asked.push(`-- ${query.name}\n${showSql(query.statement(parsed))};\n`);
    return app.ask(query, parsed);
  };
  const [issue] = await ask(issues, { tracker: [tracker], issue: [issueId] });
  if (issue === undefined) throw await unlisted(app, name);
  const quotes = issue.quotes.length > 0 ? issue.quotes : [issue.newest_id];
  const mentions = await ask(issueMentions, { tracker, issue: issueId, mention: quotes, limit: 50 });
  const own = await ask(issueEvents, { tracker: [tracker], issue: [issueId], limit: 200 });
  const moves = await ask(issueEvents, {
    tracker: [tracker],
    kind: ["merge", "split", "move"],
    standing: true,
    limit: 1_000,
  });
  const arrived = moves.filter((event) => event.issue_id !== issueId && leadsTo(event, issueId));
  return {
    issue,
    mentions: [...mentions].sort((a, b) => quotes.indexOf(a.id) - quotes.indexOf(b.id)),
    events: [...own.filter(isTold), ...arrived].sort((a, b) => b.at.localeCompare(a.at)),
    proposals: await ask(issueProposals, { tracker: [tracker], issue: [issueId] }),
    agenda: (await ask(agenda, { tracker: [tracker], issue: [issueId] }))[0] ?? null,
  };
}

/** What became of an issue that is not listed. */
async function unlisted(app: App, { tracker, issueId }: IssueName): Promise<EarshotError> {
  const params = issueEvents.params.parse({
    tracker: [tracker],
    issue: [issueId],
    kind: ["merge"],
    standing: true,
    limit: 1,
  });
  const [merge] = await app.ask(issueEvents, params);
  const said =
    merge === undefined
      ? "it was made a moment ago and is judged within a minute while `npm start` runs, or nothing is left of it"
      : `it was merged into ${String(payloadOf(merge)["into"])} (undo: earshot issues undo ${merge.id})`;
  return new EarshotError("not_found", `Issue ${issueId} of ${tracker} is not listed: ${said}.`);
}

function isTold({ kind }: EventRow): boolean {
  return kind !== "undo" && kind !== "propose_merge" && kind !== "propose_split";
}

function leadsTo(event: EventRow, issueId: string): boolean {
  const { into, newIssue } = payloadOf(event);
  return into === issueId || newIssue === issueId;
}

function payloadOf({ payload }: EventRow): Record<string, unknown> {
  return JSON.parse(payload) as Record<string, unknown>;
}

function toText({ issue, mentions, events, proposals, agenda: decided }: Shown): string {
  const flags = [...issue.flags, ...(issue.is_public ? ["public"] : [])];
  const head = [issue.verdict === "" ? "no verdict" : issue.verdict, ...flags].join(" · ");
  const parts = [
    `${oneLine(issue.title)}\n${issue.issue_id} of ${issue.tracker}: ${head}\n${oneLine(issue.reason)}\n\n`,
    toTable(
      ["people", "mentions", "channels", "reports", "days", "complaints", "requests", "first", "last"],
      [
        [
          issue.voices,
          issue.mentions,
          issue.channels,
          issue.reports,
          issue.days,
          issue.complaints,
          issue.requests,
          issue.first_at?.slice(0, 10),
          issue.last_at?.slice(0, 10),
        ],
      ],
    ),
    section("", figures(issue)),
    section("Said", mentions.slice(0, MOST_QUOTES).map(quoteWords)),
    section("Seen to", careWords(issue, decided)),
    section(
      "The machine proposes",
      proposals.map((row) => {
        const told = { issueId: row.issue_id, kind: row.kind, payload: proposalPayload(row.payload) };
        return `${eventWords(told, issue.issue_id)}; turn it down: earshot issues dismiss ${row.event}`;
      }),
    ),
    section(
      "Done",
      events.slice(0, MOST_EVENTS).map((event) => historyWords(event, issue.issue_id)),
    ),
  ];
  return parts.join("");
}

function proposalPayload(payload: string): Record<string, unknown> {
  return JSON.parse(payload) as Record<string, unknown>;
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const heading = title === "" ? "" : `\n${title}\n`;
  return `${heading}${lines.map((line) => `  ${oneLine(line)}\n`).join("")}`;
}

function figures(issue: IssueRow): string[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const {
    rate_per_thousand: rate,
    rate_low: low,
    rate_high: high,
    growth_factor: growth,
    growth_q: q,
  } = issue;
  return [
    ...(issue.terms.length === 0 ? [] : [`Terms: ${issue.terms.join(", ")}`]),
    ...(issue.p30 === null ? [] : [`Chance of another report within 30 days: ${percent(issue.p30)}`]),
    ...(rate === null || low === null || high === null
      ? []
      : [
          `Reports in 28 days: ${issue.rate_reports ?? 0}, of ${rounded(issue.rate_exposure ?? 0)} that could: ${rounded(rate)} per 1,000 (95 %: ${rounded(low)} to ${rounded(high)})`,
        ]),
    // what may be chance, or went down, is no growth
    ...(growth === null || q === null || growth <= 1 || q > GROWN_Q
      ? []
      : [`Grew ${growth.toFixed(1)}-fold (${issue.growth_test.replaceAll("_", " ")}, q ${rounded(q)})`]),
    ...(issue.heard_share === null || issue.heard_share >= 0.995
      ? []
      : [`Heard ${percent(issue.heard_share)} of its time`]),
    ...(issue.aspects.length === 0 ? [] : [`Aspects: ${issue.aspects.join(", ")}`]),
    ...(issue.stages.length === 0 ? [] : [`Broke at: ${issue.stages.join(", ")}`]),
  ];
}

function rounded(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 1 || value === 0 ? value.toFixed(1) : value < 0.001 ? "< 0.001" : value.toPrecision(2);
}

function quoteWords({ text, title, platform, published_at: at, url, id }: MentionRow): string {
  const said = (text === "" ? title : text).slice(0, 280);
  return `"${said}" (${platform}, ${at.slice(0, 10)}, ${id}${url === "" ? "" : `, ${url}`})`;
}

function careWords(issue: IssueRow, decided: Shown["agenda"]): string[] {
  const { isolated_call: call, register_status: status } = issue;
  return [
    ...(issue.owner === "" ? [] : [`Owner: ${issue.owner}`]),
    ...(issue.relook_on === null ? [] : [`Look again: ${issue.relook_on}`]),
    ...(call === ""
      ? []
      : [`Called isolated: ${call}, until ${issue.isolated_until ?? "?"}: ${issue.isolated_reason}`]),
    ...(decided === null ? [] : [decisionLine(decided)]),
    ...(status === "" ? [] : [`Register, ${status}: ${issue.symptom}. Say: "${issue.wording}"`]),
  ];
}

function decisionLine(decided: NonNullable<Shown["agenda"]>): string {
  const { decision, reason, decided_by: by, decided_at: at, people_since: since } = decided;
  const due = decided.is_forced ? "; review now" : decided.is_overdue ? "; its review is overdue" : "";
  return (
    `Decided: ${decisionWords(decision)}, because ${reason} (${by}, ${at.slice(0, 10)}; review on ${decided.review_on ?? "?"} ` +
    `or when ${decided.review_at_voices} people spoke of it since: ${since} did${due})`
  );
}

function historyWords(event: EventRow, issueId: string): string {
  const told = { issueId: event.issue_id, kind: event.kind, payload: payloadOf(event) };
  const words = eventWords(told, issueId);
  const note = event.note === "" ? "" : ` (${event.note})`;
  const state = event.is_standing ? `undo ${event.id}` : "undone";
  return `${event.at.slice(0, 16).replace("T", " ")}  ${event.by}: ${words}${note}  [${state}]`;
}
