import { useCallback, useMemo, useState } from "react";
import type { QueryParams } from "./api.ts";
import { BreakdownCard, type Dimension } from "./charts/breakdown-card.tsx";
import { describeNothing } from "./charts/coverage-marks.ts";
import { colourSeries, OTHER_COLOUR } from "./charts/series-colours.ts";
import { TrendCard } from "./charts/trend-card.tsx";
import type { SeriesStyle } from "./charts/series-grid.ts";
import { complaintSpec, sentimentSpec, volumeSpec, type Measure } from "./charts/trend-specs.ts";
import type { DateRange, Extent } from "./date-range.ts";
import type {
  BreakdownRow,
  ComplaintRow,
  CoverageRow,
  FilterOptionRow,
  SentimentRow,
  VolumeRow,
} from "./query-rows.ts";
import { togetherWith, useQuery, type Loaded } from "./use-query.ts";
import type { ChangeView, Split, ViewState } from "./view-state.ts";
import { seriesName } from "./wording.ts";

export interface TrendsProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly range: DateRange;
  readonly extent: Extent;
  readonly options: readonly FilterOptionRow[];
  readonly params: QueryParams;
  readonly trackers: ReadonlyMap<string, string>;
  /** The hour that is not over yet, ISO 8601. */
  readonly hour: string;
  readonly tick: number;
}

/** The four figures over time and by dimension. */
export function Trends(props: TrendsProps) {
  const { view, change, range, extent, options, params, trackers, hour, tick } = props;
  const asked = { ...params, interval: range.interval, by: view.by };
  const volume = useQuery<VolumeRow>("mention_volume", asked, tick);
  const sentiment = useQuery<SentimentRow>("sentiment_trend", asked, tick);
  const complaints = useQuery<ComplaintRow>("complaint_trend", asked, tick);
  const ledger = useQuery<CoverageRow>("coverage_trend", { ...asked, at: hour }, tick);
  const [dimension, setDimension] = useState<Dimension>("platform");
  const breakdown = useQuery<BreakdownRow>("breakdown", { ...params, by: dimension }, tick);
  const [sentimentMeasure, setSentimentMeasure] = useState<Measure>("share");
  const [complaintMeasure, setComplaintMeasure] = useState<Measure>("share");
  const style = useSeriesStyle(view.by, options, trackers);

  const volumeRows = volume.value?.rows ?? NO_ROWS;
  const sentimentRows = sentiment.value?.rows ?? NO_ROWS;
  const complaintRows = complaints.value?.rows ?? NO_ROWS;
  const coverage = ledger.value?.rows ?? NO_ROWS;
  const known = useMemo(() => ({ coverage, range, extent }), [coverage, range, extent]);
  const volumeChart = useMemo(
    () => volumeSpec({ ...known, rows: volumeRows }, style),
    [volumeRows, known, style],
  );
  const sentimentChart = useMemo(
    () => sentimentSpec({ ...known, rows: sentimentRows }, style, sentimentMeasure),
    [sentimentRows, known, style, sentimentMeasure],
  );
  const complaintChart = useMemo(
    () => complaintSpec({ ...known, rows: complaintRows }, style, complaintMeasure),
    [complaintRows, known, style, complaintMeasure],
  );

  // without the ledger nobody can tell a zero from no data, so nothing is drawn before it
  const beside = <T,>(trend: Loaded<T>): Loaded<T> => togetherWith(trend, ledger);
  const doubt = ledger.value || !ledger.error ? "" : ". What was not heard could not be read";

  const pick = useCallback(
    (bucket: number) => {
      change({ bucket: new Date(bucket).toISOString() });
    },
    [change],
  );
  const picking = { picked: view.bucket === "" ? undefined : Date.parse(view.bucket), onPick: pick };
  const isSplit = view.by !== "none";
  return (
    <div className="figures">
      <TrendCard
        {...picking}
        title="Volume"
        hint={
          (isSplit
            ? `Mentions per ${range.interval}`
            : `Mentions and distinct authors per ${range.interval}`) + doubt
        }
        loaded={beside(volume)}
        spec={volumeChart}
      />
      <TrendCard
        {...picking}
        title="Sentiment"
        hint={
          (isSplit
            ? "Net sentiment: percent positive less percent negative"
            : "Of the mentions that could be scored") + doubt
        }
        loaded={beside(sentiment)}
        spec={sentimentChart}
        {...(isSplit ? {} : { measure: { chosen: sentimentMeasure, onChoose: setSentimentMeasure } })}
      />
      <TrendCard
        {...picking}
        title="Complaints"
        hint={
          (isSplit
            ? "Mentions that state a failed expectation"
            : "Failed expectations: how many, and their share") + doubt
        }
        loaded={beside(complaints)}
        spec={complaintChart}
        {...(isSplit ? { measure: { chosen: complaintMeasure, onChoose: setComplaintMeasure } } : {})}
      />
      <BreakdownCard
        dimension={dimension}
        onDimension={setDimension}
        loaded={beside(breakdown)}
        nothing={describeNothing(volumeChart.marks)}
        name={(series) => seriesName(dimension, series, trackers)}
        onPick={(series) => {
          const isList = dimension === "platform" || dimension === "language";
          change({ [dimension]: isList ? [series] : series });
        }}
      />
    </div>
  );
}

const NO_ROWS: readonly never[] = [];

function useSeriesStyle(
  by: Split,
  options: readonly FilterOptionRow[],
  trackers: ReadonlyMap<string, string>,
): SeriesStyle {
  return useMemo(() => {
    const values = options.filter((row) => row.dimension === by).map((row) => row.value);
    const colours = colourSeries(by, by === "rating" ? ["", "0", "1", "2", "3", "4", "5"] : values);
    return {
      isSplit: by !== "none",
      isOrdered: by === "rating",
      name: (series) => seriesName(by, series, trackers),
      colour: (series) => colours.get(series) ?? OTHER_COLOUR,
    };
  }, [by, options, trackers]);
}
