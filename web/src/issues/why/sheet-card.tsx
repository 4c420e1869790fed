import { useState } from "react";
import { ApiFailure, downloadFile } from "../../api.ts";
import { formatDay } from "../../format.ts";
import { Icon } from "../../icons.tsx";
import { AnswerForm } from "../actions/answer-form.tsx";
import { SourceLink } from "../../mentions/mention-parts.tsx";
import type { IssueRow } from "../issue-rows.ts";
import { StatementButtons } from "./statement-buttons.tsx";
import { issuePath, useIssuePart } from "./use-issue-part.ts";
import type { Sheet, SheetAnswer } from "./why-rows.ts";

const SECTIONS = ["what", "why", "different"] as const;

export interface SheetCardProps {
  readonly issue: IssueRow;
  /** Grows with everything that is done with the issue. */
  readonly acted: number;
}

/** The WHAT / WHY / DIFFERENT sheet, filled with what is known; it takes a while, so it is asked for when opened. */
export function SheetCard({ issue, acted }: SheetCardProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [asked, setAsked] = useState<SheetAnswer>();
  const [error, setError] = useState("");
  const sheet = useIssuePart<Sheet>(isOpen ? issuePath(issue, "sheet") : undefined, acted);
  const rate = sheet.value?.answer_rate;
  const download = (format: "markdown" | "html"): void => {
    setError("");
    downloadFile(issuePath(issue, `sheet?format=${format}`)).catch((cause: unknown) => {
      setError(cause instanceof ApiFailure ? cause.message : String(cause));
    });
  };
  return (
    <section className="card sheet-card" aria-labelledby="sheet-title" aria-busy={isOpen && sheet.isStale}>
      <header className="card-head">
        <h2 id="sheet-title">
          <button
            type="button"
            className="fold-button"
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            <Icon name="chevron" /> What, why, different
          </button>
        </h2>
        {rate && isOpen && (
          <span className="muted">
            {rate.known} of {rate.all} answered
          </span>
        )}
        <span className="sheet-links">
          <button
            type="button"
            className="link-button"
            onClick={() => {
              download("markdown");
            }}
          >
            Markdown
          </button>
          <button
            type="button"
            className="link-button"
            onClick={() => {
              download("html");
            }}
          >
            HTML
          </button>
          {sheet.value && <StatementButtons title="The sheet" statements={sheet.value.statements} />}
        </span>
      </header>
      {!isOpen && (
        <p className="muted">
          The questions to ask of every complaint, filled with what was heard. What nobody knows is a task for
          somebody.
        </p>
      )}
      {(error !== "" || (isOpen && sheet.error && !sheet.value)) && (
        <p className="form-error" role="alert">
          {error || sheet.error?.message}
        </p>
      )}
      {isOpen && !sheet.value && !sheet.error && (
        <div className="skeleton why-skeleton" role="status" aria-label="Filling the sheet" />
      )}
      {isOpen &&
        sheet.value &&
        SECTIONS.map((section) => (
          <Section key={section} section={section} sheet={sheet.value} onAnswer={setAsked} />
        ))}
      {asked && (
        <AnswerForm
          issue={issue}
          asked={asked}
          department={sheet.value?.tasks.find(({ key }) => key === asked.key)?.department ?? ""}
          onClose={() => {
            setAsked(undefined);
          }}
        />
      )}
    </section>
  );
}

function Section(props: {
  readonly section: (typeof SECTIONS)[number];
  readonly sheet: Sheet | undefined;
  readonly onAnswer: (asked: SheetAnswer) => void;
}) {
  const { section, sheet, onAnswer } = props;
  const rate = sheet?.answer_rate[section];
  return (
    <div className="sheet-section">
      <h3>
        {section.toUpperCase()}{" "}
        <span className="muted">
          {rate?.known} of {rate?.all}
        </span>
      </h3>
      <ul>
        {sheet?.answers
          .filter((answer) => answer.section === section)
          .map((answer) => (
            <Answer key={answer.key} answer={answer} sheet={sheet} onAnswer={onAnswer} />
          ))}
      </ul>
    </div>
  );
}

function Answer(props: {
  readonly answer: SheetAnswer;
  readonly sheet: Sheet;
  readonly onAnswer: (asked: SheetAnswer) => void;
}) {
  const { answer, sheet, onAnswer } = props;
  const isKnown = answer.state === "known";
  const department = sheet.tasks.find(({ key }) => key === answer.key)?.department ?? "";
  return (
    <li className={isKnown ? undefined : "is-unknown"} data-question={answer.key}>
      <p className="sheet-question">
        <Icon name={isKnown ? "check" : "question"} />
        <span>{answer.question}</span>
        <button
          type="button"
          className="link-button"
          onClick={() => {
            onAnswer(answer);
          }}
        >
          {answer.by === null ? "Answer" : "Change"}
          <span className="sr-only"> {answer.question}</span>
        </button>
      </p>
      <p dir="auto">
        {answer.holds !== null && <b>{{ yes: "Yes. ", no: "No. ", unknown: "Not known. " }[answer.holds]}</b>}
        {answer.text}
        {answer.by && (
          <span className="muted">
            {" "}
            {answer.by.name}, {formatDay(Date.parse(answer.by.at))}
          </span>
        )}
      </p>
      {answer.computed !== "" && <p className="muted">From what was heard: {answer.computed}</p>}
      {department !== "" && <p className="tag">{department} has to find out</p>}
      {answer.citations.length > 0 && (
        <ul className="sheet-quotes">
          {answer.citations.map((cited) => (
            <li key={cited.mention}>
              <q dir="auto">{cited.quote}</q> <SourceLink url={cited.url} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
