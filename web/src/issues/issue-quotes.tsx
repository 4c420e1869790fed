import { formatDay } from "../format.ts";
import { SourceLink } from "../mentions/mention-parts.tsx";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { platformName } from "../wording.ts";
import type { IssueMentionRow, IssueRow } from "./issue-rows.ts";

/** Who speaks for an issue: its most typical mentions, each of another person, and the newest one. */
export function IssueQuotes({ issue, tick }: { readonly issue: IssueRow; readonly tick: number }) {
  const { tracker, issue_id, quotes, newest_id: newest } = issue;
  const wanted = [...new Set([...quotes, newest])].filter((id) => id !== "");
  const found = useQuery<IssueMentionRow>(
    "issue_mentions",
    wanted.length === 0 ? undefined : { tracker, issue: issue_id, mention: wanted, limit: wanted.length },
    tick,
  );
  const rows = wanted.flatMap((id) => found.value?.rows.find((row) => row.id === id) ?? []);
  if (wanted.length === 0 || (found.value && rows.length === 0)) return null;
  return (
    <section className="card issue-quotes" aria-labelledby="quotes-title">
      <header className="card-head">
        <h2 id="quotes-title">In their words</h2>
        <ShowSqlButton title="In their words" sql={found.value?.sql} reading="Each row is one quote." />
      </header>
      {!found.value && <div className="skeleton quote-skeleton" role="status" aria-label="Loading quotes" />}
      <div className="quote-grid">
        {rows.map((mention) => (
          <figure key={mention.id}>
            <figcaption className="muted">
              {mention.id === newest ? "Newest" : "Typical"} · {platformName(mention.platform)} ·{" "}
              <bdi>{mention.author_name || mention.author_handle || "Unnamed author"}</bdi> ·{" "}
              {formatDay(Date.parse(mention.published_at))}
            </figcaption>
            <blockquote dir="auto" className="clamp-4">
              {mention.text}
            </blockquote>
            <SourceLink url={mention.url} />
          </figure>
        ))}
      </div>
    </section>
  );
}
