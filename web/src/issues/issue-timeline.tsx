import { useMemo, useState } from "react";
import { Segments } from "../charts/figure-card.tsx";
import { TrendCard } from "../charts/trend-card.tsx";
import type { Extent } from "../date-range.ts";
import { HOUR } from "../format.ts";
import type { CoverageRow } from "../query-rows.ts";
import { togetherWith, useQuery } from "../use-query.ts";
import { ChangeList } from "./change-list.tsx";
import type { ChangeRow, IssueRow, IssueTrendRow } from "./issue-rows.ts";
import { eventsOf, timelineRange, timelineSpec, type TimelineInterval } from "./timeline-spec.ts";

export interface IssueTimelineProps {
  readonly issue: IssueRow;
  /** When any source was last polled, ms since 1970; 0 when none ever was. */
  readonly polledAt: number;
  readonly now: number;
  readonly tick: number;
}

/** How an issue went: people and mentions over time, what was not heard, and what we did meanwhile. */
export function IssueTimeline({ issue, polledAt, now, tick }: IssueTimelineProps) {
  const [asked, setAsked] = useState<TimelineInterval>();
  // to the hour, so that a refresh asks for the same
  const hour = Math.ceil(now / HOUR) * HOUR;
  const range = useMemo(
    () => timelineRange(issue, Math.max(polledAt, Date.parse(issue.last_at ?? "") || 0), hour, asked),
    [issue, polledAt, hour, asked],
  );
  const { tracker, issue_id } = issue;
  const stretch = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const interval = range.interval === "week" ? "week" : "day";
  const trend = useQuery<IssueTrendRow>(
    "issue_trend",
    { tracker, issue: [issue_id], interval, ...stretch },
    tick,
  );
  const at = new Date(Math.floor(now / HOUR) * HOUR).toISOString();
  const ledger = useQuery<CoverageRow>("coverage_trend", { tracker, interval, ...stretch, at }, tick);
  const changes = useQuery<ChangeRow>("changes", { tracker, ...stretch }, tick);
  const rows = trend.value?.rows ?? NO_ROWS;
  const coverage = ledger.value?.rows ?? NO_ROWS;
  const events = useMemo(() => eventsOf(changes.value?.rows ?? NO_ROWS), [changes.value]);
  const spec = useMemo(() => {
    const extent: Extent = { first: range.from, last: range.to - 1, mentions: issue.mentions };
    return timelineSpec({ rows, coverage, range, extent }, events);
  }, [rows, coverage, range, issue.mentions, events]);
  return (
    <TrendCard
      title="Timeline"
      hint={`People and mentions per ${interval}, by when they wrote`}
      loaded={togetherWith(trend, ledger)}
      spec={spec}
      nothing="None of its mentions has a time."
      tools={
        <Segments
          label="Interval"
          options={[
            { value: "day", label: "Day" },
            { value: "week", label: "Week" },
          ]}
          chosen={interval}
          onChoose={setAsked}
        />
      }
    >
      {events.length > 0 && <ChangeList changes={events} issueId={issue_id} sql={changes.value?.sql} />}
    </TrendCard>
  );
}

const NO_ROWS: readonly never[] = [];
