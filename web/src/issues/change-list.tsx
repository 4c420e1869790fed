import { formatDay, formatDays, DAY } from "../format.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { sentenceCase } from "../wording.ts";
import type { ChangeRow } from "./issue-rows.ts";
import type { MarkedChange } from "./timeline-spec.ts";

export interface ChangeListProps {
  readonly changes: readonly MarkedChange[];
  readonly issueId: string;
  readonly sql: string | undefined;
}

/** What we did meanwhile, by the letters of the chart. */
export function ChangeList({ changes, issueId, sql }: ChangeListProps) {
  return (
    <div className="change-list">
      <h3>
        What we did meanwhile
        <ShowSqlButton title="What we did meanwhile" sql={sql} reading="Each row is one change." />
      </h3>
      <ol>
        {changes.map(({ letter, change }) => (
          <li key={change.id}>
            <span className="event-letter">{letter}</span>
            <span className="muted">{whenOf(change)}</span>
            <span>
              {sentenceCase(change.kind)}: <bdi>{change.title}</bdi>
              {change.fixes.includes(issueId) && <b className="tag">meant to fix this</b>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function whenOf({ at, ends_at: end }: ChangeRow): string {
  const from = Date.parse(at);
  return end === null || Date.parse(end) - from < DAY ? formatDay(from) : formatDays(from, Date.parse(end));
}
