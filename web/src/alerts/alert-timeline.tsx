import { useMemo } from "react";
import type { ChartEvent } from "../charts/chart-events.ts";
import { TrendCard } from "../charts/trend-card.tsx";
import type { DateRange, Extent } from "../date-range.ts";
import { DAY, formatMoment, HOUR } from "../format.ts";
import type { IssueTrendRow } from "../issues/issue-rows.ts";
import { timelineSpec } from "../issues/timeline-spec.ts";
import type { ComplaintRow, CoverageRow } from "../query-rows.ts";
import { togetherWith, useQuery } from "../use-query.ts";
import { eventText } from "./alert-history.tsx";
import type { AlertEventRow, AlertRow } from "./alert-rows.ts";

export interface AlertTimelineProps {
  readonly alert: AlertRow;
  readonly events: readonly AlertEventRow[];
  readonly now: number;
  readonly tick: number;
}

/** Shown before and after an alert; of issues, which are counted by day, more. */
const AROUND = { hour: { before: 2 * DAY, after: DAY }, day: { before: 21 * DAY, after: 7 * DAY } } as const;

/** How much people complained around an alert, with what happened to it marked by letters. */
export function AlertTimeline({ alert, events, now, tick }: AlertTimelineProps) {
  const isIssue = alert.issue_id !== "";
  const interval = isIssue ? "day" : "hour";
  const step = isIssue ? DAY : HOUR;
  // to the bucket, so that a refresh asks for the same
  const range = useMemo<DateRange>(() => {
    const from = Math.floor((Date.parse(alert.started_at) - AROUND[interval].before) / step) * step;
    const end = Math.max(Date.parse(alert.resolved_at ?? alert.last_at), Date.parse(alert.last_at));
    const to = Math.ceil((Math.min(Math.max(end + AROUND[interval].after, from), now) + 1) / step) * step;
    return { name: "custom", from, to, before: null, interval, isLive: to >= now };
  }, [alert.started_at, alert.resolved_at, alert.last_at, interval, step, now]);
  const stretch = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const { tracker, issue_id: issue } = alert;
  const platform = alert.group_values["platform"] ?? "";
  const ofIssue = useQuery<IssueTrendRow>(
    "issue_trend",
    isIssue ? { tracker, issue: [issue], interval: "day", ...stretch } : undefined,
    tick,
  );
  const ofTracker = useQuery<ComplaintRow>(
    "complaint_trend",
    isIssue ? undefined : { tracker, platform, interval: "hour", ...stretch },
    tick,
  );
  const ledger = useQuery<CoverageRow>("coverage_trend", { tracker, interval, ...stretch }, tick);
  const marks = useMemo(() => marksOf(events), [events]);
  const rows = useMemo<readonly IssueTrendRow[]>(
    () =>
      isIssue
        ? (ofIssue.value?.rows ?? [])
        : (ofTracker.value?.rows ?? []).map(({ bucket, complaints, complainants }) => ({
            issue_id: "",
            bucket,
            voices: complainants,
            mentions: complaints,
            copies: 0,
          })),
    [isIssue, ofIssue.value, ofTracker.value],
  );
  const coverage = ledger.value?.rows ?? NO_ROWS;
  const spec = useMemo(() => {
    const extent: Extent = { first: range.from, last: range.to - 1, mentions: 1 };
    const { series, ...rest } = timelineSpec({ rows, coverage, range, extent }, marks);
    // complaints of a tracker are not told apart from what repeats them
    return { ...rest, series: isIssue ? series : series.filter(({ id }) => id !== "copies") };
  }, [rows, coverage, range, marks, isIssue]);
  return (
    <TrendCard
      title="Around that time"
      hint={
        isIssue
          ? "People and mentions of the issue per day, by when they wrote"
          : "People complaining, and their complaints, per hour, by when they wrote"
      }
      loaded={isIssue ? togetherWith(ofIssue, ledger) : togetherWith(ofTracker, ledger)}
      spec={spec}
      nothing="Nothing was said around that time."
    >
      {marks.length > 0 && (
        <div className="change-list">
          <ol>
            {marks.map(({ letter, label, at }) => (
              <li key={letter}>
                <span className="event-letter">{letter}</span>
                <span className="muted">{formatMoment(at)}</span>
                <span>{label}</span>
              </li>
            ))}
          </ol>
        </div>
      )}
    </TrendCard>
  );
}

const NO_ROWS: readonly never[] = [];
/** More letters than these there are not. */
const MOST_MARKS = 26;
const MARKED: ReadonlySet<AlertEventRow["kind"]> = new Set([
  "fired",
  "escalated",
  "acknowledge",
  "resolved",
  "reopened",
]);

/** What happened, in the order of time, the latest 26, each with a letter. */
function marksOf(events: readonly AlertEventRow[]): readonly ChartEvent[] {
  return events
    .filter(({ kind }) => MARKED.has(kind))
    .map((event) => ({ label: eventText(event), at: Date.parse(event.at) }))
    .sort((a, b) => a.at - b.at)
    .slice(-MOST_MARKS)
    .map((event, index) => ({ ...event, letter: String.fromCharCode(65 + index) }));
}
