import type { DateRange, Extent } from "./date-range.ts";
import { formatCompact, formatCount, formatDays, formatShare, formatSigned } from "./format.ts";
import type { QueryReply, SummaryRow } from "./query-rows.ts";
import { ShowSqlButton } from "./sql-dialog.tsx";
import { netSentiment } from "./charts/net-sentiment.ts";
import type { Loaded } from "./use-query.ts";

export interface KeyFiguresProps {
  readonly now: Loaded<QueryReply<SummaryRow>>;
  readonly before: Loaded<QueryReply<SummaryRow>>;
  readonly range: DateRange;
  readonly extent: Extent;
  readonly heard: Heard;
}

/** Which part of the hours was heard, 0..1; null where the ledger tells nothing. */
interface Heard {
  readonly now: number | null;
  readonly before: number | null;
}

/** Periods heard to a lesser part are not compared: a broken source would look like good news. */
const ENOUGH_TO_COMPARE = 0.9;

interface Figure {
  readonly title: string;
  /** Which column of the summary holds it, for the SQL dialog. */
  readonly column: string;
  readonly value: (row: SummaryRow) => number | null;
  readonly show: (value: number) => string;
  readonly detail: (row: SummaryRow) => string;
  readonly change: (now: number, before: number) => string;
  /** Which direction is good news; 0 where neither is. */
  readonly good: -1 | 0 | 1;
  readonly absent: string;
}

const grown = (now: number, before: number): string =>
  before === 0 ? "from none" : `${formatSigned(((now - before) / before) * 100)}%`;

const FIGURES: readonly Figure[] = [
  {
    title: "Mentions",
    column: "mentions",
    value: (row) => row.mentions,
    show: formatBig,
    detail: (row) => (row.unscored > 0 ? `${formatCount(row.unscored)} unscored` : "all scored"),
    change: grown,
    good: 0,
    absent: "none",
  },
  {
    title: "Authors",
    column: "authors",
    value: (row) => row.authors,
    show: formatBig,
    detail: () => "distinct accounts",
    change: grown,
    good: 0,
    absent: "none",
  },
  {
    title: "Complaint share",
    column: "complaints / mentions",
    value: (row) => (row.mentions === 0 ? null : row.complaints / row.mentions),
    show: formatShare,
    detail: (row) => `${formatCount(row.complaints)} complaints, ${formatCount(row.complainants)} authors`,
    change: (now, before) => `${formatSigned((now - before) * 100, 1)} points`,
    good: -1,
    absent: "no mentions",
  },
  {
    title: "Net sentiment",
    column: "100 × (positive − negative) / (positive + neutral + negative)",
    value: (row) => netSentiment(row),
    show: (value) => formatSigned(value),
    detail: (row) => `${formatCount(row.positive)} positive, ${formatCount(row.negative)} negative`,
    change: (now, before) => `${formatSigned(now - before)} points`,
    good: 1,
    absent: "nothing scored",
  },
  {
    title: "Mean rating",
    column: "mean_rating",
    value: (row) => row.mean_rating,
    show: (value) => value.toFixed(2),
    detail: () => "of 5, where a rating was given",
    change: (now, before) => formatSigned(now - before, 2),
    good: 1,
    absent: "no ratings",
  },
];

/** The row of key figures, each with its change against the period of equal length before. */
export function KeyFigures({ now, before, range, extent, heard }: KeyFiguresProps) {
  const row = now.value?.rows[0];
  const isUnheard = row?.mentions === 0 && heard.now === 0;
  const earlier = before.value?.rows[0];
  return (
    <section className="key-figures" aria-label="Key figures" aria-busy={now.isStale}>
      {FIGURES.map((figure) => {
        const value = row && (isUnheard ? null : figure.value(row));
        return (
          <article key={figure.title} className={`card key-figure${now.isStale && row ? " is-stale" : ""}`}>
            <header>
              <h2>{figure.title}</h2>
              <ShowSqlButton
                title={figure.title}
                sql={now.value?.sql}
                reading={`It gives one row; this figure is its ${figure.column}.`}
              />
            </header>
            {!row && !now.error && <div className="skeleton key-skeleton" />}
            {!row && now.error && <p className="muted">{now.error.message}</p>}
            {row && (
              <>
                <p
                  className="key-value"
                  data-figure={figure.title}
                  title={typeof value === "number" ? String(value) : undefined}
                >
                  {typeof value === "number" ? (
                    figure.show(value)
                  ) : (
                    <span className="absent">{isUnheard ? "no data" : figure.absent}</span>
                  )}
                </p>
                <p className="muted key-detail">{typeof value === "number" ? figure.detail(row) : " "}</p>
                <Change figure={figure} now={value ?? null} {...{ earlier, range, extent, heard }} />
              </>
            )}
          </article>
        );
      })}
    </section>
  );
}

function Change(props: {
  readonly figure: Figure;
  readonly now: number | null;
  readonly earlier: SummaryRow | undefined;
  readonly range: DateRange;
  readonly extent: Extent;
  readonly heard: Heard;
}) {
  const { figure, now, earlier, range, extent, heard } = props;
  if (!range.before || extent.first >= range.before.to)
    return <p className="change muted">no earlier data</p>;
  if (!earlier) return <p className="change muted">…</p>;
  const then = figure.value(earlier);
  const days = formatDays(range.before.from, range.before.to);
  // comparing with a period that was heard in part would show growth that never was
  const slack = (range.before.to - range.before.from) / 10;
  if (extent.first > range.before.from + slack)
    return (
      <p className="change muted" title={days}>
        earlier data too short
      </p>
    );
  if (Math.min(heard.now ?? 1, heard.before ?? 1) < ENOUGH_TO_COMPARE)
    return (
      <p className="change muted" title={describeHeard(heard, days)}>
        {heard.now === 0 ? "not heard" : "heard in part, not compared"}
      </p>
    );
  if (now === null || then === null)
    return (
      <p className="change muted" title={days}>
        nothing to compare
      </p>
    );
  const text = figure.change(now, then);
  // what rounds to nothing is no change
  const direction = /[1-9n]/.test(text) ? Math.sign(now - then) : 0;
  const tone = direction === 0 || figure.good === 0 ? "even" : direction === figure.good ? "good" : "bad";
  return (
    <p className={`change change-${tone}`} title={`${figure.show(then)} in ${days}`}>
      <span aria-hidden="true">{direction > 0 ? "▲" : direction < 0 ? "▼" : "■"}</span> {text}
      <span className="muted"> vs before</span>
    </p>
  );
}

function describeHeard({ now, before }: Heard, days: string): string {
  const say = (share: number | null): string => (share === null ? "an unknown part" : formatShare(share));
  return `Of the hours of this range ${say(now)} was heard, of those of ${days} ${say(before)}.`;
}

function formatBig(value: number): string {
  return value >= 1_000_000 ? formatCompact(value) : formatCount(value);
}
