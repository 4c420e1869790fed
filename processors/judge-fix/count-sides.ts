import {
  exposureClock,
  type DayExposure,
  type IssueClock,
  type NotHeard,
} from "../judge-recurrence/exposure-clock.ts";
import {
  independentReports,
  type DatedMention,
  type IndependentReport,
  type IssueMention,
} from "../judge-recurrence/independent-reports.ts";
import { compareVersions } from "./compare-versions.ts";

/** A mention of an issue as far as a fix verdict needs it. */
export interface FixMention extends IssueMention {
  /** The version its author used; undefined: unknown. */
  readonly version?: string;
}

/** A stretch of time, ms since 1970; `to` is not included. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Independent reports before and after a fix, oldest first; a person counts once on each side. */
export interface Sides {
  readonly before: readonly IndependentReport[];
  readonly after: readonly IndependentReport[];
}

/** Whose words count. */
export interface Eligibility {
  /** The version that has the fix. */
  readonly version?: string;
  /** Of people whose version is not known nothing is counted. */
  readonly needsVersion: boolean;
}

/** Splits the mentions of an issue at a fix, leaves out those that say nothing about it, and collapses the rest to people. */
export function sidesOf(
  mentions: readonly FixMention[],
  span: Window,
  fixedAt: number,
  eligibility: Eligibility,
): Sides {
  const { version, needsVersion } = eligibility;
  const dated = mentions
    .filter(
      (mention): mention is DatedMention & FixMention =>
        mention.at !== undefined && mention.at >= span.from && mention.at < span.to,
    )
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const before = dated.filter(
    (mention) => mention.at < fixedAt && (!needsVersion || isVersion(mention.version)),
  );
  const after = dated.filter(
    (mention) =>
      mention.at >= fixedAt && (version === undefined || hasFix(mention.version, version, needsVersion)),
  );
  return { before: independentReports(before).reports, after: independentReports(after).reports };
}

/** How many mentions after a fix are of people who did not have it yet, and of how many nobody knows. */
export function withoutFix(
  mentions: readonly FixMention[],
  { from, to }: Window,
  version: string | undefined,
): { oldVersion: number; unknownVersion: number } {
  if (version === undefined) return { oldVersion: 0, unknownVersion: 0 };
  const within = mentions.filter(({ at }) => at !== undefined && at >= from && at < to);
  const known = within.filter((mention) => isVersion(mention.version));
  const old = known.filter((mention) => !hasFix(mention.version, version, true));
  return { oldVersion: old.length, unknownVersion: within.length - known.length };
}

export function isVersion(version: string | undefined): boolean {
  return version !== undefined && compareVersions(version, version) === 0;
}

function hasFix(version: string | undefined, fixed: string, needsVersion: boolean): boolean {
  const order = version === undefined ? undefined : compareVersions(version, fixed);
  return order === undefined ? !needsVersion : order >= 0;
}

/** How much of each channel could be heard. */
export interface Hearing {
  /** Exposure, or days where none was imported, without what was not heard. */
  amount(channel: string, window: Window): number;
  heardDays(channel: string, window: Window): number;
}

/** Gives what could be heard of each channel apart, for issues that live on different ones lose differently in an outage. */
export function hearingOf(
  span: Window,
  exposures: readonly DayExposure[] | undefined,
  notHeard: readonly NotHeard[],
): Hearing {
  const clocks = new Map<string, IssueClock>();
  const clockOf = (channel: string) => {
    const known = clocks.get(channel);
    if (known !== undefined) return known;
    const gaps = notHeard
      .filter((gap) => gap.channel === undefined || gap.channel === channel)
      .map(({ from, to, heard }) => ({ from, to, ...(heard === undefined ? {} : { heard }) }));
    const issues = [[{ at: span.from, channel }]];
    const clock = exposureClock({ issues, asOf: span.to, exposures, notHeard: gaps }).of([]);
    clocks.set(channel, clock);
    return clock;
  };
  return {
    amount: (channel, { from, to }) =>
      exposures === undefined ? clockOf(channel).heardDays(from, to) : clockOf(channel).exposure(from, to),
    heardDays: (channel, { from, to }) => clockOf(channel).heardDays(from, to),
  };
}

/** Reports of a window by channel. */
export function tally(reports: readonly IndependentReport[], { from, to }: Window): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { at, channel } of reports)
    if (at >= from && at < to) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return counts;
}
