import type { z } from "zod";
import { judgeIssueFix } from "../../api/why/judge-issue-fix.ts";
import type { AlertsConfig } from "../../core/alerts/config.ts";
import { isAsBad, numberOf, type AlertStory } from "../../core/alerts/plan-deliveries/story.ts";
import { DIGEST, type Telling } from "../../core/alerts/plan-deliveries/telling.ts";
import type { Config, SourceConfig } from "../../core/config.ts";
import { EarshotError } from "../../core/errors.ts";
import { cutText } from "../../core/mention.ts";
import {
  alertEarlier,
  alertHearing,
  alertPeople,
  alertQuotes,
  alertReplies,
  type Said,
} from "../../queries/alert-said.ts";
import { issues } from "../../queries/issues.ts";
import type { RuleKind } from "../../schemas/alert.ts";
import type { Notification, Severity } from "../../schemas/notification.ts";
import type { App } from "../app.ts";
import { chooseQuotes, masked } from "./compose-quotes.ts";
import { bareNotification, sentenceOf, subjectWords } from "./compose-words.ts";

type Action = Notification["actions"][number]["name"];

/** Makes the address of what a person can do with an alert from a message. */
export type ComposeLink = (alertId: string, action: Action, now: Date) => string;

/** What messages are written with. */
export interface Composing extends Pick<App, "ask"> {
  readonly config: {
    readonly alerts: Pick<AlertsConfig, "rules">;
    readonly trackers: Config["trackers"];
    readonly sources: readonly SourceConfig[];
    readonly exposureMeasure?: string | undefined;
  };
  readonly now: Date;
  /** Absent: messages have no links. */
  readonly link?: ComposeLink | undefined;
}

type IssueRow = z.infer<typeof issues.row>;

const HOUR_MS = 60 * 60_000;
/** What is looked at where an alert does not say from when on. */
const WINDOW_MS: Readonly<Partial<Record<RuleKind, number>>> = {
  post_spread: 48 * HOUR_MS,
  issue_new: 7 * 24 * HOUR_MS,
  issue_escalating: 7 * 24 * HOUR_MS,
  fix_regressed: 7 * 24 * HOUR_MS,
};
const DEFAULT_WINDOW_MS = 24 * HOUR_MS;
const LABELS: Readonly<Record<Action, string>> = {
  acknowledge: "I take it",
  false_alarm: "False alarm",
  known: "Known",
  snooze: "Snooze",
  open: "Open",
};
const DIGEST_LINES = 12;

/**
 * Writes what a receiver is told: what changed, who and where, why we think so, what people say, what they told us before,
 * what to answer, whose it is, and what was not heard. Of deleted mentions nothing is in it.
 * @throws {EarshotError} sink_unavailable
 */
export async function composeNotification(composing: Composing, telling: Telling): Promise<Notification> {
  if (telling.subject === undefined) return composeDigest(composing, telling);
  const { story, transition } = telling.subject;
  const issue = await issueOf(composing, story.tracker, story.issueId);
  const bare = bareNotification(telling, {
    trackers: composing.config.trackers,
    now: composing.now,
    issueTitle: issue?.title ?? "",
  });
  const about = saidOf(story, composing);
  const parts =
    about === undefined
      ? undefined
      : await readParts(composing, about, issue, story.ruleKind !== "volume_drop");
  const fix =
    telling.kind === "resolved" && transition.event.kind === "resolved"
      ? await fixVerdict(composing, story)
      : "";
  const together = await asides(composing, telling);
  const missed = await notHeard(composing, story, about);
  const known = knownOf(issue, composing.now);
  const rule = composing.config.alerts.rules.find(({ id }) => id === story.rule);
  const owner = [story.owner, issue?.owner ?? "", rule?.owner ?? ""].find((name) => name !== "") ?? "";
  return {
    ...bare,
    reasons: [...bare.reasons, ...(fix === "" ? [] : [cutText(fix, 500)])].slice(0, 12),
    facts: [...(parts?.facts ?? []), ...together, ...(known === null ? knownFact(story) : [])].slice(0, 12),
    quotes: parts?.quotes ?? [],
    earlier: parts?.earlier ?? [],
    replies: parts?.replies ?? "",
    known,
    owner: cutText(owner, 200),
    completeness: cutText(missed, 300),
    actions: actionsOf(composing, story, telling.kind),
  };
}

/** An alert of an issue is of a known one or not; others are of none. */
function knownFact({ issueId }: AlertStory): Notification["facts"] {
  return issueId === "" ? [] : [{ label: "Known issue", value: "none is registered" }];
}

async function readParts(
  { ask }: Composing,
  about: Said,
  issue: IssueRow | undefined,
  hasQuotes: boolean,
): Promise<Pick<Notification, "facts" | "quotes" | "earlier" | "replies">> {
  const [quotes, [people], [earlier], [replies]] = await Promise.all([
    hasQuotes ? ask(alertQuotes, { ...about, typical: issue?.quotes.slice(0, 5) ?? [], each: 8 }) : [],
    ask(alertPeople, about),
    ask(alertEarlier, about),
    ask(alertReplies, about),
  ]);
  return {
    facts: people === undefined ? [] : factsOf(people, about),
    quotes: chooseQuotes(quotes),
    earlier: earlier === undefined ? [] : earlierWords(earlier),
    replies: replies === undefined || people === undefined ? "" : repliesWords(replies, people.posts),
  };
}

