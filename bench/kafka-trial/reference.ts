import type { Mention, MentionEvent } from "../../schemas/mention.ts";
import { mentionIdOf, trackersOfFeed, type FeedEntry, type PoisonMessage, type Step } from "./input.ts";

/** What the store must say of one mention in the end. */
export interface Expected {
  readonly revision: number;
  readonly text: string;
  readonly likes: number | null;
  readonly trackers: readonly string[];
  /** Absent for entries of feeds: they are observed when they are polled. */
  readonly observedAt?: string;
}

/** Totals the store must count, deleted mentions left out; of what another team published alone, which is all polled. */
export interface ExpectedCounts {
  /** Counters at different times, and the sum of the likes in them. */
  readonly snapshots: number;
  readonly likes: number;
  /** Different revisions of mentions that show edits. */
  readonly revisions: number;
  /** Mentions that were deleted. */
  readonly deleted: number;
}

/** What is right, worked out from the input alone with nothing of the program but its rule for versions. */
export interface Reference {
  note(step: Step): void;
  /** By mention id; deleted ones are not there. */
  mentions(): ReadonlyMap<string, Expected>;
  counts(): ExpectedCounts;
  poison(): readonly PoisonMessage[];
}

/** Works the result out: the larger revision wins, then the later observation; a deletion beats everything. */
export function openReference(): Reference {
  const current = new Map<string, Expected>();
  const deleted = new Set<string>();
  const likesAt = new Map<string, Map<string, number>>();
  const revisionsOf = new Map<string, Set<number>>();
  const poison: PoisonMessage[] = [];

  function notePublished(event: MentionEvent): void {
    if (event.type === "delete") deleted.add(event.id);
    else noteMention(event.mention);
  }

  function noteMention({ id, revision, observedAt, text, trackers, engagement: { likes } }: Mention): void {
    if (likes !== null) inMap(likesAt, id, () => new Map<string, number>()).set(observedAt, likes);
    if (revision > 0) inMap(revisionsOf, id, () => new Set<number>()).add(revision);
    const standing = current.get(id);
    const isNewer =
      standing === undefined ||
      revision > standing.revision ||
      (revision === standing.revision && observedAt > (standing.observedAt ?? ""));
    if (isNewer) current.set(id, { revision, observedAt, text, trackers, likes });
  }

  function noteEntry(entry: FeedEntry): void {
    const { text, publishedAt, updatedAt } = entry;
    const revision = updatedAt > publishedAt ? Date.parse(updatedAt) : 0;
    current.set(mentionIdOf(entry), { revision, text, likes: null, trackers: trackersOfFeed(entry.feed) });
  }

  return {
    note(step) {
      if (step.to === "topic") notePublished(step.event);
      else if (step.to === "feed") noteEntry(step.entry);
      else poison.push(step.message);
    },
    mentions() {
      for (const id of deleted) current.delete(id);
      return current;
    },
    counts() {
      for (const id of deleted) {
        likesAt.delete(id);
        revisionsOf.delete(id);
      }
      let [snapshots, likes, revisions] = [0, 0, 0];
      for (const counters of likesAt.values()) {
        snapshots += counters.size;
        for (const count of counters.values()) likes += count;
      }
      for (const found of revisionsOf.values()) revisions += found.size;
      return { snapshots, likes, revisions, deleted: deleted.size };
    },
    poison: () => poison,
  };
}

function inMap<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}
