import { escapeHtml, escapeMarkdown, htmlPage, linkHtml, linkMarkdown } from "../page.ts";
import type { AnswerRate, Citation, IssueSheet, SheetAnswer } from "./sheet.ts";
import { SHEET_SECTIONS, type SheetSection } from "./sheet-questions.ts";
import { list, minuteOf } from "./wording.ts";

export const SHEET_FORMATS = ["markdown", "html"] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

const HEADINGS: Readonly<Record<SheetSection, string>> = {
  what: "WHAT happened",
  why: "WHY it happened",
  different: "What we do DIFFERENT",
};

/** The sheet as a page to hand on; everything that others wrote is escaped. */
export function renderSheet(sheet: IssueSheet, format: SheetFormat): string {
  return format === "html" ? asHtml(sheet) : asMarkdown(sheet);
}

function asMarkdown(sheet: IssueSheet): string {
  const lines = [
    `# ${escapeMarkdown(sheet.title)}`,
    "",
    `${escapeMarkdown(sheet.reason)}`,
    "",
    `Issue \`${sheet.issue.replaceAll("`", "")}\` of ${escapeMarkdown(sheet.tracker)}, as of ${minuteOf(sheet.asOf)}. Answered: ${rateText(sheet.answerRate)}.`,
  ];
  const quoted = quotedOnce();
  for (const section of SHEET_SECTIONS) {
    lines.push("", `## ${HEADINGS[section]} (${rateText(sheet.answerRate[section])})`);
    for (const answer of sheet.answers) {
      if (answer.section !== section) continue;
      lines.push("", `### ${escapeMarkdown(answer.question)}`, "");
      lines.push(`${standing(answer, (text) => `**${text}**`)}${escapeMarkdown(answer.text)}`);
      const beside = besides(answer);
      if (beside !== "") lines.push("", `_${escapeMarkdown(beside)}_`);
      const { fresh, again } = quoted(answer.citations);
      for (const citation of fresh)
        lines.push(
          "",
          `> ${escapeMarkdown(citation.quote)}`,
          ">",
          `> ${linkMarkdown(sourceOf(citation), citation.url)}`,
        );
      if (again.length > 0)
        lines.push("", `Quoted above: ${list(again.map((each) => linkMarkdown(each.mention, each.url)))}.`);
    }
  }
  if (sheet.tasks.length > 0) {
    lines.push("", "## To find out", "");
    for (const { key, question, department } of sheet.tasks)
      lines.push(`- [ ] ${escapeMarkdown(question)} ${escapeMarkdown(whose(department))} \`${key}\``);
  }
  return `${lines.join("\n")}\n`;
}

function asHtml(sheet: IssueSheet): string {
  const parts = [
    `<h1 dir="auto">${escapeHtml(sheet.title)}</h1>`,
    `<p>${escapeHtml(sheet.reason)}</p>`,
    `<p class="soft">Issue ${escapeHtml(sheet.issue)} of ${escapeHtml(sheet.tracker)}, as of ${escapeHtml(minuteOf(sheet.asOf))}. Answered: ${rateText(sheet.answerRate)}.</p>`,
  ];
  const quoted = quotedOnce();
  for (const section of SHEET_SECTIONS) {
    parts.push(
      `<h2>${HEADINGS[section]} <span class="soft">${rateText(sheet.answerRate[section])}</span></h2>`,
    );
    for (const answer of sheet.answers) {
      if (answer.section !== section) continue;
      const beside = besides(answer);
      const { fresh, again } = quoted(answer.citations);
      parts.push(
        `<article>`,
        `<h3>${escapeHtml(answer.question)}</h3>`,
        `<p dir="auto">${standing(answer, (text) => `<span class="${answer.state === "unknown" ? "open" : "known"}">${text}</span>`)}${escapeHtml(answer.text)}</p>`,
        ...(beside === "" ? [] : [`<p class="soft" dir="auto">${escapeHtml(beside)}</p>`]),
        ...fresh.map(
          (citation) =>
            `<blockquote dir="auto">${escapeHtml(citation.quote)}<br><span class="soft" dir="ltr">${linkHtml(sourceOf(citation), citation.url)}</span></blockquote>`,
        ),
        ...(again.length === 0
          ? []
          : [
              `<p class="soft">Quoted above: ${list(again.map((each) => linkHtml(each.mention, each.url)))}.</p>`,
            ]),
        `</article>`,
      );
    }
  }
  if (sheet.tasks.length > 0) {
    const tasks = sheet.tasks.map(
      ({ key, question, department }) =>
        `<li>${escapeHtml(question)} <span class="soft">${escapeHtml(whose(department))} ${key}</span></li>`,
    );
    parts.push(`<h2>To find out</h2>`, `<ul>`, ...tasks, `</ul>`);
  }
  return htmlPage(sheet.title, parts.join("\n"));
}

/** Tells, answer by answer, what was not quoted yet and what was: the same words three times over tell no more. */
function quotedOnce() {
  const said = new Set<string>();
  return (citations: readonly Citation[]) => {
    const isFresh = citations.map(({ mention, quote }) => !said.has(`${mention} ${quote}`));
    for (const { mention, quote } of citations) said.add(`${mention} ${quote}`);
    return {
      fresh: citations.filter((_, index) => isFresh[index]),
      again: citations.filter((_, index) => !isFresh[index]),
    };
  };
}

/** What stands before an answer: yes, no, or that nobody knows. */
function standing({ state, holds }: SheetAnswer, mark: (text: string) => string): string {
  if (state === "unknown") return `${mark("Unknown.")} `;
  return holds === null || holds === "unknown" ? "" : `${mark(holds === "yes" ? "Yes." : "No.")} `;
}

/** Who answered, and what the machine says beside it. */
function besides({ by, computed }: SheetAnswer): string {
  if (by === null) return "";
  const said = `Answered by ${by.name} on ${by.at.slice(0, 10)}.`;
  return computed === "" ? said : `${said} From what was heard: ${computed}`;
}

function sourceOf({ mention, platform, on, isOurs }: Citation): string {
  return `${isOurs ? "Our reply, " : ""}${platform}, ${on}, ${mention}`;
}

function whose(department: string): string {
  return department === "" ? "(nobody named yet)" : `(${department})`;
}

function rateText({ known, all }: AnswerRate): string {
  return `${known} of ${all}`;
}
