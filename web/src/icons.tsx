const PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 6V3.5h6.5V10H10M3.5 6H10v6.5H3.5z",
  check: "M3.5 8.5l3 3 6-7",
  external: "M9 3.5h3.5V7M12.5 3.5L7.5 8.5M6.5 4.5h-3v8h8v-3",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3",
  chevron: "M4.5 6.5L8 10l3.5-3.5",
  flag: "M4 14V2.5M4 3h8l-2 3 2 3H4",
  like: "M8 13.2S2.6 10 2.6 6.3A2.7 2.7 0 0 1 8 5.4a2.7 2.7 0 0 1 5.4.9C13.4 10 8 13.2 8 13.2z",
  reply: "M3 3.5h10v7H7.5L4.5 13v-2.5H3z",
  share: "M4 6l3-3 3 3M7 3v6.5M12 10l-3 3-3-3",
  view: "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  table: "M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 6.5v6",
  warning: "M8 2.5L14.2 13H1.8zM8 6.5v3M8 11.2v.1",
  lock: "M4 7.5h8v6H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3M8 10v1.4",
  quiet: "M2.5 6.2v3.6h2.3L8.2 13V3L4.8 6.2zM11 6.2l3.2 3.6M14.2 6.2L11 9.8",
  removed: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM5 8h6",
  question: "M5.6 6a2.4 2.4 0 1 1 3.6 2.1c-.8.5-1.2.9-1.2 1.9M8 12.6v.1",
  rising: "M2.5 12.5l4-4.5 2.5 2.5 4.5-6M10 4.5h3.5V8",
  repeat: "M3 7.5A5 5 0 0 1 12.2 5.4M12.6 2.6v3h-3M13 8.5a5 5 0 0 1-9.2 2.1M3.4 13.4v-3h3",
  person: "M8 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM3 13.6c.4-2.6 2.3-4 5-4s4.6 1.4 5 4",
  edit: "M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2",
  undo: "M6 3.5L3 6.5l3 3M3.2 6.5h6.3a3.5 3.5 0 0 1 0 7H6.5",
  merge: "M4 2.5v2.8c0 2 4 2.4 4 5v3.2M12 2.5v2.8c0 2-4 2.4-4 5M5.8 11.3L8 13.5l2.2-2.2",
  split:
    "M8 2.5v3.2c0 2.6-4 3-4 5v2.8M8 5.7c0 2.6 4 3 4 5v2.8M2.3 11.8L4 13.5l1.7-1.7M10.3 11.8l1.7 1.7 1.7-1.7",
  clock: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 4.6V8l2.4 1.6",
  calendar: "M2.8 4h10.4v9.2H2.8zM2.8 7h10.4M5.6 2.4V5M10.4 2.4V5",
  back: "M9.5 3.5L5 8l4.5 4.5",
  chart: "M2.5 13.5h11M4.5 11V8M8 11V4M11.5 11V6.5",
} as const;

export type IconName = keyof typeof PATHS;

/** A 16-pixel line drawing in the colour of the text around it, hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of Earshot: an ear made of sound waves. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M9.5 19.5a3.5 3.5 0 0 1 0-7M14.5 22.5a9 9 0 0 0 0-13M19.5 25.5a14.5 14.5 0 0 0 0-19" />
    </svg>
  );
}
