import type { MicroClusters } from "./micro-clusters.ts";
import { addRow, dotOf } from "./vectors.ts";

/** A group of clusters: the sum of its members' vectors. */
interface Group {
  readonly label: number;
  readonly sum: Float64Array;
  size: number;
}

/** A cluster moves to the group whose members it is most like on average, if at least this. */
const MOVED_FROM = 0.45;
/** Alike enough to stay in a group too small to attract others. */
const STAYS_FROM = 0.5;
const ROUNDS = 4;
/** Rounds end when a smaller share of the clusters moves. */
const MOVING_SHARE = 0.002;

/** Groups join whose pairs across are nearly as alike as those within: one loose issue, cut in parts. */
const JOINED_FROM = 0.75;
const LEAST_ACROSS = 0.25;
const LEAST_WITHIN = 0.05;

/**
 * Moves clusters between groups until few want to move. Only groups of `core` messages or more attract.
 * @returns of each cluster the label of its group
 */
export function settle(clusters: MicroClusters, labels: readonly number[], core: number): number[] {
  const { sums, sizes, count, width } = clusters;
  const settled = [...labels];
  const groups = groupsOf(clusters, labels);
  let nextLabel = count;
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = 0;
    const large = [...groups.values()].filter(({ size }) => size >= core);
    for (let cluster = 0; cluster < count; cluster += 1) {
      const from = cluster * width;
      const size = sizes[cluster]!;
      const own = groups.get(settled[cluster]!)!;
      addRow(own.sum, 0, sums, from, width, -1);
      own.size -= size;
      let best: Group | undefined;
      let bestScore = MOVED_FROM;
      for (const group of large) {
        if (group.size < core) continue;
        const score = dotOf(sums, from, group.sum, 0, width) / (size * group.size);
        if (score > bestScore) [best, bestScore] = [group, score];
      }
      if (best === undefined) {
        const isSmall = own.size > 0 && own.size < core;
        const likeness = isSmall ? dotOf(sums, from, own.sum, 0, width) / (size * own.size) : 0;
        const stays = own.size <= 0 || (isSmall && likeness >= STAYS_FROM);
        best = stays ? own : { label: nextLabel++, sum: new Float64Array(width), size: 0 };
        groups.set(best.label, best);
      }
      addRow(best.sum, 0, sums, from, width);
      best.size += size;
      if (best.label === settled[cluster]) continue;
      moved += 1;
      settled[cluster] = best.label;
      if (own.size <= 0) groups.delete(own.label);
    }
    if (moved < count * MOVING_SHARE) break;
  }
  return settled;
}

/**
 * Joins groups of `core` messages or more that are parts of one loose issue.
 * @returns of each cluster the label of its group
 */
export function joinParts(clusters: MicroClusters, labels: readonly number[], core: number): number[] {
  const large = [...groupsOf(clusters, labels).values()]
    .filter(({ size }) => size >= core)
    .map((group) => ({ ...group, within: withinOf(group) }));
  const joined = new Map<number, number>();
  for (;;) {
    let best: readonly [kept: number, gone: number] | undefined;
    let bestScore = JOINED_FROM;
    for (let a = 0; a < large.length; a += 1) {
      for (let b = 0; b < a; b += 1) {
        const [one, other] = [large[a]!, large[b]!];
        const across = dotOf(one.sum, 0, other.sum, 0, clusters.width) / (one.size * other.size);
        const score = across / Math.sqrt(one.within * other.within);
        if (across >= LEAST_ACROSS && score > bestScore) [best, bestScore] = [[a, b], score];
      }
    }
    if (best === undefined) break;
    const [kept, gone] = [large[best[0]]!, large[best[1]]!];
    addRow(kept.sum, 0, gone.sum, 0, clusters.width);
    kept.size += gone.size;
    kept.within = withinOf(kept);
    large.splice(best[1], 1);
    joined.set(gone.label, kept.label);
  }
  return labels.map((label) => {
    let now = label;
    for (let next = joined.get(now); next !== undefined; next = joined.get(now)) now = next;
    return now;
  });
}

/** Mean similarity of two different members. */
function withinOf({ sum, size }: Group): number {
  const pairs = dotOf(sum, 0, sum, 0, sum.length) - size;
  return Math.max(LEAST_WITHIN, pairs / (size * (size - 1)));
}

function groupsOf(
  { sums, sizes, count, width }: MicroClusters,
  labels: readonly number[],
): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (let cluster = 0; cluster < count; cluster += 1) {
    const label = labels[cluster]!;
    let group = groups.get(label);
    if (group === undefined) groups.set(label, (group = { label, sum: new Float64Array(width), size: 0 }));
    addRow(group.sum, 0, sums, cluster * width, width);
    group.size += sizes[cluster]!;
  }
  return groups;
}
