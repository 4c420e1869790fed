import { useCallback, useMemo, useState } from "react";
import type { QueryParams } from "./api.ts";
import { BreakdownCard, type Dimension } from "./charts/breakdown-card.tsx";
import { colourSeries, OTHER_COLOUR } from "./charts/series-colours.ts";
import { TrendCard } from "./charts/trend-card.tsx";
import type { SeriesStyle } from "./charts/series-grid.ts";
import { complaintSpec, sentimentSpec, volumeSpec, type Measure } from "./charts/trend-specs.ts";
import type { DateRange, Extent } from "./date-range.ts";
import type { BreakdownRow, ComplaintRow, FilterOptionRow, SentimentRow, VolumeRow } from "./query-rows.ts";
import { useQuery } from "./use-query.ts";
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
  readonly tick: number;
}

/** The four figures over time and by dimension. */
export function Trends({ view, change, range, extent, options, params, trackers, tick }: TrendsProps) {
  const asked = { ...params, interval: range.interval, by: view.by };
  const volume = useQuery<VolumeRow>("mention_volume", asked, tick);
  const sentiment = useQuery<SentimentRow>("sentiment_trend", asked, tick);
  const complaints = useQuery<ComplaintRow>("complaint_trend", asked, tick);
  const [dimension, setDimension] = useState<Dimension>("platform");
  const breakdown = useQuery<BreakdownRow>("breakdown", { ...params, by: dimension }, tick);
  const [sentimentMeasure, setSentimentMeasure] = useState<Measure>("share");
  const [complaintMeasure, setComplaintMeasure] = useState<Measure>("share");
  const style = useSeriesStyle(view.by, options, trackers);

  const volumeRows = volume.value?.rows ?? NO_ROWS;
  const sentimentRows = sentiment.value?.rows ?? NO_ROWS;
  const complaintRows = complaints.value?.rows ?? NO_ROWS;
  const volumeChart = useMemo(
    () => volumeSpec(volumeRows, range, extent, style),
    [volumeRows, range, extent, style],
  );
  const sentimentChart = useMemo(
    () => sentimentSpec(sentimentRows, range, extent, style, sentimentMeasure),
    [sentimentRows, range, extent, style, sentimentMeasure],
  );
  const complaintChart = useMemo(
    () => complaintSpec(complaintRows, range, extent, style, complaintMeasure),
    [complaintRows, range, extent, style, complaintMeasure],
  );

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
          isSplit ? `Mentions per ${range.interval}` : `Mentions and distinct authors per ${range.interval}`
        }
        loaded={volume}
        spec={volumeChart}
      />
      <TrendCard
        {...picking}
        title="Sentiment"
        hint={
          isSplit
            ? "Net sentiment: percent positive less percent negative"
            : "Of the mentions that could be scored"
        }
        loaded={sentiment}
        spec={sentimentChart}
        {...(isSplit ? {} : { measure: { chosen: sentimentMeasure, onChoose: setSentimentMeasure } })}
      />
      <TrendCard
        {...picking}
        title="Complaints"
        hint={
          isSplit
            ? "Mentions that state a failed expectation"
            : "Failed expectations: how many, and their share"
        }
        loaded={complaints}
        spec={complaintChart}
        {...(isSplit ? { measure: { chosen: complaintMeasure, onChoose: setComplaintMeasure } } : {})}
      />
      <BreakdownCard
        dimension={dimension}
        onDimension={setDimension}
        loaded={breakdown}
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
