import { formatAgo, formatCount, formatMoment } from "../format.ts";
import { payloadOf } from "../issues/payload.ts";
import { ViewLink } from "../navigation.tsx";
import { AlertCare } from "./alert-care.tsx";
import type { AlertRow } from "./alert-rows.ts";
import { alertTitle, groupOf, numberOf, sentenceOf } from "./alert-words.ts";
import { SeverityBadge, StatusWord } from "./severity-badge.tsx";

export interface AlertItemProps {
  readonly alert: AlertRow;
  /** Empty where all are of one tracker. */
  readonly trackerName: string;
  readonly now: number;
}

/** One alert of the list: how bad, what changed, who was heard, and who sees to it. */
export function AlertItem({ alert, trackerName, now }: AlertItemProps) {
  const since = Date.parse(alert.started_at);
  return (
    <li className={`issue-item alert-item is-${alert.status}`} data-alert={alert.alert_id}>
      <div className="issue-main">
        <div className="issue-title">
          <SeverityBadge severity={alert.severity} />
          <h2 dir="auto">
            <ViewLink to={{ alert: alert.alert_id }}>{alertTitle(alert)}</ViewLink>
          </h2>
          <StatusWord status={alert.status} />
        </div>
        <p className="issue-reason" dir="auto">
          {sentenceOf(alert)}
        </p>
        <ul className="issue-facts">
          {trackerName !== "" && <li className="tag">{trackerName}</li>}
          {groupOf(alert).map((one) => (
            <li key={one} className="tag">
              <bdi>{one}</bdi>
            </li>
          ))}
          <li title={formatMoment(since)}>began {formatAgo(since, now)}</li>
          <li>{alert.number}</li>
          <li>rule {alert.rule}</li>
          {alert.issue_id !== "" && (
            <li>
              <ViewLink to={{ issue: `${alert.tracker}/${alert.issue_id}` }}>Issue</ViewLink>
            </li>
          )}
          <AlertCare alert={alert} now={now} />
        </ul>
      </div>
      <People alert={alert} />
    </li>
  );
}

function People({ alert }: { readonly alert: AlertRow }) {
  const payload = payloadOf(alert);
  const voices = numberOf(payload, "voices");
  const mentions = numberOf(payload, "mentions");
  if (voices === undefined && mentions === undefined) return <span />;
  return (
    <ul className="counts alert-counts" aria-label="Heard from">
      {voices !== undefined && (
        <li>
          <b>{formatCount(voices)}</b> <span>{voices === 1 ? "person" : "people"}</span>
        </li>
      )}
      {mentions !== undefined && (
        <li>
          <b>{formatCount(mentions)}</b> <span>{mentions === 1 ? "mention" : "mentions"}</span>
        </li>
      )}
    </ul>
  );
}
