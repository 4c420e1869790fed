import type { ReactNode } from "react";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { Loaded } from "../use-query.ts";
import type { QueryReply } from "../query-rows.ts";

export interface FigureCardProps {
  readonly title: string;
  readonly hint: string;
  readonly loaded: Loaded<QueryReply<unknown>>;
  /** Buttons beside Show SQL. */
  readonly tools?: ReactNode;
  /** What stands below the figure, as high as it is. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a figure: title, what it means, its buttons, and what is shown while it loads or fails. */
export function FigureCard({ title, hint, loaded, tools, foot, children }: FigureCardProps) {
  const { value, error, isStale } = loaded;
  const isBare = value === undefined;
  return (
    <section className="card figure" aria-label={title} aria-busy={isStale}>
      <header className="figure-head">
        <div>
          <h2>{title}</h2>
          <p className="muted">{hint}</p>
        </div>
        <div className="figure-tools">
          {tools}
          <ShowSqlButton title={title} sql={value?.sql} />
        </div>
      </header>
      <div className={`figure-body${isStale && !isBare ? " is-stale" : ""}`}>
        {isBare && !error && (
          <div className="skeleton figure-skeleton" role="status" aria-label={`Loading ${title}`} />
        )}
        {isBare && error && (
          <p className="figure-note" role="alert">
            {error.message}
          </p>
        )}
        {!isBare && children}
      </div>
      {foot}
    </section>
  );
}

/** A row of buttons of which one is chosen. */
export function Segments<T extends string>(props: {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}) {
  return (
    <div className="segments" role="group" aria-label={props.label}>
      {props.options.map(({ value, label, title }) => (
        <button
          key={value}
          type="button"
          title={title}
          aria-pressed={value === props.chosen}
          onClick={() => {
            props.onChoose(value);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
