import { listNames } from "../charts/coverage-marks.ts";
import { Icon } from "../icons.tsx";
import type { SourceHealthRow } from "../query-rows.ts";
import { byTrouble, isTroubled } from "./source-states.ts";

const MOST_NAMES = 2;

/** Says at the top of the page that sources have problems, and leads to what to do. Nothing while all is well. */
export function SourceNotice({ sources }: { readonly sources: readonly SourceHealthRow[] }) {
  const troubled = byTrouble(sources.filter(isTroubled));
  const names = troubled.map(({ source, state }) => `${source} (${state})`);
  // the element stays, for screen readers announce what changes in it
  return (
    <div className="source-notice" role="status">
      {troubled.length > 0 && (
        <p>
          <Icon name="warning" />
          <span>
            <strong>
              {troubled.length === 1 ? "A source has a problem" : `${troubled.length} sources have problems`}:
            </strong>{" "}
            {listNames(names, MOST_NAMES)}. Figures may be too low. <a href="#sources">See what to do</a>
          </span>
        </p>
      )}
    </div>
  );
}
