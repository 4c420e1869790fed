import { formatAgo, formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { EventWords } from "./event-words.tsx";
import type { IssueEventRow, IssueRow } from "./issue-rows.ts";
import { payloadOf, textOf } from "./payload.ts";
import { useAttempt } from "./use-attempt.ts";
import { useDoing } from "./use-act.ts";

export interface IssueHistoryProps {
  readonly issue: Pick<IssueRow, "tracker" | "issue_id">;
  readonly now: number;
  readonly tick: number;
}

/** What people did with an issue, latest first. Whatever stands can be undone. */
export function IssueHistory({ issue, now, tick }: IssueHistoryProps) {
  const { tracker, issue_id } = issue;
  const own = useQuery<IssueEventRow>("issue_events", { tracker, issue: [issue_id], limit: 200 }, tick);
  const moves = useQuery<IssueEventRow>(
    "issue_events",
    { tracker, kind: ["merge", "split", "move"], limit: 1_000 },
    tick,
  );
  const undone = new Map((own.value?.rows ?? []).map((row) => [row.undoes, row]));
  const events = [
    ...(own.value?.rows ?? []).filter(({ kind }) => kind !== "undo" && !kind.startsWith("propose")),
    ...(moves.value?.rows ?? []).filter(
      (row) => row.issue_id !== issue_id && row.is_standing && leadsTo(row, issue_id),
    ),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section className="card issue-history" aria-labelledby="history-title">
      <header className="card-head">
        <h2 id="history-title">History</h2>
        <ShowSqlButton title="History" sql={own.value?.sql} reading="Each row is one thing somebody did." />
      </header>
      {own.error && !own.value && <p className="muted">{own.error.message}</p>}
      {own.value && events.length === 0 && (
        <p className="muted">Nobody has done anything with it yet. What is done here can be undone here.</p>
      )}
      <ol>
        {events.map((event) => (
          <HistoryItem
            key={event.id}
            event={event}
            undoneBy={undone.get(event.id)}
            {...{ issueId: issue_id, now }}
          />
        ))}
      </ol>
    </section>
  );
}

function HistoryItem(props: {
  readonly event: IssueEventRow;
  readonly undoneBy: IssueEventRow | undefined;
  readonly issueId: string;
  readonly now: number;
}) {
  const { event, undoneBy, issueId, now } = props;
  const { act } = useDoing();
  const { attempt, isBusy, error } = useAttempt();
  const undo = (): void => {
    attempt(() => act(event, { kind: "undo", event: event.id }, "Undone"));
  };
  const at = Date.parse(event.at);
  return (
    <li className={event.is_standing ? undefined : "is-undone"} data-event={event.kind}>
      <div className="history-words">
        <EventWords event={event} issueId={issueId} />
      </div>
      {event.is_standing && (
        <button type="button" className="link-button undo-button" disabled={isBusy} onClick={undo}>
          <Icon name="undo" /> {isBusy ? "Undoing…" : "Undo"}
        </button>
      )}
      <p className="muted">
        {event.by || "The machine"}, <time title={formatMoment(at)}>{formatAgo(at, now)}</time>
        {undoneBy && (
          <>
            {" "}
            · undone by {undoneBy.by || "the machine"}, {formatAgo(Date.parse(undoneBy.at), now)}
          </>
        )}
        {event.note !== "" && <>: “{event.note}”</>}
      </p>
      {error !== "" && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
    </li>
  );
}

/** Whether what was done with another issue brought something into this one. */
function leadsTo(event: IssueEventRow, issueId: string): boolean {
  const payload = payloadOf(event);
  return textOf(payload, "into") === issueId || textOf(payload, "newIssue") === issueId;
}
