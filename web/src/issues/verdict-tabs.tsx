import type { QueryParams } from "../api.ts";
import { formatCount } from "../format.ts";
import { useQuery } from "../use-query.ts";
import type { ChangeView } from "../view-state.ts";
import { VERDICT_MEANINGS, VERDICTS, type VerdictChoice } from "../verdicts.ts";
import type { IssueCountRow } from "./issue-rows.ts";

const TABS: readonly { readonly verdict: VerdictChoice; readonly label: string }[] = [
  { verdict: "", label: "All" },
  ...VERDICTS.map((verdict) => ({
    verdict,
    label: verdict === "single" ? "Single voices" : VERDICT_MEANINGS[verdict].name,
  })),
];

export interface VerdictTabsProps {
  readonly chosen: VerdictChoice;
  readonly change: ChangeView;
  /** What else the list is narrowed to. */
  readonly params: QueryParams;
  readonly tick: number;
}

/** The verdicts to choose from, each with how many issues have it, and what the chosen one means. */
export function VerdictTabs({ chosen, change, params, tick }: VerdictTabsProps) {
  const counts = useQuery<IssueCountRow>("issue_counts", params, tick).value?.rows;
  const found = (verdict: VerdictChoice): number | undefined =>
    counts
      ?.filter((row) => verdict === "" || row.verdict === verdict)
      .reduce((sum, row) => sum + row.found, 0);
  return (
    <>
      <div className="segments verdict-tabs" role="group" aria-label="Verdict">
        {TABS.map(({ verdict, label }) => (
          <button
            key={verdict}
            type="button"
            aria-pressed={verdict === chosen}
            onClick={() => {
              change({ verdict, order: "" });
            }}
          >
            {label} <TabCount found={found(verdict)} />
          </button>
        ))}
      </div>
      {chosen !== "" && <p className="muted verdict-says">{VERDICT_MEANINGS[chosen].says}</p>}
    </>
  );
}

function TabCount({ found }: { readonly found: number | undefined }) {
  if (found === undefined) return null;
  return <span className="tab-count">{formatCount(found)}</span>;
}
