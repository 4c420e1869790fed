import type { AlertStory } from "../../core/alerts/plan-deliveries/story.ts";
import { numberOf } from "../../core/alerts/plan-deliveries/story.ts";
import type { Telling } from "../../core/alerts/plan-deliveries/telling.ts";
import { cutText } from "../../core/mention.ts";
import type { RuleKind } from "../../schemas/alert.ts";
import type { Notification } from "../../schemas/notification.ts";

const MINUTE_MS = 60_000;

const WHAT: Readonly<Record<RuleKind, string>> = {
  volume_spike: "far more is said than usual",
  volume_drop: "far less is said than usual",
  share_shift: "a larger share of it is complaints",
  post_spread: "one post is spreading fast",
  issue_escalating: "an issue is growing",
  issue_new: "a new issue",
  keyword_critical: "somebody tells of danger",
  source_silent: "is not heard",
  fix_regressed: "what was mended came back",
};

const CLOSED_AS: Readonly<Record<string, string>> = {
  false: "a false alarm",
  duplicate: "a duplicate",
  known: "known",
  real: "real",
  too_late: "too late",
};

interface Wording {
  readonly trackers: readonly { readonly id: string; readonly name: string }[];
  readonly now: Date;
  /** Empty: it is of no issue that is listed. */
  readonly issueTitle: string;
}

/**
 * Writes of an alert what is known without looking anything up: what changed, and why we think so. All that a message needs
 * when nothing else can be had.
 */
export function bareNotification(telling: Telling, wording: Wording): Notification {
  const { id, alertId, kind, subject, note } = telling;
  const story = subject?.story;
  const payload = story?.payload ?? {};
  const isAlarm = kind === "fired" || kind === "escalated" || kind === "reminded";
  const given = payload["reasons"];
  const reasons = isAlarm && Array.isArray(given) ? given.filter((one) => typeof one === "string") : [];
  const coordinated =
    payload["isCoordinated"] === true ? ["It looks coordinated: mostly the same words."] : [];
  const forecast = payload["forecast"];
  const why = [...reasons.map(asSentence), ...coordinated, ...(note === "" ? [] : [asSentence(note)])];
  const tracker = wording.trackers.find((one) => one.id === story?.tracker)?.name ?? story?.tracker ?? "";
  const at = kind === "reminded" || subject === undefined ? undefined : subject.transition.event.at;
  return {
    id: cutText(id, 255),
    alertId: cutText(alertId, 100),
    number: numberOf(alertId),
    dedupeKey: cutText(`earshot/${alertId}`, 255),
    kind,
    severity: (kind === "reminded" ? story?.severity : subject?.transition.severity) ?? "info",
    rule: cutText(story?.rule ?? "", 100),
    tracker: cutText(tracker, 200),
    at: at ?? wording.now.toISOString(),
    title: story === undefined ? "More alerts" : subjectWords(story, wording.trackers, wording.issueTitle),
    summary: cutText(summaryOf(telling, wording.now), 1_000),
    reasons: why.map((reason) => cutText(reason, 500)).slice(0, 12),
    facts: [],
    quotes: [],
    earlier: [],
    forecast: isAlarm && typeof forecast === "string" ? cutText(asSentence(forecast), 300) : "",
    replies: "",
    known: null,
    owner: cutText(story?.owner ?? "", 200),
    completeness: "",
    actions: [],
  };
}

/** What an alert is about: `Acme Parcels: parcels left in the rain`. */
export function subjectWords(
  { tracker, ruleKind, groupValues }: AlertStory,
  trackers: Wording["trackers"],
  issueTitle: string,
): string {
  const name = trackers.find(({ id }) => id === tracker)?.name ?? tracker;
  const source = groupValues["source"] ?? "a source";
  const place = [groupValues["platform"], groupValues["country"]].filter((part) => part !== undefined);
  const what =
    ruleKind === "source_silent" ? `${source} ${WHAT.source_silent}` : issueTitle || WHAT[ruleKind];
  const where = place.length === 0 ? "" : ` (${place.join(", ")})`;
  return cutText(`${name === "" ? "" : `${name}: `}${what}${where}`.replace(/\s+/g, " ").trim(), 300);
}

/** What was measured last, in one sentence; empty: the rule says nothing. */
export function sentenceOf({ payload }: Pick<AlertStory, "payload">): string {
  const { sentence } = payload;
  return typeof sentence === "string" ? asSentence(cutText(sentence, 900)) : "";
}

function summaryOf({ kind, subject }: Telling, now: Date): string {
  if (subject === undefined) return "";
  const { story, transition } = subject;
  const { event } = transition;
  const who = cutText(event.by, 100) || "Somebody";
  const note = event.note === "" ? "" : ` ${asSentence(cutText(event.note, 500))}`;
  if (kind === "acknowledged") return `${who} sees to it.${note}`;
  if (kind === "resolved") {
    const verdict = event.payload["verdict"];
    if (event.kind === "judge" && typeof verdict === "string") {
      return `${who} closed it as ${CLOSED_AS[verdict] ?? "done"}.${note}`;
    }
    return "It is quiet again. Quiet is not fixed: that the threshold is no longer crossed does not say why.";
  }
  // of what is told later than it happened, what holds now
  const isUndone = event.kind === "undo";
  const said = sentenceOf({ payload: kind === "reminded" || isUndone ? story.payload : event.payload });
  if (isUndone && kind !== "reminded") {
    return `${who} took back what was said of it: it is open again.${note} ${said}`.trim();
  }
  if (kind !== "reminded") return said;
  return `Still open after ${elapsed(now.getTime() - transition.at)}. ${said}`.trim();
}

function elapsed(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE_MS));
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / (24 * 60))} days`;
}

function asSentence(text: string): string {
  const said = text.trim();
  if (said === "") return "";
  const begun = `${said[0]?.toUpperCase() ?? ""}${said.slice(1)}`;
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
