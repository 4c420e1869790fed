import { useState, type ReactNode } from "react";
import { formatDay, formatPeople } from "../format.ts";
import { Icon } from "../icons.tsx";
import { useQuery } from "../use-query.ts";
import { DECISION_NAMES } from "../verdicts.ts";
import { DecideForm } from "./actions/decide-form.tsx";
import { RegisterForm } from "./actions/register-form.tsx";
import { IsolateForm, OwnerForm, RelookForm } from "./actions/small-forms.tsx";
import type { AgendaRow, IssueRow } from "./issue-rows.ts";
import { describeDay, isDue } from "./issue-words.ts";

export interface IssueCareProps {
  readonly issue: IssueRow;
  readonly owners: readonly string[];
  readonly now: number;
  readonly tick: number;
}

type Form = "owner" | "relook" | "isolate" | "decide" | "register";

/** What people made of an issue: whose it is, what was decided, and what may be said of it. */
export function IssueCare({ issue, owners, now, tick }: IssueCareProps) {
  const [form, setForm] = useState<Form>();
  const { relook_on: relook, verdict } = issue;
  const isRecurring = verdict === "recurring" || verdict === "escalating";
  const common = {
    issue,
    now,
    owners,
    onClose: () => {
      setForm(undefined);
    },
  };
  return (
    <section className="card issue-care" aria-label="What we do about it">
      <Part
        title="Owner"
        verb={issue.owner === "" ? "Set" : "Change"}
        onEdit={() => {
          setForm("owner");
        }}
      >
        {issue.owner === "" ? <span className="muted">Nobody yet</span> : issue.owner}
      </Part>
      <Part
        title="Look again"
        verb={relook === null ? "Set" : "Change"}
        onEdit={() => {
          setForm("relook");
        }}
      >
        {relook === null ? (
          <span className="muted">No day yet</span>
        ) : (
          <>
            {formatDay(Date.parse(relook))}{" "}
            <span className={isDue(relook, now) ? "tag tag-due" : "muted"}>
              {isDue(relook, now) && <Icon name="clock" />}
              {describeDay(relook, now)}
            </span>
          </>
        )}
      </Part>
      <Part
        title="Decision"
        verb={issue.decision === "" ? "Decide" : "Change"}
        onEdit={() => {
          setForm("decide");
        }}
      >
        <DecisionText issue={issue} tick={tick} now={now} />
      </Part>
      <Part
        title="Isolated error"
        verb={issue.isolated_call === "" ? "Call isolated" : "Call again"}
        // the call would not hold for a moment
        onEdit={
          isRecurring
            ? undefined
            : () => {
                setForm("isolate");
              }
        }
      >
        <IsolatedText issue={issue} isRecurring={isRecurring} />
      </Part>
      <Part
        title="Known issue"
        verb={issue.register_status === "" ? "Add to the register" : "Edit"}
        onEdit={() => {
          setForm("register");
        }}
      >
        <RegisterText issue={issue} now={now} />
      </Part>
      {form === "owner" && <OwnerForm {...common} />}
      {form === "relook" && <RelookForm {...common} />}
      {form === "isolate" && <IsolateForm {...common} />}
      {form === "decide" && <DecideForm {...common} />}
      {form === "register" && <RegisterForm {...common} />}
    </section>
  );
}

function Part(props: {
  readonly title: string;
  readonly verb: string;
  /** Absent where nothing can be done. */
  readonly onEdit: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="care-part">
      <h2>{props.title}</h2>
      {props.onEdit && (
        <button
          type="button"
          className="link-button"
          aria-label={`${props.verb}: ${props.title}`}
          onClick={props.onEdit}
        >
          {props.verb}
        </button>
      )}
      <div className="care-text">{props.children}</div>
    </div>
  );
}

function DecisionText({ issue, tick, now }: Pick<IssueCareProps, "issue" | "tick" | "now">) {
  const { decision, review_on: review, decided_at: at } = issue;
  const agenda = useQuery<AgendaRow>(
    "agenda",
    decision === "" ? undefined : { tracker: issue.tracker, issue: [issue.issue_id] },
    tick,
  );
  if (decision === "") return <span className="muted">Not decided</span>;
  const since = agenda.value?.rows[0];
  return (
    <>
      <p>
        <span className={`decision decision-${decision}`}>{DECISION_NAMES[decision]}</span>
        {issue.decision_owner !== "" && <> · {issue.decision_owner}</>}
        {issue.is_public && <span className="tag">on the public agenda</span>}
      </p>
      <p>{issue.decision_reason}</p>
      <p className="muted">
        {at !== null && (
          <>
            By {issue.decided_by || "somebody"} on {formatDay(Date.parse(at))}.{" "}
          </>
        )}
        {review !== null && (
          <>
            Review on {formatDay(Date.parse(review))}, or at {formatPeople(issue.review_at_voices)} more.{" "}
          </>
        )}
        {since && <>{formatPeople(since.people_since)} since.</>}
      </p>
      {(isDue(review, now) || since?.is_forced === true) && (
        <p>
          <span className="tag tag-due">
            <Icon name="clock" />{" "}
            {since?.is_forced === true ? "Enough people complained: review it" : "Review it now"}
          </span>
        </p>
      )}
    </>
  );
}

function IsolatedText({ issue, isRecurring }: { readonly issue: IssueRow; readonly isRecurring: boolean }) {
  const { isolated_call: call, isolated_until: until, isolated_reason: reason } = issue;
  if (call === "") {
    return (
      <span className="muted">{isRecurring ? "It comes again, so it is none" : "Nobody called it so"}</span>
    );
  }
  const says = {
    holds: `Holds${until === null ? "" : ` until ${formatDay(Date.parse(until))}`}`,
    expired: "Expired",
    overturned: "Overturned: more people reported it",
  }[call];
  return (
    <>
      <p>
        <span className={call === "overturned" ? "tag tag-due" : "tag"}>{says}</span>
      </p>
      <p>{reason}</p>
    </>
  );
}

function RegisterText({ issue, now }: { readonly issue: IssueRow; readonly now: number }) {
  const { register_status: status, register_expires_on: expires } = issue;
  if (status === "") return <span className="muted">Not in the register</span>;
  const parts = [
    ["Customers notice", issue.symptom],
    ["Say", issue.wording],
    ["Meanwhile", issue.workaround],
    ["May promise", issue.may_promise],
    ["Must not promise", issue.must_not_promise],
  ] as const;
  const isOver = isDue(expires, now);
  return (
    <>
      {(status === "retired" || isOver) && (
        <p>
          <span className="tag tag-due">{status === "retired" ? "Retired" : "No longer holds"}</span>
        </p>
      )}
      <dl className="register-parts">
        {parts.map(
          ([name, text]) =>
            text !== "" && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
      </dl>
    </>
  );
}
