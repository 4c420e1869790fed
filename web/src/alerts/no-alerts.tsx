import { ViewLink } from "../navigation.tsx";
import { useQuery } from "../use-query.ts";
import type { ChangeView, ViewState } from "../view-state.ts";
import type { AlertRow } from "./alert-rows.ts";
import { RULE_MEANINGS } from "./alert-words.ts";

export interface NoAlertsProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly tick: number;
}

/** What there is to say where no alert is listed: what is watched, and how to be told. */
export function NoAlerts({ view, change, tick }: NoAlertsProps) {
  const { tracker, status } = view;
  const any = useQuery<AlertRow>("alerts", { tracker, limit: 1 }, tick);
  const others = any.value?.rows[0]?.found ?? 0;
  if (!any.value && !any.error) return null;
  return (
    <div className="card no-matches" role="status">
      <h2>{others === 0 ? TITLES.all : TITLES[status]}</h2>
      {others > 0 ? (
        <p className="muted">Everything that is watched stays below its threshold, or is seen to.</p>
      ) : (
        <Watched />
      )}
      <div className="chips">
        {tracker !== "" && (
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ tracker: "" });
            }}
          >
            Of all trackers
          </button>
        )}
        {others > 0 && status !== "all" && (
          <button
            type="button"
            className="button"
            onClick={() => {
              change({ status: "all" });
            }}
          >
            Show all alerts
          </button>
        )}
      </div>
    </div>
  );
}

const TITLES = {
  "": "No open alerts",
  acknowledged: "Nothing is acknowledged and still going on",
  resolved: "Nothing was resolved yet",
  all: "No alerts yet",
} as const;

function Watched() {
  return (
    <>
      <p className="muted no-issues-lead">
        Nothing has to be set up. Unless the config says otherwise, you are told when
      </p>
      <ul className="watched-rules">
        {Object.entries(RULE_MEANINGS).map(([kind, { name, says }]) => (
          <li key={kind}>
            <b>{name}.</b> {says}
          </li>
        ))}
      </ul>
      <p className="muted no-issues-lead">
        Alerts are listed here. To be told of them in Slack, Teams, by mail or elsewhere, add a receiver to{" "}
        <code>earshot.yaml</code>; what a launch brings is said under <code>calendar</code>. What people
        complain of at all stands under <ViewLink to={{ view: "issues" }}>Issues</ViewLink>.
      </p>
      <pre className="config-example" tabIndex={0} aria-label="A receiver in earshot.yaml">
        <code>{RECEIVER}</code>
      </pre>
    </>
  );
}

const RECEIVER = `alerts:
  publicUrl: https://earshot.example.com
  receivers:
    - type: slack
      id: care
      webhookUrl: \${SLACK_WEBHOOK_URL}`;
