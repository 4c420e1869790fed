import { DAY, formatMoment } from "../format.ts";
import { payloadOf } from "../issues/payload.ts";
import { SourceLink } from "../mentions/mention-parts.tsx";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { platformName } from "../wording.ts";
import type { AlertRow } from "./alert-rows.ts";
import { timeOf } from "./alert-words.ts";

const MOST_QUOTES = 6;
/** Looked through for those of the time; copies are left out. */
const LOOKED_THROUGH = 200;

/** A mention, as far as a quote needs it. */
interface QuoteRow {
  readonly id: string;
  readonly platform: string;
  readonly author_name: string;
  readonly author_handle: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly published_at: string;
}

/** What people said around the time of an alert: of its issue, or of its tracker. */
export function AlertQuotes({ alert, tick }: { readonly alert: AlertRow; readonly tick: number }) {
  const { tracker, issue_id: issue } = alert;
  const payload = payloadOf(alert);
  const from = timeOf(payload, "from") ?? Date.parse(alert.started_at) - DAY;
  const to = Math.max(timeOf(payload, "to") ?? 0, Date.parse(alert.last_at));
  const isAlways = alert.rule_kind === "volume_drop" || alert.rule_kind === "post_spread";
  const ofIssue = useQuery<QuoteRow>(
    "issue_mentions",
    issue === "" ? undefined : { tracker, issue, copies: false, limit: LOOKED_THROUGH },
    tick,
  );
  const ofTracker = useQuery<QuoteRow>(
    "latest_mentions",
    issue === ""
      ? {
          tracker,
          platform: alert.group_values["platform"],
          complaint: isAlways ? undefined : true,
          from: new Date(from).toISOString(),
          to: new Date(to + 1).toISOString(),
          limit: 50,
        }
      : undefined,
    tick,
  );
  const found = issue === "" ? ofTracker : ofIssue;
  const rows = onceEach(inStretch(found.value?.rows ?? [], from, to)).slice(0, MOST_QUOTES);
  if (found.value && rows.length === 0) return null;
  return (
    <section className="card issue-quotes" aria-labelledby="quotes-title">
      <header className="card-head">
        <h2 id="quotes-title">In their words</h2>
        <ShowSqlButton title="In their words" sql={found.value?.sql} reading="Some of its rows are shown." />
      </header>
      {!found.value && !found.error && (
        <div className="skeleton quote-skeleton" role="status" aria-label="Loading quotes" />
      )}
      {!found.value && found.error && <p className="muted">{found.error.message}</p>}
      <div className="quote-grid">
        {rows.map((mention) => (
          <figure key={mention.id}>
            <figcaption className="muted">
              {platformName(mention.platform)} ·{" "}
              <bdi>{mention.author_name || mention.author_handle || "Unnamed author"}</bdi> ·{" "}
              {formatMoment(Date.parse(mention.published_at))}
            </figcaption>
            <blockquote dir="auto" className="clamp-4">
              {mention.text || mention.title}
            </blockquote>
            <SourceLink url={mention.url} />
          </figure>
        ))}
      </div>
    </section>
  );
}

/** Those of the time; all where none is, for what is older says more than nothing. */
function inStretch(rows: readonly QuoteRow[], from: number, to: number): readonly QuoteRow[] {
  const inside = rows.filter(({ published_at: at }) => Date.parse(at) >= from && Date.parse(at) <= to);
  return inside.length > 0 ? inside : rows;
}

/** No two of the same words. */
function onceEach(rows: readonly QuoteRow[]): readonly QuoteRow[] {
  const met = new Set<string>();
  return rows.filter(({ text, title }) => {
    const words = (text || title)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    if (met.has(words)) return false;
    met.add(words);
    return true;
  });
}
