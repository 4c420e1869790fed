import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import type { IssueExplanation } from "../../api/why/explanation.ts";
import { explainIssue } from "../../api/why/explain-issue.ts";
import { fillSheet } from "../../api/why/fill-sheet.ts";
import { judgeIssueFix, type IssueFixVerdict } from "../../api/why/judge-issue-fix.ts";
import { renderSheet, SHEET_FORMATS } from "../../api/why/render-sheet.ts";
import { words } from "../../api/why/wording.ts";
import { oneLine } from "../../core/one-line.ts";
import { Instant } from "../../queries/values.ts";
import { toWire } from "../../schemas/wire.ts";
import { type App, withApp } from "../app.ts";
import type { GlobalOptions } from "../config-file.ts";
import { findIssue } from "../find-issue.ts";
import { parseOptions } from "../parse-options.ts";
import { toTable } from "../table.ts";

const MOST_LINES = 10;

const ofIssue = { at: Instant.optional(), tracker: z.string().optional() };
const WhyOptions = z.object({ ...ofIssue, showSql: z.boolean().optional() });
const VerdictOptions = z.object({
  ...ofIssue,
  change: z.string().max(200).optional(),
  showSql: z.boolean().optional(),
});
const SheetOptions = z.object({
  ...ofIssue,
  format: z.enum(SHEET_FORMATS).default("markdown"),
  out: z.string().optional(),
});

/** Adds why an issue is there, its sheet, and whether a change mended it. */
export function addIssuesWhy(group: Command): void {
  const at = "as of this time; by default now";
  const whose = "whose issue it is, where several have one of this id";
  group
    .command("why")
    .summary("when an issue began, what is over-represented in it, and what came just before")
    .description(
      "Onset, drivers, words that set it apart, issues that move with it, candidate causes and what it costs in rating\n" +
        "points, each with how sure it is. It says where to look; it proves nothing.",
    )
    .argument("<issue>", "its id, or the first characters of it")
    .option("--at <time>", at)
    .option("--tracker <id>", whose)
    .option("--show-sql", "also print the statements it was counted from")
    .action(async (issue: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const asked = parseOptions(WhyOptions, options);
      await withApp(globals, "issues why", async (app) => {
        const explained = await explainIssue(await meant(app, issue, asked));
        if (globals.json === true) return printJson(explained);
        process.stdout.write(asText(explained));
        if (asked.showSql === true) printStatements(explained.statements);
      });
    });
  group
    .command("sheet")
    .summary("the WHAT / WHY / DIFFERENT sheet of an issue, filled with what is known")
    .argument("<issue>", "its id, or the first characters of it")
    .option("--format <format>", SHEET_FORMATS.join(", "), "markdown")
    .option("--out <file>", "write it there instead of printing it")
    .option("--at <time>", at)
    .option("--tracker <id>", whose)
    .action(async (issue: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const asked = parseOptions(SheetOptions, options);
      await withApp(globals, "issues sheet", async (app) => {
        const sheet = await fillSheet(await meant(app, issue, asked));
        if (globals.json === true) return printJson(sheet);
        await writeOut(renderSheet(sheet, asked.format), asked.out);
      });
    });
  group
    .command("verdict")
    .summary("whether a change mended an issue, and how many more days it takes to tell")
    .argument("<issue>", "its id, or the first characters of it")
    .option(
      "--change <id>",
      "the change, as `changes` shows it; by default the latest meant to mend the issue",
    )
    .option("--at <time>", at)
    .option("--tracker <id>", whose)
    .option("--show-sql", "also print the statements it was counted from")
    .action(async (issue: string, options: Record<string, unknown>, command: Command) => {
      const globals = command.optsWithGlobals<GlobalOptions>();
      const { change, showSql, ...asked } = parseOptions(VerdictOptions, options);
      await withApp(globals, "issues verdict", async (app) => {
        const judged = await judgeIssueFix({
          ...(await meant(app, issue, asked)),
          ...(change === undefined ? {} : { change }),
        });
        if (globals.json === true) return printJson(judged);
        process.stdout.write(verdictText(judged));
        if (showSql === true) printStatements(judged.statements);
      });
    });
}

/**
 * Prints a page, or writes it to a file.
 * @throws where the file cannot be written
 */
export async function writeOut(page: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(page);
    return;
  }
  await writeFile(file, page);
  process.stdout.write(`${file}\n`);
}

interface Meant {
  readonly at?: string | undefined;
  readonly tracker?: string | undefined;
}

