import { formatBucket } from "../format.ts";
import { eventsIn, listEvents } from "./chart-events.ts";
import { formatValue, type ChartSpec } from "./chart-spec.ts";
import { describeMark, type CoverageMark } from "./coverage-marks.ts";

export interface TrendTableProps {
  readonly title: string;
  readonly spec: ChartSpec;
  /** Absent where a bucket cannot be picked. */
  readonly onPick?: ((bucket: number) => void) | undefined;
}

/** The numbers of a trend, newest bucket first; a bucket's button picks it as a click in the chart does. */
export function TrendTable({ title, spec, onPick }: TrendTableProps) {
  const hasMarks = spec.marks.some((mark) => mark !== undefined);
  const hasEvents = (spec.events ?? []).length > 0;
  const newestFirst = spec.buckets.map((bucket, index) => ({ bucket, index })).reverse();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`${title} as table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              {spec.interval === "hour" ? "Hour" : spec.interval === "day" ? "Day" : "Week"}
            </th>
            {spec.series.map((series) => (
              <th key={series.id} scope="col" className="number">
                {series.label}
              </th>
            ))}
            {hasMarks && (
              <th scope="col" className="heard-cell">
                Heard
              </th>
            )}
            {hasEvents && (
              <th scope="col" className="heard-cell">
                What happened
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(({ bucket, index }) => (
            <tr key={bucket}>
              <th scope="row">
                {onPick ? (
                  <button
                    type="button"
                    className="link-button"
                    title="Show these mentions"
                    onClick={() => {
                      onPick(bucket);
                    }}
                  >
                    {formatBucket(bucket, spec.interval)}
                  </button>
                ) : (
                  formatBucket(bucket, spec.interval)
                )}
              </th>
              {spec.series.map((series) => (
                <td key={series.id} className={`number${series.isHeard[index] === false ? " muted" : ""}`}>
                  {formatValue(series, index)}
                </td>
              ))}
              {hasMarks && <HeardCell mark={spec.marks[index]} />}
              {hasEvents && <td className="heard-cell">{listEvents(eventsIn(spec, index))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeardCell({ mark }: { readonly mark: CoverageMark | undefined }) {
  const text = mark && describeMark(mark);
  return (
    <td className="heard-cell">
      <span title={text}>{text}</span>
    </td>
  );
}
