import { useState } from "react";
import { formatCount, formatMany } from "../format.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { SplitForm } from "./actions/small-forms.tsx";
import { MoveForm } from "./actions/move-forms.tsx";
import { IssueMention } from "./issue-mention.tsx";
import type { IssueMentionRow, IssueRow } from "./issue-rows.ts";

const PAGE = 20;
/** The API gives no more at a time. */
const MOST = 1_000;

export interface IssueMentionsProps {
  readonly issue: IssueRow;
  readonly now: number;
  readonly tick: number;
}

/** Everything that was said of an issue, newest first, to be put elsewhere where it does not belong. */
export function IssueMentions({ issue, now, tick }: IssueMentionsProps) {
  const { tracker, issue_id } = issue;
  const [limit, setLimit] = useState(PAGE);
  const [hasCopies, setHasCopies] = useState(false);
  const list = useQuery<IssueMentionRow>(
    "issue_mentions",
    { tracker, issue: issue_id, copies: hasCopies, limit: limit + 1 },
    tick,
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [form, setForm] = useState<IssueMentionRow | "split">();
  const rows = list.value?.rows ?? [];
  const close = (): void => {
    setForm(undefined);
  };
  const choose = (id: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <section className="issue-mentions" aria-label="Mentions" aria-busy={list.isStale}>
      <header className="mentions-head">
        <h2>Mentions</h2>
        <ShowSqlButton
          title="Mentions"
          sql={list.value?.sql}
          reading="Each row is one mention, newest first."
        />
        <label className="check">
          <input
            type="checkbox"
            checked={hasCopies}
            onChange={(event) => {
              setHasCopies(event.target.checked);
            }}
          />
          Also what only repeats others
        </label>
      </header>
      {chosen.size > 0 && (
        <div className="chosen-bar" role="status">
          <b>{formatMany(chosen.size, "mention")} chosen</b>
          <button
            type="button"
            className="button"
            onClick={() => {
              setForm("split");
            }}
          >
            Split off…
          </button>
          <button
            type="button"
            className="link-button"
            onClick={() => {
              setChosen(new Set());
            }}
          >
            Choose none
          </button>
        </div>
      )}
      {!list.value && !list.error && (
        <div className="skeleton mention-skeleton" role="status" aria-label="Loading mentions" />
      )}
      {list.error && (
        <p className="card figure-note" role="alert">
          {list.error.message} This page asks again every half a minute.
        </p>
      )}
      {list.value && rows.length === 0 && (
        <p className="card figure-note">
          {hasCopies
            ? "None of its mentions is stored any more."
            : "Everything said here only repeats others."}
        </p>
      )}
      <div className={`mention-grid${list.isStale && list.value ? " is-stale" : ""}`}>
        {rows.slice(0, limit).map((mention) => (
          <IssueMention
            key={mention.id}
            mention={mention}
            now={now}
            isChosen={chosen.has(mention.id)}
            onChoose={choose}
            onMove={setForm}
          />
        ))}
      </div>
      {rows.length > limit && limit < MOST - 1 && (
        <button
          type="button"
          className="button load-more"
          disabled={list.isStale}
          onClick={() => {
            setLimit(Math.min(MOST - 1, limit + 2 * PAGE));
          }}
        >
          {list.isStale ? "Loading…" : `Load more of ${formatCount(issue.mentions)}`}
        </button>
      )}
      {form === "split" && (
        <SplitForm
          issue={issue}
          mentions={[...chosen]}
          onClose={close}
          onDone={() => {
            setChosen(new Set());
          }}
        />
      )}
      {form !== undefined && form !== "split" && <MoveForm issue={issue} mention={form} onClose={close} />}
    </section>
  );
}
