import type { RuleKind } from "../../../schemas/alert.ts";
import type { Severity } from "../../../schemas/notification.ts";
import type { QueryParams } from "../api.ts";
import { payloadOf, textOf, type Payload } from "../issues/payload.ts";
import type { Meaning } from "../verdicts.ts";
import type { AlertTab } from "../view-state.ts";
import { platformName } from "../wording.ts";
import type { AlertRow, AlertStatus, AlertVerdict } from "./alert-rows.ts";

/** What rules watch for, in words, those that cannot wait first. */
export const RULE_MEANINGS: Readonly<Record<RuleKind, Meaning>> = {
  keyword_critical: { name: "Cannot wait", says: "Somebody tells of danger or lost data." },
  post_spread: {
    name: "A post is spreading",
    says: "One post is being shared so fast that very many will see it.",
  },
  volume_spike: { name: "Far more than usual", says: "Far more people complain than is usual at that hour." },
  share_shift: { name: "More of it complains", says: "A larger share of what is said are complaints." },
  issue_escalating: { name: "An issue grows", says: "An issue grows faster than chance." },
  issue_new: { name: "A new issue", says: "Several people share an issue nobody knew of." },
  fix_regressed: { name: "Back after its fix", says: "What was mended came back." },
  volume_drop: {
    name: "Far less than usual",
    says: "Far less is said than usual, though everything was listened to.",
  },
  source_silent: { name: "A source is not heard", says: "A source is refused, fails, or brings nothing." },
};

/** Severities in words, the gravest first. */
export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  warning: "Warning",
  info: "Info",
};

/** How an alert stands, in words. */
export const STATUS_MEANINGS: Readonly<Record<AlertStatus, Meaning>> = {
  firing: { name: "Open", says: "Nobody has acknowledged it yet." },
  acknowledged: { name: "Acknowledged", says: "Somebody sees to it." },
  resolved: {
    name: "Resolved",
    says: "The threshold is no longer crossed, or somebody closed it. Quiet is not fixed.",
  },
  pending: { name: "Pending", says: "The threshold is crossed, but not for long enough to tell anybody." },
  withdrawn: { name: "Withdrawn", says: "The threshold was crossed too briefly to tell anybody." },
};

/** What an alert was worth, in words. */
export const WORTH_MEANINGS: Readonly<Record<AlertVerdict, Meaning>> = {
  real: { name: "Real", says: "worth being told of" },
  false: { name: "False alarm", says: "nothing was there; it is closed, and counts against its rule" },
  known: { name: "Known", says: "we knew already" },
  too_late: { name: "Too late", says: "real, but we heard of it elsewhere before" },
  duplicate: { name: "Duplicate", says: "another alert told the same; it is closed" },
};

/** What each tab of the list asks for. */
export const TAB_STATUSES: Readonly<Record<AlertTab, QueryParams["status"]>> = {
  "": ["firing"],
  acknowledged: ["acknowledged"],
  resolved: ["resolved"],
  all: [],
};

/** What an alert is about, in a few words. */
export function alertTitle({ issue_title: issue, rule_kind: kind }: AlertRow): string {
  return issue === "" ? RULE_MEANINGS[kind].name : issue;
}

/** What changed, in one sentence. */
export function sentenceOf(alert: AlertRow): string {
  const said = textOf(payloadOf(alert), "sentence");
  return said === "" ? RULE_MEANINGS[alert.rule_kind].says : said;
}

/** A number of a payload; undefined where there is none. */
export function numberOf(payload: Payload, name: string): number | undefined {
  const value = payload[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A time of a payload, ms since 1970; undefined where there is none. */
export function timeOf(payload: Payload, name: string): number | undefined {
  const at = Date.parse(textOf(payload, name));
  return Number.isNaN(at) ? undefined : at;
}

/** The texts of a payload's list. */
export function textsOf(payload: Payload, name: string): readonly string[] {
  const value = payload[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** What else an alert is about, in words: its platform, country, source. */
export function groupOf({ group_values: group }: AlertRow): readonly string[] {
  return Object.entries(group)
    .filter(([name, value]) => name !== "mention" && value !== "")
    .map(([name, value]) => (name === "platform" ? platformName(value) : `${name} ${value}`));
}
