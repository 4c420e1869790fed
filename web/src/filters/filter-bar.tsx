import { fitsInterval, type DateRange, type Extent } from "../date-range.ts";
import type { FilterOptionRow } from "../query-rows.ts";
import { INTERVALS, SPLITS, type ChangeView, type Interval, type ViewState } from "../view-state.ts";
import { languageName, platformName, sentenceCase } from "../wording.ts";
import { DateControl } from "./date-control.tsx";
import { MultiSelect } from "./multi-select.tsx";
import { Select } from "./select.tsx";

export interface FilterBarProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly range: DateRange;
  readonly extent: Extent;
  readonly options: readonly FilterOptionRow[];
}

const RATINGS = [
  { value: "", label: "Any" },
  ...[5, 4, 3, 2, 1].map((stars) => ({ value: String(stars), label: "★".repeat(stars) })),
];

/** What narrows and splits everything on the page. */
export function FilterBar({ view, change, range, extent, options }: FilterBarProps) {
  const span = Math.min(range.to, extent.last) - Math.max(range.from, extent.first);
  const intervals: { value: Interval | ""; label: string; isOff?: boolean }[] = [
    { value: "", label: view.interval === "" ? `Auto (${range.interval})` : "Auto" },
    ...INTERVALS.map((value) => ({ value, label: sentenceCase(value), isOff: !fitsInterval(value, span) })),
  ];
  return (
    <div className="filter-bar" role="search" aria-label="Filters">
      <DateControl range={range} newest={extent.last} change={change} />
      <div className="controls">
        <Select
          label="Interval"
          options={intervals}
          chosen={view.interval}
          onChoose={(interval) => {
            change({ interval });
          }}
        />
        <Select
          label="Split by"
          options={SPLITS.map((value) => ({ value, label: sentenceCase(value) }))}
          chosen={view.by}
          onChoose={(by) => {
            change({ by });
          }}
        />
        <MultiSelect
          label="Platform"
          options={toOptions("platform", options, platformName)}
          chosen={view.platform}
          onChoose={(platform) => {
            change({ platform });
          }}
        />
        <MultiSelect
          label="Language"
          options={toOptions("language", options, languageName)}
          chosen={view.language}
          onChoose={(language) => {
            change({ language });
          }}
        />
        <Select
          label="Rating"
          options={view.rating === "0" ? [...RATINGS, { value: "0", label: "0 stars" }] : RATINGS}
          chosen={view.rating}
          onChoose={(rating) => {
            change({ rating });
          }}
        />
      </div>
    </div>
  );
}

function toOptions(dimension: string, rows: readonly FilterOptionRow[], name: (value: string) => string) {
  return rows
    .filter((row) => row.dimension === dimension && row.value !== "")
    .map(({ value, mentions }) => ({ value, label: name(value), mentions }));
}
