import { falseDiscoveryRates } from "../judge-recurrence/distributions.ts";

const DAY_MS = 86_400_000;
/** What is further back than this is no candidate: by then something else would be. */
const HORIZON_DAYS = 28;
/** Changes of a kind that do not tell how often they come. */
const SHORTEST_HISTORY_DAYS = 14;

export const CHANGE_KINDS = ["release", "fix", "price", "campaign", "policy", "outage"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Something we did. */
export interface Change {
  readonly id: string;
  readonly kind: ChangeKind;
  /** When it began to be there for customers, ms since 1970. */
  readonly at: number;
  readonly title: string;
  readonly version?: string;
  readonly platform?: string;
  readonly country?: string;
  readonly product?: string;
}

/** What is over-represented in the issue: a change that touches just that is a better candidate. */
export interface Leaning {
  readonly dimension: string;
  readonly value: string;
}

export interface MatchSetting {
  /** When the issue began or rose, with its interval. @see {@link ../find-onset/index.ts} */
  readonly onset: { readonly at: number; readonly from: number; readonly to: number };
  /** All changes known of the tracker, in any order: how rare they are says how telling a close one is. */
  readonly changes: readonly Change[];
  readonly drivers?: readonly Leaning[];
  /** Since when changes are recorded, and until when. */
  readonly since: number;
  readonly asOf: number;
}

/** A change before the onset. */
export interface CandidateCause {
  readonly change: Change;
  /** Days from the change to the onset; below 0 where only the onset's interval reaches back to it. */
  readonly lagDays: number;
  /** Within the onset's interval; not below 0, for a cause comes first. */
  readonly lowDays: number;
  readonly highDays: number;
  /**
   * The chance that a day taken at random lies as closely after a change of this kind: near 1 for weekly releases, small for
   * the one price change of the year. Null: recorded for too short a time to say.
   */
  readonly p: number | null;
  /** The false-discovery rate over all candidates. */
  readonly q: number | null;
  /** What it has in common with the drivers of the issue, such as `version 5.2`. */
  readonly shares: readonly string[];
  readonly sentence: string;
}

/**
 * Finds what may have set an issue off: the changes within four weeks before its onset, those first that touch what is
 * over-represented in it, then the most surprising ones, then the closest. Closeness alone proves nothing: `p` tells how
 * often it comes about by chance. The onset's interval is reckoned with: a change within it may have come before. Pure.
 */
export function matchChanges({ onset, changes, drivers = [], since, asOf }: MatchSetting): CandidateCause[] {
  const near = changes.filter(({ at }) => at < onset.to + DAY_MS && at >= onset.from - HORIZON_DAYS * DAY_MS);
  const candidates = near.map((change) => {
    // the onset is a day; the change may have come at any time of it
    const lag = (to: number) => (to - Math.floor(change.at / DAY_MS) * DAY_MS) / DAY_MS;
    const highDays = Math.max(0, lag(onset.to));
    const times = changes.filter(({ kind }) => kind === change.kind).map(({ at }) => at);
    return {
      change,
      lagDays: lag(onset.at),
      lowDays: Math.max(0, lag(onset.from)),
      highDays,
      p: chanceOfCloseness(times, highDays + 1, since, asOf),
      shares: sharesOf(change, drivers),
    };
  });
  const known = candidates.flatMap(({ p }) => (p === null ? [] : [p]));
  const qs = falseDiscoveryRates(known);
  let passed = 0;
  return candidates
    .map((candidate): CandidateCause => {
      const q = candidate.p === null ? null : (qs[passed++] ?? 1);
      return { ...candidate, q, sentence: sentenceOf(candidate, changes, since, asOf) };
    })
    .sort(
      (a, b) =>
        b.shares.length - a.shares.length ||
        (a.p ?? 1) - (b.p ?? 1) ||
        Math.abs(a.lagDays) - Math.abs(b.lagDays) ||
        (a.change.id < b.change.id ? -1 : 1),
    );
}

/** Days from each kind of change to the onsets it is the likeliest cause of: how long complaints take to start. */
export interface KindLag {
  readonly kind: ChangeKind;
  readonly onsets: number;
  readonly medianDays: number;
  readonly lowestDays: number;
  readonly highestDays: number;
}

/** Sums up, over many issues, how long after each kind of change complaints begin. @param firsts the first candidate of each issue */
export function lagsByKind(firsts: readonly CandidateCause[]): KindLag[] {
  return CHANGE_KINDS.flatMap((kind) => {
    const lags = firsts
      .filter(({ change }) => change.kind === kind)
      .map(({ lagDays }) => Math.max(0, lagDays))
      .sort((a, b) => a - b);
    const [lowestDays, highestDays] = [lags[0], lags.at(-1)];
    if (lowestDays === undefined || highestDays === undefined) return [];
    const middle = lags.length >> 1;
    const upper = lags[middle] ?? 0;
    const medianDays = lags.length % 2 === 1 ? upper : ((lags[middle - 1] ?? 0) + upper) / 2;
    return [{ kind, onsets: lags.length, medianDays, lowestDays, highestDays }];
  });
}

/** The share of recorded time that lies within so many days after one of these times. */
function chanceOfCloseness(
  times: readonly number[],
  days: number,
  since: number,
  asOf: number,
): number | null {
  if (asOf - since < SHORTEST_HISTORY_DAYS * DAY_MS) return null;
  let [covered, until] = [0, since];
  for (const at of times.toSorted((a, b) => a - b)) {
    const from = Math.max(until, at);
    const to = Math.min(asOf, at + days * DAY_MS);
    if (to <= from) continue;
    covered += to - from;
    until = to;
  }
  return Math.min(1, covered / (asOf - since));
}

function sharesOf(change: Change, drivers: readonly Leaning[]): string[] {
  const touched: Readonly<Record<string, string | undefined>> = {
    version: change.version,
    platform: change.platform,
    country: change.country,
    product: change.product,
  };
  return drivers
    .filter(
      ({ dimension, value }) =>
        Object.hasOwn(touched, dimension) && touched[dimension]?.toLowerCase() === value.toLowerCase(),
    )
    .map(({ dimension, value }) => `${dimension} ${value}`);
}

function sentenceOf(
  { change, lagDays, p, shares }: Omit<CandidateCause, "q" | "sentence">,
  changes: readonly Change[],
  since: number,
  asOf: number,
): string {
  const days = Math.round(lagDays);
  const when =
    days === 0
      ? "on the day it began"
      : days > 0
        ? `${many(days)} before it began`
        : `${many(-days)} after the likeliest day, but within the uncertainty of it`;
  const weeks = (asOf - since) / (7 * DAY_MS);
  const alike = changes.filter(({ kind, at }) => kind === change.kind && at >= since && at <= asOf).length;
  const rare =
    p === null
      ? "changes are recorded for too short a time to say how telling that is"
      : `with ${alike} of its kind in ${Math.round(weeks)} weeks, ${Math.round(100 * p)} % of all days are as close after one`;
  const same = shares.length === 0 ? "" : `; touches what stands out: ${shares.join(", ")}`;
  return `${change.kind} "${change.title}" ${when}; ${rare}${same}`;
}

function many(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
