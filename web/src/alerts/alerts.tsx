import { useMemo, useState } from "react";
import { DoneNotice, type Done } from "../issues/done-notice.tsx";
import "../issues/issues.css";
import type { Status } from "../query-rows.ts";
import type { ChangeView, ViewState } from "../view-state.ts";
import { AlertList } from "./alert-list.tsx";
import { AlertPage } from "./alert-page.tsx";
import "./alerts.css";
import { AlertActContext, alertActs } from "./use-alert-act.ts";

export interface AlertsProps {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly status: Status;
  readonly tick: number;
  /** Asks for everything again. */
  readonly refresh: () => void;
}

/** The list of alerts, or one of them. */
export default function Alerts({ view, change, status, tick, refresh }: AlertsProps) {
  const [done, setDone] = useState<Done>();
  // the list that an alert was opened from, to go back to
  const [list, setList] = useState<Partial<ViewState>>({ view: "alerts" });
  if (view.alert === "" && list !== view) setList(view);
  const acts = useMemo(
    () =>
      alertActs((said) => {
        setDone({ said, undoes: undefined });
        refresh();
      }),
    [refresh],
  );
  return (
    <AlertActContext value={acts}>
      {view.alert === "" ? (
        <AlertList {...{ view, change, status, tick }} />
      ) : (
        <AlertPage key={view.alert} alertId={view.alert} {...{ status, tick, list }} />
      )}
      <DoneNotice
        done={done}
        onClose={() => {
          setDone(undefined);
        }}
      />
    </AlertActContext>
  );
}
