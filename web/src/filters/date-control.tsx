import { Segments } from "../charts/figure-card.tsx";
import type { DateRange } from "../date-range.ts";
import { DAY, formatDay, formatDays } from "../format.ts";
import type { ChangeView, RangeName } from "../view-state.ts";

const NAMES: readonly { value: RangeName; label: string; words: string }[] = [
  { value: "24h", label: "24 h", words: "24 hours" },
  { value: "7d", label: "7 d", words: "7 days" },
  { value: "30d", label: "30 d", words: "30 days" },
  { value: "90d", label: "90 d", words: "90 days" },
  { value: "all", label: "All", words: "All data" },
  { value: "custom", label: "Custom", words: "Dates of your choice" },
];

export interface DateControlProps {
  readonly range: DateRange;
  readonly newest: number;
  readonly change: ChangeView;
}

/** The range of dates: relative to now (to the newest mention where all are old), everything, or two days. */
export function DateControl({ range, newest, change }: DateControlProps) {
  const until = range.isLive ? "" : ` up to the newest mention, ${formatDay(newest)}`;
  const options = NAMES.map(({ value, label, words }) => {
    const isRelative = value !== "all" && value !== "custom";
    return { value, label, title: isRelative ? `The last ${words}${until}` : words };
  });
  const first = toDay(range.from);
  const last = toDay(range.to - DAY);
  return (
    <div className="date-control">
      <Segments
        label="Range of dates"
        options={options}
        chosen={range.name}
        onChoose={(name) => {
          change(
            name === "custom" ? { range: name, from: first, to: last } : { range: name, from: "", to: "" },
          );
        }}
      />
      {range.name === "custom" ? (
        <span className="custom-dates">
          <DayInput
            label="First day"
            value={first}
            onDay={(from) => {
              change({ from, to: last, range: "custom" });
            }}
          />
          <span aria-hidden="true">–</span>
          <DayInput
            label="Last day"
            value={last}
            onDay={(to) => {
              change({ from: first, to, range: "custom" });
            }}
          />
        </span>
      ) : (
        <span className="muted range-text">
          {range.isLive ? "" : "History: "}
          {formatDays(range.from, range.to)}, UTC
        </span>
      )}
    </div>
  );
}

function DayInput(props: {
  readonly label: string;
  readonly value: string;
  readonly onDay: (day: string) => void;
}) {
  return (
    <input
      type="date"
      aria-label={props.label}
      value={props.value}
      min="1970-01-01"
      max="2200-12-31"
      onChange={(event) => {
        // empty while a day is being typed
        if (event.target.value !== "") props.onDay(event.target.value);
      }}
    />
  );
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
