import { formatCount, formatPeople } from "../format.ts";
import { ViewLink } from "../navigation.tsx";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import type { ProposalRow } from "./issue-rows.ts";
import { useAttempt } from "./use-attempt.ts";
import { useDoing } from "./use-act.ts";

const SHOWN = 20;

export interface ProposalsProps {
  readonly tracker: string;
  /** Only what concerns this issue. */
  readonly issueId?: string;
  readonly tick: number;
}

/** What the machine would merge or split but leaves to people. Nothing where it proposes nothing. */
export function Proposals({ tracker, issueId, tick }: ProposalsProps) {
  const { value } = useQuery<ProposalRow>(
    "issue_proposals",
    { tracker, issue: issueId === undefined ? undefined : [issueId], limit: SHOWN },
    tick,
  );
  const rows = value?.rows ?? [];
  const found = rows[0]?.found ?? 0;
  if (found === 0) return null;
  return (
    <details className="card proposals" open={issueId !== undefined}>
      <summary>
        <h2>
          {found === 1 ? "1 proposal" : `${formatCount(found)} proposals`}
          <span className="muted"> to merge or split, for somebody to decide</span>
        </h2>
      </summary>
      <ul>
        {rows.map((row) => (
          <Proposal key={row.event} row={row} issueId={issueId} />
        ))}
      </ul>
      <p className="muted">
        {found > rows.length && `${formatCount(found - rows.length)} more when these are decided.`}
        <ShowSqlButton title="Proposals" sql={value?.sql} reading="Each row is one proposal." />
      </p>
    </details>
  );
}

function Proposal({ row, issueId }: { readonly row: ProposalRow; readonly issueId: string | undefined }) {
  const { act } = useDoing();
  const { attempt, isBusy, error } = useAttempt();
  const isMerge = row.kind === "propose_merge";
  const name = (id: string, title: string, voices: number) => (
    <>
      {id === issueId ? (
        <b>
          <bdi>{title || id}</bdi>
        </b>
      ) : (
        <ViewLink to={{ issue: `${row.tracker}/${id}` }}>
          <bdi>{title || id}</bdi>
        </ViewLink>
      )}{" "}
      <span className="muted">({formatPeople(voices)})</span>
    </>
  );
  return (
    <li data-proposal={row.event}>
      <p>
        {name(row.issue_id, row.title, row.voices)}{" "}
        {isMerge ? (
          <>may be one with {name(row.into, row.into_title, row.into_voices)}</>
        ) : (
          "may be several issues: open it, choose mentions and split them off"
        )}
      </p>
      <div className="proposal-tools">
        {isMerge && (
          <button
            type="button"
            className="button"
            disabled={isBusy}
            title={`All of “${row.title}” goes to “${row.into_title}”, which keeps its name`}
            onClick={() => {
              attempt(() => act(row, { kind: "merge", into: row.into }, "Merged"));
            }}
          >
            Merge
          </button>
        )}
        <button
          type="button"
          className="button"
          disabled={isBusy}
          onClick={() => {
            attempt(() => act(row, { kind: "dismiss", event: row.event }, "Proposal turned down"));
          }}
        >
          {isMerge ? "Not the same" : "It is one"}
        </button>
      </div>
      {error !== "" && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
    </li>
  );
}
