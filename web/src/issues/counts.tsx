import { formatCount } from "../format.ts";

export interface CountsProps {
  readonly voices: number;
  readonly mentions: number;
  readonly channels: number;
}

/** People, mentions and channels side by side: loud is not many. */
export function Counts({ voices, mentions, channels }: CountsProps) {
  const all = [
    { value: voices, one: "person", many: "people" },
    { value: mentions, one: "mention", many: "mentions" },
    { value: channels, one: "channel", many: "channels" },
  ];
  return (
    <ul className="counts" aria-label="Heard from">
      {all.map(({ value, one, many }) => (
        <li key={many}>
          <b>{formatCount(value)}</b> <span>{value === 1 ? one : many}</span>
        </li>
      ))}
    </ul>
  );
}