/** The issue somebody names, as of the time they name. */
async function meant({ ask, context, config }: App, given: string, { at, tracker }: Meant) {
  const { tracker: of, issueId: issue } = await findIssue({ ask }, given, tracker);
  const { exposureMeasure } = config;
  return { ask, tracker: of, issue, exposureMeasure, asOf: at === undefined ? context.now() : new Date(at) };
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(toWire(value), null, 2)}\n`);
}

function printStatements(statements: readonly { readonly query: string; readonly sql: string }[]): void {
  for (const { query, sql } of statements) process.stdout.write(`\n-- ${query}\n${sql};\n`);
}

function asText(explained: IssueExplanation): string {
  const { onset, exposure, drivers, terms, coMoving, causes, impact, rate, heardShare, read } = explained;
  const parts = [
    `${explained.issue} of ${explained.tracker}: ${oneLine(explained.title)}\n${oneLine(explained.reason)}\n`,
    `Onset: ${onset.reason}\n`,
    `  (${exposure.sentence})\n`,
  ];
  if (onset.changes.length > 1)
    parts.push(
      toTable(
        ["changed on", "between", "and", "kind", "per day before", "after"],
        onset.changes.map(({ at, from, to, kind, before, after }) => [
          at.slice(0, 10),
          from.slice(0, 10),
          to.slice(0, 10),
          kind,
          rounded(before.rate),
          rounded(after.rate),
        ]),
      ),
    );
  const { ofIssue, others, ofIssueThereAre, othersThereAre } = drivers.read;
  parts.push(
    `\nOver-represented (${ofIssue} of ${ofIssueThereAre} mentions of the issue beside ${others} of ${othersThereAre} others, ${drivers.tested.length} values tested):\n`,
    drivers.drivers.length === 0
      ? "nothing\n"
      : drivers.drivers
          .slice(0, MOST_LINES)
          .map(({ sentence }) => `- ${oneLine(sentence)}\n`)
          .join(""),
  );
  const untold = drivers.refused.filter(({ value }) => value === undefined);
  if (untold.length > 0)
    parts.push(
      `Not tested: ${untold.map(({ dimension, reason }) => `${dimension} (${reason})`).join("; ")}\n`,
    );
  parts.push(
    `\nWords that set it apart: ${terms.length === 0 ? "none" : terms.map(({ term, people }) => `${oneLine(term)} (${people})`).join(", ")}\n`,
  );
  if (coMoving.length > 0)
    parts.push(
      "\nMoves with:\n",
      toTable(
        ["issue", "title", "correlation", "days later", "q"],
        coMoving
          .slice(0, MOST_LINES)
          .map(({ issue, title, correlation, lagDays, q }) => [
            issue,
            title,
            correlation.toFixed(2),
            lagDays,
            q.toFixed(3),
          ]),
      ),
    );
  parts.push(`\nCandidate causes: ${causes.reason}\n`);
  for (const { sentence, change } of causes.candidates.slice(0, MOST_LINES))
    parts.push(`- ${oneLine(sentence)} (${oneLine(change.id)})\n`);
  for (const { kind, onsets, medianDays, lowestDays, highestDays } of causes.lags)
    parts.push(
      `After a ${kind} complaints began within ${medianDays} ${medianDays === 1 ? "day" : "days"} (${lowestDays} to ${highestDays}; ${onsets} other issues)\n`,
    );
  parts.push(
    "refused" in impact
      ? `\nRating: ${impact.refused}\n`
      : `\nRating: ${impact.issueMean.toFixed(2)} of its people, ${impact.othersMean.toFixed(2)} of others: ${impact.difference.toFixed(2)} (95 %: ${impact.low.toFixed(2)} to ${impact.high.toFixed(2)}); it costs ${impact.cost.toFixed(3)} points of all ratings (${impact.costLow.toFixed(3)} to ${impact.costHigh.toFixed(3)}); ${impact.issuePeople} and ${impact.otherPeople} people\n`,
    rate === null
      ? "Rate: not known\n"
      : `Rate: ${rate.reports} reports for ${rounded(rate.exposure)} ${words(rate.measure)} in ${rate.days} days, ${rounded(rate.perThousand)} per 1,000 (95 %: ${rounded(rate.low)}–${rounded(rate.high)})\n`,
    heardShare === null ? "" : `Heard: ${Math.round(100 * heardShare)} % of its time\n`,
    read.isCut
      ? `Read: ${read.mentions} mentions of ${read.issues} of ${read.ofIssues} issues; the rest was left out\n`
      : "",
  );
  return parts.join("");
}

function verdictText(judged: IssueFixVerdict): string {
  const { change, sentence, read, before, after, expected } = judged;
  const version = change.version === "" ? "" : `, version ${oneLine(change.version)}`;
  const lines = [
    `${judged.issue} of ${judged.tracker}: ${oneLine(judged.title)}`,
    `${change.kind} "${oneLine(change.title)}" of ${change.at.slice(0, 10)}${version} (${oneLine(change.id)})`,
    "",
    oneLine(sentence),
  ];
  if (before !== null && after !== null && expected !== null)
    lines.push(
      `Before: ${before.people} people in ${rounded(before.heardDays)} heard days. After: ${after.people} in ${rounded(after.heardDays)}, ${rounded(expected)} to be expected.`,
    );
  if (read.isCut)
    lines.push(`Read: ${read.issues} of ${read.ofIssues} issues of the tracker; the rest was left out.`);
  return `${lines.join("\n")}\n`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
