import { useState } from "react";
import { Select } from "../../filters/select.tsx";
import { formatDay } from "../../format.ts";
import { Icon, type IconName } from "../../icons.tsx";
import { ViewLink } from "../../navigation.tsx";
import { useQuery } from "../../use-query.ts";
import { sentenceCase } from "../../wording.ts";
import { ChangeForm } from "../actions/change-form.tsx";
import type { ChangeRow, IssueRow } from "../issue-rows.ts";
import { StatementButtons } from "./statement-buttons.tsx";
import { issuePath, useIssuePart } from "./use-issue-part.ts";
import type { FixJudged, FixVerdict } from "./why-rows.ts";

const WORDS: Readonly<
  Record<FixVerdict, { readonly name: string; readonly icon: IconName; readonly says: string }>
> = {
  fell: { name: "It fell", icon: "check", says: "Surely fewer people report it than without the change." },
  held: { name: "It goes on", icon: "repeat", says: "The change did not help enough to be seen." },
  moved: { name: "It moved", icon: "share", says: "It fell, and a similar issue rose by about as much." },
  too_early: { name: "Too early", icon: "clock", says: "Not enough was heard since to tell." },
  came_back: { name: "It came back", icon: "undo", says: "It had fallen, and returned." },
};

export interface FixCardProps {
  readonly issue: IssueRow;
  readonly now: number;
  readonly tick: number;
  /** Grows with everything that may change what the issue consists of. */
  readonly moved: number;
}

/** Whether what we changed helped, by people per exposure before and after. */
export function FixCard({ issue, now, tick, moved }: FixCardProps) {
  const [isTelling, setIsTelling] = useState(false);
  const [chosen, setChosen] = useState("");
  const known = useQuery<ChangeRow>("changes", { tracker: issue.tracker, issue: [issue.issue_id] }, tick);
  const fixes = (known.value?.rows ?? []).filter(({ at }) => Date.parse(at) <= now);
  const change = fixes.find(({ id }) => id === chosen) ?? fixes[0];
  const judged = useIssuePart<FixJudged>(
    change && issuePath(issue, `verdict?change=${encodeURIComponent(change.id)}`),
    moved,
  );
  return (
    <section className="card fix-card" aria-labelledby="fix-title" aria-busy={judged.isStale}>
      <header className="card-head">
        <h2 id="fix-title">Did it help?</h2>
        {judged.value && <StatementButtons title="Did it help" statements={judged.value.statements} />}
      </header>
      {fixes.length > 1 && change && (
        <Select
          label="Change"
          options={fixes.map(({ id, title, at }) => ({
            value: id,
            label: `${formatDay(Date.parse(at))}: ${title}`,
          }))}
          chosen={change.id}
          onChoose={setChosen}
        />
      )}
      {known.value && !change && (
        <p className="muted">
          No change is recorded that should have mended it. Once one is, its effect is judged here.
        </p>
      )}
      {change && !judged.value && !judged.error && (
        <div className="skeleton quote-skeleton" role="status" aria-label="Judging the change" />
      )}
      {change && judged.error && !judged.value && (
        <p className="muted" role="alert">
          {judged.error.message}
        </p>
      )}
      {change && judged.value && <FixWords judged={judged.value} tracker={issue.tracker} />}
      <button
        type="button"
        className="link-button"
        onClick={() => {
          setIsTelling(true);
        }}
      >
        Tell of a change
      </button>
      {isTelling && (
        <ChangeForm
          issue={issue}
          now={now}
          onClose={() => {
            setIsTelling(false);
          }}
        />
      )}
    </section>
  );
}

function FixWords({ judged, tracker }: { readonly judged: FixJudged; readonly tracker: string }) {
  const { change, verdict, sentence, cautions, moved_to: moved } = judged;
  const { name, icon, says } = WORDS[verdict];
  const begun = `${verdict.replaceAll("_", " ")}: `;
  const said = sentence.startsWith(begun) ? sentence.slice(begun.length) : sentence;
  return (
    <>
      <p>
        <span className={`verdict fix-${verdict}`} title={says}>
          <Icon name={icon} />
          {name}
        </span>{" "}
        since <bdi>{change.title}</bdi>, {formatDay(Date.parse(change.at))}
      </p>
      <p className="muted">{sentenceCase(said)}.</p>
      {moved !== null && (
        <p>
          It moved to{" "}
          <ViewLink to={{ issue: `${tracker}/${moved.issue}` }}>
            <bdi>{moved.title || moved.issue}</bdi>
          </ViewLink>
          .
        </p>
      )}
      {cautions.map((caution) => (
        <p key={caution} className="muted">
          {sentenceCase(caution)}
        </p>
      ))}
    </>
  );
}
