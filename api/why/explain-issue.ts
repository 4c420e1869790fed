import { findTerms } from "../../processors/find-drivers/find-terms.ts";
import { findDrivers, type Driver } from "../../processors/find-drivers/index.ts";
import { dailyReports } from "../../processors/find-onset/daily-reports.ts";
import { findOnset, type LevelChange } from "../../processors/find-onset/index.ts";
import { poissonInterval } from "../../processors/judge-recurrence/distributions.ts";
import { exposureClock, type IssueClock } from "../../processors/judge-recurrence/exposure-clock.ts";
import {
  independentReports,
  type IndependentReport,
} from "../../processors/judge-recurrence/independent-reports.ts";
import { findCoMoving } from "../../processors/match-changes/find-co-moving.ts";
import { measureImpact } from "../../processors/match-changes/measure-impact.ts";
import { changes } from "../../queries/changes.ts";
import { rememberingAsk, type Ask } from "./asking.ts";
import { causesOf } from "./find-causes.ts";
import type { ExposurePart, IssueExplanation, RatePart, ShownLevelChange } from "./explanation.ts";
import { findIssue, issuesById, type IssueRow } from "./find-issue.ts";
import { readContrast } from "./read-contrast.ts";
import { isoOf, readPast, type TrackerPast } from "./read-past.ts";
import { words } from "./wording.ts";

const DAY_MS = 86_400_000;

/** An issue is looked at over so long, and for so long after its last mention: that it stopped is worth knowing. */
const READ_DAYS = 365;
const DAYS_AFTER = 56;
const MOST_TERMS = 20;
/** Of fewer reports nothing is found that moves with it. */
const FEWEST_CO_MOVING = 10;
const RATE_DAYS = 28;

export interface ExplainSetting {
  readonly ask: Ask;
  /** Of any tracker where undefined. */
  readonly tracker?: string;
  readonly issue: string;
  readonly asOf: Date;
  /** The imported exposure to take where there are several; by default the one of the most days. */
  readonly exposureMeasure?: string | undefined;
}

const COUNTED_FROM = {
  onset: ["dated_issue_mentions", "coverage_trend", "platform_spans", "tracker_exposures"],
  drivers: ["contrasted_mentions"],
  terms: ["contrasted_mentions"],
  impact: ["contrasted_mentions"],
  co_moving: ["dated_issue_mentions", "coverage_trend", "platform_spans", "tracker_exposures"],
  causes: ["changes", "dated_issue_mentions", "contrasted_mentions"],
  rate: ["dated_issue_mentions", "tracker_exposures"],
  heard_share: ["coverage_trend", "platform_spans"],
} as const;

/**
 * Tells when an issue began or rose, what is over-represented in it, which words set it apart, what moves with it, which
 * changes came just before and what it costs in rating points, each with how sure it is and the SQL it was counted from. By
 * event time; what was not heard is left out of every figure. Over-represented or just before is a place to look, no proof.
 * @throws {EarshotError} not_found, sink_unavailable
 * @see docs/why.md
 */
export async function explainIssue(setting: ExplainSetting): Promise<IssueExplanation> {
  const { ask, statements } = rememberingAsk(setting.ask);
  const row = await findIssue({ ...setting, ask });
  const { tracker, issue_id: issue } = row;
  const asOf = setting.asOf.getTime();
  const last = row.last_at === null ? asOf : Date.parse(row.last_at);
  const to = Math.min(asOf, last + DAYS_AFTER * DAY_MS);
  const [past, contrast, known] = await Promise.all([
    readPast({ ask, tracker, issue, from: to - READ_DAYS * DAY_MS, to, measure: setting.exposureMeasure }),
    readContrast({ ask, row, from: to - READ_DAYS * DAY_MS, to }),
    ask(changes, changes.params.parse({ tracker: [tracker], to: isoOf(to), limit: 10_000 })),
  ]);
  const { own, others } = seriesOf(past, issue);
  const span = { since: past.since, asOf: to };
  const judged = findOnset({ ...own, ...span });
  const { drivers, tested, refused } = findDrivers(contrast.driven);
  const coMoving = findCoMoving(
    dailyReports({ ...own, ...span }),
    others
      .filter(({ reports }) => reports.length >= FEWEST_CO_MOVING)
      .map((other) => ({ issue: other.issue, daily: dailyReports({ ...other, ...span }) })),
  );
  const named = await issuesById(
    ask,
    tracker,
    coMoving.map((other) => other.issue),
  );
  return {
    tracker,
    issue,
    title: row.title,
    verdict: row.verdict,
    reason: row.reason,
    asOf: isoOf(asOf),
    window: { from: isoOf(past.from), to: isoOf(to) },
    onset: {
      onset: judged.onset === undefined ? null : shown(judged.onset),
      changes: judged.changes.map(shown),
      dispersion: judged.dispersion,
      heardDays: judged.heardDays,
      reason: judged.reason,
    },
    exposure: exposureOf(past),
    drivers: {
      drivers: drivers.map((driver) => ({ ...driver, sentence: driverSentence(driver) })),
      tested,
      // of a tracker's own mentions everyone is of the tracker
      refused: refused.filter(({ dimension, value }) => dimension !== "tracker" || value !== tracker),
      read: contrast.read,
    },
    terms: findTerms(contrast.issueTexts, contrast.otherTexts, MOST_TERMS).map((term) => ({
      term: term.shown,
      people: term.issue,
      others: term.others,
      logOdds: term.logOdds,
      z: term.z,
    })),
    coMoving: coMoving.map((other) => ({ ...other, title: named.get(other.issue)?.title ?? "" })),
    causes: causesOf({
      issue,
      known,
      judged,
      drivers,
      others: others.map((other) => ({ issue: other.issue, judged: findOnset({ ...other, ...span }) })),
      asOf: to,
    }),
    impact: measureImpact(contrast.rated),
    rate: rateOf(own, past),
    heardShare: heardShareOf(row, past, own),
    read: past.read,
    countedFrom: COUNTED_FROM,
    statements,
  };
}

