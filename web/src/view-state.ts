import { useCallback, useMemo, useSyncExternalStore } from "react";
import {
  DECISION_CHOICES,
  FLAGS,
  VERDICTS,
  type DecisionChoice,
  type Flag,
  type VerdictChoice,
} from "./verdicts.ts";
import { SENTIMENTS, type SentimentChoice } from "./wording.ts";

export const RANGES = ["24h", "7d", "30d", "90d", "all", "custom"] as const;
export type RangeName = (typeof RANGES)[number];
export const INTERVALS = ["hour", "day", "week"] as const;
export type Interval = (typeof INTERVALS)[number];
export const SPLITS = ["none", "tracker", "platform", "language", "rating"] as const;
export type Split = (typeof SPLITS)[number];
/** What the list of issues may be ordered by. */
export const ISSUE_ORDERS = ["importance", "voices", "latest", "newest", "relook"] as const;
export type IssueOrder = (typeof ISSUE_ORDERS)[number];
/** Which alerts are listed; empty: open ones. */
export const ALERT_TABS = ["", "acknowledged", "resolved", "all"] as const;
export type AlertTab = (typeof ALERT_TABS)[number];

/** Everything the page shows, as its address says it. The empty string and empty lists mean "not narrowed". */
export interface ViewState {
  /** Empty: the overview. */
  readonly view: "issues" | "alerts" | "";
  /** The one issue that is shown, `tracker/id`; empty: none. */
  readonly issue: string;
  /** Id of the one alert that is shown; empty: none. */
  readonly alert: string;
  readonly tracker: string;
  /** Empty: the range that suits the data. */
  readonly range: RangeName | "";
  /** First and last day of a custom range, `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
  readonly interval: Interval | "";
  readonly by: Split;
  readonly platform: readonly string[];
  readonly language: readonly string[];
  /** Whole stars `0`–`5`. */
  readonly rating: string;
  readonly q: string;
  readonly sentiment: SentimentChoice;
  readonly complaint: boolean;
  /** What is likely spam, instead of what counts. */
  readonly spam: boolean;
  /** Start of the one bucket the mention list is narrowed to, ISO 8601. */
  readonly bucket: string;
  /** Which issues are listed. */
  readonly verdict: VerdictChoice;
  readonly flag: readonly Flag[];
  readonly owner: string;
  readonly decision: DecisionChoice;
  /** Empty: the order that suits the verdict. */
  readonly order: IssueOrder | "";
  readonly status: AlertTab;
}

/** Changes the view. `isMinor` changes (typing) replace the address instead of adding a step to go back to. */
export type ChangeView = (patch: Partial<ViewState>, isMinor?: boolean) => void;

const BARE: ViewState = {
  view: "",
  issue: "",
  alert: "",
  tracker: "",
  range: "",
  from: "",
  to: "",
  interval: "",
  by: "none",
  platform: [],
  language: [],
  rating: "",
  q: "",
  sentiment: "",
  complaint: false,
  spam: false,
  bucket: "",
  verdict: "",
  flag: [],
  owner: "",
  decision: "",
  order: "",
  status: "",
};

/** The patch that takes every narrowing away but leaves range, interval and split as they are. */
export const NO_FILTERS: Partial<ViewState> = {
  tracker: "",
  platform: [],
  language: [],
  rating: "",
  q: "",
  sentiment: "",
  complaint: false,
  spam: false,
  bucket: "",
};

const VIEWS = ["issues", "alerts"] as const;

/** The view an address asks for; what it does not understand is ignored. */
export function parseView(search: string): ViewState {
  const params = new URLSearchParams(search);
  const text = (key: string): string => params.get(key) ?? "";
  const list = (key: string): string[] => text(key).split(",").filter(Boolean);
  const day = (key: string): string => {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text(key)) && !Number.isNaN(Date.parse(text(key)));
    return isDay ? text(key) : "";
  };
  return {
    view: VIEWS.find((name) => name === text("view")) ?? "",
    issue: /^[a-z0-9_-]+\/[^/]+$/i.test(text("issue")) ? text("issue") : "",
    alert: /^[a-z0-9]{1,64}$/i.test(text("alert")) ? text("alert") : "",
    tracker: text("tracker"),
    range: RANGES.find((name) => name === text("range")) ?? "",
    from: day("from"),
    to: day("to"),
    interval: INTERVALS.find((name) => name === text("interval")) ?? "",
    by: SPLITS.find((name) => name === text("by")) ?? "none",
    platform: list("platform"),
    language: list("language"),
    rating: /^[0-5]$/.test(text("rating")) ? text("rating") : "",
    q: text("q"),
    sentiment: SENTIMENTS.find((name) => name === text("sentiment")) ?? "",
    complaint: text("complaint") === "true",
    spam: text("spam") === "true",
    bucket: Number.isNaN(Date.parse(text("bucket"))) ? "" : text("bucket"),
    verdict: VERDICTS.find((name) => name === text("verdict")) ?? "",
    flag: FLAGS.filter((name) => list("flag").includes(name)),
    owner: text("owner"),
    decision: DECISION_CHOICES.find((name) => name === text("decision")) ?? "",
    order: ISSUE_ORDERS.find((name) => name === text("order")) ?? "",
    status: ALERT_TABS.find((name) => name === text("status")) ?? "",
  };
}

/** The query string of a view, without what is as in the bare view. */
export function formatView(view: ViewState): string {
  const params = new URLSearchParams();
  for (const key of Object.keys(BARE) as (keyof ViewState)[]) {
    const text = String(view[key]);
    if (text !== String(BARE[key])) params.set(key, text);
  }
  const search = params.toString();
  return search === "" ? "" : `?${search}`;
}

const NARROWS_TIME = [
  "tracker",
  "range",
  "from",
  "to",
  "interval",
  "platform",
  "language",
  "rating",
] as const;

/** The view of the page's address, and the function that changes it. */
export function useView(): [ViewState, ChangeView] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const view = useMemo(() => parseView(search), [search]);
  const change = useCallback<ChangeView>((patch, isMinor = false) => {
    const before = parseView(window.location.search);
    // a bucket picked in one range means nothing in another
    const isElsewhere = NARROWS_TIME.some((key) => key in patch) && !("bucket" in patch);
    const after = formatView({ ...before, ...(isElsewhere ? { bucket: "" } : {}), ...patch });
    if (after === window.location.search) return;
    show(after, isMinor);
  }, []);
  return [view, change];
}

/** The address of another view, of which only what `parts` says differs from the bare one. */
export function addressOf(parts: Partial<ViewState>): string {
  return `${window.location.pathname}${formatView({ ...BARE, ...parts })}`;
}

/** Goes to another view, at its top. */
export function openView(parts: Partial<ViewState>): void {
  show(formatView({ ...BARE, ...parts }), false);
  window.scrollTo(0, 0);
  // who listens to the page or walks it by keyboard begins at its top, too
  document.querySelector("main")?.focus({ preventScroll: true });
}

function show(search: string, isMinor: boolean): void {
  const address = `${window.location.pathname}${search}`;
  if (isMinor) window.history.replaceState(null, "", address);
  else window.history.pushState(null, "", address);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}
