import { formatDay } from "../format.ts";
import { Icon } from "../icons.tsx";
import { DECISION_NAMES } from "../verdicts.ts";
import type { IssueRow } from "./issue-rows.ts";
import { isDue } from "./issue-words.ts";

/** What people made of an issue, in a word each, as items of a list. */
export function CareFacts({ issue, now }: { readonly issue: IssueRow; readonly now: number }) {
  const { decision, review_on: review, relook_on: relook } = issue;
  return (
    <>
      {issue.owner !== "" && (
        <li className="issue-owner">
          <Icon name="person" />
          <span className="sr-only">Owner: </span>
          {issue.owner}
        </li>
      )}
      {decision !== "" && (
        <li className={`decision decision-${decision}`} title={issue.decision_reason}>
          {DECISION_NAMES[decision]}
          {review !== null && <span className="muted">, review {formatDay(Date.parse(review))}</span>}
        </li>
      )}
      {issue.isolated_call === "holds" && (
        <li className="tag" title={issue.isolated_reason}>
          Called isolated
        </li>
      )}
      {issue.isolated_call === "overturned" && (
        <li className="tag tag-due" title={issue.isolated_reason}>
          Called isolated, but it came again
        </li>
      )}
      {isDue(relook, now) && (
        <li className="tag tag-due">
          <Icon name="clock" /> Look again now
        </li>
      )}
    </>
  );
}
