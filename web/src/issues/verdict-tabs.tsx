import type { QueryParams } from "../api.ts";
import { formatCount } from "../format.ts";
import { useQuery } from "../use-query.ts";
import type { ChangeView } from "../view-state.ts";
import { VERDICT_MEANINGS, VERDICTS, type VerdictChoice } from "../verdicts.ts";
import type { IssueRow } from "./issue-rows.ts";

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
            {label} <Found params={{ ...params, verdict }} tick={tick} />
          </button>
        ))}
      </div>
      {chosen !== "" && <p className="muted verdict-says">{VERDICT_MEANINGS[chosen].says}</p>}
    </>
  );
}

function Found({ params, tick }: { readonly params: QueryParams; readonly tick: number }) {
  const { value } = useQuery<IssueRow>("issues", { ...params, limit: 1 }, tick);
  if (!value) return null;
  return <span className="tab-count">{formatCount(value.rows[0]?.found ?? 0)}</span>;
}
