import { useState } from "react";
import { ApiFailure, loadDemo } from "./api.ts";
import { Logo } from "./icons.tsx";
import type { Status } from "./query-rows.ts";

const FEED_SNIPPET = `trackers:
  - id: acme
    name: Acme Parcels
sources:
  - type: rss
    id: acme-news
    url: https://example.com/feed.xml
    trackers: [acme]`;

export interface WelcomeProps {
  readonly demo: Status["demo"];
  /** Asks for the status again at once. */
  readonly onStarted: () => void;
}

/** What an empty store shows: what Earshot is, and the ways to give it something to hear. */
export function Welcome({ demo, onStarted }: WelcomeProps) {
  const [error, setError] = useState<string>();
  const [isAsked, setIsAsked] = useState(false);
  const isLoading = demo.state === "loading" || (isAsked && demo.state === "idle");
  const start = (): void => {
    setError(undefined);
    setIsAsked(true);
    loadDemo().then(onStarted, (cause: unknown) => {
      setIsAsked(false);
      setError(cause instanceof ApiFailure ? cause.message : String(cause));
    });
  };
  return (
    <section className="welcome" aria-labelledby="welcome-title">
      <Logo />
      <h1 id="welcome-title">Nothing heard yet</h1>
      <p className="welcome-lead">
        Earshot collects what customers say about you in public, marks the complaints in it, and shows how
        both change.
      </p>
      {isLoading ? (
        <DemoProgress progress={demo.progress} />
      ) : (
        <button type="button" className="button primary" onClick={start}>
          Load demo data
        </button>
      )}
      {error !== undefined && (
        <p className="change-bad" role="alert">
          {error}
        </p>
      )}
      <div className="welcome-ways">
        <article className="card">
          <h2>Import what you have</h2>
          <p className="muted">Reviews, survey answers or tickets as CSV or JSON lines:</p>
          <pre>
            <code>npx earshot import reviews.csv</code>
          </pre>
        </article>
        <article className="card">
          <h2>Follow a feed</h2>
          <p className="muted">
            Add it to <code>earshot.yaml</code> and start Earshot again:
          </p>
          <pre>
            <code>{FEED_SNIPPET}</code>
          </pre>
        </article>
      </div>
    </section>
  );
}

/** How far loading the demo data is. */
export function DemoProgress({ progress }: { readonly progress: number }) {
  const percent = Math.round(progress * 100);
  return (
    <div className="demo-progress" role="status">
      <progress max={100} value={percent} aria-label="Loading demo data" />
      <span className="muted">Loading demo data, {percent}%</span>
    </div>
  );
}
