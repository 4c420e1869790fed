import type { MicroClusters } from "./micro-clusters.ts";
import { addToSum } from "./vectors.ts";

/** Messages taken together: how many, and their sum. */
export interface Summed {
  readonly sum: Float64Array;
  readonly size: number;
}

/** A group of clusters. */
export interface Group {
  readonly label: number;
  readonly sum: Float64Array;
  size: number;
}

/** Gives the groups by label, in the order of their first cluster. */
export function groupsOf(
  { sums, sizes, count, width }: MicroClusters,
  labels: readonly number[],
): Map<number, Group> {
  const groups = new Map<number, Group>();
  for (let cluster = 0; cluster < count; cluster += 1) {
    const label = labels[cluster]!;
    let group = groups.get(label);
    if (group === undefined) groups.set(label, (group = { label, sum: new Float64Array(width), size: 0 }));
    addToSum(group.sum, sums, cluster * width);
    group.size += sizes[cluster]!;
  }
  return groups;
}
