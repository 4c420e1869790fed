import { useEffect, useRef, useState, type ReactNode } from "react";
import { formatAgo, formatAhead, formatCount, formatMoment, formatShare, formatUsd } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { QueryReply, SourceHealthRow } from "../query-rows.ts";
import { ShowSqlButton } from "../sql-dialog.tsx";
import type { Loaded } from "../use-query.ts";
import { adviceOf, byTrouble, countStates, isTroubled, reasonOf, STATE_LOOKS } from "./source-states.ts";

export interface SourceListProps {
  readonly health: Loaded<QueryReply<SourceHealthRow>>;
  /** The server's time, ms since 1970. */
  readonly now: number;
  /** Which part of the hours of the range was heard, and the SQL that tells it. */
  readonly heard?: { readonly share: number | null; readonly sql: string | undefined };
}

/** Sources without problems are shown up to so many; the others are a click away. */
const FEW = 8;

/** Every source: how it is, why, what to do, what it brought and what it costs; those with problems first. */
export function SourceList({ health, now, heard }: SourceListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const section = useScrollOnAddress();
  const rows = byTrouble(health.value?.rows ?? []);
  const shown = isWhole ? rows : rows.slice(0, Math.max(FEW, rows.filter(isTroubled).length));
  const isListening = rows.some((row) => row.last_polled_at !== null);
  return (
    <section
      id="sources"
      className="sources"
      aria-label="Sources"
      aria-busy={health.isStale}
      tabIndex={-1}
      ref={section}
    >
      <header className="mentions-head">
        <h2>Sources</h2>
        <ShowSqlButton
          title="Sources"
          sql={health.value?.sql}
          reading="Each row is one source of the list; the page puts those with problems first."
        />
        {rows.length > 0 && <p className="muted">{countStates(rows)}</p>}
        {heard && heard.share !== null && (
          <p className="muted heard">
            Heard {formatShare(heard.share)} of the hours of this range
            <ShowSqlButton
              title="Coverage"
              sql={heard.sql}
              reading="Heard hours and half of the partial hours, by expected hours, of the buckets of the range."
            />
          </p>
        )}
      </header>
      {!health.value && health.error && (
        <p className="card figure-note" role="alert">
          {health.error.message}
        </p>
      )}
      {!health.value && !health.error && <div className="skeleton source-skeleton" />}
      {health.value && !isListening && <NothingFollowed />}
      {shown.length > 0 && (
        <ul className="card source-list">
          {shown.map((row) => (
            <Source key={row.source} row={row} now={now} />
          ))}
        </ul>
      )}
      {rows.length > shown.length && (
        <button
          type="button"
          className="button load-more"
          onClick={() => {
            setIsWhole(true);
          }}
        >
          Show all {formatCount(rows.length)} sources
        </button>
      )}
    </section>
  );
}

/** What to do where nothing is listened to. */
function NothingFollowed() {
  return (
    <div className="card nothing-followed">
      <h3>No source is listened to yet</h3>
      <p className="muted">
        What is on this page came from files or the demo and does not grow by itself. Write a source into{" "}
        <code>earshot.yaml</code> and start Earshot again; the README shows how under “Listen to your first
        source”:
      </p>
      <pre>
        <code>cp earshot.example.yaml earshot.yaml{"\n"}npm start</code>
      </pre>
    </div>
  );
}

function Source({ row, now }: { readonly row: SourceHealthRow; readonly now: number }) {
  const { word, icon } = STATE_LOOKS[row.state];
  const reason = reasonOf(row, now);
  const advice = adviceOf(row);
  const isPolled = row.last_polled_at !== null;
  const letters = row.open_dead_letters;
  return (
    <li className="source" data-source={row.source}>
      <div className="source-head">
        <h3>{row.source}</h3>
        <span className={`source-state state-${row.state}`}>
          <Icon name={icon} />
          {word}
        </span>
      </div>
      <div className="source-body">
        {reason !== "" && <p className={isTroubled(row) ? "source-reason" : "muted"}>{reason}</p>}
        {advice !== "" && (
          <p className="source-advice">
            <b>What to do:</b> {advice}
          </p>
        )}
        {letters > 0 && (
          <p className="source-advice">
            <b>Could not be read:</b> {letters === 1 ? "one record" : `${formatCount(letters)} records`}. Why:{" "}
            <code>npx earshot dead-letters list</code>
          </p>
        )}
        <dl className="source-facts">
          <Fact name="Last item">
            <Ago at={row.last_published_at} now={now} />
          </Fact>
          <Fact name="Last polled">
            <Ago at={row.last_polled_at} now={now} />
          </Fact>
          <Fact name="Earliest next poll">
            <NextPoll row={row} now={now} />
          </Fact>
          <Fact name="Mentions">{formatCount(row.mentions)}</Fact>
          <Fact name="Requests today">{isPolled ? formatCount(row.requests_today) : "–"}</Fact>
          <Fact name="USD this month">{isPolled ? formatUsd(row.usd_this_month) : "–"}</Fact>
          <Fact name="Open dead letters">{formatCount(letters)}</Fact>
        </dl>
      </div>
    </li>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Ago({ at, now }: { readonly at: string | null; readonly now: number }) {
  if (at === null) return "never";
  return (
    <time dateTime={at} title={formatMoment(Date.parse(at))}>
      {formatAgo(Date.parse(at), now)}
    </time>
  );
}

function NextPoll({ row, now }: { readonly row: SourceHealthRow; readonly now: number }) {
  if (row.last_polled_at === null) return "–";
  const at = row.not_before;
  if (at === null || Date.parse(at) <= now) return "on schedule";
  return (
    <time dateTime={at} title={`Not before ${formatMoment(Date.parse(at))}`}>
      {formatAhead(Date.parse(at), now)}
    </time>
  );
}

const INPUTS = ["wheel", "touchstart", "pointerdown", "keydown"] as const;
const SETTLED_AFTER_MS = 10_000;

/**
 * Keeps the section in sight once the address ends in #sources: what still loads above it would move it away. The
 * reader's first own move, or ten seconds, end that.
 */
function useScrollOnAddress() {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    const growth = new ResizeObserver(() => section.current?.scrollIntoView({ block: "start" }));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      growth.disconnect();
      clearTimeout(timer);
      for (const input of INPUTS) window.removeEventListener(input, stop);
    };
    const follow = (): void => {
      stop();
      if (window.location.hash !== "#sources") return;
      growth.observe(document.body);
      timer = setTimeout(stop, SETTLED_AFTER_MS);
      for (const input of INPUTS) window.addEventListener(input, stop, { passive: true });
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => {
      stop();
      window.removeEventListener("hashchange", follow);
    };
  }, []);
  return section;
}
