import { useEffect, useState } from "react";
import { Icon } from "../icons.tsx";

const TYPING_PAUSE_MS = 350;

export interface SearchBoxProps {
  readonly label: string;
  readonly placeholder: string;
  /** What is searched for now. */
  readonly value: string;
  /** Called when typing pauses. */
  readonly onSearch: (text: string) => void;
}

/** A field to search with. What is typed counts once typing pauses. */
export function SearchBox({ label, placeholder, value, onSearch }: SearchBoxProps) {
  const [draft, setDraft] = useState(value);
  const [seen, setSeen] = useState(value);
  // it changed by other means than typing: a reset, or the back button
  if (value !== seen) {
    setSeen(value);
    setDraft(value);
  }
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => {
      setSeen(draft);
      onSearch(draft);
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, value, onSearch]);
  return (
    <label className="search">
      <Icon name="search" />
      <span className="sr-only">{label}</span>
      <input
        type="search"
        value={draft}
        placeholder={placeholder}
        spellCheck={false}
        maxLength={300}
        onChange={(event) => {
          setDraft(event.target.value);
        }}
      />
    </label>
  );
}
