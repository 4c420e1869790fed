import type { FixMention } from "../../processors/judge-fix/count-sides.ts";
import type { DayExposure, NotHeard } from "../../processors/judge-recurrence/exposure-clock.ts";
import { HEARD_OF_PARTIAL } from "../../processors/judge-recurrence/not-heard.ts";
import { coverageTrend } from "../../queries/coverage-trend.ts";
import { datedIssueMentions, issueSizes } from "../../queries/dated-issue-mentions.ts";
import { UNTRACKED } from "../../queries/detect-mentions.ts";
import { platformSpans } from "../../queries/platform-spans.ts";
import { trackerExposures } from "../../queries/tracker-exposures.ts";
import { VOICES_MEASURE } from "../../schemas/written-exposure.ts";
import type { Ask } from "./asking.ts";

const DAY_MS = 86_400_000;

/** Most mentions that are read for one answer, and most issues they are of. */
export const MOST_MENTIONS = 50_000;
const MOST_ISSUES = 1_000;

/** What was said of a tracker's issues in a stretch of time, and how much of it could be heard. Times are ms since 1970. */
export interface TrackerPast {
  readonly from: number;
  readonly to: number;
  /** Since when anything of the tracker is known, not before `from`. */
  readonly since: number;
  /** Dated mentions by issue, oldest first; of the issue that is asked about even when there are none. */
  readonly byIssue: ReadonlyMap<string, readonly (FixMention & { readonly at: number })[]>;
  readonly notHeard: readonly NotHeard[];
  /** What was imported of how much could have complained; undefined: nothing was. */
  readonly exposure: CountedExposure | undefined;
  /** The same, else the people heard each day: what rates are per. */
  readonly counted: CountedExposure;
  readonly read: PastRead;
}

/** How much could have complained, day by day. */
export interface CountedExposure {
  readonly measure: string;
  readonly days: readonly DayExposure[];
}

/** How much of what there is was read. */
export interface PastRead {
  readonly mentions: number;
  readonly issues: number;
  /** Issues of the tracker that were spoken of in that time. */
  readonly ofIssues: number;
  /** Not everything was read. */
  readonly isCut: boolean;
}

export interface PastSetting {
  readonly ask: Ask;
  readonly tracker: string;
  readonly issue: string;
  readonly from: number;
  readonly to: number;
  /** The imported exposure to take where there are several; by default the one of the most days. */
  readonly measure: string | undefined;
}

/**
 * Reads an issue and the other issues of its tracker over some time: whole series, the largest issues first, until
 * {@link MOST_MENTIONS}; beside them the time not heard and imported exposure.
 */
export async function readPast(setting: PastSetting): Promise<TrackerPast> {
  const { ask, tracker, issue, from, to, measure } = setting;
  const window = { tracker, from: isoOf(from), to: isoOf(to) };
  const sizes = await ask(issueSizes, issueSizes.params.parse({ ...window, limit: 1_000 }));
  const chosen = chooseIssues(issue, sizes);
  const [rows, spans, covered, exposed] = await Promise.all([
    ask(
      datedIssueMentions,
      datedIssueMentions.params.parse({ ...window, issue: chosen, limit: MOST_MENTIONS }),
    ),
    ask(platformSpans, window),
    ask(
      coverageTrend,
      coverageTrend.params.parse({
        from: window.from,
        to: window.to,
        at: window.to,
        interval: "day",
        by: "platform",
        ...(tracker === UNTRACKED ? {} : { tracker: [tracker] }),
      }),
    ),
    ask(trackerExposures, {
      ...window,
      tracker: [tracker],
      ...(measure === undefined ? {} : { measure }),
    }),
  ]);
  const byIssue = new Map<string, (FixMention & { at: number })[]>([[issue, []]]);
  for (const row of rows.toReversed()) {
    const mentions = byIssue.get(row.issue_id) ?? [];
    byIssue.set(row.issue_id, mentions);
    mentions.push({
      id: row.id,
      at: Date.parse(row.published_at),
      voice: row.voice,
      channel: row.platform,
      ...(row.thread_id === "" ? {} : { thread: row.thread_id }),
      ...(row.copy_of === "" ? {} : { copyOf: row.copy_of }),
      ...(row.copy_by === "" ? {} : { copyBy: row.copy_by }),
      ...(row.version === "" ? {} : { version: row.version }),
    });
  }
  const isShort = (sizes.find(({ issue_id }) => issue_id === issue)?.mentions ?? 0) > MOST_MENTIONS;
  const oldest = rows.at(-1)?.published_at;
  // what was not read must not look like silence
  const heardSince = isShort && oldest !== undefined ? Date.parse(oldest) : from;
  const firsts = spans.map(({ first_at }) => Date.parse(first_at));
  const ofIssues = sizes[0]?.issues ?? 0;
  const counted = countedOf(exposed);
  return {
    from,
    to,
    since: Math.max(heardSince, firsts.length === 0 ? from : Math.min(...firsts)),
    byIssue,
    notHeard: notHeardOf(covered, spans, from, to),
    // people heard are what the judges count by themselves
    exposure: counted.measure === VOICES_MEASURE ? undefined : counted,
    counted,
    read: {
      mentions: rows.length,
      issues: chosen.length,
      ofIssues,
      isCut: isShort || ofIssues > chosen.length,
    },
  };
}

function chooseIssues(
  issue: string,
  sizes: readonly { readonly issue_id: string; readonly mentions: number }[],
): string[] {
  let left = MOST_MENTIONS - (sizes.find(({ issue_id }) => issue_id === issue)?.mentions ?? 0);
  const chosen = [issue];
  for (const { issue_id, mentions } of sizes) {
    if (chosen.length >= MOST_ISSUES) break;
    if (issue_id === issue || mentions > left) continue;
    left -= mentions;
    chosen.push(issue_id);
  }
  return chosen;
}

/** The time not heard: by the ledger, and where a platform has none from its last mention on, and before its first. */
function notHeardOf(
  covered: readonly {
    readonly bucket: string;
    readonly series: string;
    readonly heard_hours: number;
    readonly partial_hours: number;
    readonly expected_hours: number;
  }[],
  spans: readonly { readonly platform: string; readonly first_at: string; readonly last_at: string }[],
  from: number,
  to: number,
): NotHeard[] {
  const known = new Set(covered.map(({ series }) => series));
  const gaps = covered.flatMap((day): NotHeard[] => {
    const heard = (day.heard_hours + HEARD_OF_PARTIAL * day.partial_hours) / day.expected_hours;
    if (!(heard < 1)) return [];
    const start = Date.parse(day.bucket);
    return [{ from: Math.max(from, start), to: Math.min(to, start + DAY_MS), channel: day.series, heard }];
  });
  for (const { platform: channel, first_at, last_at } of spans) {
    if (known.has(channel)) continue;
    const [first, last] = [Date.parse(first_at), Date.parse(last_at) + 1];
    if (first > from) gaps.push({ from, to: first, channel });
    if (last < to) gaps.push({ from: last, to, channel });
  }
  return gaps;
}

function countedOf(
  rows: readonly { readonly measure: string; readonly day: string; readonly exposure: number }[],
): CountedExposure {
  const days = rows.map(({ day, exposure }) => ({ day: Date.parse(day), exposure }));
  return { measure: rows[0]?.measure ?? VOICES_MEASURE, days };
}

/** A time in ISO 8601 UTC. */
export function isoOf(at: number): string {
  return new Date(at).toISOString();
}
