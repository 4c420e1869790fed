import { useMemo } from "react";
import type { QueryParams } from "./api.ts";
import { resolveRange, type Extent } from "./date-range.ts";
import { FilterBar } from "./filters/filter-bar.tsx";
import { DAY, HOUR } from "./format.ts";
import { KeyFigures } from "./key-figures.tsx";
import { MentionList } from "./mentions/mention-list.tsx";
import type {
  CoverageRow,
  FilterOptionRow,
  QueryReply,
  SourceHealthRow,
  Status,
  SummaryRow,
} from "./query-rows.ts";
import { PageSkeleton } from "./skeletons.tsx";
import { heardShare } from "./sources/heard-share.ts";
import { lastPoll } from "./sources/last-poll.ts";
import { SourceList } from "./sources/source-list.tsx";
import { Trends } from "./trends.tsx";
import { togetherWith, useQuery, type Loaded } from "./use-query.ts";
import type { ChangeView, ViewState } from "./view-state.ts";

export interface DashboardProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly status: Status;
  readonly health: Loaded<QueryReply<SourceHealthRow>>;
  readonly tick: number;
}

/** Everything that is known about a store that holds mentions, narrowed as the view says. */
export function Dashboard({ view, change, status, health, tick }: DashboardProps) {
  const everything = useQuery<SummaryRow>("summary", {}, tick);
  const options = useQuery<FilterOptionRow>("filter_options", {}, tick);
  const now = Date.parse(status.now);
  const polledAt = lastPoll(health.value?.rows ?? []);
  const extent = useExtent(everything.value?.rows[0], polledAt, now);
  // to the hour, so that a refresh asks for the same range
  const hour = Math.ceil(now / HOUR) * HOUR;
  const range = useMemo(() => resolveRange(view, extent, hour), [view, extent, hour]);
  const narrowing = useMemo(() => toNarrowing(view), [view]);
  const isKnown = everything.value !== undefined && (health.value ?? health.error) !== undefined;
  const params = useMemo(() => ({ ...narrowing, ...toStretch(range) }), [narrowing, range]);
  const current = useQuery<SummaryRow>("summary", isKnown ? params : undefined, tick);
  const before = useQuery<SummaryRow>(
    "summary",
    isKnown && range.before ? { ...narrowing, ...toStretch(range.before) } : undefined,
    tick,
  );
  // to the hour, too: the one that is not over is held against nobody
  const startOfHour = new Date(Math.floor(now / HOUR) * HOUR).toISOString();
  const compared = { from: range.before?.from ?? range.from, to: range.to };
  const ledger = useQuery<CoverageRow>(
    "coverage_trend",
    isKnown
      ? {
          ...narrowing,
          ...toStretch(compared),
          interval: compared.to - compared.from > 4 * DAY ? "day" : "hour",
          at: startOfHour,
        }
      : undefined,
    tick,
  );
  const heardHours = ledger.value?.rows ?? [];
  const heard = {
    now: heardShare(heardHours.filter(({ bucket }) => Date.parse(bucket) >= range.from)),
    before: heardShare(heardHours.filter(({ bucket }) => Date.parse(bucket) < range.from)),
  };
  const trackers = useMemo(
    () => new Map(status.trackers.map(({ id, name }) => [id, name])),
    [status.trackers],
  );

  if (!isKnown && everything.error) {
    return (
      <p className="card figure-note" role="alert">
        {everything.error.message}
      </p>
    );
  }
  if (!isKnown) return <PageSkeleton />;
  const shared = { view, change, range, tick, params, trackers };
  return (
    <>
      <h1 className="sr-only">What customers say</h1>
      <FilterBar
        view={view}
        change={change}
        range={range}
        extent={extent}
        options={options.value?.rows ?? []}
      />
      <KeyFigures now={togetherWith(current, ledger)} {...{ before, range, extent, heard }} />
      <Trends {...shared} extent={extent} options={options.value?.rows ?? []} hour={startOfHour} />
      <MentionList {...shared} now={now} heardShare={heard.now} />
      <SourceList health={health} now={now} heard={{ share: heard.now, sql: ledger.value?.sql }} />
    </>
  );
}

/** A store that is listened with reaches to the last poll, however long nobody has said anything. */
function useExtent(row: SummaryRow | undefined, polledAt: number, now: number): Extent {
  const first = row?.first_published_at ? Date.parse(row.first_published_at) : now - 30 * DAY;
  const newest = row?.last_published_at ? Date.parse(row.last_published_at) : now;
  const last = Math.max(newest, polledAt);
  const mentions = row?.mentions ?? 0;
  return useMemo(() => ({ first, last, mentions }), [first, last, mentions]);
}

function toNarrowing(view: ViewState): QueryParams {
  const { tracker, platform, language, rating } = view;
  return { tracker, platform, language, rating_min: rating, rating_max: rating };
}

function toStretch({ from, to }: { readonly from: number; readonly to: number }): QueryParams {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