/** Which mentions an alert is about; undefined: none. */
function saidOf(story: AlertStory, { config, now }: Composing): Said | undefined {
  const { tracker, issueId, ruleKind, groupValues, payload } = story;
  if (tracker === "" || ruleKind === "source_silent") return undefined;
  const rule = config.alerts.rules.find(({ id }) => id === story.rule);
  const given = payload["mention"] ?? groupValues["mention"];
  const mention = typeof given === "string" ? given.slice(0, 300) : "";
  const last = timeOf(payload["to"]) ?? story.transitions.at(-1)?.at ?? now.getTime();
  const from = timeOf(payload["from"]) ?? last - (WINDOW_MS[ruleKind] ?? DEFAULT_WINDOW_MS);
  const isWhere = rule !== undefined && "where" in rule;
  return {
    tracker,
    from: new Date(from).toISOString(),
    // what has come since it was measured is news, too
    to: new Date(Math.max(last, now.getTime()) + 1).toISOString(),
    issue: issueId,
    mention,
    isPostAlone: ruleKind === "post_spread" && mention !== "",
    complaint: isWhere && rule.where.complaint === true,
    threats: ruleKind === "keyword_critical",
    platform: groupValues["platform"] ?? "",
    country: groupValues["country"] ?? "",
  };
}

function factsOf(row: z.infer<typeof alertPeople.row>, { from, to }: Said): Notification["facts"] {
  const { posts, people, platforms, countries, versions, reach, biggest, followers } = row;
  if (posts === 0) return [];
  const account = `${masked(biggest) || "not named"} on ${row.biggest_platform}, ${grouped(followers)} followers`;
  return [
    [
      "People",
      `${grouped(people)}, in ${grouped(posts)} ${posts === 1 ? "post" : "posts"} of ${lengthOf(from, to)}`,
    ],
    ["Platforms", topOf(platforms)],
    ["Countries", topOf(countries)],
    ["Versions", topOf(versions)],
    ["Biggest account", followers === 0 ? "" : account],
    ["Reach", reach === 0 ? "" : `${grouped(reach)}, an estimate (followers)`],
  ].flatMap(([label = "", value = ""]) => (value === "" ? [] : [{ label, value: cutText(value, 300) }]));
}

/** `3 hours`, `7 days` */
function lengthOf(from: string, to: string): string {
  const hours = Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 3_600_000));
  if (hours > 48) return `${Math.round(hours / 24)} days`;
  return hours === 1 ? "an hour" : `${hours} hours`;
}

function topOf(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .filter(([name]) => name !== "")
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name, count]) => `${cutText(name, 60)} ${grouped(count)}`)
    .join(", ");
}

function earlierWords(row: z.infer<typeof alertEarlier.row>): string[] {
  const { people, since, answered, answered_at: answeredAt, answer } = row;
  if (people === 0) return [];
  const who = people === 1 ? "1 of them complained" : `${grouped(people)} of them complained`;
  const told = `${who} before, first on ${dayOf(since)}.`;
  if (answered === 0) return [told, "No answer of ours to that is known."];
  const said = cutText(answer.replace(/\s+/g, " ").trim(), 300);
  return [
    told,
    `We answered ${grouped(answered)} of those complaints, last on ${dayOf(answeredAt)}: “${said}”`,
  ];
}

function repliesWords(row: z.infer<typeof alertReplies.row>, posts: number): string {
  const { answers, answered, last_at: lastAt, is_heard: isHeard } = row;
  if (!isHeard || posts === 0) return "";
  if (answers === 0) return "We have answered none of it yet.";
  return `We answered ${grouped(answered)} of ${grouped(posts)} posts, last at ${minuteOf(lastAt)}.`;
}

function knownOf(issue: IssueRow | undefined, now: Date): Notification["known"] {
  if (issue === undefined || issue.register_status !== "active") return null;
  const until = issue.register_expires_on;
  if (until !== null && until < now.toISOString().slice(0, 10)) return null;
  return {
    wording: cutText(issue.wording, 2_000),
    workaround: cutText(issue.workaround, 2_000),
    mustNotPromise: cutText(issue.must_not_promise, 2_000),
  };
}

