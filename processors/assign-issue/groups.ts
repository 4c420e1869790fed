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

/** Gives the groups of so many messages or more by label, in the order of their first cluster. */
export function groupsOf(
  { sums, sizes, count, width }: MicroClusters,
  labels: readonly number[],
  least = 1,
): Map<number, Group> {
  const sizeOf = new Map<number, number>();
  for (let cluster = 0; cluster < count; cluster += 1) {
    sizeOf.set(labels[cluster]!, (sizeOf.get(labels[cluster]!) ?? 0) + sizes[cluster]!);
  }
  const groups = new Map<number, Group>();
  for (let cluster = 0; cluster < count; cluster += 1) {
    const label = labels[cluster]!;
    const size = sizeOf.get(label)!;
    if (size < least) continue;
    let group = groups.get(label);
    if (group === undefined) groups.set(label, (group = { label, sum: new Float64Array(width), size }));
    addToSum(group.sum, sums, cluster * width);
  }
  return groups;
}
