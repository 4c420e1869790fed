import { formatAgo, formatAhead, formatCount, formatMoment } from "../format.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import { useQuery } from "../use-query.ts";
import type { AlertRow, DeliveryRow } from "./alert-rows.ts";

export interface AlertDeliveriesProps {
  readonly alert: AlertRow;
  readonly now: number;
  readonly tick: number;
}

const OUTCOMES: Readonly<Record<DeliveryRow["outcome"], string>> = {
  sent: "Told",
  failed: "Failed, tried again",
  suppressed: "Not told on purpose",
  dead: "Failed for good",
};

/** Who was told of an alert, and who was not and why. */
export function AlertDeliveries({ alert, now, tick }: AlertDeliveriesProps) {
  const found = useQuery<DeliveryRow>("alert_deliveries", { alert: alert.alert_id }, tick);
  const rows = found.value?.rows ?? [];
  return (
    <section className="card issue-history" aria-labelledby="deliveries-title">
      <header className="card-head">
        <h2 id="deliveries-title">Who was told</h2>
        <ShowSqlButton title="Who was told" sql={found.value?.sql} reading="Each row is one message." />
      </header>
      {found.error && !found.value && <p className="muted">{found.error.message}</p>}
      {found.value && rows.length === 0 && (
        <p className="muted">
          Nobody: no receiver is set up, or it waits its turn. Receivers stand under{" "}
          <code>alerts.receivers</code> of <code>earshot.yaml</code>.
        </p>
      )}
      <ol>
        {rows.map(({ id, receiver, outcome, event_kind: kind, reason, attempts, next_at: next, at }) => (
          <li key={id} data-outcome={outcome}>
            <div className="history-words">
              <b>{receiver}</b>
              {kind !== "" && <span className="muted"> {KIND_WORDS[kind] ?? kind}</span>}
            </div>
            <span className={`outcome outcome-${outcome}`}>{OUTCOMES[outcome]}</span>
            <p className="muted">
              <time title={formatMoment(Date.parse(at))}>{formatAgo(Date.parse(at), now)}</time>
              {attempts > 1 && <>, {formatCount(attempts)} tries</>}
              {next !== null && <>, again {formatAhead(Date.parse(next), now)}</>}
              {reason !== "" && (
                <>
                  : <bdi>{reason}</bdi>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  fired: "that it was raised",
  escalated: "that it got worse",
  acknowledge: "that it was acknowledged",
  resolved: "that it is quiet",
  reopened: "that it is back",
};
