import { lazy, Suspense, useCallback, useState } from "react";
import { Dashboard } from "./dashboard.tsx";
import { formatClock, MINUTE } from "./format.ts";
import { Logo } from "./icons.tsx";
import { Navigation, ViewLink } from "./navigation.tsx";
import { NoConnection, TokenForm, TroubleBanner } from "./notices.tsx";
import type { SourceHealthRow, Status } from "./query-rows.ts";
import { Select } from "./filters/select.tsx";
import { useIsTokenNeeded } from "./session.ts";
import { PageSkeleton } from "./skeletons.tsx";
import { lastPoll } from "./sources/last-poll.ts";
import { SourceList } from "./sources/source-list.tsx";
import { SourceNotice } from "./sources/source-notice.tsx";
import { ShowSql, SqlDialog, type ShownSql } from "./sql-dialog.tsx";
import { useQuery, useStatus } from "./use-query.ts";
import { useTick } from "./use-tick.ts";
import { useView, type ChangeView, type ViewState } from "./view-state.ts";
import { Welcome } from "./welcome.tsx";

const Alerts = lazy(() => import("./alerts/alerts.tsx"));
const Issues = lazy(() => import("./issues/issues.tsx"));

const REFRESH_MS = 30_000;
const DEMO_REFRESH_MS = 1_000;

/** The page. */
export function App() {
  const [view, change] = useView();
  const [isBusy, setIsBusy] = useState(false);
  const [tick, refresh] = useTick(isBusy ? DEMO_REFRESH_MS : REFRESH_MS);
  const { value: status, error } = useStatus(tick);
  // to the minute, so that a refresh soon after asks the same
  const at = status && new Date(Math.floor(Date.parse(status.now) / MINUTE) * MINUTE).toISOString();
  const health = useQuery<SourceHealthRow>("source_health", at === undefined ? undefined : { at }, tick);
  const sources = health.value?.rows ?? [];
  const [shown, setShown] = useState<ShownSql>();
  const isTokenNeeded = useIsTokenNeeded();
  const close = useCallback(() => {
    setShown(undefined);
  }, []);

  const isDemoLoading = status?.demo.state === "loading";
  if (isBusy !== isDemoLoading) setIsBusy(isDemoLoading);
  if (isTokenNeeded) return <TokenForm onToken={refresh} />;
  const isBare = status === undefined || status.is_empty || isDemoLoading;
  const isAlerts = view.alert !== "" || (view.view === "alerts" && view.issue === "");
  const isIssues = !isAlerts && (view.view === "issues" || view.issue !== "");
  return (
    <ShowSql value={setShown}>
      <Masthead {...{ view, change, tick }} trackers={isBare ? undefined : status.trackers} />
      {error && <TroubleBanner error={error} isOld={status !== undefined} onRetry={refresh} />}
      {status && <SourceNotice sources={sources} />}
      <main tabIndex={-1}>
        {!status && (error ? <NoConnection /> : <PageSkeleton />)}
        {status && isBare && <Welcome demo={status.demo} onStarted={refresh} />}
        {status && isBare && sources.some((row) => row.last_polled_at !== null) && (
          <SourceList health={health} now={Date.parse(status.now)} />
        )}
        {status && !isBare && !isIssues && !isAlerts && (
          <Dashboard {...{ view, change, status, health, tick }} />
        )}
        {status && !isBare && isIssues && (
          <Suspense fallback={<PageSkeleton />}>
            <Issues {...{ view, change, status, tick, refresh }} polledAt={lastPoll(sources)} />
          </Suspense>
        )}
        {status && !isBare && isAlerts && (
          <Suspense fallback={<PageSkeleton />}>
            <Alerts {...{ view, change, status, tick, refresh }} />
          </Suspense>
        )}
      </main>
      {status && <Footer status={status} onRefresh={refresh} />}
      {shown && <SqlDialog shown={shown} onClose={close} />}
    </ShowSql>
  );
}

function Masthead(props: {
  readonly view: ViewState;
  readonly change: ChangeView;
  readonly tick: number;
  /** Absent while there is nothing to go to. */
  readonly trackers: Status["trackers"] | undefined;
}) {
  const { view, change, tick, trackers } = props;
  return (
    <header className="masthead">
      <ViewLink className="brand" to={{}}>
        <Logo />
        Earshot
      </ViewLink>
      {trackers && <Navigation view={view} tick={tick} />}
      {trackers && trackers.length > 0 && view.issue === "" && view.alert === "" && (
        <Select
          label="Tracker"
          options={[
            { value: "", label: "All trackers" },
            ...trackers.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          chosen={view.tracker}
          onChoose={(tracker) => {
            change({ tracker });
          }}
        />
      )}
    </header>
  );
}

function Footer({ status, onRefresh }: { readonly status: Status; readonly onRefresh: () => void }) {
  return (
    <footer className="page-foot muted">
      <span>
        Updated {formatClock(Date.parse(status.now), true)} UTC{" "}
        <button type="button" className="link-button" onClick={onRefresh}>
          Refresh
        </button>
      </span>
      <span>Earshot {status.version}</span>
      <a href="/api/v1/openapi.json">OpenAPI description</a>
    </footer>
  );
}
