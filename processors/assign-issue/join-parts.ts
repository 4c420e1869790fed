import { alikePairs, likenessOf, withinOf } from "./alike-groups.ts";
import { groupsOf } from "./groups.ts";
import { largestFirst } from "./largest-first.ts";
import type { MicroClusters } from "./micro-clusters.ts";

/** Groups join whose pairs across are nearly as alike as those within: one loose issue, cut in parts. */
export const JOINED_FROM = 0.75;

/**
 * Joins groups of `core` messages or more that are parts of one loose issue, the most alike first.
 * @returns of each cluster the label of its group
 */
export function joinParts(clusters: MicroClusters, labels: readonly number[], core: number): number[] {
  const large = Array.from(groupsOf(clusters, labels, core).values(), (group) => ({
    ...group,
    within: withinOf(group),
    joins: 0,
    isGone: false,
  }));
  const joined = new Map<number, number>();
  const candidates = largestFirst<{ score: number; a: number; b: number; joins: number }>();
  const push = (a: number, b: number, score: number): void => {
    const joins = large[a]!.joins + large[b]!.joins;
    if (score > JOINED_FROM) candidates.push({ score, a, b, joins });
  };
  for (const { a, b, score } of alikePairs(large, JOINED_FROM)) push(a, b, score);
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const [kept, gone] = [large[next.a]!, large[next.b]!];
    if (kept.isGone || gone.isGone || kept.joins + gone.joins !== next.joins) continue;
    for (let at = 0; at < kept.sum.length; at += 1) kept.sum[at]! += gone.sum[at]!;
    kept.size += gone.size;
    kept.within = withinOf(kept);
    kept.joins += 1;
    gone.isGone = true;
    joined.set(gone.label, kept.label);
    large.forEach((other, at) => {
      if (other !== kept && !other.isGone) push(next.a, at, likenessOf(kept, other));
    });
  }
  return labels.map((label) => {
    let now = label;
    for (let next = joined.get(now); next !== undefined; next = joined.get(now)) now = next;
    return now;
  });
}
