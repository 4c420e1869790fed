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
import {
  isNews,
  isToBeNamed,
  newestOf,
  saidBefore,
  saidNow,
  type History,
  type IssueNames,
  type Said,
} from "./last-said.ts";

type Text = z.infer<typeof issueTexts.row>;

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
  /** The imported exposure that rates are per, where there are several. */
  readonly exposureMeasure?: string | undefined;
}

/** Texts an issue is named and quoted by. */
const MOST_READ = 100;
/** Issues, and texts, that are read at a time. */
const MOST_TOGETHER = 1_000;
const TEXTS_TOGETHER = 4_000;
const TITLE_LENGTH = 80;
const LONG_AGO = "1970-01-01T00:00:00.000Z";

/** Opens what judges the issues of a tracker and names them. */
export async function openJudge(options: IssueJudgeOptions): Promise<IssueJudge> {
  const { tracker, ask, encode, phrasesIn, counts, modelVersion, exposureMeasure } = options;
  const said = new Map<string, Said>();
  let lastAt = 0;
  for (const row of await ask(lastJudgements, { tracker })) remember(row.issue_id, saidBefore(row));

  async function judge(asOf: Date): Promise<IssueJudgement[]> {
    // later than what was said, also where the clock before was ahead: the latest holds
    const at = new Date(Math.max(asOf.getTime(), lastAt + 1)).toISOString();
    const histories = await ask(issueHistories, { tracker });
    const [exposures, unheard] = await Promise.all([
      ask(importedExposures, { tracker, measure: exposureMeasure ?? "" }),
      ask(unheardHours, {}),
    ]);
    const judgements = judgeRecurrence({
      issues: histories.map((history) => ({
        issue: history.issue_id,
        mentions: mentionsOf(history, asOf.getTime()),
      })),
      asOf: asOf.getTime(),
      notHeard: notHeardOf(unheard),
      ...(exposures.length > 0 && {
        exposures: exposures.map(({ day, count }) => ({ day: Date.parse(day), exposure: count })),
      }),
    });
    const fresh = histories.flatMap((history, index) => {
      const judgement = judgements[index];
      const before = said.get(history.issue_id);
      return judgement !== undefined && isNews(history, judgement, before, at)
        ? [{ history, judgement, before, isNamed: isToBeNamed(history, before) }]
        : [];
    });
    const names = await namesOf(fresh.filter(({ isNamed }) => isNamed).map(({ history }) => history));
    const standing = new Set(histories.map(({ issue_id }) => issue_id));
    const gone = [...said].filter(([issue, { mentions }]) => mentions > 0 && !standing.has(issue));
    const rows = fresh.map(({ history, judgement, before, isNamed }) => {
      const kept = isNamed ? undefined : before;
      const named = names.get(history.issue_id) ?? kept?.names ?? UNNAMED;
      const row = toRow(history, judgement, named, at);
      remember(row.issueId, saidNow(row, kept));
      return row;
    });
    for (const [issue] of gone) {
      const row = emptied(tracker, issue, at, modelVersion);
      remember(issue, saidNow(row, undefined));
      rows.push(row);
    }
    return rows;
  }

  function remember(issue: string, now: Said): void {
    said.set(issue, now);
    lastAt = Math.max(lastAt, Date.parse(now.at));
  }

  /** Names and quotes of issues, from their texts. */
  async function namesOf(histories: readonly History[]): Promise<Map<string, IssueNames>> {
    const names = new Map<string, IssueNames>();
    for (const issues of readTogether(histories)) {
      const texts = await ask(issueTexts, { tracker, issues, most: MOST_READ });
      for (const [issue, members] of byIssue(texts)) names.set(issue, nameOf(members));
    }
    return names;
  }

  function nameOf(members: readonly Text[]): IssueNames {
    const [only] = members;
    if (members.length === 1 && only !== undefined) {
      const title = cutLine(only.title || only.text, TITLE_LENGTH);
      return { title, terms: [], coverage: 0, quotes: [only.id] };
    }
    const { title, terms, coverage, typical } = describeIssue(
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
    return { title, terms: [...terms], coverage, quotes: typical.map(({ id }) => id) };
  }

  function toRow(
    history: History,
    judgement: RecurrenceJudgement,
    names: IssueNames,
    at: Timestamp,
  ): IssueJudgement {
    const { figures, growth, verdict, flags, reason } = judgement;
    const { rate, firstAt, lastAt: latestAt, ...counted } = figures;
    return {
      tracker,
      issueId: history.issue_id,
      judgedAt: at,
      ...names,
      newestId: newestOf(history),
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
      lastAt: toTimestamp(latestAt),
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

/** Of an issue whose texts went while they were asked for: it is named the next time. */
const UNNAMED: IssueNames = { title: "", terms: [], coverage: 0, quotes: [] };

/** Ids of issues in pieces of which the texts fit into memory. */
function readTogether(histories: readonly History[]): string[][] {
  const pieces: string[][] = [];
  let room = 0;
  for (const { issue_id, ids } of histories) {
    const texts = Math.min(MOST_READ, ids.length);
    const last = pieces.at(-1);
    if (last === undefined || room < texts || last.length === MOST_TOGETHER) {
      pieces.push([issue_id]);
      room = TEXTS_TOGETHER - texts;
    } else {
      last.push(issue_id);
      room -= texts;
    }
  }
  return pieces;
}

function grown({ test, reports, expected, factor, q }: Growth): IssueJudgement["growth"] {
  return { test, reports, expected, factor, q };
}

/** What is dated later than now, by a clock that is ahead, was said by now: a voice is not left out for it. */
function mentionsOf(history: History, now: number): IssueMention[] {
  return history.ids.map((id, index) => {
    const thread = history.threads[index] ?? "";
    const copyOf = history.copies[index] ?? "";
    const copyBy = history.copied_by[index] ?? "";
    const harm = history.harms[index] ?? "";
    return {
      id,
      at: Math.min(now, history.at[index] ?? 0),
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

/** What is said of an issue that has no mention left: it is listed no longer, and keeps nobody's words. */
function emptied(tracker: string, issueId: string, at: Timestamp, modelVersion: string): IssueJudgement {
  return {
    tracker,
    issueId,
    judgedAt: at,
    ...UNNAMED,
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
