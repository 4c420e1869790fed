import type { Change } from "../../../schemas/change.ts";
import type { IssueAssignment, IssueEvent } from "../../../schemas/issue.ts";
import type { Decision, Flag, Verdict } from "../verdicts.ts";

/** How many issues have a verdict. */
export interface IssueCountRow {
  readonly verdict: Verdict | "";
  readonly found: number;
}

/** An issue with its verdict and what people said of it. Times are ISO 8601 UTC, days `YYYY-MM-DD`. */
export interface IssueRow {
  readonly tracker: string;
  readonly issue_id: string;
  readonly title: string;
  readonly machine_title: string;
  readonly terms: readonly string[];
  /** Ids of mentions, the most typical first. */
  readonly quotes: readonly string[];
  readonly newest_id: string;
  readonly aspects: readonly string[];
  readonly stages: readonly string[];
  readonly languages: readonly string[];
  /** Empty: no times are known. */
  readonly verdict: Verdict | "";
  readonly flags: readonly Flag[];
  readonly reason: string;
  readonly mentions: number;
  readonly voices: number;
  readonly reports: number;
  readonly days: number;
  readonly channels: number;
  readonly first_at: string | null;
  readonly last_at: string | null;
  readonly expected: number | null;
  readonly p30: number | null;
  readonly heard_share: number | null;
  readonly rate_reports: number | null;
  readonly rate_exposure: number | null;
  readonly rate_per_thousand: number | null;
  readonly rate_low: number | null;
  readonly rate_high: number | null;
  readonly owner: string;
  readonly relook_on: string | null;
  readonly isolated_call: "" | "holds" | "expired" | "overturned";
  readonly isolated_reason: string;
  readonly isolated_until: string | null;
  readonly decision: Decision | "";
  readonly decision_reason: string;
  readonly decision_owner: string;
  readonly review_on: string | null;
  readonly review_at_voices: number;
  readonly decided_at_voices: number;
  readonly is_public: boolean;
  readonly public_text: string;
  readonly decided_by: string;
  readonly decided_at: string | null;
  readonly register_status: "" | "active" | "retired";
  readonly symptom: string;
  readonly wording: string;
  readonly workaround: string;
  readonly may_promise: string;
  readonly must_not_promise: string;
  readonly register_expires_on: string | null;
  readonly registered_at: string | null;
  readonly judged_at: string;
  /** How many there are without limit and offset. */
  readonly found: number;
}

/** People and mentions of an issue in one bucket. */
export interface IssueTrendRow {
  readonly issue_id: string;
  readonly bucket: string;
  readonly voices: number;
  readonly mentions: number;
  readonly copies: number;
}

/** A mention of an issue; its text is cut to 2,000 characters. */
export interface IssueMentionRow {
  readonly id: string;
  readonly platform: string;
  readonly author_name: string;
  readonly author_handle: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly rating: number | null;
  readonly rating_max: number | null;
  readonly product: string;
  readonly version: string;
  readonly country: string;
  readonly language: string;
  readonly published_at: string;
  readonly severity: number;
  readonly is_repeated: boolean;
  readonly is_expectation_broken: boolean;
  readonly threats: readonly string[];
  readonly likes: number | null;
  readonly replies: number | null;
  readonly shares: number | null;
  readonly views: number | null;
  readonly similarity: number;
  /** Hash of the person heard. */
  readonly voice: string;
  readonly copy_of: string;
  readonly copy_by: IssueAssignment["copyBy"];
  /** Empty: the machine. */
  readonly assigned_by: string;
  readonly cursor: string;
}

/** What somebody did with an issue, or the machine proposes. */
export interface IssueEventRow {
  readonly id: string;
  readonly tracker: string;
  readonly issue_id: string;
  readonly kind: IssueEvent["kind"];
  /** JSON, as its kind has it. */
  readonly payload: string;
  readonly undoes: string;
  readonly note: string;
  /** Empty: the machine. */
  readonly by: string;
  readonly at: string;
  readonly is_standing: boolean;
}

/** Something we did that customers could notice. */
export interface ChangeRow {
  readonly id: string;
  readonly kind: Change["kind"];
  readonly at: string;
  readonly ends_at: string | null;
  readonly title: string;
  readonly url: string;
  readonly version: string;
  /** Issues it is meant to mend. */
  readonly fixes: readonly string[];
}

/** An issue somebody decided on, and who complained since. */
export interface AgendaRow {
  readonly is_overdue: boolean;
  readonly is_forced: boolean;
  readonly people_since: number;
}

/** How many single voices there are, and how many of them are to be looked at again. */
export interface DueRow {
  readonly found: number;
  readonly found_due: number;
}

/** How many issues of a tracker that came to recur were single voices or watched first, and for how long. */
export interface RegretRow {
  readonly recurring: number;
  readonly were_single: number;
  readonly median_days: number | null;
}

/** A merge or split the machine proposes and nobody has decided. */
export interface ProposalRow {
  /** What dismissing it names. */
  readonly event: string;
  readonly tracker: string;
  readonly kind: "propose_merge" | "propose_split";
  readonly issue_id: string;
  readonly title: string;
  readonly voices: number;
  /** The issue it may be one with; empty for splits. */
  readonly into: string;
  readonly into_title: string;
  readonly into_voices: number;
  /** How many there are without limit. */
  readonly found: number;
}
