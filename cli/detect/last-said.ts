import type { z } from "zod";
import type { RecurrenceJudgement } from "../../processors/judge-recurrence/judgement.ts";
import type { issueHistories, lastJudgements } from "../../queries/detect-mentions.ts";
import type { IssueJudgement } from "../../schemas/issue.ts";
import type { Timestamp } from "../../schemas/primitives.ts";

/** An issue with all its mentions, as the store has it. */
export type History = z.infer<typeof issueHistories.row>;

/** What an issue is called, and who speaks for it. */
export type IssueNames = Pick<IssueJudgement, "title" | "terms" | "coverage" | "quotes">;

/** What was last said of an issue, as far as it tells whether something is new. */
export interface Said {
  readonly names: IssueNames;
  /** Mentions it had when it was named. */
  readonly namedAt: number;
  readonly mentions: number;
  /** All that was said but for its name and what changes as time goes by. */
  readonly facts: string;
  readonly at: Timestamp;
}

/** An issue is named anew when it has so many times the mentions it was named by. */
const NAMED_ANEW_FROM = 1.5;

/** What a judgement says but for names and what changes as time goes by. */
type Facts = Pick<
  IssueJudgement,
  | "verdict"
  | "flags"
  | "mentions"
  | "voices"
  | "reports"
  | "complaints"
  | "requests"
  | "aspects"
  | "stages"
  | "languages"
  | "newestId"
>;

/** What was said of an issue before a restart. */
export function saidBefore(row: z.infer<typeof lastJudgements.row>): Said {
  const { title, terms, coverage, quotes, mentions, newest_id, judged_at } = row;
  return {
    names: { title, terms, coverage, quotes },
    namedAt: mentions,
    mentions,
    facts: factsOf({ ...row, newestId: newest_id }),
    at: judged_at,
  };
}

/** What is said of an issue from now on; `before` where it keeps its name. */
export function saidNow(row: IssueJudgement, before: Said | undefined): Said {
  const { title, terms, coverage, quotes, mentions, judgedAt } = row;
  return {
    names: { title, terms, coverage, quotes },
    namedAt: before?.namedAt ?? mentions,
    mentions,
    facts: factsOf(row),
    at: judgedAt,
  };
}

/** Whether something other than before is to be said of an issue; once a day of what is heard of again. */
export function isNews(
  history: History,
  { verdict, flags, figures }: RecurrenceJudgement,
  before: Said | undefined,
  at: Timestamp,
): boolean {
  if (before === undefined || isMisnamed(history, before)) return true;
  const { mentions, voices, reports } = figures;
  const newestId = newestOf(history);
  const facts = factsOf({ ...history, verdict: verdict ?? "", flags, mentions, voices, reports, newestId });
  if (before.facts !== facts) return true;
  return verdict !== null && verdict !== "single" && before.at.slice(0, 10) !== at.slice(0, 10);
}

/** Whether an issue is to be named: for the first time, by what is there, or by the many that came or went. */
export function isToBeNamed(history: History, before: Said | undefined): boolean {
  const { length } = history.ids;
  return (
    before === undefined ||
    isMisnamed(history, before) ||
    length >= before.namedAt * NAMED_ANEW_FROM ||
    length * NAMED_ANEW_FROM <= before.namedAt
  );
}

/** Nobody there speaks for it: those who did are gone. */
function isMisnamed({ ids }: History, { names: { quotes } }: Said): boolean {
  return quotes.length === 0 || !quotes.every((id) => ids.includes(id));
}

/** Id of the latest mention that repeats no other; of the latest, where all do. Ties go to the larger id. */
export function newestOf({ ids, at, copies }: History): string {
  let newest = { isOriginal: false, at: Number.NEGATIVE_INFINITY, id: "" };
  ids.forEach((id, index) => {
    const one = { isOriginal: copies[index] === "", at: at[index] ?? 0, id };
    const isLater = one.at - newest.at || (id > newest.id ? 1 : -1);
    if (one.isOriginal === newest.isOriginal ? isLater > 0 : one.isOriginal) newest = one;
  });
  return newest.id;
}

function factsOf(said: Readonly<Record<keyof Facts, unknown>>): string {
  const { verdict, flags, mentions, voices, reports, complaints, requests } = said;
  const { aspects, stages, languages, newestId } = said;
  return JSON.stringify([
    verdict,
    flags,
    mentions,
    voices,
    reports,
    complaints,
    requests,
    aspects,
    stages,
    languages,
    newestId,
  ]);
}
