import { useState } from "react";
import type { Status } from "../query-rows.ts";
import { useQuery } from "../use-query.ts";
import { useTitle } from "../use-title.ts";
import type { ViewState } from "../view-state.ts";
import { trackerName } from "../wording.ts";
import { MergeForm } from "./actions/move-forms.tsx";
import { AbsentIssue } from "./absent-issue.tsx";
import { IssueCare } from "./issue-care.tsx";
import { IssueFigures } from "./issue-figures.tsx";
import { IssueHead } from "./issue-head.tsx";
import { IssueHistory } from "./issue-history.tsx";
import { IssueMentions } from "./issue-mentions.tsx";
import { IssueQuotes } from "./issue-quotes.tsx";
import type { IssueRow } from "./issue-rows.ts";
import { IssueTimeline } from "./issue-timeline.tsx";
import { titleOf } from "./issue-words.ts";
import { Proposals } from "./proposals.tsx";
import { useOwners } from "./use-owners.ts";
import { FixCard } from "./why/fix-card.tsx";
import { SheetCard } from "./why/sheet-card.tsx";
import { WhyPanel } from "./why/why-panel.tsx";

export interface IssuePageProps {
  readonly tracker: string;
  readonly issueId: string;
  readonly status: Status;
  /** When any source was last polled, ms since 1970; 0 when none ever was. */
  readonly polledAt: number;
  readonly tick: number;
  /** Grows with everything that is done. */
  readonly acted: number;
  /** Grows with everything that may change what the issue consists of. */
  readonly moved: number;
  /** The list to go back to. */
  readonly list: Partial<ViewState>;
}

/** Everything that is known of one issue, and what can be done with it. */
export function IssuePage({ tracker, issueId, status, polledAt, tick, acted, moved, list }: IssuePageProps) {
  const found = useQuery<IssueRow>("issues", { tracker, issue: [issueId], limit: 1 }, tick);
  const owners = useOwners(tracker, tick);
  const [isMerging, setIsMerging] = useState(false);
  const now = Date.parse(status.now);
  const issue = found.value?.rows[0];
  useTitle(issue ? titleOf(issue) : "Issue");
  if (!found.value && found.error) {
    return (
      <p className="card figure-note" role="alert">
        {found.error.message} This page asks again every half a minute.
      </p>
    );
  }
  if (!found.value) return <IssueSkeleton />;
  if (!issue) return <AbsentIssue {...{ tracker, issueId, now, tick }} />;
  return (
    <div className="issue-page">
      <IssueHead
        issue={issue}
        trackerName={trackerName(tracker, status.trackers)}
        list={list}
        now={now}
        onMerge={() => {
          setIsMerging(true);
        }}
      />
      <Proposals tracker={tracker} issueId={issueId} tick={tick} />
      <IssueFigures issue={issue} sql={found.value.sql} />
      <div className="issue-columns">
        <div className="issue-column">
          <IssueTimeline {...{ issue, polledAt, now, tick }} />
          <IssueQuotes issue={issue} tick={tick} />
          <WhyPanel issue={issue} moved={moved} />
          <SheetCard issue={issue} acted={acted} />
        </div>
        <aside className="issue-column">
          <IssueCare {...{ issue, owners, now, tick }} />
          <FixCard {...{ issue, now, tick, moved }} />
          <IssueHistory {...{ issue, now, tick }} />
        </aside>
      </div>
      <IssueMentions key={issueId} {...{ issue, now, tick }} />
      {isMerging && (
        <MergeForm
          issue={issue}
          onClose={() => {
            setIsMerging(false);
          }}
        />
      )}
    </div>
  );
}

function IssueSkeleton() {
  return (
    <div role="status" aria-label="Loading the issue" className="issue-page">
      <div className="skeleton issue-head-skeleton" />
      <div className="issue-figures">
        {[0, 1, 2, 3, 4, 5, 6, 7].map((index) => (
          <div key={index} className="card key-figure">
            <div className="skeleton key-skeleton" />
          </div>
        ))}
      </div>
      <div className="card figure">
        <div className="skeleton figure-skeleton" />
      </div>
    </div>
  );
}
