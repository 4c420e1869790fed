import { penaltyOf } from "./agglomerate.ts";
import type { MicroClusters } from "./micro-clusters.ts";
import { addToSum, dotOf, dotWithSum } from "./vectors.ts";

/** What is known of the clusters before they get new numbers. */
export interface Numbered {
  /** Of each cluster the number of its issue so far. */
  readonly issueOf: readonly number[];
  /** Clusters that keep it because a person said so, with the first number that was not given yet then. */
  readonly taught: ReadonlyMap<number, number>;
  /** Messages a part of an issue needs to be told apart. */
  readonly core: number;
}

export interface Numbering {
  /** Of each cluster the number of its issue. */
  readonly issueOf: number[];
  /** Issues that only teaching keeps together, with their clusters by group, the most messages first. */
  readonly splits: readonly { readonly issue: number; readonly parts: readonly (readonly number[])[] }[];
}

/** Clusters that belong to one issue: to the one they are taught to, where a person taught some of them. */
interface Group {
  readonly parts: number[][];
  readonly taughtTo?: number;
}

/**
 * Gives groups the numbers of the issues they overlap most, the largest overlap first; what is left gets new ones. Taught
 * clusters keep their issue and hold what was found with them, see {@link divide}; where more of that issue is found
 * elsewhere, that keeps its number too.
 * @param labels of each cluster the label of the group it was found in
 */
export function numberGroups(
  clusters: MicroClusters,
  labels: readonly number[],
  numbered: Numbered,
  newNumber: () => number,
): Numbering {
  const { issueOf, taught, core } = numbered;
  const groups: Group[] = [];
  const groupsTaughtTo = new Map<number, Group>();
  for (const members of membersByLabel(labels).values()) {
    const divided = members.some((cluster) => taught.has(cluster))
      ? divide(clusters, members, numbered)
      : [{ members }];
    for (const { members: part, taughtTo } of divided) {
      const found = taughtTo === undefined ? undefined : groupsTaughtTo.get(taughtTo);
      if (found !== undefined) {
        found.parts.push(part);
        continue;
      }
      const group: Group = { parts: [part], ...(taughtTo !== undefined && { taughtTo }) };
      groups.push(group);
      if (taughtTo !== undefined) groupsTaughtTo.set(taughtTo, group);
    }
  }
  const overlaps = groups.flatMap((group) =>
    [...overlapsOf(group.parts.flat(), issueOf, clusters.sizes)]
      .filter(([issue]) => group.taughtTo === undefined || group.taughtTo === issue)
      .map(([issue, size]) => ({ group, issue, size })),
  );
  overlaps.sort((a, b) => b.size - a.size || a.issue - b.issue);
  const numbers = new Map<Group, number>();
  const taken = new Set<number>();
  for (const { group, issue } of overlaps) {
    if (numbers.has(group) || taken.has(issue)) continue;
    numbers.set(group, issue);
    taken.add(issue);
  }
  const next = [...issueOf];
  for (const group of groups) {
    const number = group.taughtTo ?? numbers.get(group) ?? newNumber();
    numbers.set(group, number);
    for (const part of group.parts) for (const cluster of part) next[cluster] = number;
  }
  const isLarge = (part: readonly number[]) => sizeOf(part, clusters.sizes) >= core;
  const splits = [...groupsTaughtTo.keys()].flatMap((issue) => {
    const parts = groups.filter((group) => numbers.get(group) === issue).flatMap((group) => group.parts);
    const large = parts.filter(isLarge).sort((a, b) => sizeOf(b, clusters.sizes) - sizeOf(a, clusters.sizes));
    return large.length < 2 ? [] : [{ issue, parts: large }];
  });
  return { issueOf: next, splits };
}

/**
 * Divides a group that holds taught clusters among the issues these are taught to. Who took some of an issue away said
 * that they are not of it: the largest other issue that was there then keeps what is more like it.
 */
function divide(
  { sums, sizes, width }: MicroClusters,
  members: readonly number[],
  { issueOf, taught, core }: Numbered,
): { readonly members: number[]; readonly taughtTo?: number }[] {
  const lessons = members.filter((cluster) => taught.has(cluster));
  const taughtTo = new Set(lessons.map((cluster) => issueOf[cluster]!));
  const known = lessons.reduce((last, cluster) => Math.max(last, taught.get(cluster)!), 0);
  const overlaps = overlapsOf(members, issueOf, sizes);
  const lessonsSize = Math.max(...[...taughtTo].map((issue) => overlaps.get(issue)!));
  const [other] = [...overlaps]
    .filter(([issue, size]) => !taughtTo.has(issue) && issue < known && size >= Math.min(core, lessonsSize))
    .sort(([a, sizeOfA], [b, sizeOfB]) => sizeOfB - sizeOfA || a - b);
  const parts = new Map<number, { readonly members: number[]; readonly sum: Float64Array; size: number }>();
  for (const issue of other === undefined ? taughtTo : [...taughtTo, other[0]]) {
    parts.set(issue, { members: [], sum: new Float64Array(width), size: 0 });
  }
  for (const cluster of members) {
    const part = parts.get(issueOf[cluster]!);
    if (part === undefined) continue;
    addToSum(part.sum, sums, cluster * width);
    part.size += sizes[cluster]!;
  }
  const mostAlike = (cluster: number): number => {
    const own = issueOf[cluster]!;
    const [from, size] = [cluster * width, sizes[cluster]!];
    let [best, bestScore] = [own, -Infinity];
    for (const [issue, part] of parts) {
      const others = part.size - (issue === own ? size : 0);
      // all that is left of its issue here: nothing to be less like
      if (others === 0) return own;
      const product =
        dotWithSum(part.sum, sums, from) - (issue === own ? dotOf(sums, from, sums, from, width) : 0);
      const score = product / (size * others) - penaltyOf(others, others);
      if (score > bestScore) [best, bestScore] = [issue, score];
    }
    return best;
  };
  for (const cluster of members) {
    const issue = taught.has(cluster) ? issueOf[cluster]! : mostAlike(cluster);
    parts.get(issue)!.members.push(cluster);
  }
  return [...parts]
    .filter(([, part]) => part.members.length > 0)
    .map(([issue, part]) => ({ members: part.members, ...(taughtTo.has(issue) && { taughtTo: issue }) }));
}

function membersByLabel(labels: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  labels.forEach((label, cluster) => {
    const members = found.get(label);
    if (members === undefined) found.set(label, [cluster]);
    else members.push(cluster);
  });
  return found;
}

/** Messages by the issue they belonged to. */
function overlapsOf(
  members: readonly number[],
  issueOf: readonly number[],
  sizes: readonly number[],
): Map<number, number> {
  const found = new Map<number, number>();
  for (const cluster of members) {
    const issue = issueOf[cluster]!;
    found.set(issue, (found.get(issue) ?? 0) + sizes[cluster]!);
  }
  return found;
}

function sizeOf(members: readonly number[], sizes: readonly number[]): number {
  return members.reduce((sum, cluster) => sum + sizes[cluster]!, 0);
}
