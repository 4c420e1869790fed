import type { MouseEvent, ReactNode } from "react";
import { formatCount } from "./format.ts";
import { useQuery } from "./use-query.ts";
import { addressOf, openView, type ViewState } from "./view-state.ts";

export interface ViewLinkProps {
  /** What differs from the bare view. */
  readonly to: Partial<ViewState>;
  readonly className?: string;
  readonly isHere?: boolean;
  readonly children: ReactNode;
}

/** A link to another view of this page. It can be opened in a tab of its own as any other link. */
export function ViewLink({ to, className, isHere, children }: ViewLinkProps) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openView(to);
  };
  return (
    <a href={addressOf(to)} className={className} aria-current={isHere ? "page" : undefined} onClick={follow}>
      {children}
    </a>
  );
}

/** Where one can go: the overview, issues, and alerts with how many are open. The tracker stays chosen. */
export function Navigation({ view, tick }: { readonly view: ViewState; readonly tick: number }) {
  const { tracker } = view;
  const here =
    view.alert !== "" ? "alerts" : view.issue !== "" ? "issues" : view.view === "" ? "overview" : view.view;
  return (
    <nav className="views" aria-label="Views">
      <ViewLink to={{ tracker }} isHere={here === "overview"}>
        Overview
      </ViewLink>
      <ViewLink to={{ view: "issues", tracker }} isHere={here === "issues"}>
        Issues
      </ViewLink>
      <ViewLink to={{ view: "alerts", tracker }} isHere={here === "alerts"}>
        Alerts
        <OpenAlerts tracker={tracker} tick={tick} />
      </ViewLink>
    </nav>
  );
}

function OpenAlerts({ tracker, tick }: { readonly tracker: string; readonly tick: number }) {
  const { value } = useQuery<{ found: number }>("alerts", { tracker, status: ["firing"], limit: 1 }, tick);
  const open = value?.rows[0]?.found ?? 0;
  if (open === 0) return null;
  return (
    <span className="open-alerts">
      {formatCount(open)}
      <span className="sr-only"> open</span>
    </span>
  );
}
