import type { Command } from "commander";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { issueProposals } from "../../queries/issue-proposals.ts";
import { issueRanks } from "../../queries/issue-ranks.ts";
import { issues } from "../../queries/issues.ts";
import { singleVoices } from "../../queries/single-voices.ts";
import { voiceRegret } from "../../queries/voice-regret.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

interface ListOptions {
  readonly sql?: boolean;
  readonly [name: string]: unknown;
}

const NO_ISSUES =
  "There are no issues yet. They appear while `npm start` runs and complaints are stored:\n" +
  "  look around       npx earshot demo\n" +
  "  your reviews      npx earshot import reviews.csv\n";
const SQL = "print the SQL instead of asking";

export function addIssuesList(group: Command): void {
  group
    .command("list", { isDefault: true })
    .summary("show issues with their verdicts, the most important first")
    .option("--tracker <ids>", "only of these trackers")
    .option("--verdict <verdicts>", "escalating, recurring, watch, single")
    .option("--flag <flags>", "viral, coordinated, severe, emerging, quiet, partly_heard")
    .option("--decision <decisions>", "changing, not_now, will_not, none")
    .option("--owner <names>", "only of these owners")
    .option("--q <text>", "only with this in their title or terms")
    .option("--order <order>", "importance, voices, newest, latest, relook", "importance")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("list", issues, listIssues));
  group
    .command("ranks")
    .summary("show what many say beside what costs ratings and what people have to say again")
    .description(
      "Issues by people, beside their rank by what they cost in points of all ratings, and by the share of people who say\n" +
        "that they told it before. Few people or ratings: no rank.",
    )
    .option("--tracker <ids>", "only of these trackers")
    .option("--from <time>", "published at or after this time")
    .option("--to <time>", "published before this time")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("ranks", issueRanks, listRanks));
  group
    .command("single")
    .summary("show single voices: who sees to each, and when it is looked at again")
    .description(
      "Nothing is dropped because one person alone says it: each has a day on which somebody looks again. Below stands what\n" +
        "it would have cost to discount them: how many issues that recur now began like this.",
    )
    .option("--tracker <ids>", "only of these trackers")
    .option("--owner <names>", "only of these owners")
    .option("--due", "only what is due to be looked at again")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("single", singleVoices, listSingle));
  group
    .command("proposals")
    .summary("show what the machine would merge or split")
    .option("--tracker <ids>", "only of these trackers")
    .option("--limit <n>", "how many", "30")
    .option("--sql", SQL)
    .action(listing("proposals", issueProposals, listProposals));
}

/** Asks a question with the options of a command, or says which. */
function listing<P extends z.ZodObject, R extends z.ZodObject>(
  name: string,
  query: Query<P, R>,
  tell: (app: App, rows: z.infer<R>[], params: z.infer<P>) => Promise<void>,
) {
  return async ({ sql, ...options }: ListOptions, command: Command): Promise<void> => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const params = parseOptions(query.params, options);
    if (sql === true) {
      process.stdout.write(`${showSql(query.statement(params))}\n`);
      return;
    }
    await withApp(globals, `issues ${name}`, async (app) => {
      const rows = await app.ask(query, params);
      if (globals.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else await tell(app, rows, params);
    });
  };
}

type IssueRow = z.infer<typeof issues.row>;

async function listIssues(app: App, rows: IssueRow[], asked: z.infer<typeof issues.params>): Promise<void> {
  const [first] = rows;
  if (first === undefined) {
    const [any] = await app.ask(issues, issues.params.parse({ limit: 1 }));
    process.stdout.write(any === undefined ? NO_ISSUES : "No issue is like that.\n");
    return;
  }
  const isOne = asked.tracker?.length === 1;
  const columns = ["id", "verdict", "flags", "people", "mentions", "channels", "last", "title"];
  const table = toTable(
    isOne ? columns : [...columns, "tracker"],
    rows.map((row) => [
      row.issue_id,
      row.verdict === "" ? "?" : row.verdict,
      [...row.flags, ...(row.isolated_call === "holds" ? ["isolated"] : [])].join(" "),
      row.voices,
      row.mentions,
      row.channels,
      row.last_at?.slice(0, 10),
      row.title.slice(0, 60),
      ...(isOne ? [] : [row.tracker]),
    ]),
  );
  process.stdout.write(`${table}${moreThan(rows.length, first.found, "issues")}`);
}

