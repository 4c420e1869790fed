import { useEffect, useRef, useState, type ReactNode } from "react";
import {
  formatAgo,
  formatAhead,
  formatCount,
  formatLength,
  formatMoment,
  formatShare,
  formatUsd,
  MINUTE,
} from "../format.ts";
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
          <Fact name="Lag">
            <Lag row={row} />
          </Fact>
          <Fact name="Last polled">
            <Ago at={row.last_polled_at} now={now} />
          </Fact>
          <Fact name="Next poll">
            <NextPoll row={row} now={now} />
          </Fact>
          <Fact name="Mentions">{formatCount(row.mentions)}</Fact>
          <Fact name="Requests today">{isPolled ? formatCount(row.requests_today) : "–"}</Fact>
          <Fact name="USD this month">{isPolled ? formatUsd(row.usd_this_month) : "–"}</Fact>
          <Fact name="Dead letters">{formatCount(letters)}</Fact>
          {row.budget.length > 0 && row.state !== "removed" && (
            <Fact name="Budget left" isWide>
              <BudgetLeft budget={row.budget} />
            </Fact>
          )}
        </dl>
      </div>
    </li>
  );
}

interface FactProps {
  readonly name: string;
  /** Has a line to itself. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, isWide, children }: FactProps) {
  return (
    <div className={isWide === true ? "fact-wide" : undefined}>
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

/** How old the newest is that may be here: longer than usual while polls fail. */
function Lag({ row: { lag_s, heard_until } }: { readonly row: SourceHealthRow }) {
  if (lag_s === null || heard_until === null) return "–";
  return (
    <time dateTime={heard_until} title={`Heard up to ${formatMoment(Date.parse(heard_until))}`}>
      {lag_s < 60 ? "under 1 minute" : formatLength(lag_s * 1_000)}
    </time>
  );
}

/** A poll that is due is under way for so long without anything being wrong. */
const UNDER_WAY = 2 * MINUTE;

function NextPoll({ row, now }: { readonly row: SourceHealthRow; readonly now: number }) {
  if (row.last_polled_at === null || row.state === "removed") return "–";
  if (row.next_poll_at === null) return row.heard_until === null ? "when pushed" : "listening";
  const at = Date.parse(row.next_poll_at);
  const isLate = at < now - UNDER_WAY;
  const title = isLate
    ? `Due ${formatMoment(at)}: it is under way, or Earshot is not running`
    : formatMoment(at);
  return (
    <time dateTime={row.next_poll_at} title={title}>
      {isLate ? `due ${formatAgo(at, now)}` : at <= now ? "now" : formatAhead(at, now)}
    </time>
  );
}

const WINDOW_WORDS = { minute: "this minute", hour: "this hour", day: "today", month: "this month" } as const;

/** What is left of each limit. */
function BudgetLeft({ budget }: { readonly budget: SourceHealthRow["budget"] }) {
  return budget.map(({ resource, per, remaining, allowed }) => {
    const [left, most] = [remaining, allowed].map(resource === "usd" ? formatUsd : formatCount);
    return (
      <span key={`${resource} ${per}`} className={remaining === 0 ? "budget-spent" : undefined}>
        {left} of {most}
        {resource === "usd" ? "" : ` ${resource}`} {WINDOW_WORDS[per]}
      </span>
    );
  });
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
