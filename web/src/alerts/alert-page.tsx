import type { Status } from "../query-rows.ts";
import { payloadOf } from "../issues/payload.ts";
import { ViewLink } from "../navigation.tsx";
import { useQuery } from "../use-query.ts";
import { useTitle } from "../use-title.ts";
import type { ViewState } from "../view-state.ts";
import { trackerName } from "../wording.ts";
import { AlertDeliveries } from "./alert-deliveries.tsx";
import { AlertFigures } from "./alert-figures.tsx";
import { AlertHead } from "./alert-head.tsx";
import { AlertHistory } from "./alert-history.tsx";
import { AlertQuotes } from "./alert-quotes.tsx";
import type { AlertEventRow, AlertRow } from "./alert-rows.ts";
import { AlertTimeline } from "./alert-timeline.tsx";
import { alertTitle, textsOf } from "./alert-words.ts";

export interface AlertPageProps {
  readonly alertId: string;
  readonly status: Status;
  readonly tick: number;
  /** The list to go back to. */
  readonly list: Partial<ViewState>;
}

const EVERY_STATUS = ["firing", "acknowledged", "resolved", "pending", "withdrawn"];

/** Everything that is known of one alert, and what can be done with it. */
export function AlertPage({ alertId, status, tick, list }: AlertPageProps) {
  const found = useQuery<AlertRow>("alerts", { alert: [alertId], status: EVERY_STATUS, limit: 1 }, tick);
  const events = useQuery<AlertEventRow>("alert_events", { alert: alertId, limit: 500 }, tick);
  const now = Date.parse(status.now);
  const alert = found.value?.rows[0];
  useTitle(alert ? `${alert.number} ${alertTitle(alert)}` : "Alert");
  if (!found.value && found.error) {
    return (
      <p className="card figure-note" role="alert">
        {found.error.message} This page asks again every half a minute.
      </p>
    );
  }
  if (!found.value) return <AlertSkeleton />;
  if (!alert) return <NoSuchAlert />;
  const reasons = textsOf(payloadOf(alert), "reasons");
  return (
    <div className="issue-page">
      <AlertHead
        alert={alert}
        trackerName={trackerName(alert.tracker, status.trackers)}
        list={list}
        now={now}
      />
      <AlertFigures alert={alert} sql={found.value.sql} />
      <div className="issue-columns">
        <div className="issue-column">
          {reasons.length > 0 && (
            <section className="card alert-card" aria-labelledby="reasons-title">
              <header className="card-head">
                <h2 id="reasons-title">Why we think so</h2>
              </header>
              <ul className="why-list">
                {reasons.map((reason) => (
                  <li key={reason} dir="auto">
                    {reason}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <AlertTimeline alert={alert} events={events.value?.rows ?? NONE} now={now} tick={tick} />
          <AlertQuotes alert={alert} tick={tick} />
        </div>
        <aside className="issue-column">
          <AlertDeliveries alert={alert} now={now} tick={tick} />
          <AlertHistory events={events} now={now} />
        </aside>
      </div>
    </div>
  );
}

const NONE: readonly never[] = [];

function NoSuchAlert() {
  return (
    <div className="absent-issue">
      <div className="card no-matches">
        <h1>There is no such alert</h1>
        <p className="muted">What it told of may have been deleted, or the address was cut off.</p>
        <div className="chips">
          <ViewLink className="button" to={{ view: "alerts", status: "all" }}>
            All alerts
          </ViewLink>
        </div>
      </div>
    </div>
  );
}

function AlertSkeleton() {
  return (
    <div role="status" aria-label="Loading the alert" className="issue-page">
      <div className="skeleton issue-head-skeleton" />
      <div className="card figure">
        <div className="skeleton figure-skeleton" />
      </div>
    </div>
  );
}
