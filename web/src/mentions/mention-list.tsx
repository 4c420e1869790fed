import { useRef, useEffect } from "react";
import type { QueryParams } from "../api.ts";
import { INTERVAL_MS, type DateRange } from "../date-range.ts";
import { formatBucket } from "../format.ts";
import { Icon } from "../icons.tsx";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { ChangeView, ViewState } from "../view-state.ts";
import { MentionCard } from "./mention-card.tsx";
import { MentionFilters } from "./mention-filters.tsx";
import { NoMatches } from "./no-matches.tsx";
import { useMentions } from "./use-mentions.ts";

export interface MentionListProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly range: DateRange;
  /** The page's filters and range, as queries take them. */
  readonly params: QueryParams;
  readonly trackers: ReadonlyMap<string, string>;
  readonly now: number;
  /** Which part of the hours of the range was heard, 0..1; null where nothing is known of it. */
  readonly heardShare: number | null;
  readonly tick: number;
}

/** The mentions behind the figures, newest first. */
export function MentionList(props: MentionListProps) {
  const { view, change, range, params, trackers, now, heardShare, tick } = props;
  const bucket = view.bucket === "" ? undefined : Date.parse(view.bucket);
  const narrowed = bucket === undefined ? {} : toStretch(bucket, range);
  const { q, sentiment } = view;
  const complaint = view.complaint ? true : undefined;
  const spam = view.spam ? "only" : undefined;
  const pages = useMentions({ ...params, ...narrowed, q, sentiment, complaint, spam }, tick);
  const section = useScrollOnPick(view.bucket);
  const isBare = pages.sql === undefined;

  return (
    <section className="mentions" aria-label="Latest mentions" aria-busy={pages.isStale} ref={section}>
      <header className="mentions-head">
        <h2>Latest mentions</h2>
        <ShowSqlButton
          title="Latest mentions"
          sql={pages.sql}
          reading="Each row is one mention of the list, newest first."
        />
        {bucket !== undefined && (
          <button
            type="button"
            className="chip"
            onClick={() => {
              change({ bucket: "" });
            }}
          >
            {formatBucket(bucket, range.interval)}
            <Icon name="close" />
            <span className="sr-only">Show the whole range again</span>
          </button>
        )}
      </header>
      <MentionFilters view={view} change={change} />
      {isBare && !pages.error && <ListSkeleton />}
      {pages.error && (
        <p className="card figure-note" role="alert">
          {pages.error.message}
        </p>
      )}
      {!isBare && !pages.isStale && !pages.error && pages.rows.length === 0 && (
        <NoMatches view={view} change={change} heardShare={heardShare} />
      )}
      <div className={`mention-grid${pages.isStale && !isBare ? " is-stale" : ""}`}>
        {pages.rows.map((mention) => (
          <MentionCard key={mention.id} mention={mention} trackers={trackers} now={now} />
        ))}
      </div>
      {pages.hasMore && (
        <button
          type="button"
          className="button load-more"
          disabled={pages.isLoadingMore}
          onClick={pages.loadMore}
        >
          {pages.isLoadingMore ? "Loading…" : "Load more"}
        </button>
      )}
    </section>
  );
}

function toStretch(bucket: number, range: DateRange): QueryParams {
  const from = Math.max(bucket, range.from);
  const to = Math.min(bucket + INTERVAL_MS[range.interval], range.to);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Brings the list into sight when a bucket is picked in a chart far above it. */
function useScrollOnPick(bucket: string) {
  const section = useRef<HTMLElement>(null);
  const seen = useRef(bucket);
  useEffect(() => {
    if (bucket === seen.current) return;
    seen.current = bucket;
    const top = section.current?.getBoundingClientRect().top ?? 0;
    if (bucket !== "" && top > window.innerHeight * 0.6) section.current?.scrollIntoView({ block: "start" });
  }, [bucket]);
  return section;
}

function ListSkeleton() {
  return (
    <div className="mention-grid" role="status" aria-label="Loading mentions">
      {[0, 1, 2, 3].map((index) => (
        <div key={index} className="skeleton mention-skeleton" />
      ))}
    </div>
  );
}
