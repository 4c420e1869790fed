import type { ReactNode } from "react";
import { formatMany, formatPeople, formatSigned } from "../../format.ts";
import { ViewLink } from "../../navigation.tsx";
import { sentenceCase } from "../../wording.ts";
import type { IssueRef } from "../use-act.ts";
import { useIsSeen } from "../use-is-seen.ts";
import { StatementButtons } from "./statement-buttons.tsx";
import { issuePath, useIssuePart } from "./use-issue-part.ts";
import type { Explanation } from "./why-rows.ts";

const MOST_SHOWN = 5;
/** The first few tell most; the rest are close by chance. */
const MOST_CAUSES = 3;
const MOST_TERMS = 12;

export interface WhyPanelProps {
  readonly issue: IssueRef;
  /** Grows with everything that may change what the issue consists of. */
  readonly moved: number;
}

/** Where to look for the cause: when it began, what came just before, what stands out in it, and what it costs. */
export function WhyPanel({ issue, moved }: WhyPanelProps) {
  const [box, isSeen] = useIsSeen<HTMLElement>();
  const { value, error, isStale } = useIssuePart<Explanation>(
    isSeen ? issuePath(issue, "why") : undefined,
    moved,
  );
  return (
    <section ref={box} className="card why-panel" aria-labelledby="why-title" aria-busy={isStale}>
      <header className="card-head">
        <h2 id="why-title">Why</h2>
        <p className="muted">Where to look first. None of it is proof.</p>
      </header>
      {!value && !error && <div className="skeleton why-skeleton" role="status" aria-label="Reckoning why" />}
      {!value && error && (
        <p className="figure-note" role="alert">
          {error.message}
        </p>
      )}
      {value && <Parts issue={issue} told={value} />}
    </section>
  );
}

function Parts({ issue, told }: { readonly issue: IssueRef; readonly told: Explanation }) {
  const { onset, causes, drivers, terms, co_moving: moving, impact } = told;
  return (
    <div className="why-parts">
      <Part title="When it began" part="onset" told={told}>
        <p>{sentenceCase(onset.reason)}.</p>
      </Part>
      <Part title="What we did just before" part="causes" told={told}>
        {causes.candidates.length === 0 ? (
          <p>{sentenceCase(causes.reason.replaceAll("`", ""))}.</p>
        ) : (
          <Sentences all={causes.candidates.map(({ sentence }) => sentence)} most={MOST_CAUSES} />
        )}
      </Part>
      <Part title="What stands out in it" part="drivers" told={told}>
        {drivers.drivers.length === 0 ? (
          <p>
            {drivers.tested.length === 0
              ? "Too little is known of its people to compare them with others."
              : `Nothing of ${formatMany(drivers.tested.length, "thing")} that could be compared with other issues.`}
          </p>
        ) : (
          <Sentences all={drivers.drivers.map(({ sentence }) => sentence)} most={MOST_SHOWN} />
        )}
        {drivers.refused.length > 0 && (
          <details className="refused">
            <summary>Not compared: {drivers.refused.length}</summary>
            <ul>
              {drivers.refused.map(({ dimension, value, reason }) => (
                <li key={`${dimension} ${value ?? ""}`}>
                  {dimension} {value}: {reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </Part>
      {terms.length > 0 && (
        <Part title="Words that set it apart" part="terms" told={told}>
          <ul className="why-terms">
            {terms.slice(0, MOST_TERMS).map(({ term, people, others }) => (
              <li key={term} className="term" title={`${formatPeople(people)} of it, ${others} others`}>
                <bdi>{term}</bdi> <span className="muted">{people}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {moving.length > 0 && (
        <Part title="What moves with it" part="co_moving" told={told}>
          <ul className="why-list">
            {moving.slice(0, MOST_SHOWN).map((other) => (
              <li key={other.issue}>
                <ViewLink to={{ issue: `${issue.tracker}/${other.issue}` }}>
                  <bdi>{other.title || other.issue}</bdi>
                </ViewLink>{" "}
                <span className="muted">
                  {lagWords(other.lag_days)}, correlation {other.correlation.toFixed(2)}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title="What it costs in ratings" part="impact" told={told}>
        <p>{"refused" in impact ? `${sentenceCase(impact.refused)}.` : impactWords(impact)}</p>
      </Part>
    </div>
  );
}

function Part(props: {
  readonly title: string;
  /** Its name among what was counted. */
  readonly part: string;
  readonly told: Explanation;
  readonly children: ReactNode;
}) {
  const { title, part, told, children } = props;
  const names = told.counted_from[part] ?? [];
  return (
    <div className="why-part">
      <div className="why-head">
        <h3>{title}</h3>
        <StatementButtons
          title={title}
          statements={told.statements.filter(({ query }) => names.includes(query))}
        />
      </div>
      {children}
    </div>
  );
}

function Sentences({ all, most }: { readonly all: readonly string[]; readonly most: number }) {
  return (
    <>
      <ul className="why-list">
        {all.slice(0, most).map((sentence) => (
          <li key={sentence}>{sentenceCase(sentence)}</li>
        ))}
      </ul>
      {all.length > most && <p className="muted">and {all.length - most} more, less telling</p>}
    </>
  );
}

function lagWords(days: number): string {
  if (days === 0) return "on the same days";
  return days > 0 ? `${formatMany(days, "day")} later` : `${formatMany(-days, "day")} earlier`;
}

function impactWords(impact: Exclude<Explanation["impact"], { readonly refused: string }>): string {
  const { issue_people: ours, other_people: others, issue_mean: mean, others_mean: usual } = impact;
  const { difference, low, high } = impact;
  return (
    `Its ${formatPeople(ours)} with a rating gave ${mean.toFixed(1)} stars, ${formatPeople(others)} besides ${usual.toFixed(1)}: ` +
    `${formatSigned(difference, 2)} (95%: ${formatSigned(low, 2)} to ${formatSigned(high, 2)}).`
  );
}
