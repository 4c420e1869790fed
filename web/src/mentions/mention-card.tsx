import { formatSigned } from "../format.ts";
import { Icon } from "../icons.tsx";
import type { MentionRow } from "../query-rows.ts";
import { languageName, sentenceCase } from "../wording.ts";
import { Engagement, MentionHead, MentionText, Rating, SourceLink } from "./mention-parts.tsx";
import { ReadingLine } from "./reading-line.tsx";

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
  return (
    <article
      className={`card mention${mention.is_complaint ? " is-complaint" : ""}`}
      data-mention={mention.id}
    >
      <MentionHead mention={mention} now={now} />
      {mention.title !== "" && <h3 dir="auto">{mention.title}</h3>}
      <MentionText
        text={mention.text}
        length={mention.text_length}
        spans={mention.is_complaint ? mention.complaint_evidence : []}
      />
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
        <SourceLink url={mention.url} />
      </footer>
    </article>
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
