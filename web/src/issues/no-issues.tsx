import { Icon } from "../icons.tsx";
import { ViewLink } from "../navigation.tsx";
import { DECISION_NAMES, FLAG_MEANINGS, VERDICT_MEANINGS } from "../verdicts.ts";
import type { ChangeView, ViewState } from "../view-state.ts";

/** What there is to do where no issue is listed. */
export function NoIssues({ view, change }: { readonly view: ViewState; readonly change: ChangeView }) {
  const narrowings = narrowingsOf(view);
  if (narrowings.length === 0 && view.verdict === "") return <NothingYet />;
  return (
    <div className="card no-matches" role="status">
      <h2>{narrowings.length > 0 ? "No issues match" : EMPTY_TABS[view.verdict || "watch"]}</h2>
      <p className="muted">
        {narrowings.length > 0
          ? "Take one of these away:"
          : "That is counted, not hoped: every complaint that is stored was judged. See the other verdicts."}
      </p>
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
        <button
          type="button"
          className="button"
          onClick={() => {
            change({ verdict: "", flag: [], owner: "", decision: "", q: "", tracker: "" });
          }}
        >
          Show all issues
        </button>
      </div>
    </div>
  );
}

const EMPTY_TABS = {
  escalating: "Nothing escalates",
  recurring: "Nothing recurs",
  watch: "Nothing to watch",
  single: "No single voices",
} as const;

function NothingYet() {
  return (
    <div className="card no-matches" role="status">
      <h2>No issues yet</h2>
      <p className="muted no-issues-lead">
        Issues appear here as soon as complaints are stored: those that say the same are put together within
        seconds and judged within a minute. Nothing has to be set up.
      </p>
      <ul className="no-issues-ways">
        <li>
          Is anything heard? See <ViewLink to={{}}>what there is</ViewLink>, and the sources at its end.
        </li>
        <li>
          Bring what you have: <code>npx earshot import reviews.csv</code>
        </li>
        <li>
          Look around in invented data: <code>npx earshot demo</code>
        </li>
      </ul>
    </div>
  );
}

function narrowingsOf(view: ViewState): { readonly label: string; readonly relaxed: Partial<ViewState> }[] {
  const { q, owner, decision, tracker, verdict } = view;
  const others = [
    ...(q === "" ? [] : [{ label: `Search: ${q}`, relaxed: { q: "" } }]),
    ...view.flag.map((flag) => ({
      label: FLAG_MEANINGS[flag].name,
      relaxed: { flag: view.flag.filter((one) => one !== flag) },
    })),
    ...(owner === "" ? [] : [{ label: `Owner: ${owner}`, relaxed: { owner: "" } }]),
    ...(decision === "" ? [] : [{ label: DECISION_NAMES[decision], relaxed: { decision: "" as const } }]),
    ...(tracker === "" ? [] : [{ label: `Tracker: ${tracker}`, relaxed: { tracker: "" } }]),
  ];
  if (others.length === 0 || verdict === "") return others;
  return [{ label: VERDICT_MEANINGS[verdict].name, relaxed: { verdict: "" as const } }, ...others];
}
