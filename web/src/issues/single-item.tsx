import { useState } from "react";
import { formatDay, formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import { ViewLink } from "../navigation.tsx";
import { platformName } from "../wording.ts";
import { OwnerForm, RelookForm } from "./actions/small-forms.tsx";
import type { IssueMentionRow, IssueRow } from "./issue-rows.ts";
import { dayAfter, describeDay, isDue, RELOOK_DAYS, titleOf } from "./issue-words.ts";
import { useAttempt } from "./use-attempt.ts";
import { useDoing } from "./use-act.ts";
import { FlagList } from "./verdict-badge.tsx";

export interface SingleItemProps {
  readonly issue: IssueRow;
  /** What was said; undefined while it is asked for. */
  readonly said: IssueMentionRow | undefined;
  /** Empty where all are of one tracker. */
  readonly trackerName: string;
  readonly owners: readonly string[];
  readonly now: number;
}

/** One voice of the list of single voices: what it said, who sees to it, and when somebody looks again. */
export function SingleItem({ issue, said, trackerName, owners, now }: SingleItemProps) {
  const isOwnTitle = said === undefined || !isBeginOf(issue.title, said.text);
  return (
    <li
      className={`issue-item single-item${isDue(issue.relook_on, now) ? " is-due" : ""}`}
      data-issue={issue.issue_id}
    >
      <div className="issue-main">
        <div className="issue-title">
          <h2 dir="auto" className="clamp-4">
            <ViewLink to={{ issue: `${issue.tracker}/${issue.issue_id}` }}>
              {isOwnTitle ? titleOf(issue) : said.text}
            </ViewLink>
          </h2>
          <FlagList flags={issue.flags} />
          {trackerName !== "" && <span className="tag">{trackerName}</span>}
          {issue.isolated_call === "holds" && (
            <span className="tag" title={issue.isolated_reason}>
              Called isolated
            </span>
          )}
        </div>
        <div className="single-quote">
          {said && isOwnTitle && (
            <blockquote dir="auto" className="clamp-4">
              {said.text}
            </blockquote>
          )}
          {said && (
            <p className="muted">
              {platformName(said.platform)} ·{" "}
              <bdi>{said.author_name || said.author_handle || "Unnamed author"}</bdi> ·{" "}
              <time dateTime={said.published_at} title={formatMoment(Date.parse(said.published_at))}>
                {formatDay(Date.parse(said.published_at))}
              </time>
            </p>
          )}
        </div>
      </div>
      <Care {...{ issue, owners, now }} />
    </li>
  );
}

/** Who sees to it, and when somebody looks again; both can be changed on the spot. */
function Care({ issue, owners, now }: Pick<SingleItemProps, "issue" | "owners" | "now">) {
  const { act } = useDoing();
  const { attempt, isBusy, error } = useAttempt();
  const [form, setForm] = useState<"owner" | "relook">();
  const { relook_on: relook } = issue;
  const close = (): void => {
    setForm(undefined);
  };
  return (
    <>
      <dl className="single-care">
        <div>
          <dt>Owner</dt>
          <dd>
            <button
              type="button"
              className="link-button"
              onClick={() => {
                setForm("owner");
              }}
            >
              {issue.owner === "" ? "Nobody yet" : issue.owner}
              <span className="sr-only"> change the owner of {titleOf(issue)}</span>
            </button>
          </dd>
        </div>
        <div>
          <dt>Look again</dt>
          <dd>
            <button
              type="button"
              className={isDue(relook, now) ? "link-button due-button" : "link-button"}
              onClick={() => {
                setForm("relook");
              }}
            >
              {isDue(relook, now) && <Icon name="clock" />}
              {relook === null ? "No day yet" : formatDay(Date.parse(relook))}
              <span className="sr-only"> change when to look again at {titleOf(issue)}</span>
            </button>
            {relook !== null && <div className="muted">{describeDay(relook, now)}</div>}
            {isDue(relook, now) && (
              <button
                type="button"
                className="link-button"
                disabled={isBusy}
                onClick={() => {
                  attempt(() => act(issue, { kind: "relook", on: dayAfter(now, RELOOK_DAYS) }, "Seen"));
                }}
              >
                Seen, again in {RELOOK_DAYS} days
                <span className="sr-only"> {titleOf(issue)}</span>
              </button>
            )}
            {error !== "" && (
              <p className="form-error" role="alert">
                {error}
              </p>
            )}
          </dd>
        </div>
      </dl>
      {form === "owner" && <OwnerForm issue={issue} owners={owners} onClose={close} />}
      {form === "relook" && <RelookForm issue={issue} now={now} onClose={close} />}
    </>
  );
}

/** Whether a title is but the beginning of the text, which need not be read twice. */
function isBeginOf(title: string, text: string): boolean {
  const plain = (words: string): string => words.replace(/\s+/g, " ").replace(/…$/, "").trim().toLowerCase();
  return plain(text).startsWith(plain(title));
}
