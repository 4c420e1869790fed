import { z } from "zod";
import { trackersOf } from "./mention.ts";
import { Slug } from "./primitives.ts";
import { StoredEvent } from "./stored-event.ts";

/**
 * A stored event as it goes to those who follow one tracker. An event of several trackers is published once for each,
 * since one process alone may judge a tracker; an event of none has the tracker "".
 */
export const EnrichedEvent = z.strictObject({
  tracker: z.union([Slug, z.literal("")]).describe("The tracker this copy is for."),
  event: StoredEvent,
});
export type EnrichedEvent = z.infer<typeof EnrichedEvent>;

/** One copy of the event for each of its trackers, at least one. */
export function copiesByTracker(event: StoredEvent): EnrichedEvent[] {
  const trackers = trackersOf(event);
  if (trackers.length === 0) return [{ tracker: "", event }];
  return trackers.map((tracker) => ({ tracker, event }));
}

/** Whether this is the first of the event's copies: the one that is stored. */
export function isFirstCopy({ tracker, event }: EnrichedEvent): boolean {
  return tracker === (trackersOf(event)[0] ?? "");
}
