import { alikePairs, withinOf } from "./alike-groups.ts";
import type { Summed } from "./groups.ts";
import { JOINED_FROM } from "./join-parts.ts";

/**
 * Pairs less alike are not worth a person's time. Of those from here on where each is what the other is most like, about
 * half are one issue: 93 of 167 among issues of a bank that the model had not seen, some 130 messages each, and 5 of 9
 * among CFPB narratives. Where an issue has 30 messages it is fewer, 9 of 49.
 */
const PROPOSED_FROM = 0.65;
const MOST_PROPOSED = 100;

/**
 * Gives the pairs of issues that may be one, the most alike first: those that would be joined, were they not taught, and
 * those where each is what the other is most like. The smaller one is to go into the larger one.
 */
export function proposeMerges(
  issues: readonly (Summed & { readonly issue: number })[],
): { readonly issue: number; readonly into: number; readonly similarity: number }[] {
  const compared = issues.map((issue) => ({ ...issue, within: withinOf(issue) }));
  const pairs = alikePairs(compared, PROPOSED_FROM).sort((one, other) => other.score - one.score);
  const met = new Set<number>();
  const proposed = pairs.flatMap(({ a, b, score }) => {
    const isMostAlike = !met.has(a) && !met.has(b);
    met.add(a).add(b);
    if (!isMostAlike && score <= JOINED_FROM) return [];
    const [one, other] = [compared[a]!, compared[b]!];
    const isSmaller = one.size < other.size || (one.size === other.size && one.issue > other.issue);
    const [smaller, larger] = isSmaller ? [one, other] : [other, one];
    return [{ issue: smaller.issue, into: larger.issue, similarity: score }];
  });
  return proposed.slice(0, MOST_PROPOSED);
}