/** What of the tracker's sources could not be heard, in words. */
async function notHeard(
  { ask, config, now }: Composing,
  { tracker }: AlertStory,
  about: Said | undefined,
): Promise<string> {
  if (about === undefined) return "";
  const sources = config.sources.filter(
    ({ trackers }) => trackers.length === 0 || trackers.includes(tracker),
  );
  if (sources.length === 0) return "";
  const rows = await ask(alertHearing, {
    sources: sources.map(({ id }) => id),
    from: about.from,
    to: now.toISOString(),
  });
  const faults = rows.flatMap(({ source, outcome, heard_until: until, gaps, first_gap: first }) => {
    if (outcome !== "ok" && outcome !== "") {
      return [`${source} not heard${until === null ? "" : ` since ${minuteOf(until)}`}`];
    }
    if (gaps === 0) return [];
    return [
      `${source} not heard in full in ${gaps} ${gaps === 1 ? "hour" : "hours"} since ${minuteOf(first)}`,
    ];
  });
  const more = faults.length > 3 ? `, and ${faults.length - 3} more` : "";
  return faults.length === 0 ? "" : `${faults.slice(0, 3).join(", ")}${more}.`;
}

async function fixVerdict({ ask, config, now }: Composing, story: AlertStory): Promise<string> {
  if (story.issueId === "") return "";
  const { tracker, issueId: issue } = story;
  try {
    const fix = await judgeIssueFix({
      ask,
      tracker,
      issue,
      asOf: now,
      exposureMeasure: config.exposureMeasure,
    });
    return `Whether it was mended (${fix.change.title}): ${fix.verdict.replace("_", " ")}. ${fix.sentence}`;
  } catch (error) {
    // nobody said that anything should have mended it
    if (error instanceof EarshotError && !error.retried) return "";
    throw error;
  }
}

async function issueOf({ ask }: Composing, tracker: string, issue: string): Promise<IssueRow | undefined> {
  if (issue === "") return undefined;
  const [row] = await ask(issues, issues.params.parse({ tracker: [tracker], issue: [issue], limit: 1 }));
  return row;
}

/** Titles of issues, by tracker and id. */
async function titlesOf({ ask }: Composing, stories: readonly AlertStory[]): Promise<Map<string, string>> {
  const ids = [...new Set(stories.map(({ issueId }) => issueId).filter((id) => id !== ""))].slice(0, 100);
  if (ids.length === 0) return new Map();
  const rows = await ask(issues, issues.params.parse({ issue: ids, limit: 1_000 }));
  return new Map(rows.map(({ tracker, issue_id, title }) => [`${tracker} ${issue_id}`, title]));
}

async function asides(composing: Composing, { together }: Telling): Promise<Notification["facts"]> {
  if (together.length === 0) return [];
  const lines = await linesOf(
    composing,
    together.slice(0, 3).map(({ story }) => story),
  );
  const more = together.length > 3 ? [{ label: "And", value: `${together.length - 3} more alerts` }] : [];
  return [...lines.map((value) => ({ label: "With it", value: cutText(value, 300) })), ...more];
}

/** An alert each in a line. */
async function linesOf(composing: Composing, stories: readonly AlertStory[]): Promise<string[]> {
  const titles = await titlesOf(composing, stories);
  return stories.map((story) => {
    const title = titles.get(`${story.tracker} ${story.issueId}`) ?? "";
    const over = story.status === "resolved" ? ", over" : "";
    const said = sentenceOf(story);
    const what = subjectWords(story, composing.config.trackers, title);
    return `${numberOf(story.alertId)} ${what} (${story.severity}${over})${said === "" ? "" : `: ${said}`}`;
  });
}

async function composeDigest(composing: Composing, telling: Telling): Promise<Notification> {
  const { together, eventId, id } = telling;
  const stories = [...new Map(together.map(({ story }) => [story.alertId, story])).values()].sort(
    (a, b) => Number(isAsBad(b.severity, a.severity)) - Number(isAsBad(a.severity, b.severity)),
  );
  const shown = stories.slice(0, stories.length > DIGEST_LINES ? DIGEST_LINES - 1 : DIGEST_LINES);
  const lines = await linesOf(composing, shown);
  const more = stories.length - shown.length;
  const worst = stories.reduce<Severity>(
    (severity, story) => (isAsBad(story.severity, severity) ? story.severity : severity),
    "info",
  );
  const title = `${stories.length} more ${stories.length === 1 ? "alert" : "alerts"}`;
  return {
    ...bareNotification(telling, { trackers: composing.config.trackers, now: composing.now, issueTitle: "" }),
    number: "digest",
    dedupeKey: cutText(`${DIGEST}/${id}`, 255),
    severity: worst,
    rule: DIGEST,
    tracker: "",
    at: eventId,
    title,
    summary: "So much was told in the last seven days that the milder alerts come once a day.",
    reasons: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].map((line) => cutText(line, 500)),
  };
}

function actionsOf(
  { link, now }: Composing,
  { alertId, status }: AlertStory,
  kind: Notification["kind"],
): Notification["actions"] {
  if (link === undefined) return [];
  const doing: readonly Action[] =
    kind === "resolved" || status === "resolved"
      ? ["false_alarm", "known"]
      : kind === "acknowledged"
        ? ["false_alarm", "known", "snooze"]
        : ["acknowledge", "false_alarm", "known", "snooze"];
  return [...doing, "open" as const].map((name) => ({
    name,
    label: LABELS[name],
    url: link(alertId, name, now),
  }));
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** `12 400`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ");
}

function dayOf(at: string): string {
  return at.slice(0, 10);
}

function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
