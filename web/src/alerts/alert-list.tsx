import { useState } from "react";
import type { QueryParams } from "../api.ts";
import { formatCount } from "../format.ts";
import type { Status } from "../query-rows.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import { useTitle } from "../use-title.ts";
import { ALERT_TABS, type AlertTab, type ChangeView, type ViewState } from "../view-state.ts";
import { trackerName } from "../wording.ts";
import { AlertItem } from "./alert-item.tsx";
import type { AlertRow } from "./alert-rows.ts";
import { TAB_STATUSES } from "./alert-words.ts";
import { NoAlerts } from "./no-alerts.tsx";
import { StandingSilences } from "./standing-silences.tsx";

/** Alerts shown at first, and added by each press of the button below them. */
const PAGE = 50;
/** The API gives no more at a time. */
const MOST = 1_000;

const TAB_NAMES: Readonly<Record<AlertTab, string>> = {
  "": "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  all: "All",
};

export interface AlertListProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly status: Status;
  readonly tick: number;
}

/** Alerts, open ones first, the worst first, narrowed as the view says. */
export function AlertList({ view, change, status, tick }: AlertListProps) {
  useTitle("Alerts");
  const { tracker, status: tab } = view;
  const key = JSON.stringify([tracker, tab]);
  const [shown, setShown] = useState({ key, limit: PAGE });
  const limit = shown.key === key ? shown.limit : PAGE;
  const list = useQuery<AlertRow>("alerts", { tracker, status: TAB_STATUSES[tab], limit }, tick);
  const rows = list.value?.rows ?? [];
  const found = rows[0]?.found ?? 0;
  const trackers = new Set(rows.map((row) => row.tracker));
  const nameOf = (id: string): string =>
    id === "" || (tracker !== "" && trackers.size < 2) ? "" : trackerName(id, status.trackers);
  return (
    <section className="issues" aria-labelledby="alerts-title" aria-busy={list.isStale}>
      <header className="mentions-head">
        <h1 id="alerts-title">Alerts</h1>
        <ShowSqlButton title="Alerts" sql={list.value?.sql} reading="Each row is one alert of the list." />
        <span className="muted">What people should know of at once, told once</span>
      </header>
      <div className="segments verdict-tabs" role="group" aria-label="Status">
        {ALERT_TABS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === tab}
            onClick={() => {
              change({ status: one });
            }}
          >
            {TAB_NAMES[one]} <Found params={{ tracker, status: TAB_STATUSES[one] }} tick={tick} />
          </button>
        ))}
      </div>
      <StandingSilences tick={tick} />
      {!list.value && !list.error && <ListSkeleton />}
      {list.error && (
        <p className="card figure-note" role="alert">
          {list.error.message} This page asks again every half a minute.
        </p>
      )}
      {list.value && !list.isStale && rows.length === 0 && (
        <NoAlerts view={view} change={change} tick={tick} />
      )}
      {rows.length > 0 && (
        <ul className={`card issue-list${list.isStale ? " is-stale" : ""}`}>
          {rows.map((alert) => (
            <AlertItem
              key={alert.alert_id}
              alert={alert}
              trackerName={nameOf(alert.tracker)}
              now={Date.parse(status.now)}
            />
          ))}
        </ul>
      )}
      {rows.length < Math.min(found, MOST) && (
        <button
          type="button"
          className="button load-more"
          disabled={list.isStale}
          onClick={() => {
            setShown({ key, limit: Math.min(MOST, limit + PAGE) });
          }}
        >
          {list.isStale ? "Loading…" : `Load more of ${formatCount(found)}`}
        </button>
      )}
    </section>
  );
}

function Found({ params, tick }: { readonly params: QueryParams; readonly tick: number }) {
  const { value } = useQuery<AlertRow>("alerts", { ...params, limit: 1 }, tick);
  if (!value) return null;
  return <span className="tab-count">{formatCount(value.rows[0]?.found ?? 0)}</span>;
}

function ListSkeleton() {
  return (
    <div className="card issue-list" role="status" aria-label="Loading alerts">
      {[0, 1, 2, 3].map((index) => (
        <div key={index} className="issue-item">
          <div className="skeleton issue-skeleton" />
        </div>
      ))}
    </div>
  );
}
