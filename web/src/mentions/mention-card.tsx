import { useState } from "react";
import { formatAgo, formatCompact, formatCount, formatMoment, formatSigned } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { MentionRow } from "../query-rows.ts";
import { languageName, platformName, sentenceCase } from "../wording.ts";
import { MarkedText } from "./marked-text.tsx";
import { ReadingLine } from "./reading-line.tsx";

/** Texts longer than this, or of more lines, are folded until asked for. */
const FOLDED_LENGTH = 420;
const FOLDED_LINES = 6;
/** From here on, of 4, a person should look. */
const SEVERE = 3;

export interface MentionCardProps {
  readonly mention: MentionRow;
  readonly trackers: ReadonlyMap<string, string>;
  /** The server's time, ms since 1970. */
  readonly now: number;
}

/** One mention: who said what, where and when, and what was read from it. */
export function MentionCard({ mention, trackers, now }: MentionCardProps) {
  const at = Date.parse(mention.published_at);
  const url = openableUrl(mention.url);
  return (
    <article
      className={`card mention${mention.is_complaint ? " is-complaint" : ""}`}
      data-mention={mention.id}
    >
      <header className="mention-head">
        <span className="platform">{platformName(mention.platform)}</span>
        <span className="author">
          <bdi>{mention.author_name || mention.author_handle || "Unnamed author"}</bdi>
          {mention.author_name !== "" && mention.author_handle !== "" && (
            <bdi className="muted"> @{mention.author_handle}</bdi>
          )}
        </span>
        {mention.by_us && <span className="tag">Our account</span>}
        <time className="muted" dateTime={mention.published_at} title={formatMoment(at)}>
          {formatMoment(at)} · {formatAgo(at, now)}
        </time>
      </header>
      {mention.title !== "" && <h3 dir="auto">{mention.title}</h3>}
      <MentionText mention={mention} />
      <ReadingLine mention={mention} />
      <footer className="mention-foot">
        <Sentiment mention={mention} />
        <Intent mention={mention} />
        <Rating rating={mention.rating} best={mention.rating_max} />
        {mention.trackers.map((id) => (
          <span key={id} className="tag">
            {trackers.get(id) ?? id}
          </span>
        ))}
        {mention.language !== "en" && <span className="tag">{languageName(mention.language)}</span>}
        <Engagement mention={mention} />
        {url !== undefined && (
          <a className="open-link" href={url} target="_blank" rel="noopener noreferrer nofollow">
            Open at source <Icon name="external" />
          </a>
        )}
      </footer>
    </article>
  );
}

function MentionText({ mention }: { readonly mention: MentionRow }) {
  const [isOpen, setIsOpen] = useState(false);
  const { text } = mention;
  const isLong = text.length > FOLDED_LENGTH || text.split("\n", FOLDED_LINES + 1).length > FOLDED_LINES;
  const isCut = mention.text_length > text.length;
  return (
    <>
      <p className={`mention-text${isLong && !isOpen ? " is-folded" : ""}`} dir="auto">
        <MarkedText text={text} spans={mention.is_complaint ? mention.complaint_evidence : []} />
      </p>
      {isLong && (
        <button
          type="button"
          className="link-button more-button"
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          {isOpen ? "Less" : "More"}
        </button>
      )}
      {isCut && (isOpen || !isLong) && (
        <p className="muted">
          The first {formatCount(text.length)} of {formatCount(mention.text_length)} characters.
        </p>
      )}
    </>
  );
}

function Sentiment({ mention }: { readonly mention: MentionRow }) {
  const { sentiment_label: label, sentiment_score: score } = mention;
  return (
    <span className={`pill pill-${label}`} title="Sentiment, −1 to +1">
      {sentenceCase(label)}
      {score !== null && <b>{formatSigned(score, 2)}</b>}
    </span>
  );
}

/** What the mention is for, where that is more than a remark; of a complaint how bad it is, too. */
function Intent({ mention }: { readonly mention: MentionRow }) {
  const { intent, severity } = mention;
  if (mention.is_complaint) {
    return (
      <span
        className="pill pill-complaint"
        title={`Confidence ${Math.round(mention.complaint_confidence * 100)}%, severity ${severity} of 4`}
      >
        <Icon name="flag" /> Complaint
        {severity >= SEVERE && <b>· severe</b>}
      </span>
    );
  }
  if (intent === "" || intent === "other" || intent === "complaint") return null;
  return <span className="pill">{sentenceCase(intent)}</span>;
}

function Rating({ rating, best }: { readonly rating: number | null; readonly best: number | null }) {
  if (rating === null) return null;
  const words = best === null ? String(rating) : `${rating} of ${best}`;
  if (best === null || best > 5 || !Number.isInteger(best)) return <span className="tag">Rated {words}</span>;
  const full = Math.round(rating);
  return (
    <span className="stars" role="img" aria-label={`Rated ${words}`} title={`Rated ${words}`}>
      {"★".repeat(Math.max(0, Math.min(best, full)))}
      <span className="stars-left">{"★".repeat(Math.max(0, best - full))}</span>
    </span>
  );
}

const COUNTERS = [
  ["likes", "like"],
  ["replies", "reply"],
  ["shares", "share"],
  ["views", "view"],
] as const;

/** The counters the platform shows; one it does not show is left out, for that is not zero. */
function Engagement({ mention }: { readonly mention: MentionRow }) {
  return COUNTERS.map(([name, icon]) => {
    const value = mention[name];
    if (value === null) return null;
    return (
      <span key={name} className="counter" title={`${formatCount(value)} ${name}`}>
        <Icon name={icon} />
        <span className="sr-only">{name}: </span>
        {formatCompact(value)}
      </span>
    );
  });
}

/** The address where it is one a browser may open: `javascript:` and its kin are not. */
function openableUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}
