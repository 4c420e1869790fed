import { useState } from "react";
import { formatAgo, formatCompact, formatCount, formatMoment } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { Span } from "../../../schemas/reading.ts";
import { platformName } from "../wording.ts";
import { MarkedText } from "./marked-text.tsx";

/** Texts longer than this, or of more lines, are folded until asked for. */
const FOLDED_LENGTH = 420;
const FOLDED_LINES = 6;

export interface MentionHeadProps {
  readonly mention: {
    readonly platform: string;
    readonly author_name: string;
    readonly author_handle: string;
    readonly published_at: string;
    readonly by_us?: boolean;
  };
  /** The server's time, ms since 1970. */
  readonly now: number;
}

/** Who said it, where and when. */
export function MentionHead({ mention, now }: MentionHeadProps) {
  const at = Date.parse(mention.published_at);
  return (
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
  );
}

export interface MentionTextProps {
  readonly text: string;
  /** Of the whole text, in UTF-16 units; larger than `text.length` when the API cut it. */
  readonly length: number;
  /** Stretches to mark. */
  readonly spans: readonly Span[];
}

/** What was said, folded where it is long. */
export function MentionText({ text, length, spans }: MentionTextProps) {
  const [isOpen, setIsOpen] = useState(false);
  const isLong = text.length > FOLDED_LENGTH || text.split("\n", FOLDED_LINES + 1).length > FOLDED_LINES;
  const isCut = length > text.length;
  return (
    <>
      <p className={`mention-text${isLong && !isOpen ? " is-folded" : ""}`} dir="auto">
        <MarkedText text={text} spans={spans} />
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
          The first {formatCount(text.length)} of {formatCount(length)} characters.
        </p>
      )}
    </>
  );
}

/** The rating as stars, or in words on another scale. */
export function Rating({ rating, best }: { readonly rating: number | null; readonly best: number | null }) {
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

type Counters = Readonly<Record<"likes" | "replies" | "shares" | "views", number | null>>;

const COUNTERS = [
  ["likes", "like"],
  ["replies", "reply"],
  ["shares", "share"],
  ["views", "view"],
] as const;

/** The counters the platform shows; one it does not show is left out, for that is not zero. */
export function Engagement({ mention }: { readonly mention: Counters }) {
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

/** A link to where it was said, where its address is one a browser may open. */
export function SourceLink({ url }: { readonly url: string }) {
  const href = openableUrl(url);
  if (href === undefined) return null;
  return (
    <a className="open-link" href={href} target="_blank" rel="noopener noreferrer nofollow">
      Open at source <Icon name="external" />
    </a>
  );
}

/** The address where it is one a browser may open: `javascript:` and its kin are not. */
function openableUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}
