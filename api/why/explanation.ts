import type { Driver, Refusal, TestedValue } from "../../processors/find-drivers/index.ts";
import type { Level, LevelChange } from "../../processors/find-onset/index.ts";
import type { CandidateCause, Change, KindLag } from "../../processors/match-changes/index.ts";
import type { NoImpact, RatingImpact } from "../../processors/match-changes/measure-impact.ts";
import type { AskedStatement } from "./asking.ts";
import type { ContrastRead } from "./read-contrast.ts";
import type { PastRead } from "./read-past.ts";

/** A lasting change of the rate of an issue, times in ISO 8601. */
export interface ShownLevelChange {
  readonly kind: LevelChange["kind"];
  readonly at: string;
  /** First and last day on which it may have begun, 95 %. */
  readonly from: string;
  readonly to: string;
  readonly before: Level;
  readonly after: Level;
  readonly factor: number | null;
}

export interface OnsetPart {
  readonly onset: ShownLevelChange | null;
  /** All lasting changes, oldest first. */
  readonly changes: readonly ShownLevelChange[];
  readonly dispersion: number;
  readonly heardDays: number;
  readonly reason: string;
}

export interface DriversPart {
  readonly drivers: readonly (Driver & { readonly sentence: string })[];
  readonly tested: readonly TestedValue[];
  readonly refused: readonly Refusal[];
  readonly read: ContrastRead;
}

export interface TermPart {
  readonly term: string;
  readonly people: number;
  readonly others: number;
  readonly logOdds: number;
  readonly z: number;
}

export interface CoMovingPart {
  readonly issue: string;
  readonly title: string;
  readonly correlation: number;
  readonly lagDays: number;
  readonly days: number;
  readonly p: number;
  readonly q: number;
}

export interface CausePart extends Omit<CandidateCause, "change"> {
  readonly change: Omit<Change, "at"> & { readonly at: string };
  /** The beginning or rise it came before. */
  readonly onset: string;
}

export interface CausesPart {
  /** The likeliest first. */
  readonly candidates: readonly CausePart[];
  /** How many changes are recorded, and since when. */
  readonly recorded: number;
  readonly since: string | null;
  readonly reason: string;
  /** How long after each kind of change complaints began, over the other issues of the tracker. */
  readonly lags: readonly KindLag[];
}

/** What "as often" is measured by. */
export interface ExposurePart {
  /** What was imported; null: nothing was, and other issues of the tracker stand for how much was heard. */
  readonly measure: string | null;
  readonly sentence: string;
}

export interface RatePart {
  readonly days: number;
  readonly reports: number;
  /** Of those days together. */
  readonly exposure: number;
  /** What exposure is counted in; `voices`: people heard, each once a day. */
  readonly measure: string;
  readonly perThousand: number;
  readonly low: number;
  readonly high: number;
}

/** Why an issue is there, as far as figures tell. Null: not known. */
export interface IssueExplanation {
  readonly tracker: string;
  readonly issue: string;
  readonly title: string;
  readonly verdict: string;
  readonly reason: string;
  readonly asOf: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly onset: OnsetPart;
  readonly exposure: ExposurePart;
  readonly drivers: DriversPart;
  readonly terms: readonly TermPart[];
  readonly coMoving: readonly CoMovingPart[];
  readonly causes: CausesPart;
  readonly impact: RatingImpact | NoImpact;
  readonly rate: RatePart | null;
  /** Share of the time since its first mention, within the window, that was heard; null: nothing is known of it. */
  readonly heardShare: number | null;
  readonly read: PastRead;
  /** Which statements each part was counted from, by the name of the question. */
  readonly countedFrom: Readonly<Record<string, readonly string[]>>;
  readonly statements: readonly AskedStatement[];
}
