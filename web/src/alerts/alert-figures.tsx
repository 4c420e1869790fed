import { formatCount, formatMoment, formatRate } from "../format.ts";
import { payloadOf, textOf } from "../issues/payload.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { AlertRow } from "./alert-rows.ts";
import { numberOf, timeOf } from "./alert-words.ts";

interface Figure {
  readonly title: string;
  /** What of the row holds it, for the SQL dialog. */
  readonly column: string;
  readonly value: number | undefined;
  readonly show: (value: number) => string;
  readonly says: string;
}

/** The figures an alert rests on, as they were when it was told last. */
export function AlertFigures({ alert, sql }: { readonly alert: AlertRow; readonly sql: string | undefined }) {
  const payload = payloadOf(alert);
  const [from, to] = [timeOf(payload, "from"), timeOf(payload, "to")];
  const counted = textOf(payload, "sql");
  const figures: readonly Figure[] = [
    {
      title: "People",
      column: "voices in payload",
      value: numberOf(payload, "voices"),
      show: formatCount,
      says: "distinct, however often each spoke",
    },
    {
      title: "Mentions",
      column: "mentions in payload",
      value: numberOf(payload, "mentions"),
      show: formatCount,
      says: "in the stretch that was counted",
    },
    {
      title: "Usual",
      column: "expected in payload",
      value: numberOf(payload, "expected"),
      show: (value) => (value < 1 ? "less than 1" : formatRate(value)),
      says: "expected at such a time",
    },
    {
      title: "Score",
      column: "score",
      value: alert.score,
      show: (value) => value.toFixed(1),
      says: `1 is the threshold; ${alert.peak_score > alert.score ? `it was ${alert.peak_score.toFixed(1)} at most` : "the most so far"}`,
    },
    {
      title: "Got worse",
      column: "escalations",
      value: alert.escalations === 0 ? undefined : alert.escalations,
      show: (value) => `${formatCount(value)}×`,
      says: "so often it was twice what was told last",
    },
  ];
  return (
    <section aria-label="Figures of the alert">
      <div className="issue-figures alert-figures">
        {figures
          .filter(({ value }) => value !== undefined)
          .map(({ title, column, value = 0, show, says }) => (
            <article key={title} className="card key-figure">
              <header>
                <h2>{title}</h2>
                <ShowSqlButton
                  title={title}
                  sql={counted !== "" && column.endsWith("payload") ? counted : sql}
                  reading={
                    counted !== "" && column.endsWith("payload")
                      ? "This is what the rule counted; later news may have changed what it gives now."
                      : `It gives one row; this figure is its ${column}.`
                  }
                />
              </header>
              <p className="key-value" data-figure={title}>
                {show(value)}
              </p>
              <p className="muted key-detail">{says}</p>
            </article>
          ))}
      </div>
      {from !== undefined && to !== undefined && (
        <p className="counted-note muted">
          Counted from {formatMoment(from)} to {formatMoment(to)}.
        </p>
      )}
    </section>
  );
}
