import { formatAgo, formatDay, formatMoment } from "../format.ts";
import { ViewLink } from "../navigation.tsx";
import { CareFacts } from "./care-facts.tsx";
import { Counts } from "./counts.tsx";
import { reasonOf, titleOf } from "./issue-words.ts";
import type { IssueRow } from "./issue-rows.ts";
import { Sparkline } from "./sparkline.tsx";
import { FlagList, VerdictBadge } from "./verdict-badge.tsx";

export interface IssueItemProps {
  readonly issue: IssueRow;
  /** Empty where all are of one tracker. */
  readonly trackerName: string;
  readonly weeks: readonly number[];
  /** People in each of the weeks; undefined while they are asked for. */
  readonly voices: readonly (number | null)[] | undefined;
  readonly now: number;
}

/** One issue of the list: what it is, its verdict and why, who was heard, and what was decided. */
export function IssueItem({ issue, trackerName, weeks, voices, now }: IssueItemProps) {
  return (
    <li className={`issue-item is-${issue.verdict || "unjudged"}`} data-issue={issue.issue_id}>
      <div className="issue-main">
        <div className="issue-title">
          <VerdictBadge verdict={issue.verdict} />
          <h2 dir="auto">
            <ViewLink to={{ issue: `${issue.tracker}/${issue.issue_id}` }}>{titleOf(issue)}</ViewLink>
          </h2>
          <FlagList flags={issue.flags} />
        </div>
        <p className="issue-reason">{reasonOf(issue)}</p>
        <IssueFacts issue={issue} trackerName={trackerName} now={now} />
      </div>
      <div className="issue-trend">{voices && <Sparkline weeks={weeks} voices={voices} />}</div>
      <Counts {...issue} />
    </li>
  );
}

function IssueFacts({ issue, trackerName, now }: Pick<IssueItemProps, "issue" | "trackerName" | "now">) {
  const { first_at: first, last_at: last } = issue;
  return (
    <ul className="issue-facts">
      {trackerName !== "" && <li className="tag">{trackerName}</li>}
      {first !== null && <li>since {formatDay(Date.parse(first))}</li>}
      {last !== null && (
        <li title={formatMoment(Date.parse(last))}>last heard {formatAgo(Date.parse(last), now)}</li>
      )}
      <CareFacts issue={issue} now={now} />
    </ul>
  );
}
