import { useMemo, useState } from "react";
import { formatCount } from "../format.ts";
import type { CoverageRow, Status } from "../query-rows.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { useTitle } from "../use-title.ts";
import type { ChangeView, ViewState } from "../view-state.ts";
import { trackerName } from "../wording.ts";
import { IssueFilters } from "./issue-filters.tsx";
import { IssueItem } from "./issue-item.tsx";
import type { IssueRow, IssueTrendRow } from "./issue-rows.ts";
import { voicesByIssue, weeksUpTo, type WeekSpan } from "./issue-weeks.ts";
import { NoIssues } from "./no-issues.tsx";
import { Proposals } from "./proposals.tsx";
import { SingleList } from "./single-list.tsx";
import { useOwners } from "./use-owners.ts";
import { VerdictTabs } from "./verdict-tabs.tsx";

/** Issues shown at first, and added by each press of the button below them. */
const PAGE = 50;
/** The API gives no more at a time. */
const MOST = 1_000;

export interface IssueListProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly status: Status;
  /** When any source was last polled, ms since 1970; 0 when none ever was. */
  readonly polledAt: number;
  readonly tick: number;
}

/** All issues, the most important first, narrowed as the view says. */
export function IssueList({ view, change, status, polledAt, tick }: IssueListProps) {
  useTitle("Issues");
  const { tracker, flag, owner, decision, q, verdict } = view;
  const order = view.order || (verdict === "single" ? "relook" : "importance");
  const narrowing = { tracker, flag, owner, decision, q };
  const key = JSON.stringify([narrowing, verdict, order]);
  const [shown, setShown] = useState({ key, limit: PAGE });
  const limit = shown.key === key ? shown.limit : PAGE;
  const list = useQuery<IssueRow>("issues", { ...narrowing, verdict, order, limit }, tick);
  const owners = useOwners(tracker, tick);
  const rows = list.value?.rows ?? [];
  const found = rows[0]?.found ?? 0;
  return (
    <section className="issues" aria-labelledby="issues-title" aria-busy={list.isStale}>
      <header className="mentions-head">
        <h1 id="issues-title">Issues</h1>
        <ShowSqlButton
          title="Issues"
          sql={list.value?.sql}
          reading="Each row is one issue of the list: voices are its people, beside mentions and channels."
        />
        <span className="muted">What people complain of and ask for, each counted in people</span>
      </header>
      <VerdictTabs chosen={verdict} change={change} params={narrowing} tick={tick} />
      <IssueFilters view={view} change={change} order={order} owners={owners} />
      <Proposals tracker={tracker} tick={tick} />
      {!list.value && !list.error && <ListSkeleton />}
      {list.error && (
        <p className="card figure-note" role="alert">
          {list.error.message} This page asks again every half a minute.
        </p>
      )}
      {list.value && !list.isStale && rows.length === 0 && <NoIssues view={view} change={change} />}
      <Rows
        {...{ tracker, owner, rows, status, polledAt, tick, owners, isSingle: verdict === "single" }}
        isStale={list.isStale}
      />
      {rows.length === MOST && found > MOST && (
        <p className="muted figure-note">
          The first {formatCount(MOST)} of {formatCount(found)}. Search or narrow the list to see others.
        </p>
      )}
      {rows.length < Math.min(found, MOST) && (
        <button
          type="button"
          className="button load-more"
          disabled={list.isStale}
          onClick={() => {
            setShown({ key, limit: Math.min(MOST, limit + PAGE) });
          }}
        >
          {list.isStale ? "Loading…" : `Load more of ${formatCount(found)}`}
        </button>
      )}
    </section>
  );
}

interface RowsProps extends Pick<IssueListProps, "status" | "polledAt" | "tick"> {
  readonly tracker: string;
  readonly owner: string;
  readonly rows: readonly IssueRow[];
  readonly owners: readonly string[];
  readonly isSingle: boolean;
  readonly isStale: boolean;
}

function Rows({ tracker, owner, rows, status, polledAt, tick, owners, isSingle, isStale }: RowsProps) {
  const now = Date.parse(status.now);
  const newest = Math.max(
    polledAt,
    ...rows.map((row) => (row.last_at === null ? 0 : Date.parse(row.last_at))),
  );
  const span = useMemo(() => weeksUpTo(newest, now), [newest, now]);
  const trackers = new Set(rows.map((row) => row.tracker));
  const nameOf = (id: string): string => (trackers.size < 2 ? "" : trackerName(id, status.trackers));
  if (rows.length === 0) return null;
  return (
    <div className={isStale ? "is-stale" : undefined}>
      {isSingle && <SingleList {...{ rows, tracker, owner, nameOf, owners, now, tick }} />}
      {!isSingle &&
        inPages(rows).map((page, index) => (
          <Page key={index} rows={page} nameOf={nameOf} {...{ span, now, tick }} />
        ))}
    </div>
  );
}

/** Some of the rows with their bars, which are asked for together. */
function Page(props: {
  readonly rows: readonly IssueRow[];
  readonly nameOf: (tracker: string) => string;
  readonly span: WeekSpan;
  readonly now: number;
  readonly tick: number;
}) {
  const { rows, nameOf, span, now, tick } = props;
  const trend = useQuery<IssueTrendRow>(
    "issue_trend",
    { issue: rows.map((row) => row.issue_id), interval: "week", from: span.from, to: span.to },
    tick,
  );
  const tracker = [...new Set(rows.map((row) => row.tracker))];
  const ledger = useQuery<CoverageRow>(
    "coverage_trend",
    { tracker, interval: "week", from: span.from, to: span.to },
    tick,
  );
  const isKnown = trend.value !== undefined && (ledger.value ?? ledger.error) !== undefined;
  const voices = useMemo(
    () => voicesByIssue(span, trend.value?.rows ?? [], ledger.value?.rows ?? []),
    [span, trend.value, ledger.value],
  );
  return (
    <>
      <p className="muted trend-head">
        People per week
        <ShowSqlButton
          title="People per week"
          sql={trend.value?.sql}
          reading="Each row is one issue and week; voices are its people, as tall as a bar."
        />
      </p>
      <ul className="card issue-list">
        {rows.map((issue) => (
          <IssueItem
            key={issue.issue_id}
            issue={issue}
            trackerName={nameOf(issue.tracker)}
            weeks={span.weeks}
            voices={isKnown ? voices(issue.issue_id) : undefined}
            now={now}
          />
        ))}
      </ul>
    </>
  );
}

function inPages(rows: readonly IssueRow[]): (readonly IssueRow[])[] {
  const pages: (readonly IssueRow[])[] = [];
  for (let at = 0; at < rows.length; at += PAGE) pages.push(rows.slice(at, at + PAGE));
  return pages;
}

function ListSkeleton() {
  return (
    <div className="card issue-list" role="status" aria-label="Loading issues">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <div key={index} className="issue-item">
          <div className="skeleton issue-skeleton" />
        </div>
      ))}
    </div>
  );
}
