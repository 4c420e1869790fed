import { useEffect, useState } from "react";
import { Segments } from "../charts/figure-card.tsx";
import { Icon } from "../icons.tsx";
import type { ChangeView, ViewState } from "../view-state.ts";
import { SENTIMENTS, sentenceCase, type SentimentChoice } from "../wording.ts";

const TYPING_PAUSE_MS = 350;

const CHOICES: readonly { value: SentimentChoice; label: string }[] = [
  { value: "", label: "All" },
  ...SENTIMENTS.map((value) => ({ value, label: sentenceCase(value) })),
];

export interface MentionFiltersProps {
  readonly view: ViewState;
  readonly change: ChangeView;
}

/** What narrows the mention list alone: words, sentiment, complaints only, or what is left out as spam. */
export function MentionFilters({ view, change }: MentionFiltersProps) {
  return (
    <div className="mention-filters">
      <SearchBox q={view.q} change={change} />
      <Segments
        label="Sentiment"
        options={CHOICES}
        chosen={view.sentiment}
        onChoose={(sentiment) => {
          change({ sentiment });
        }}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={view.complaint}
          onChange={(event) => {
            change({ complaint: event.target.checked });
          }}
        />
        Complaints only
      </label>
      <label className="check" title="Promotions, bots and link bait: marked, counted in no figure">
        <input
          type="checkbox"
          checked={view.spam}
          onChange={(event) => {
            change({ spam: event.target.checked });
          }}
        />
        Likely spam
      </label>
    </div>
  );
}

function SearchBox({ q, change }: { readonly q: string; readonly change: ChangeView }) {
  const [draft, setDraft] = useState(q);
  const [seen, setSeen] = useState(q);
  // the address changed by other means than typing: a reset, or the back button
  if (q !== seen) {
    setSeen(q);
    setDraft(q);
  }
  useEffect(() => {
    if (draft === q) return;
    const timer = setTimeout(() => {
      setSeen(draft);
      change({ q: draft }, true);
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, q, change]);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="sr-only">Search the mentions</span>
      <input
        type="search"
        value={draft}
        placeholder={'Search: words or "a phrase"'}
        spellCheck={false}
        maxLength={300}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
      />
    </label>
  );
}
