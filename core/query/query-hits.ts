import type { Mention } from "../../schemas/mention.ts";
import { matcherOf } from "./match-query.ts";
import type { MentionQuery } from "./query.ts";
import { isWords, wantedLeaves, type Words } from "./query-logic.ts";

/** How many mentions have a term of a query in them. */
export interface TermHits {
  readonly term: Words;
  readonly mentions: number;
}

/** Counts the mentions that have each word, phrase or NEAR the query looks for (not those after NOT), in its order. */
export function termHits(query: MentionQuery, mentions: readonly Mention[]): TermHits[] {
  const terms = wantedLeaves(query.root).filter(isWords);
  const counts = new Map<string, number>(terms.map((_, at) => [String(at), 0]));
  const termsOf = matcherOf(
    terms.map((root, at) => ({ tracker: String(at), query: { text: query.text, root } })),
  );
  for (const mention of mentions) {
    for (const at of termsOf(mention)) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return terms.map((term, at) => ({ term, mentions: counts.get(String(at)) ?? 0 }));
}

/** Two trackers that have mentions in common. */
export interface TrackerOverlap {
  readonly tracker: string;
  readonly other: string;
  readonly shared: number;
  /** Of the one with fewer mentions, 0..1. */
  readonly share: number;
}

/** Gives the pairs of trackers that share mentions, whose ids are given; largest share first, then by name. */
export function overlapOf(hitsByTracker: ReadonlyMap<string, ReadonlySet<string>>): TrackerOverlap[] {
  const trackers = [...hitsByTracker].sort(([a], [b]) => (a < b ? -1 : 1));
  return trackers
    .flatMap(([tracker, hits], index) =>
      trackers.slice(index + 1).map(([other, otherHits]) => {
        const [few, many] = hits.size <= otherHits.size ? [hits, otherHits] : [otherHits, hits];
        let shared = 0;
        for (const id of few) if (many.has(id)) shared++;
        return { tracker, other, shared, share: shared / Math.max(1, few.size) };
      }),
    )
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.share - a.share);
}
