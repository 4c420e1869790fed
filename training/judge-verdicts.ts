import { findVoices } from "../processors/find-voices/index.ts";
import { judgeRecurrence } from "../processors/judge-recurrence/index.ts";
import type { IssueMention } from "../processors/judge-recurrence/independent-reports.ts";
import type { RecurrenceJudgement, Verdict } from "../processors/judge-recurrence/judgement.ts";
import { notHeardFrom } from "../processors/judge-recurrence/not-heard.ts";
import { makeStream, type IssueKind, type IssueStream, type StreamMention } from "./issue-streams.ts";
import { drawSettings } from "./stream-settings.ts";
import type { StreamTexts } from "./stream-texts.ts";

const DAY_MS = 86_400_000;

/** What was said of a stream: the issue of each mention, by id, and the verdict of each issue. */
export interface Said {
  readonly issueOf: ReadonlyMap<string, string>;
  readonly verdictOf: ReadonlyMap<string, Verdict | null>;
}

/** How well recurring issues were told from anecdotes. Issues whose truth is not known (those that died) are left out. */
export interface VerdictScore {
  /** Issues said to recur that do, of those said to. */
  readonly precision: number;
  /** Recurring issues that were found. */
  readonly recall: number;
  readonly f1: number;
  /** Of the issues that do not recur, those said to. */
  readonly falseRecurring: number;
  /** Issues said to recur for each recurring issue that was found. */
  readonly shownPerTrue: number;
  /** Of mentions of issues that do not recur, those hidden in issues said to. */
  readonly singlesLost: number;
  /** Issues said to recur of each kind, and how many there are. */
  readonly byKind: Readonly<Partial<Record<IssueKind, readonly [said: number, of: number]>>>;
}

/** Whose voice each mention of a stream is, as the judge needs it, in the order of the stream. */
export function issueMentionsOf(mentions: readonly StreamMention[]): IssueMention[] {
  const voices = findVoices(
    mentions.map(({ id, text, author, time, repost_of: repostOf }) => ({
      id,
      text,
      at: Date.parse(time),
      ...(author === null ? {} : { author }),
      ...(repostOf === null ? {} : { repostOf }),
    })),
  );
  return mentions.map(({ id, time, channel, thread }, index): IssueMention => {
    const heard = voices[index];
    return {
      id,
      at: Date.parse(time),
      channel,
      voice: heard?.voice ?? id,
      ...(thread === null ? {} : { thread }),
      ...(heard?.copyOf === undefined ? {} : { copyOf: heard.copyOf }),
      ...(heard?.copyBy === undefined ? {} : { copyBy: heard.copyBy }),
    };
  });
}

/** Gives a judge of a stream at any time, with these issues or the true ones. */
export function judgeOf(
  stream: IssueStream,
  issueOf: (mention: StreamMention) => string = ({ issue }) => issue,
): (asOf: number) => RecurrenceJudgement[] {
  const mentions = issueMentionsOf(stream.mentions);
  const byIssue = new Map<string, IssueMention[]>();
  stream.mentions.forEach((mention, index) => {
    const of = mentions[index];
    if (of === undefined) return;
    const issue = issueOf(mention);
    const known = byIssue.get(issue);
    if (known === undefined) byIssue.set(issue, [of]);
    else known.push(of);
  });
  const issues = [...byIssue].map(([issue, of]) => ({ issue, mentions: of }));
  const notHeard = notHeardFrom(stream.coverage, (source) => source);
  return (asOf) => {
    const begun = issues.filter(({ mentions: [first] }) => (first?.at ?? asOf) <= asOf);
    return judgeRecurrence({ issues: begun, asOf, notHeard });
  };
}

/** Judgements as something said of a stream, for issues that were told apart by {@link judgeOf}'s `issueOf`. */
export function saidOf(
  stream: IssueStream,
  judgements: readonly RecurrenceJudgement[],
  issueOf: (mention: StreamMention) => string = ({ issue }) => issue,
): Said {
  return {
    issueOf: new Map(stream.mentions.map((mention) => [mention.id, issueOf(mention)])),
    verdictOf: new Map(judgements.map(({ issue, verdict }) => [issue, verdict])),
  };
}

