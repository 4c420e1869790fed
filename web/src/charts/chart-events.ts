import type { ChartSpec } from "./chart-spec.ts";

/** Something that happened, named in charts by a letter. */
export interface ChartEvent {
  /** `A`, `B` … in the order of time. */
  readonly letter: string;
  /** ms since 1970. */
  readonly at: number;
  readonly label: string;
}

/** What happened in one bucket: `A Version 5.2`, in the order of time. */
export function eventsIn(
  { events, buckets }: Pick<ChartSpec, "events" | "buckets">,
  index: number,
): readonly ChartEvent[] {
  const from = buckets[index];
  if (events === undefined || from === undefined) return [];
  const to = buckets[index + 1] ?? Infinity;
  return events.filter(({ at }) => at >= from && at < to);
}

/** Events as one text: `A Version 5.2; B Welcome code`. */
export function listEvents(events: readonly ChartEvent[]): string {
  return events.map(({ letter, label }) => `${letter} ${label}`).join("; ");
}
