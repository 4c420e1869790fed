import { useCallback, useState } from "react";
import { SearchBox } from "../filters/search-box.tsx";
import { Select } from "../filters/select.tsx";
import { Hint } from "../hint.tsx";
import { Icon } from "../icons.tsx";
import { DECISION_CHOICES, DECISION_NAMES, FLAG_MEANINGS, FLAGS, type Flag } from "../verdicts.ts";
import { ISSUE_ORDERS, type ChangeView, type IssueOrder, type ViewState } from "../view-state.ts";

const ORDER_NAMES: Readonly<Record<IssueOrder, string>> = {
  importance: "Importance",
  voices: "Most people",
  latest: "Heard last",
  newest: "Newest",
  relook: "Look again",
};

export interface IssueFiltersProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly order: IssueOrder;
  readonly owners: readonly string[];
}

/** What narrows the list of issues besides the verdict, and its order. */
export function IssueFilters({ view, change, order, owners }: IssueFiltersProps) {
  const search = useCallback(
    (q: string) => {
      change({ q }, true);
    },
    [change],
  );
  // on narrow pages alone, where they would push the list out of sight
  const [isOpen, setIsOpen] = useState(false);
  const count = [view.owner, view.decision, view.order].filter((one) => one !== "").length + view.flag.length;
  const known = view.owner === "" || owners.includes(view.owner) ? owners : [view.owner, ...owners];
  return (
    <div className={`issue-filters${isOpen ? " is-open" : ""}`} role="search" aria-label="Filters">
      <SearchBox
        label="Search the issues"
        placeholder="Search titles and terms"
        value={view.q}
        onSearch={search}
      />
      <button
        type="button"
        className="button more-filters"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        Filters{count > 0 && `: ${count}`} <Icon name="chevron" />
      </button>
      <div className="controls">
        <Select
          label="Owner"
          options={[{ value: "", label: "Anybody" }, ...known.map((name) => ({ value: name, label: name }))]}
          chosen={view.owner}
          onChoose={(owner) => {
            change({ owner });
          }}
        />
        <Select
          label="Decision"
          options={["" as const, ...DECISION_CHOICES].map((value) => ({
            value,
            label: DECISION_NAMES[value],
          }))}
          chosen={view.decision}
          onChoose={(decision) => {
            change({ decision });
          }}
        />
        <Select
          label="Order"
          options={ISSUE_ORDERS.map((value) => ({ value, label: ORDER_NAMES[value] }))}
          chosen={order}
          onChoose={(chosen) => {
            change({ order: chosen });
          }}
        />
      </div>
      <div className="flag-choice" role="group" aria-label="Flags">
        {FLAGS.map((flag) => (
          <Hint
            key={flag}
            className={`flag flag-${flag}`}
            says={FLAG_MEANINGS[flag].says}
            isPressed={view.flag.includes(flag)}
            onClick={() => {
              change({ flag: toggle(view.flag, flag) });
            }}
          >
            {FLAG_MEANINGS[flag].name}
          </Hint>
        ))}
      </div>
    </div>
  );
}

function toggle(chosen: readonly Flag[], flag: Flag): readonly Flag[] {
  return chosen.includes(flag) ? chosen.filter((one) => one !== flag) : [...chosen, flag];
}