/** Scores what was said of a stream. An issue that was said is the true one that most of its mentions have. */
export function scoreVerdicts(
  mentions: readonly StreamMention[],
  { issueOf, verdictOf }: Said,
): VerdictScore {
  const truths = new Map<string, StreamMention>();
  const members = new Map<string, Map<string, number>>();
  for (const mention of mentions) {
    if (!truths.has(mention.issue)) truths.set(mention.issue, mention);
    const said = issueOf.get(mention.id);
    if (said === undefined) continue;
    const counts = members.get(said) ?? new Map<string, number>();
    members.set(said, counts);
    counts.set(mention.issue, (counts.get(mention.issue) ?? 0) + 1);
  }
  const saysRecurring = (issue: string | undefined) => {
    const verdict = issue === undefined ? undefined : verdictOf.get(issue);
    return verdict === "recurring" || verdict === "escalating";
  };
  const shown = new Map<string, number>();
  for (const [said, counts] of members) {
    if (!saysRecurring(said)) continue;
    const [truth] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
    if (truth !== undefined) shown.set(truth, (shown.get(truth) ?? 0) + 1);
  }
  const known = [...truths.values()].filter(({ kind }) => kind !== "died");
  const recurring = known.filter(({ is_recurring: isRecurring }) => isRecurring);
  // an issue that goes on and was heard too seldom to know that is no anecdote either
  const anecdotes = known.filter(
    ({ is_recurring: isRecurring, kind }) => !isRecurring && kind !== "frequent" && kind !== "burn",
  );
  const found = recurring.filter(({ issue }) => shown.has(issue));
  const shownOf = (some: readonly StreamMention[]) =>
    some.reduce((sum, { issue }) => sum + (shown.get(issue) ?? 0), 0);
  const wrong = shownOf(anecdotes);
  const precision = found.length / (found.length + wrong || 1);
  const recall = found.length / (recurring.length || 1);
  const ofAnecdotes = new Set(anecdotes.map(({ issue }) => issue));
  const single = mentions.filter(({ issue }) => ofAnecdotes.has(issue));
  const byKind: Partial<Record<IssueKind, [number, number]>> = {};
  for (const { issue, kind } of truths.values()) {
    const [said, of] = byKind[kind] ?? [0, 0];
    byKind[kind] = [said + (shown.has(issue) ? 1 : 0), of + 1];
  }
  return {
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall || 1),
    falseRecurring: anecdotes.filter(({ issue }) => shown.has(issue)).length / (anecdotes.length || 1),
    shownPerTrue: shownOf(found) / (found.length || 1),
    singlesLost: single.filter(({ id }) => saysRecurring(issueOf.get(id))).length / (single.length || 1),
    byKind,
  };
}

/** How late a slow burn was said to escalate, in days; negative: before. Null: not until `LATEST` days after. */
export interface BurnDelay {
  readonly issue: string;
  readonly afterDoubling: number | null;
  readonly afterFourfold: number | null;
}

const EARLIEST = 7;
const LATEST = 21;

/** Judges a stream at the end of each day around its slow burns, and tells when each was first said to escalate. */
export function burnDelays(stream: IssueStream): BurnDelay[] {
  const judge = judgeOf(stream);
  return stream.burns.map(({ issue, doubledAt, fourfoldAt }) => {
    const until = Math.min(stream.asOf, fourfoldAt + LATEST * DAY_MS);
    let first: number | undefined;
    for (let at = doubledAt - EARLIEST * DAY_MS; at <= until && first === undefined; at += DAY_MS) {
      const judged = judge(at).find((judgement) => judgement.issue === issue);
      if (judged?.verdict === "escalating") first = at;
    }
    const since = (from: number) =>
      first === undefined ? null : Math.round(((first - from) / DAY_MS) * 10) / 10;
    return { issue, afterDoubling: since(doubledAt), afterFourfold: since(fourfoldAt) };
  });
}

/** The mean of a figure over streams, and its range. */
export interface Spread {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** How verdicts fare over streams of widely drawn settings, with the true issues. */
export interface VerdictSpread {
  readonly f1: Spread;
  readonly precision: Spread;
  readonly recall: Spread;
  readonly falseRecurring: Spread;
  readonly singlesLost: Spread;
  /** Issues said to recur of each kind, and how many there were in all streams. */
  readonly byKind: Readonly<Partial<Record<IssueKind, readonly [said: number, of: number]>>>;
  readonly burns: number;
  /** Slow burns found within seven days after they reached four times their rate. */
  readonly burnsInTime: number;
  /** Days after the fourfold rate at which the middle one was found. */
  readonly middleDelay: number | null;
}

const IN_TIME_DAYS = 7;

/** Makes a stream for each seed, judges it and gathers the figures. */
export function judgeStreams(texts: StreamTexts, seeds: readonly number[]): VerdictSpread {
  const streams = seeds.map((seed) => makeStream(texts, drawSettings(seed), seed));
  const scores = streams.map((stream) =>
    scoreVerdicts(stream.mentions, saidOf(stream, judgeOf(stream)(stream.asOf))),
  );
  const delays = streams.flatMap(burnDelays).map(({ afterFourfold }) => afterFourfold ?? Infinity);
  delays.sort((a, b) => a - b);
  const spread = (figure: (score: VerdictScore) => number): Spread => {
    const figures = scores.map(figure);
    return {
      mean: figures.reduce((sum, each) => sum + each, 0) / (figures.length || 1),
      least: Math.min(...figures),
      most: Math.max(...figures),
    };
  };
  const byKind: Partial<Record<IssueKind, readonly [number, number]>> = {};
  for (const score of scores)
    for (const [kind, [said, of]] of Object.entries(score.byKind) as [
      IssueKind,
      readonly [number, number],
    ][]) {
      const [saidBefore, ofBefore] = byKind[kind] ?? [0, 0];
      byKind[kind] = [saidBefore + said, ofBefore + of];
    }
  const middle = delays[delays.length >> 1];
  return {
    f1: spread(({ f1 }) => f1),
    precision: spread(({ precision }) => precision),
    recall: spread(({ recall }) => recall),
    falseRecurring: spread(({ falseRecurring }) => falseRecurring),
    singlesLost: spread(({ singlesLost }) => singlesLost),
    byKind,
    burns: delays.length,
    burnsInTime: delays.filter((delay) => delay <= IN_TIME_DAYS).length,
    middleDelay: middle === undefined || middle === Infinity ? null : middle,
  };
}
