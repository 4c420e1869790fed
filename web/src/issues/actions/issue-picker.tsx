import { useState } from "react";
import { SearchBox } from "../../filters/search-box.tsx";
import { formatPeople } from "../../format.ts";
import { useQuery } from "../../use-query.ts";
import type { IssueRow } from "../issue-rows.ts";
import { titleOf } from "../issue-words.ts";
import type { IssueRef } from "../use-act.ts";
import { VerdictBadge } from "../verdict-badge.tsx";

const SHOWN = 8;

/** A choice of one other issue of the same tracker, by searching. The field `into` of the form holds its id. */
export function IssuePicker({ not, label }: { readonly not: IssueRef; readonly label: string }) {
  const [q, setQ] = useState("");
  const found = useQuery<IssueRow>("issues", { tracker: not.tracker, q, limit: SHOWN + 1 }, 0);
  const rows = (found.value?.rows ?? []).filter((row) => row.issue_id !== not.issue_id).slice(0, SHOWN);
  return (
    <fieldset className="field picker">
      <legend>{label}</legend>
      <SearchBox label="Search issues" placeholder="Search titles and terms" value={q} onSearch={setQ} />
      <div className="picker-list" aria-busy={found.isStale}>
        {found.error && <p role="alert">{found.error.message}</p>}
        {found.value && rows.length === 0 && <p className="muted">No other issue matches.</p>}
        {rows.map((row) => (
          <label key={row.issue_id} className="choice">
            <input type="radio" name="into" value={row.issue_id} />
            <span className="picker-title" dir="auto">
              {titleOf(row)}
            </span>
            <VerdictBadge verdict={row.verdict} />
            <span className="muted">{formatPeople(row.voices)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
