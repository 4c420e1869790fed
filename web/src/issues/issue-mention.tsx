import { Icon } from "../icons.tsx";
import { Engagement, MentionHead, MentionText, Rating, SourceLink } from "../mentions/mention-parts.tsx";
import { languageName, threatName } from "../wording.ts";
import type { IssueMentionRow } from "./issue-rows.ts";

const COPY_WORDS: Readonly<Record<Exclude<IssueMentionRow["copy_by"], "">, string>> = {
  repost: "Repost",
  link: "Same page as another",
  text: "Same words as another",
  self: "Same person again",
};

/** From here on, of 4, a person should look. */
const SEVERE = 3;

export interface IssueMentionProps {
  readonly mention: IssueMentionRow;
  readonly now: number;
  readonly isChosen: boolean;
  readonly onChoose: (id: string, isChosen: boolean) => void;
  readonly onMove: (mention: IssueMentionRow) => void;
}

/** One mention of an issue, with what puts it elsewhere. */
export function IssueMention({ mention, now, isChosen, onChoose, onMove }: IssueMentionProps) {
  const { id, title, text, similarity, copy_by: copy, assigned_by: by, version, product } = mention;
  const who = mention.author_name || mention.author_handle || "an unnamed author";
  return (
    <article className={`card mention${isChosen ? " is-chosen" : ""}`} data-mention={id}>
      <MentionHead mention={mention} now={now} />
      {title !== "" && <h3 dir="auto">{title}</h3>}
      <MentionText text={text} length={text.length} spans={[]} />
      <ul className="reading-line" aria-label="What was read from it">
        {mention.threats.map((kind) => (
          <li key={kind} className="tag tag-threat">
            <Icon name="warning" /> {threatName(kind)}
          </li>
        ))}
        {mention.severity >= SEVERE && <li className="tag tag-threat">Severity {mention.severity} of 4</li>}
        {copy !== "" && <li className="tag">{COPY_WORDS[copy]}</li>}
        {mention.is_repeated && <li className="tag">Told before</li>}
        {mention.is_expectation_broken && <li className="tag">Promise not kept</li>}
        {by === "" ? (
          <li className="muted" title="How like the others of the issue it is, of 100">
            fits {Math.round(similarity * 100)}
          </li>
        ) : (
          <li className="tag">Put here by {by}</li>
        )}
      </ul>
      <footer className="mention-foot">
        <Rating rating={mention.rating} best={mention.rating_max} />
        {[product, version].map(
          (one) =>
            one !== "" && (
              <span key={one} className="tag">
                {one}
              </span>
            ),
        )}
        {mention.language !== "en" && <span className="tag">{languageName(mention.language)}</span>}
        <Engagement mention={mention} />
        <SourceLink url={mention.url} />
      </footer>
      <div className="mention-tools">
        <label className="check">
          <input
            type="checkbox"
            checked={isChosen}
            onChange={(event) => {
              onChoose(id, event.target.checked);
            }}
          />
          Choose<span className="sr-only"> what {who} said</span>
        </label>
        <button
          type="button"
          className="link-button"
          onClick={() => {
            onMove(mention);
          }}
        >
          Not this issue<span className="sr-only"> what {who} said</span>
        </button>
      </div>
    </article>
  );
}