async function listRanks(_app: App, rows: z.infer<typeof issueRanks.row>[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) {
    process.stdout.write("There are no issues of that time.\n");
    return;
  }
  const ranked = (rank: number | null, said: string) => (rank === null ? "" : `#${rank}  ${said}`);
  const columns = ["id", "people", "costs (points of all ratings)", "say it again", "title"];
  const isOne = rows.every(({ tracker }) => tracker === first.tracker);
  const table = toTable(
    isOne ? columns : [...columns, "tracker"],
    rows.map((row) => [
      row.issue_id,
      `#${row.volume_rank}  ${row.people}`,
      ranked(row.impact_rank, `${(row.cost ?? 0).toFixed(3)} (${row.rated} rated)`),
      ranked(row.repeat_rank, `${Math.round(100 * (row.repeat_share ?? 0))} %`),
      row.title.slice(0, 60),
      ...(isOne ? [] : [row.tracker]),
    ]),
  );
  process.stdout.write(`${table}${moreThan(rows.length, first.found, "issues")}`);
}

async function listSingle(
  app: App,
  rows: z.infer<typeof singleVoices.row>[],
  asked: z.infer<typeof singleVoices.params>,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) process.stdout.write("No issue is judged single.\n");
  else {
    const table = toTable(
      ["id", "people", "look again", "waiting", "owner", "isolated", "said"],
      rows.map((row) => [
        row.issue_id,
        row.voices,
        row.is_due ? `due${row.relook_on === null ? "" : ` ${row.relook_on}`}` : row.relook_on,
        row.days_waiting === null ? "" : `${row.days_waiting} d`,
        row.owner === "" ? "nobody" : row.owner,
        row.isolated_call,
        (row.quote === "" ? row.title : row.quote).slice(0, 80),
      ]),
    );
    const due = `${first.found_due} of ${first.found} are due to be looked at again.\n`;
    process.stdout.write(`${table}${moreThan(rows.length, first.found, "voices")}${due}`);
  }
  const regret = await app.ask(voiceRegret, asked.tracker === undefined ? {} : { tracker: asked.tracker });
  for (const row of regret) process.stdout.write(regretWords(row));
}

function regretWords(row: z.infer<typeof voiceRegret.row>): string {
  const { tracker, recurring, were_single: were, share, median_days: median, max_days: longest } = row;
  if (recurring === 0) return "";
  const began = `${tracker}: of ${recurring} issues that came to recur, ${were} (${Math.round(100 * share)} %) were single or watch first`;
  if (median === null || longest === null) return `${began}.\n`;
  return `${began}, for ${days(median)} at the median and ${days(longest)} at most (${row.longest_issue}).\n`;
}

function days(count: number): string {
  const shown = count >= 10 ? count.toFixed(0) : count.toFixed(1).replace(/\.0$/, "");
  return `${shown} ${shown === "1" ? "day" : "days"}`;
}

async function listProposals(_app: App, rows: z.infer<typeof issueProposals.row>[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) {
    process.stdout.write("Nothing is proposed.\n");
    return;
  }
  const table = toTable(
    ["proposal", "what", "issue", "people", "into", "people", "titles"],
    rows.map((row) => [
      row.event,
      row.kind === "propose_merge" ? "merge" : "split",
      row.issue_id,
      row.voices,
      row.into,
      row.kind === "propose_merge" ? row.into_voices : null,
      [row.title, row.into_title]
        .filter((title) => title !== "")
        .map((title) => title.slice(0, 50))
        .join(" / "),
    ]),
  );
  process.stdout.write(
    `${table}${moreThan(rows.length, first.found, "proposals")}Do it: earshot issues merge <issue> <into>. Turn it down: earshot issues dismiss <proposal>.\n`,
  );
}

function moreThan(shown: number, found: number, what: string): string {
  return found > shown ? `${shown} of ${found} ${what}; more with --limit.\n` : "";
}
