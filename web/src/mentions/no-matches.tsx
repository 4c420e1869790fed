import { Icon } from "../icons.tsx";
import { NO_FILTERS, type ChangeView, type ViewState } from "../view-state.ts";
import { languageName, platformName, sentenceCase } from "../wording.ts";

export interface NoMatchesProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  /** Which part of the hours of the range was heard, 0..1; null where nothing is known of it. */
  readonly heardShare: number | null;
}

interface Narrowing {
  readonly label: string;
  readonly relaxed: Partial<ViewState>;
}

/** What to relax when nothing matches: every narrowing with a button that takes it away. */
export function NoMatches({ view, change, heardShare }: NoMatchesProps) {
  const narrowings = narrowingsOf(view);
  const isHeard = heardShare === null || heardShare === 1;
  return (
    <div className="card no-matches" role="status">
      <h3>No mentions match</h3>
      <p className="muted">
        {narrowings.length === 0
          ? `Nothing was ${isHeard ? "said" : "heard"} in this range of dates. Choose a longer one.`
          : "Take one of these away, or choose a longer range of dates:"}
      </p>
      {!isHeard && (
        <p className="muted">
          {heardShare === 0 ? "This range" : "Part of this range"} was not heard: see{" "}
          <a href="#sources">Sources</a>.
        </p>
      )}
      <div className="chips">
        {narrowings.map(({ label, relaxed }) => (
          <button
            key={label}
            type="button"
            className="chip"
            onClick={() => {
              change(relaxed);
            }}
          >
            {label}
            <Icon name="close" />
          </button>
        ))}
        {narrowings.length > 0 ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              change(NO_FILTERS);
            }}
          >
            Reset filters
          </button>
        ) : (
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ range: "all" });
            }}
          >
            Show all data
          </button>
        )}
      </div>
    </div>
  );
}

function narrowingsOf(view: ViewState): Narrowing[] {
  const found: Narrowing[] = [];
  const add = (isNarrowed: boolean, label: string, relaxed: Partial<ViewState>): void => {
    if (isNarrowed) found.push({ label, relaxed });
  };
  add(view.q !== "", `Search: ${view.q}`, { q: "" });
  add(view.bucket !== "", "Picked in a chart", { bucket: "" });
  add(view.sentiment !== "", sentenceCase(view.sentiment), { sentiment: "" });
  add(view.complaint, "Complaints only", { complaint: false });
  add(view.spam, "Likely spam", { spam: false });
  add(view.tracker !== "", `Tracker: ${view.tracker}`, { tracker: "" });
  add(view.platform.length > 0, `Platform: ${view.platform.map(platformName).join(", ")}`, { platform: [] });
  add(view.language.length > 0, `Language: ${view.language.map(languageName).join(", ")}`, { language: [] });
  add(view.rating !== "", `Rating: ${view.rating}`, { rating: "" });
  return found;
}
