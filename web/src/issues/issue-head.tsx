import { useState } from "react";
import { formatDay, formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import { ViewLink } from "../navigation.tsx";
import type { ViewState } from "../view-state.ts";
import { CareFacts } from "./care-facts.tsx";
import type { IssueRow } from "./issue-rows.ts";
import { reasonOf, titleOf } from "./issue-words.ts";
import { useAttempt } from "./use-attempt.ts";
import { useDoing } from "./use-act.ts";
import { FlagList, VerdictBadge } from "./verdict-badge.tsx";

export interface IssueHeadProps {
  readonly issue: IssueRow;
  readonly trackerName: string;
  /** The list to go back to. */
  readonly list: Partial<ViewState>;
  readonly now: number;
  readonly onMerge: () => void;
}

/** What an issue is called, its verdict and the sentence that says why. */
export function IssueHead({ issue, trackerName, list, now, onMerge }: IssueHeadProps) {
  const [isRenaming, setIsRenaming] = useState(false);
  const [wasRenaming, setWasRenaming] = useState(false);
  const { first_at: first } = issue;
  return (
    <header className="issue-head">
      <ViewLink className="back-link" to={list}>
        <Icon name="back" /> Issues
      </ViewLink>
      <div className="issue-head-title">
        {isRenaming ? (
          <TitleForm
            issue={issue}
            onClose={() => {
              setIsRenaming(false);
              setWasRenaming(true);
            }}
          />
        ) : (
          <>
            <h1 dir="auto">{titleOf(issue)}</h1>
            <button
              type="button"
              className="quiet-button"
              title="Rename"
              aria-label="Rename this issue"
              // it gets the focus back that the field had
              autoFocus={wasRenaming}
              onClick={() => {
                setIsRenaming(true);
              }}
            >
              <Icon name="edit" />
            </button>
          </>
        )}
        <button type="button" className="button head-button" onClick={onMerge}>
          <Icon name="merge" /> Merge into…
        </button>
      </div>
      <div className="issue-head-verdict">
        <VerdictBadge verdict={issue.verdict} />
        <p className="issue-verdict">{reasonOf(issue)}</p>
        <FlagList flags={issue.flags} />
      </div>
      <ul className="issue-facts">
        <li className="tag">{trackerName}</li>
        {first !== null && <li>since {formatDay(Date.parse(first))}</li>}
        <li>judged {formatMoment(Date.parse(issue.judged_at))}</li>
        {issue.machine_title !== issue.title && issue.machine_title !== "" && (
          <li>
            by its words: <bdi>{issue.machine_title}</bdi>
          </li>
        )}
        <CareFacts issue={issue} now={now} />
        {issue.terms.map((term) => (
          <li key={term} className="term">
            <bdi>{term}</bdi>
          </li>
        ))}
      </ul>
    </header>
  );
}

function TitleForm({ issue, onClose }: { readonly issue: IssueRow; readonly onClose: () => void }) {
  const { act } = useDoing();
  const [title, setTitle] = useState(issue.title);
  const { attempt, isBusy, error } = useAttempt();
  const save = (): void => {
    const given = title.trim();
    if (given === "" || given === issue.title) onClose();
    else attempt(() => act(issue, { kind: "rename", title: given }, "Renamed").then(onClose));
  };
  return (
    <form
      className="title-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <h1 className="sr-only">{titleOf(issue)}</h1>
      <input
        aria-label="Title"
        value={title}
        maxLength={200}
        autoFocus
        onChange={(event) => {
          setTitle(event.target.value);
        }}
      />
      <button type="submit" className="button" disabled={isBusy}>
        Save
      </button>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      {error !== "" && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
