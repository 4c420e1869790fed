import { isAsBad, numberOf, type AlertStory } from "./story.ts";

/** A spike that mostly repeats one post is that post's alert. */
const COPIES = 0.6;
/** An issue is told beside its tracker when it is at least so large a part of it. */
const OWN_SHARE = 0.5;
/** Of an issue one alert speaks for the others for so long. */
const SPEAKS_MS = 24 * 60 * 60_000;

/** Alerts in the order in which one may explain the next: a post its spike, a tracker its issues, the first the later. */
export function byExplaining(a: AlertStory, b: AlertStory): number {
  return rankOf(a) - rankOf(b) || firedAt(a) - firedAt(b) || (a.alertId < b.alertId ? -1 : 1);
}

/**
 * Why people need not be told of an alert beside others they are told of.
 * @param others before it by {@link byExplaining}
 * @returns undefined where nothing explains it
 */
export function explanationOf(alert: AlertStory, others: readonly AlertStory[]): string | undefined {
  for (const other of others) {
    if (other.alertId === alert.alertId || other.tracker !== alert.tracker) continue;
    const number = numberOf(other.alertId);
    if (isOpen(other) && isOfPost(alert, other)) return `one post explains it: ${number}`;
    if (isOpen(other) && isOfTracker(alert, other)) return `part of ${number}, which is of the whole tracker`;
    if (isOfSameIssue(alert, other)) return `the same issue as ${number}, and no worse`;
  }
  return undefined;
}

function isOfPost(alert: AlertStory, other: AlertStory): boolean {
  return (
    other.ruleKind === "post_spread" &&
    alert.ruleKind === "volume_spike" &&
    (alert.issueId === "" || other.issueId === "" || alert.issueId === other.issueId) &&
    measured(alert, "copyShare") >= COPIES
  );
}

function isOfTracker(alert: AlertStory, other: AlertStory): boolean {
  if (other.ruleKind !== "volume_spike" || other.issueId !== "") return false;
  if (alert.ruleKind !== "volume_spike" || alert.issueId === "") return false;
  const isWithin = Object.entries(other.groupValues).every(
    ([name, value]) => alert.groupValues[name] === value,
  );
  return isWithin && measured(alert, "mentions") < OWN_SHARE * measured(other, "mentions");
}

function isOfSameIssue(alert: AlertStory, other: AlertStory): boolean {
  if (!tellsOfIssue(alert) || !tellsOfIssue(other) || alert.issueId !== other.issueId) return false;
  const isRecent = firedAt(alert) - firedAt(other) < SPEAKS_MS;
  return (isOpen(other) || isRecent) && isAsBad(other.severity, alert.severity);
}

function tellsOfIssue({ ruleKind, issueId }: AlertStory): boolean {
  return issueId !== "" && ["issue_new", "issue_escalating", "volume_spike"].includes(ruleKind);
}

function isOpen({ status }: AlertStory): boolean {
  return status === "firing" || status === "acknowledged";
}

function rankOf({ ruleKind, issueId }: AlertStory): number {
  if (ruleKind === "post_spread") return 0;
  return ruleKind === "volume_spike" && issueId === "" ? 1 : 2;
}

function firedAt({ transitions }: AlertStory): number {
  return transitions[0]?.at ?? Infinity;
}

function measured({ payload }: AlertStory, name: string): number {
  const value = payload[name];
  return typeof value === "number" ? value : 0;
}
