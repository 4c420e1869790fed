import { useCallback } from "react";
import { Segments } from "../charts/figure-card.tsx";
import { SearchBox } from "../filters/search-box.tsx";
import type { ChangeView, ViewState } from "../view-state.ts";
import { SENTIMENTS, sentenceCase, type SentimentChoice } from "../wording.ts";

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
  const search = useCallback(
    (q: string) => {
      change({ q }, true);
    },
    [change],
  );
  return (
    <div className="mention-filters">
      <SearchBox
        label="Search the mentions"
        placeholder={'Search: words or "a phrase"'}
        value={view.q}
        onSearch={search}
      />
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
