import type { z } from "zod";
import { EarshotError } from "../../core/errors.ts";
import { agenda } from "../../queries/agenda.ts";
import { changes } from "../../queries/changes.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import { citedMentions, issueAnswers, issueProfile } from "../../queries/issue-profile.ts";
import { IssueRequest } from "../../schemas/issue.ts";
import { answerDifferent } from "./answer-different.ts";
import { answerWhat } from "./answer-what.ts";
import { answerWhy } from "./answer-why.ts";
import { rememberingAsk, type Ask } from "./asking.ts";
import { explainIssue } from "./explain-issue.ts";
import { findIssue } from "./find-issue.ts";
import { judgeIssueFix, type FixAsked, type IssueFixVerdict } from "./judge-issue-fix.ts";
import type { Findings, SheetFacts } from "./sheet-facts.ts";
import type { Citation, IssueSheet, SheetAnswer, SheetTask } from "./sheet.ts";
import { SHEET_QUESTIONS, SHEET_SECTIONS } from "./sheet-questions.ts";

const MOST_CITED = 3;
const LONGEST_QUOTE = 280;

export interface SheetSetting {
  readonly ask: Ask;
  /** Of any tracker where undefined. */
  readonly tracker?: string;
  readonly issue: string;
  readonly asOf: Date;
  /** The imported exposure to take where there are several; by default the one of the most days. */
  readonly exposureMeasure?: string | undefined;
}

/**
 * Fills the WHAT / WHY / DIFFERENT sheet of an issue with what is known of it, cites it, and says what nobody knows. What a
 * person answered stands over what was computed; both are shown.
 * @throws {EarshotError} not_found, sink_unavailable
 */
export async function fillSheet(setting: SheetSetting): Promise<IssueSheet> {
  const { ask, statements } = rememberingAsk(setting.ask);
  const { asOf, exposureMeasure } = setting;
  const row = await findIssue({ ...setting, ask });
  const { tracker, issue_id: issue } = row;
  const named = { ask, tracker, issue, asOf, exposureMeasure };
  const explanation = await explainIssue(named);
  const to = asOf.toISOString();
  const [profile, [answers], events, [decided], fixes, fix] = await Promise.all([
    ask(issueProfile, issueProfile.params.parse({ tracker, issue, to })),
    ask(issueAnswers, { tracker, issue, to }),
    ask(
      issueEvents,
      issueEvents.params.parse({
        tracker: [tracker],
        issue: [issue],
        kind: ["answer"],
        standing: true,
        limit: 1_000,
      }),
    ),
    ask(agenda, agenda.params.parse({ tracker: [tracker], issue: [issue], at: to })),
    ask(changes, changes.params.parse({ tracker: [tracker], issue: [issue] })),
    fixOf(named),
  ]);
  if (answers === undefined) throw new Error("issue_answers gives one row");
  const facts: SheetFacts = { row, explanation, profile, answers, decided, fixes, fix };
  const findings: Findings = { ...answerWhat(facts), ...answerWhy(facts), ...answerDifferent(facts) };
  const told = toldAnswers(events);
  const cited = Object.values(findings).flatMap((finding) => (finding.cited ?? []).slice(0, MOST_CITED));
  const mentions = cited.length === 0 ? [] : await ask(citedMentions, { ids: [...new Set(cited)] });
  const byId = new Map(mentions.map((mention) => [mention.id, mention]));

  const all = SHEET_QUESTIONS.map((question): SheetAnswer => {
    const finding = findings[question.key];
    const computed = finding?.text ?? "Nothing that was heard tells.";
    const said = told.get(question.key);
    const holds = (claim: "yes" | "no" | "unknown" | undefined) =>
      question.isYesNo ? (claim ?? "unknown") : null;
    const citations = (finding?.cited ?? []).slice(0, MOST_CITED).flatMap((id): Citation[] => {
      const mention = byId.get(id);
      return mention === undefined ? [] : [citationOf(mention, finding?.isClaim === true)];
    });
    // one that only names who has to find out answers nothing
    const isAnswered = said !== undefined && (said.answer !== "" || (said.holds ?? "unknown") !== "unknown");
    if (!isAnswered)
      return {
        ...question,
        state: finding?.state ?? "unknown",
        holds: holds(finding?.holds),
        text: computed,
        computed: "",
        by: null,
        citations,
      };
    return {
      ...question,
      state: said.holds === "unknown" ? "unknown" : "known",
      holds: holds(said.holds),
      text: said.answer === "" ? (said.holds ?? "") : said.answer,
      computed: finding?.text ?? "",
      by: { name: said.by, at: said.at },
      citations,
    };
  });
  const rateOf = (some: readonly SheetAnswer[]) => ({
    known: some.filter(({ state }) => state === "known").length,
    all: some.length,
  });
  const [what, why, different] = SHEET_SECTIONS.map((section) =>
    rateOf(all.filter((answer) => answer.section === section)),
  ) as [ReturnType<typeof rateOf>, ReturnType<typeof rateOf>, ReturnType<typeof rateOf>];
  return {
    tracker,
    issue,
    title: row.title,
    verdict: row.verdict,
    reason: row.reason,
    asOf: asOf.toISOString(),
    answers: all,
    answerRate: { ...rateOf(all), what, why, different },
    tasks: all.flatMap(({ key, question, state }): SheetTask[] =>
      state === "known" ? [] : [{ key, question, department: told.get(key)?.department ?? "" }],
    ),
    statements,
  };
}

async function fixOf(asked: FixAsked): Promise<IssueFixVerdict | undefined> {
  try {
    return await judgeIssueFix(asked);
  } catch (error) {
    // nobody said that anything should have mended it, or it is yet to come
    if (error instanceof EarshotError && (error.code === "not_found" || error.code === "request_invalid"))
      return undefined;
    throw error;
  }
}

interface ToldAnswer {
  readonly answer: string;
  readonly holds: "yes" | "no" | "unknown" | undefined;
  readonly department: string;
  readonly by: string;
  readonly at: string;
}

/** The latest that was said of each question; `events` come latest first. */
function toldAnswers(
  events: readonly { readonly payload: string; readonly by: string; readonly at: string }[],
): ReadonlyMap<string, ToldAnswer> {
  const told = new Map<string, ToldAnswer>();
  for (const { payload, by, at } of events) {
    const given = IssueRequest.safeParse({ ...(JSON.parse(payload) as object), kind: "answer" });
    if (!given.success || given.data.kind !== "answer" || told.has(given.data.question)) continue;
    const { question, answer, holds, department } = given.data;
    told.set(question, { answer, holds, department, by, at });
  }
  return told;
}

function citationOf(mention: z.infer<typeof citedMentions.row>, isClaim: boolean): Citation {
  const said = isClaim && mention.claim !== "" ? mention.claim : mention.text || mention.title;
  const quote = said.replace(/\s+/g, " ").trim();
  return {
    mention: mention.id,
    platform: mention.platform,
    // whoever wrote the mention may have written its address
    url: /^https?:\/\/\S+$/i.test(mention.url) ? mention.url : "",
    on: mention.published_at,
    quote: quote.length > LONGEST_QUOTE ? `${quote.slice(0, LONGEST_QUOTE).toWellFormed()}…` : quote,
    isOurs: mention.by_us,
  };
}
