import { lazy, Suspense, useState, type ReactNode } from "react";
import { Icon } from "../icons.tsx";
import type { QueryReply } from "../query-rows.ts";
import { sentenceCase } from "../wording.ts";
import type { Loaded } from "../use-query.ts";
import { FigureCard, Segments } from "./figure-card.tsx";
import type { ChartSpec } from "./chart-spec.ts";
import { describeNothing, wordOf } from "./coverage-marks.ts";
import { TrendTable } from "./trend-table.tsx";
import type { Measure } from "./trend-specs.ts";

const Chart = lazy(() => import("./chart.tsx"));

export interface TrendCardProps {
  readonly title: string;
  readonly hint: string;
  readonly loaded: Loaded<QueryReply<unknown>>;
  readonly spec: ChartSpec;
  readonly picked?: number | undefined;
  /** Absent where a bucket cannot be picked. */
  readonly onPick?: (bucket: number) => void;
  /** Further buttons beside those of every trend. */
  readonly tools?: ReactNode;
  /** Words for a trend without any bucket. */
  readonly nothing?: string;
  /** What stands below the chart. */
  readonly children?: ReactNode;
  /** The measure and how to change it, where the trend has both. */
  readonly measure?: { readonly chosen: Measure; readonly onChoose: (measure: Measure) => void };
}

/** A trend as chart or table, with its legend. */
export function TrendCard(props: TrendCardProps) {
  const { title, hint, loaded, spec, picked, onPick, measure } = props;
  const [isTable, setIsTable] = useState(false);
  const isEmpty = spec.buckets.length === 0 || spec.series.every(({ values }) => values.length === 0);
  const tools = (
    <>
      {props.tools}
      {measure && (
        <Segments
          label={`${title} measured as`}
          options={[
            { value: "share", label: "Share" },
            { value: "count", label: "Count" },
          ]}
          {...measure}
        />
      )}
      <button
        type="button"
        className="quiet-button"
        aria-pressed={isTable}
        aria-label={`View ${title} as table`}
        title={isTable ? "View as chart" : "View as table"}
        onClick={() => {
          setIsTable(!isTable);
        }}
      >
        <Icon name={isTable ? "chart" : "table"} />
      </button>
    </>
  );
  return (
    <FigureCard title={title} hint={hint} loaded={loaded} tools={tools} foot={props.children}>
      {isEmpty && <p className="figure-note">{props.nothing ?? describeNothing(spec.marks)}</p>}
      {!isEmpty && <Legend spec={spec} />}
      {!isEmpty && isTable && <TrendTable title={title} spec={spec} onPick={onPick} />}
      {!isEmpty && !isTable && (
        <Suspense fallback={<div className="chart" />}>
          <Chart title={title} spec={spec} picked={picked} onPick={onPick} />
        </Suspense>
      )}
    </FigureCard>
  );
}

function Legend({ spec }: { readonly spec: ChartSpec }) {
  return (
    <ul className="legend" aria-hidden="true">
      {spec.series
        .filter((series) => series.shape !== "none")
        .map((series) => (
          <li key={series.id}>
            <span
              className={`swatch swatch-${series.shape}`}
              style={{ backgroundColor: `var(${series.colour})` }}
            />
            {series.label}
          </li>
        ))}
      {(["partial", "none"] as const)
        .filter((state) => spec.marks.some((mark) => mark?.state === state))
        .map((state) => (
          <li key={state}>
            <span className={`swatch swatch-${state === "none" ? "unheard" : "partial"}`} />
            {sentenceCase(wordOf({ state }))}
          </li>
        ))}
      {spec.leftOut > 0 && <li className="muted">and {spec.leftOut} smaller, not drawn</li>}
    </ul>
  );
}
