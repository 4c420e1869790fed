import { formatCount, formatMany, formatShare } from "../format.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import type { DueRow, IssueMentionRow, IssueRow, RegretRow } from "./issue-rows.ts";
import { SingleItem } from "./single-item.tsx";

/** Quotes asked for at a time: ids can be long, and addresses have a limit. */
const QUOTES = 20;

export interface SingleListProps {
  readonly rows: readonly IssueRow[];
  readonly tracker: string;
  readonly owner: string;
  readonly nameOf: (tracker: string) => string;
  readonly owners: readonly string[];
  readonly now: number;
  readonly tick: number;
}

/** Single voices, those that are due first: none of them is forgotten. */
export function SingleList({ rows, tracker, owner, nameOf, owners, now, tick }: SingleListProps) {
  const parts = Array.from({ length: Math.ceil(rows.length / QUOTES) }, (_, index) =>
    rows.slice(index * QUOTES, (index + 1) * QUOTES),
  );
  return (
    <>
      <Due {...{ tracker, owner, tick }} />
      <Regret tracker={tracker} tick={tick} />
      <ul className="card issue-list">
        {parts.map((part, index) => (
          <Part key={index} rows={part} {...{ nameOf, owners, now }} />
        ))}
      </ul>
    </>
  );
}

function Part({ rows, nameOf, owners, now }: Pick<SingleListProps, "rows" | "nameOf" | "owners" | "now">) {
  const ids = rows.map((row) => row.quotes[0] ?? row.newest_id).filter((id) => id !== "");
  const quotes = useQuery<IssueMentionRow>(
    "issue_mentions",
    ids.length === 0 ? undefined : { mention: ids, limit: QUOTES * 5 },
    0,
  );
  return rows.map((issue) => (
    <SingleItem
      key={issue.issue_id}
      issue={issue}
      said={quotes.value?.rows.find(({ id }) => id === (issue.quotes[0] ?? issue.newest_id))}
      trackerName={nameOf(issue.tracker)}
      owners={owners}
      now={now}
    />
  ));
}

/** How many wait for somebody. */
function Due({ tracker, owner, tick }: Pick<SingleListProps, "tracker" | "owner" | "tick">) {
  const { value } = useQuery<DueRow>("single_voices", { tracker, owner, limit: 1 }, tick);
  const row = value?.rows[0];
  if (row === undefined || row.found_due === 0) return null;
  return (
    <p className="due-note">
      <b>{formatCount(row.found_due)}</b> of {formatCount(row.found)} are to be looked at again now. Read
      each, then say that it was seen, give it to somebody, or open it and put it where it belongs.
      <ShowSqlButton title="Due" sql={value?.sql} reading="Every row has it: found_due of found." />
    </p>
  );
}

/** What it would have cost to discount a single voice. */
function Regret({ tracker, tick }: Pick<SingleListProps, "tracker" | "tick">) {
  const { value } = useQuery<RegretRow>("voice_regret", { tracker }, tick);
  const rows = value?.rows ?? [];
  const recurring = rows.reduce((sum, row) => sum + row.recurring, 0);
  const were = rows.reduce((sum, row) => sum + row.were_single, 0);
  if (were === 0) return null;
  const [only] = rows;
  const days = rows.length === 1 ? only?.median_days : undefined;
  return (
    <p className="muted regret">
      Of {formatMany(recurring, "issue")} that came to recur, {formatCount(were)} (
      {formatShare(were / recurring)}) stood here or on watch first
      {days !== null &&
        days !== undefined &&
        `, half of them for ${formatMany(Math.max(1, Math.round(days)), "day")} or more`}
      .
      <ShowSqlButton
        title="The price of discounting a first voice"
        sql={value?.sql}
        reading="Each row is one tracker; were_single of recurring."
      />
    </p>
  );
}
