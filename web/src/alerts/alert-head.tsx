import { useState } from "react";
import { formatAgo, formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import { useAttempt } from "../issues/use-attempt.ts";
import { ViewLink } from "../navigation.tsx";
import type { ViewState } from "../view-state.ts";
import { AlertCare, snoozeOf } from "./alert-care.tsx";
import { JudgeForm, NoteForm, OwnerForm, SnoozeForm } from "./alert-forms.tsx";
import type { AlertRow } from "./alert-rows.ts";
import { SilenceForm } from "./silence-form.tsx";
import { alertTitle, groupOf, RULE_MEANINGS, sentenceOf } from "./alert-words.ts";
import { SeverityBadge, StatusWord } from "./severity-badge.tsx";
import { useAlertAct } from "./use-alert-act.ts";

export interface AlertHeadProps {
  readonly alert: AlertRow;
  readonly trackerName: string;
  /** The list to go back to. */
  readonly list: Partial<ViewState>;
  readonly now: number;
}

/** What an alert is about, what changed, and what can be done with it. */
export function AlertHead({ alert, trackerName, list, now }: AlertHeadProps) {
  const since = Date.parse(alert.started_at);
  return (
    <header className="issue-head">
      <ViewLink className="back-link" to={list}>
        <Icon name="back" /> Alerts
      </ViewLink>
      <div className="issue-head-title">
        <SeverityBadge severity={alert.severity} />
        <h1 dir="auto">{alertTitle(alert)}</h1>
        <StatusWord status={alert.status} />
      </div>
      <p className="alert-sentence" dir="auto">
        {sentenceOf(alert)}
      </p>
      <ul className="issue-facts">
        <li>{alert.number}</li>
        {alert.tracker !== "" && <li className="tag">{trackerName}</li>}
        {groupOf(alert).map((one) => (
          <li key={one} className="tag">
            <bdi>{one}</bdi>
          </li>
        ))}
        <li title={formatMoment(since)}>began {formatAgo(since, now)}</li>
        {alert.resolved_at !== null && (
          <li title={formatMoment(Date.parse(alert.resolved_at))}>
            resolved {formatAgo(Date.parse(alert.resolved_at), now)}
          </li>
        )}
        <li title={RULE_MEANINGS[alert.rule_kind].says}>rule {alert.rule}</li>
        {alert.issue_id !== "" && (
          <li>
            <ViewLink to={{ issue: `${alert.tracker}/${alert.issue_id}` }}>
              Open the issue <Icon name="external" />
            </ViewLink>
          </li>
        )}
        <AlertCare alert={alert} now={now} />
      </ul>
      <Acts alert={alert} now={now} />
    </header>
  );
}

type Form = "snooze" | "judge" | "owner" | "note" | "silence";

function Acts({ alert, now }: { readonly alert: AlertRow; readonly now: number }) {
  const { act } = useAlertAct();
  const { attempt, isBusy, error } = useAttempt();
  const [form, setForm] = useState<Form>();
  const { status } = alert;
  const isOpen = status === "firing" || status === "acknowledged";
  const isRaised = isOpen || status === "resolved";
  const isSpokenFor = isOpen && (alert.acknowledged_by !== "" || snoozeOf(alert, now) !== "");
  const common = {
    alert,
    now,
    onClose: () => {
      setForm(undefined);
    },
  };
  const opening = (one: Form) => () => {
    setForm(one);
  };
  return (
    <div className="alert-acts">
      {status === "firing" && (
        <button
          type="button"
          className="button primary"
          disabled={isBusy}
          onClick={() => {
            attempt(() => act(alert, { kind: "acknowledge" }, "Acknowledged"));
          }}
        >
          <Icon name="check" /> Acknowledge
        </button>
      )}
      {isOpen && (
        <button type="button" className="button" onClick={opening("snooze")}>
          <Icon name="clock" /> Snooze…
        </button>
      )}
      {isRaised && (
        <button type="button" className="button" onClick={opening("judge")}>
          <Icon name="flag" /> {alert.verdict === "" ? "Was it worth it?…" : "Judge again…"}
        </button>
      )}
      {(alert.verdict !== "" || isSpokenFor) && (
        <button
          type="button"
          className="button"
          disabled={isBusy}
          title="It was not acknowledged, snoozed or judged then; what was closed by that is open again."
          onClick={() => {
            attempt(() => act(alert, { kind: "undo" }, "Taken back"));
          }}
        >
          <Icon name="undo" /> Take back
        </button>
      )}
      <button type="button" className="button" onClick={opening("owner")}>
        <Icon name="person" /> Assign…
      </button>
      <button type="button" className="button" onClick={opening("note")}>
        <Icon name="edit" /> Note…
      </button>
      <button type="button" className="button" onClick={opening("silence")}>
        <Icon name="quiet" /> Silence…
      </button>
      {error !== "" && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      {form === "snooze" && <SnoozeForm {...common} />}
      {form === "judge" && <JudgeForm {...common} />}
      {form === "owner" && <OwnerForm {...common} />}
      {form === "note" && <NoteForm {...common} />}
      {form === "silence" && <SilenceForm {...common} />}
    </div>
  );
}
