import type { MouseEvent, ReactNode } from "react";
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

/** Where one can go: the overview, and issues. The tracker stays chosen. */
export function Navigation({ view }: { readonly view: ViewState }) {
  const { tracker } = view;
  const isOverview = view.view === "" && view.issue === "";
  return (
    <nav className="views" aria-label="Views">
      <ViewLink to={{ tracker }} isHere={isOverview}>
        Overview
      </ViewLink>
      <ViewLink to={{ view: "issues", tracker }} isHere={!isOverview}>
        Issues
      </ViewLink>
    </nav>
  );
}
