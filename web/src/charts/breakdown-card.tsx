import { formatCount, formatShare, formatSigned } from "../format.ts";
import type { BreakdownRow, QueryReply } from "../query-rows.ts";
import type { Loaded } from "../use-query.ts";
import { FigureCard, Segments } from "./figure-card.tsx";

export const DIMENSIONS = ["platform", "tracker", "language", "rating"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const MAX_ROWS = 12;
const NAMES: Readonly<Record<Dimension, string>> = {
  platform: "Platform",
  tracker: "Tracker",
  language: "Language",
  rating: "Rating",
};
const TITLES: Readonly<Record<Dimension, string>> = {
  platform: "By platform",
  tracker: "By tracker",
  language: "By language",
  rating: "By rating",
};

export interface BreakdownCardProps {
  readonly dimension: Dimension;
  readonly onDimension: (dimension: Dimension) => void;
  readonly loaded: Loaded<QueryReply<BreakdownRow>>;
  readonly name: (series: string) => string;
  /** What to say where there is nothing to show. */
  readonly nothing: string;
  /** Narrows the page to one value. */
  readonly onPick: (series: string) => void;
}

/** Mentions of each value of one dimension as bars, the complaints among them marked, with the numbers beside. */
export function BreakdownCard(props: BreakdownCardProps) {
  const { dimension, onDimension, loaded, name, nothing, onPick } = props;
  const rows = loaded.value?.rows ?? [];
  const largest = Math.max(1, ...rows.map((row) => row.mentions));
  const shown = orderRows(dimension, rows).slice(0, MAX_ROWS);
  const tools = (
    <Segments
      label="Break down by"
      options={DIMENSIONS.map((value) => ({ value, label: NAMES[value], title: TITLES[value] }))}
      chosen={dimension}
      onChoose={onDimension}
    />
  );
  return (
    <FigureCard
      title={TITLES[dimension]}
      hint="Click a name to narrow the page to it"
      loaded={loaded}
      tools={tools}
    >
      {shown.length === 0 && <p className="figure-note">{nothing}</p>}
      {shown.length > 0 && (
        <ul className="legend" aria-hidden="true">
          <li>
            <span className="swatch swatch-complaints" /> Complaints
          </li>
          <li>
            <span className="swatch swatch-mentions" /> Other mentions
          </li>
        </ul>
      )}
      {shown.length > 0 && (
        <div className="table-scroll breakdown" tabIndex={0} role="region" aria-label={TITLES[dimension]}>
          <table>
            <thead>
              <tr>
                <th scope="col">{NAMES[dimension]}</th>
                <th scope="col" aria-hidden="true" className="bar-cell" />
                <th scope="col" className="number">
                  Mentions
                </th>
                <th scope="col" className="number">
                  Complaint share
                </th>
                <th scope="col" className="number score">
                  Score
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.series}>
                  <th scope="row" className="clip">
                    <PickButton
                      label={name(row.series)}
                      pick={
                        row.series === ""
                          ? undefined
                          : () => {
                              onPick(row.series);
                            }
                      }
                    />
                  </th>
                  <td className="bar-cell" aria-hidden="true">
                    <span className="bar" style={{ width: `${(row.mentions / largest) * 100}%` }}>
                      <span
                        className="bar-complaints"
                        style={{ width: `${(row.complaints / Math.max(1, row.mentions)) * 100}%` }}
                      />
                    </span>
                  </td>
                  <td className="number">{formatCount(row.mentions)}</td>
                  <td className="number" title={`${formatCount(row.complaints)} complaints`}>
                    {row.complaint_share === null ? "–" : formatShare(row.complaint_share)}
                  </td>
                  <td className="number score" title="Mean sentiment score, −1 to +1">
                    {row.mean_score === null ? "–" : formatSigned(row.mean_score, 2)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > shown.length && <p className="muted">and {rows.length - shown.length} smaller</p>}
        </div>
      )}
    </FigureCard>
  );
}

function PickButton({ label, pick }: { readonly label: string; readonly pick: (() => void) | undefined }) {
  if (!pick) return <span title={label}>{label}</span>;
  return (
    <button type="button" className="link-button" title={`Show only ${label}`} onClick={pick}>
      {label}
    </button>
  );
}

function orderRows(dimension: Dimension, rows: readonly BreakdownRow[]): BreakdownRow[] {
  if (dimension === "rating") return [...rows].sort((a, b) => toRank(b.series) - toRank(a.series));
  return [...rows].sort((a, b) => b.mentions - a.mentions);
}

/** Best rating first, what has none last. */
function toRank(series: string): number {
  return series === "" ? -Infinity : Number(series);
}
