import { formatCompact, formatCount, formatRate, formatShare } from "../format.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { IssueRow } from "./issue-rows.ts";

interface Figure {
  readonly title: string;
  /** Which column of the row holds it, for the SQL dialog. */
  readonly column: string;
  readonly value: (issue: IssueRow) => number | null;
  readonly show: (value: number) => string;
  readonly says: (issue: IssueRow) => string;
}

const FIGURES: readonly Figure[] = [
  {
    title: "People",
    column: "voices",
    value: (issue) => issue.voices,
    show: formatCount,
    says: () => "distinct, however often each spoke",
  },
  {
    title: "Mentions",
    column: "mentions",
    value: (issue) => issue.mentions,
    show: formatCount,
    says: () => "with everything that repeats others",
  },
  {
    title: "Channels",
    column: "channels",
    value: (issue) => issue.channels,
    show: formatCount,
    says: () => "platforms with a report of their own",
  },
  {
    title: "Independent reports",
    column: "reports",
    value: (issue) => issue.reports,
    show: formatCount,
    says: () => "what counts as evidence: no reposts, no same words, no thread twice",
  },
  {
    title: "Days",
    column: "days",
    value: (issue) => issue.days,
    show: formatCount,
    says: () => "with an independent report",
  },
  {
    title: "Expected",
    column: "expected",
    value: (issue) => issue.expected,
    show: (value) => (value < 1 ? "less than 1" : value.toFixed(1)),
    says: () => "reports that issues of this age have on average",
  },
  {
    title: "Comes again",
    column: "p30",
    value: (issue) => issue.p30,
    show: (value) => (value > 0.995 ? "over 99%" : `${Math.round(value * 100)}%`),
    says: () => "chance of another report within 30 days",
  },
  {
    title: "Rate per thousand",
    column: "rate_per_thousand, between rate_low and rate_high",
    value: (issue) => issue.rate_per_thousand,
    show: formatRate,
    says: ({ rate_low: low, rate_high: high, rate_reports: reports, rate_exposure: exposure }) =>
      low === null || high === null || exposure === null
        ? ""
        : `95% interval ${formatRate(low)}–${formatRate(high)}; ${formatCount(reports ?? 0)} reports in 28 days, exposure ${formatCompact(exposure)}`,
  },
];

/** The figures a verdict rests on, each with what it counts. */
export function IssueFigures({ issue, sql }: { readonly issue: IssueRow; readonly sql: string | undefined }) {
  return (
    <section className="issue-figures" aria-label="Figures of the verdict">
      {FIGURES.map(({ title, column, value, show, says }) => {
        const found = value(issue);
        return (
          <article key={title} className="card key-figure">
            <header>
              <h2>{title}</h2>
              <ShowSqlButton
                title={title}
                sql={sql}
                reading={`It gives one row; this figure is its ${column}.`}
              />
            </header>
            <p className="key-value" data-figure={title}>
              {found === null ? <span className="absent">not known</span> : show(found)}
            </p>
            <p className="muted key-detail">{found === null ? "too little was heard to say" : says(issue)}</p>
          </article>
        );
      })}
      {issue.heard_share !== null && issue.heard_share < 0.9 && (
        <p className="heard-note muted">
          Since its first report {formatShare(issue.heard_share)} of the time was listened to: there may be
          more than is counted.
        </p>
      )}
    </section>
  );
}
