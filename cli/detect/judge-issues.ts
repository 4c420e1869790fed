import type { z } from "zod";
import { describeIssue, cutLine } from "../../processors/describe-issue.ts";
import { notHeardFrom } from "../../processors/judge-recurrence/not-heard.ts";
import { judgeRecurrence } from "../../processors/judge-recurrence/index.ts";
import type { Growth, RecurrenceJudgement } from "../../processors/judge-recurrence/judgement.ts";
import type { IssueMention } from "../../processors/judge-recurrence/independent-reports.ts";
import type { Phrase, PhraseCounts } from "../../processors/name-issue.ts";
import {
  importedExposures,
  issueHistories,
  issueTexts,
  lastJudgements,
  unheardHours,
} from "../../queries/detect-mentions.ts";
import type { IssueJudgement } from "../../schemas/issue.ts";
import type { Timestamp } from "../../schemas/primitives.ts";
import type { App } from "../app.ts";

type History = z.infer<typeof issueHistories.row>;
type Text = z.infer<typeof issueTexts.row>;
/** What was last said of an issue, as far as it tells whether something is new. */
type Said = z.infer<typeof lastJudgements.row> & {
  /** Mentions it had when it was named. */
  readonly namedAt: number;
};

export interface IssueJudge {
  /**
   * Judges all issues of the tracker as they stand in the store.
   * @returns what is new to say: of issues whose verdict, people or name changed, and once a day of all that are alive
   */
  judge(asOf: Date): Promise<IssueJudgement[]>;
}

export interface IssueJudgeOptions {
  readonly tracker: string;
  readonly ask: App["ask"];
  readonly encode: (text: string) => Float32Array;
  readonly phrasesIn: (said: Pick<Text, "title" | "text" | "language">) => readonly Phrase[];
  /** In everything that was said. */
  readonly counts: PhraseCounts;
  readonly modelVersion: string;
}

/** Texts an issue is named and quoted by. */
const MOST_READ = 100;
/** Issues whose texts are read at a time. */
const READ_TOGETHER = 200;
/** An issue is named anew when it has so many times the mentions it was named by. */
const NAMED_ANEW_FROM = 1.5;
const TITLE_LENGTH = 80;
const LONG_AGO = "1970-01-01T00:00:00.000Z";

/** Opens what judges the issues of a tracker and names them. */
export async function openJudge(options: IssueJudgeOptions): Promise<IssueJudge> {
  const { tracker, ask, encode, phrasesIn, counts, modelVersion } = options;
  const said = new Map<string, Said>();
  for (const row of await ask(lastJudgements, { tracker }))
    said.set(row.issue_id, { ...row, namedAt: row.mentions });

  async function judge(asOf: Date): Promise<IssueJudgement[]> {
    const at = asOf.toISOString();
    const histories = await ask(issueHistories, { tracker });
    const [exposures, unheard] = await Promise.all([
      ask(importedExposures, { tracker }),
      ask(unheardHours, {}),
    ]);
    const judgements = judgeRecurrence({
      issues: histories.map((history) => ({ issue: history.issue_id, mentions: mentionsOf(history) })),
      asOf: asOf.getTime(),
      notHeard: notHeardOf(unheard),
      ...(exposures.length > 0 && {
        exposures: exposures.map(({ day, count }) => ({ day: Date.parse(day), exposure: count })),
      }),
    });
    const fresh = histories.flatMap((history, index) => {
      const judgement = judgements[index];
      return judgement !== undefined && isNews(history, said.get(history.issue_id), judgement, at)
        ? [{ history, judgement }]
        : [];
    });
    const names = await namesOf(
      fresh.filter(({ history }) => isToBeNamed(history)).map(({ history }) => history),
    );
    const rows = fresh.map(({ history, judgement }) =>
      toRow(history, judgement, names.get(history.issue_id) ?? said.get(history.issue_id), at),
    );
    const standing = new Set(histories.map(({ issue_id }) => issue_id));
    const gone = [...said.values()].filter(
      ({ issue_id, mentions }) => mentions > 0 && !standing.has(issue_id),
    );
    rows.push(...gone.map((one) => emptied(one, tracker, at, modelVersion)));
    for (const row of rows) remember(row, names.has(row.issueId));
    return rows;
  }

  function isToBeNamed(history: History): boolean {
    const { issue_id, ids } = history;
    const before = said.get(issue_id);
    return (
      before === undefined ||
      isMisnamed(before, history) ||
      ids.length >= before.namedAt * NAMED_ANEW_FROM ||
      ids.length * NAMED_ANEW_FROM <= before.namedAt
    );
  }

  function remember(row: IssueJudgement, isNamed: boolean): void {
    const { issueId, title, terms, coverage, quotes, verdict, flags, mentions, voices } = row;
    said.set(issueId, {
      issue_id: issueId,
      title,
      terms,
      coverage,
      quotes,
      newest_id: row.newestId,
      verdict,
      flags,
      mentions,
      voices,
      judged_at: row.judgedAt.slice(0, 10),
      namedAt: isNamed ? mentions : (said.get(issueId)?.namedAt ?? mentions),
    });
  }

  /** Names and quotes of issues, from their texts. */
  async function namesOf(histories: readonly History[]): Promise<Map<string, IssueNames>> {
    const names = new Map<string, IssueNames>();
    for (let from = 0; from < histories.length; from += READ_TOGETHER) {
      const some = histories.slice(from, from + READ_TOGETHER);
      const texts = await ask(issueTexts, {
        tracker,
        issues: some.map(({ issue_id }) => issue_id),
        most: MOST_READ,
      });
      for (const [issue, members] of byIssue(texts)) names.set(issue, nameOf(members));
    }
    return names;
  }

  function nameOf(members: readonly Text[]): IssueNames {
    const [only] = members;
    if (members.length === 1 && only !== undefined) {
      const title = cutLine(only.title || only.text, TITLE_LENGTH);
      return { title, terms: [], coverage: 0, quotes: [only.id], newest_id: only.id };
    }
    const { title, terms, coverage, typical, newest } = describeIssue(
      members.map((one) => ({
        id: one.id,
        text: one.text || one.title,
        vector: encode(`${one.title}\n${one.text}`),
        phrases: phrasesIn(one),
        voice: one.voice,
        at: one.at,
      })),
      { counts, encode },
    );
    return {
      title,
      terms: [...terms],
      coverage,
      quotes: typical.map(({ id }) => id),
      newest_id: newest?.id ?? "",
    };
  }

  function toRow(
    history: History,
    judgement: RecurrenceJudgement,
    names: IssueNames | undefined,
    at: Timestamp,
  ): IssueJudgement {
    const { figures, growth, verdict, flags, reason } = judgement;
    const { rate, firstAt, lastAt, ...counted } = figures;
    return {
      tracker,
      issueId: history.issue_id,
      judgedAt: at,
      title: names?.title ?? "",
      terms: names?.terms ?? [],
      coverage: names?.coverage ?? 0,
      quotes: names?.quotes ?? [],
      newestId: names?.newest_id ?? "",
      aspects: history.aspects,
      stages: history.stages,
      languages: history.languages,
      verdict: verdict ?? "",
      flags: [...flags],
      reason,
      complaints: history.complaints,
      requests: history.requests,
      mentions: counted.mentions,
      voices: counted.voices,
      reports: counted.reports,
      days: counted.days,
      channels: counted.channels,
      firstAt: toTimestamp(firstAt),
      lastAt: toTimestamp(lastAt),
      expected: counted.expected,
      alive: counted.alive,
      p30: counted.p30,
      heardShare: counted.heardShare,
      rate,
      growth: growth === undefined ? null : grown(growth),
      modelVersion,
    };
  }

  return { judge };
}

