import { useEffect, useMemo, useRef, useState } from "react";
import { postTo } from "../api.ts";
import type { Status } from "../query-rows.ts";
import type { ChangeView, ViewState } from "../view-state.ts";
import { DoneNotice, type Done } from "./done-notice.tsx";
import { IssueList } from "./issue-list.tsx";
import { IssuePage } from "./issue-page.tsx";
import "./issues.css";
import { DoingContext, sendAsked, type Doing, type IssueAsked } from "./use-act.ts";

export interface IssuesProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly status: Status;
  /** When any source was last polled, ms since 1970; 0 when none ever was. */
  readonly polledAt: number;
  readonly tick: number;
  /** Asks for everything again. */
  readonly refresh: () => void;
}

/** What is done is judged anew a little later; then is the time to ask again. */
const JUDGED_AFTER_MS = [3_000, 12_000];

/** What changes which mentions an issue has; undoing may. */
const MOVING: ReadonlySet<IssueAsked["kind"]> = new Set(["merge", "split", "move", "undo"]);

/** The list of issues, or one of them. */
export default function Issues({ view, change, status, polledAt, tick, refresh }: IssuesProps) {
  const [done, setDone] = useState<Done>();
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  useEffect(
    () => () => {
      for (const timer of timers.current) clearTimeout(timer);
    },
    [],
  );
  const [acted, setActed] = useState(0);
  const [moved, setMoved] = useState(0);
  // the list that an issue was opened from, to go back to
  const [list, setList] = useState<Partial<ViewState>>({ view: "issues" });
  if (view.issue === "" && list !== view) setList(view);
  const shown = view.issue;
  const doing = useMemo<Doing>(() => {
    const settle = (next: Done): void => {
      setDone(next);
      setActed((before) => before + 1);
      refresh();
      for (const timer of timers.current) clearTimeout(timer);
      timers.current = JUDGED_AFTER_MS.map((ms) => setTimeout(refresh, ms));
    };
    return {
      act: async (issue, asked, said) => {
        const recorded = await sendAsked(issue, asked);
        // the page of what was merged away is left
        const isLeft = asked.kind === "merge" && shown === `${issue.tracker}/${issue.issue_id}`;
        if (MOVING.has(asked.kind) && !isLeft) setMoved((before) => before + 1);
        settle({ said, undoes: asked.kind === "undo" ? undefined : { issue, event: recorded.id } });
      },
      tell: async (path, told, said) => {
        await postTo(path, told);
        setMoved((before) => before + 1);
        settle({ said, undoes: undefined });
      },
    };
  }, [refresh, shown]);
  const [tracker = "", issueId = ""] = view.issue.split("/");
  return (
    <DoingContext value={doing}>
      {view.issue === "" ? (
        <IssueList {...{ view, change, status, polledAt, tick }} />
      ) : (
        <IssuePage key={view.issue} {...{ tracker, issueId, status, polledAt, tick, acted, moved, list }} />
      )}
      <DoneNotice
        done={done}
        onClose={() => {
          setDone(undefined);
        }}
      />
    </DoingContext>
  );
}