/** Independent reports of an issue beside the clock of its tracker. */
interface IssueSeries {
  readonly issue: string;
  readonly reports: readonly IndependentReport[];
  readonly clock: IssueClock;
}

function seriesOf(
  past: TrackerPast,
  issue: string,
): { readonly own: IssueSeries; readonly others: readonly IssueSeries[] } {
  const reportsOf = (of: string) => independentReports(past.byIssue.get(of) ?? []).reports;
  const own = { issue, reports: reportsOf(issue) };
  const others = [...past.byIssue.keys()]
    .filter((other) => other !== issue)
    .map((other) => ({ issue: other, reports: reportsOf(other) }));
  const clocks = exposureClock({
    issues: [own, ...others].map(({ reports }) => reports),
    asOf: past.to,
    exposures: past.exposure?.days,
    notHeard: past.notHeard,
  });
  const withClock = <S extends typeof own>(series: S) => ({ ...series, clock: clocks.of(series.reports) });
  return { own: withClock(own), others: others.map(withClock) };
}

function exposureOf({ exposure }: TrackerPast): ExposurePart {
  if (exposure !== undefined) {
    const what = words(exposure.measure);
    return {
      measure: exposure.measure,
      sentence: `a day of mean exposure is one with as many ${what} as usual`,
    };
  }
  return {
    measure: null,
    sentence:
      "nothing is imported of how much could have complained, so the tracker's other issues stand for it: where one of them " +
      "surges, this one seems to fall, and to rise when that is over; `earshot exposures import` takes orders or users",
  };
}

/** Independent reports of the last four weeks per what could have complained in them. */
function rateOf({ reports, clock }: IssueSeries, { exposure, counted, to }: TrackerPast): RatePart | null {
  const from = to - RATE_DAYS * DAY_MS;
  const recent = reports.filter(({ at }) => at >= from && at < to).length;
  const exposed =
    exposure === undefined
      ? counted.days.filter(({ day }) => day >= from).reduce((sum, each) => sum + each.exposure, 0)
      : clock.exposure(from, to);
  if (exposed <= 0) return null;
  const [low, high] = poissonInterval(recent);
  const per = (count: number) => (1_000 * count) / exposed;
  return {
    days: RATE_DAYS,
    reports: recent,
    exposure: exposed,
    measure: counted.measure,
    perThousand: per(recent),
    low: per(low),
    high: per(high),
  };
}

function heardShareOf(row: IssueRow, past: TrackerPast, own: IssueSeries): number | null {
  if (row.first_at === null) return null;
  const from = Math.max(past.since, Date.parse(row.first_at));
  const days = (past.to - from) / DAY_MS;
  return days <= 0 ? null : Math.min(1, own.clock.heardDays(from, past.to) / days);
}

function shown(change: LevelChange): ShownLevelChange {
  return { ...change, at: isoOf(change.at), from: isoOf(change.from), to: isoOf(change.to) };
}

function driverSentence(driver: Driver): string {
  const { dimension, value, issueWith, issueWithout, othersWith, othersWithout, lift, low, high, q } = driver;
  const explained =
    driver.explainedBy === undefined
      ? ""
      : `; explained by ${driver.explainedBy.dimension} ${driver.explainedBy.value}`;
  return (
    `${dimension} ${value}: ${issueWith} of ${issueWith + issueWithout} people of the issue, ` +
    `${othersWith} of ${othersWith + othersWithout} others; ` +
    `${lift.toFixed(1)} times as common (95 %: ${low.toFixed(1)}–${high.toFixed(1)}), q ${q < 0.001 ? "< 0.001" : q.toFixed(3)}${explained}`
  );
}