type IssueNames = Pick<Said, "title" | "terms" | "coverage" | "quotes" | "newest_id">;

function grown({ test, reports, expected, factor, q }: Growth): IssueJudgement["growth"] {
  return { test, reports, expected, factor, q };
}

function mentionsOf(history: History): IssueMention[] {
  return history.ids.map((id, index) => {
    const thread = history.threads[index] ?? "";
    const copyOf = history.copies[index] ?? "";
    const copyBy = history.copied_by[index] ?? "";
    const harm = history.harms[index] ?? "";
    return {
      id,
      at: history.at[index] ?? 0,
      voice: history.voices[index] ?? id,
      channel: history.channels[index] ?? "",
      ...(thread !== "" && { thread }),
      ...(copyOf !== "" && { copyOf }),
      ...(copyBy !== "" && { copyBy }),
      ...(harm !== "" && { harm }),
    };
  });
}

function notHeardOf(unheard: readonly z.infer<typeof unheardHours.row>[]) {
  const channels = new Map(unheard.map(({ source, platform }) => [source, platform]));
  // a source that heard everything counts among those of its channel
  const hours = unheard.flatMap(({ source, hours: missing }) => [
    { source, hour: LONG_AGO, state: "complete" as const },
    ...missing.map(([hour, state]) => ({ source, hour, state })),
  ]);
  return notHeardFrom(hours, (source) => channels.get(source) || undefined);
}

function isNews(
  history: History,
  before: Said | undefined,
  { verdict, flags, figures }: RecurrenceJudgement,
  at: Timestamp,
): boolean {
  if (before === undefined || isMisnamed(before, history) || before.verdict !== (verdict ?? "")) return true;
  if (before.mentions !== figures.mentions || before.voices !== figures.voices) return true;
  if (before.flags.join(" ") !== flags.join(" ")) return true;
  return verdict !== "single" && before.judged_at !== at.slice(0, 10);
}

/** It has no name, or is named by what is no longer there. */
function isMisnamed({ title, quotes }: Said, { ids }: History): boolean {
  return title === "" || !quotes.every((id) => ids.includes(id));
}

/** What is said of an issue that has no mention left: it is listed no longer. */
function emptied(
  { issue_id, title, terms }: Said,
  tracker: string,
  at: Timestamp,
  modelVersion: string,
): IssueJudgement {
  return {
    tracker,
    issueId: issue_id,
    judgedAt: at,
    title,
    terms,
    coverage: 0,
    quotes: [],
    newestId: "",
    aspects: [],
    stages: [],
    languages: [],
    verdict: "",
    flags: [],
    reason: "no mention is left",
    complaints: 0,
    requests: 0,
    mentions: 0,
    voices: 0,
    reports: 0,
    days: 0,
    channels: 0,
    firstAt: null,
    lastAt: null,
    expected: null,
    alive: null,
    p30: null,
    heardShare: null,
    rate: null,
    growth: null,
    modelVersion,
  };
}

function byIssue(texts: readonly Text[]): Map<string, Text[]> {
  const issues = new Map<string, Text[]>();
  for (const text of texts) {
    const members = issues.get(text.issue_id);
    if (members === undefined) issues.set(text.issue_id, [text]);
    else members.push(text);
  }
  return issues;
}

function toTimestamp(at: number | null): Timestamp | null {
  return at === null ? null : new Date(at).toISOString();
}
