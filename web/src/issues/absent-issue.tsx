import { ViewLink } from "../navigation.tsx";
import { useQuery } from "../use-query.ts";
import { IssueHistory } from "./issue-history.tsx";
import type { IssueEventRow } from "./issue-rows.ts";
import { payloadOf, textOf } from "./payload.ts";

export interface AbsentIssueProps {
  readonly tracker: string;
  readonly issueId: string;
  readonly now: number;
  readonly tick: number;
}

/** What became of an issue that is not listed: merged into another, just made, or without a mention left. */
export function AbsentIssue({ tracker, issueId, now, tick }: AbsentIssueProps) {
  const merged = useQuery<IssueEventRow>(
    "issue_events",
    { tracker, issue: [issueId], kind: "merge", standing: true, limit: 1 },
    tick,
  );
  const into = merged.value?.rows[0] ? textOf(payloadOf(merged.value.rows[0]), "into") : "";
  return (
    <div className="absent-issue">
      <div className="card no-matches">
        {into === "" ? (
          <>
            <h1>This issue is not listed</h1>
            <p className="muted">
              Either it was split off a moment ago and is not judged yet, which takes less than a minute and
              shows here by itself; or none of its mentions is stored any more.
            </p>
          </>
        ) : (
          <>
            <h1>This issue was merged into another</h1>
            <p className="muted">All that was said of it is there, and what is said like it goes there.</p>
          </>
        )}
        <div className="chips">
          {into !== "" && (
            <ViewLink className="button primary" to={{ issue: `${tracker}/${into}` }}>
              Open that issue
            </ViewLink>
          )}
          <ViewLink className="button" to={{ view: "issues" }}>
            All issues
          </ViewLink>
        </div>
      </div>
      <IssueHistory issue={{ tracker, issue_id: issueId }} now={now} tick={tick} />
    </div>
  );
}
