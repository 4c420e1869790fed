import { formatDay, formatPeople } from "../format.ts";

export interface SparklineProps {
  /** Starts of the weeks, ms since 1970. */
  readonly weeks: readonly number[];
  /** People in each of them; null where nobody listened. */
  readonly voices: readonly (number | null)[];
}

const STEP = 5;
const BAR = 4;
const HEIGHT = 34;
/** The lowest bar of a week with anybody in it. */
const LEAST = 3;

/** People per week as small bars; a week nobody listened in is a line through the middle and no bar. */
export function Sparkline({ weeks, voices }: SparklineProps) {
  const most = Math.max(1, ...voices.map((count) => count ?? 0));
  const peak = weeks[voices.indexOf(most)];
  const unheard = voices.filter((count) => count === null).length;
  const said = [
    `People per week, ${weeks.length} weeks`,
    peak === undefined ? "nobody" : `most ${formatPeople(most)} in the week of ${formatDay(peak)}`,
    ...(unheard > 0 ? [`${unheard} not listened to`] : []),
  ].join("; ");
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${weeks.length * STEP} ${HEIGHT}`}
      width={weeks.length * STEP}
      height={HEIGHT}
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      <path className="sparkline-floor" d={`M0 ${HEIGHT - 0.5}H${weeks.length * STEP}`} />
      {voices.map((count, index) => {
        const x = index * STEP;
        if (count === null) {
          return <path key={x} className="sparkline-unheard" d={`M${x} ${HEIGHT / 2}h${STEP}`} />;
        }
        if (count === 0) return null;
        const height = LEAST + (count / most) * (HEIGHT - LEAST - 1);
        return <rect key={x} x={x} y={HEIGHT - height} width={BAR} height={height} rx={1} />;
      })}
    </svg>
  );
}
