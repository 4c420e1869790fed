import { describe, expect, it } from "vitest";
import { agglomerate } from "../../../processors/assign-issue/agglomerate.ts";
import { joinParts } from "../../../processors/assign-issue/join-parts.ts";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { settle } from "../../../processors/assign-issue/settle.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

const CORE = 5;

/** Clusters of a message each about so many topics, every four of them akin, and as many about nothing else. */
function clustersOf(topics: number, perTopic: number, seed: number): MicroClusters {
  const { any, near, random } = seededVectors(seed);
  const kinds = Array.from({ length: Math.ceil(topics / 4) }, any);
  const middles = Array.from({ length: topics }, (_, topic) =>
    near(kinds[topic % kinds.length] ?? any(), 0.7),
  );
  const clusters = new MicroClusters(WIDTH);
  for (let at = 0; at < topics * perTopic * 2; at += 1) {
    const middle = middles[Math.floor(random() * topics)] ?? any();
    const vector = at % 2 === 0 ? any() : near(middle, 0.5 + 0.4 * random());
    clusters.open(vector, clusters.see(vector));
  }
  return clusters;
}

/** Each label by where it first stands, so that two partitions can be compared. */
function partition(labels: readonly number[]): number[] {
  const first = new Map<number, number>();
  return labels.map((label, at) => {
    if (!first.has(label)) first.set(label, at);
    return first.get(label) ?? -1;
  });
}

interface Sum {
  readonly sum: number[];
  readonly size: number;
}

function sumOf(clusters: MicroClusters, members: readonly number[]): Sum {
  const sum = Array<number>(WIDTH).fill(0);
  for (const cluster of members) {
    for (let at = 0; at < WIDTH; at += 1)
      sum[at] = (sum[at] ?? 0) + (clusters.sums[cluster * WIDTH + at] ?? 0);
  }
  return { sum, size: members.reduce((size, cluster) => size + (clusters.sizes[cluster] ?? 0), 0) };
}

function product(one: Sum, other: Sum): number {
  return one.sum.reduce((total, value, at) => total + value * (other.sum[at] ?? 0), 0);
}

/** Mean product of all pairs across two groups. */
function across(one: Sum, other: Sum): number {
  return product(one, other) / (one.size * other.size);
}

/** Mean product of all pairs of different members. */
function within(one: Sum): number {
  return (product(one, one) - one.size) / (one.size * (one.size - 1));
}

function membersOf(labels: readonly number[]): Map<number, number[]> {
  const members = new Map<number, number[]>();
  labels.forEach((label, cluster) => members.set(label, [...(members.get(label) ?? []), cluster]));
  return members;
}

/** The same, adding every group up again for every cluster. */
function settleSlowly(clusters: MicroClusters, labels: readonly number[], core: number): number[] {
  const settled = [...labels];
  let nextLabel = labels.length;
  for (let round = 0; round < 4; round += 1) {
    let moved = 0;
    const sums = new Map(
      [...membersOf(settled)].map(([label, members]) => [label, sumOf(clusters, members)]),
    );
    const large = [...sums].filter(([, { size }]) => size >= core).map(([label]) => label);
    settled.forEach((own, cluster) => {
      const one = sumOf(clusters, [cluster]);
      const others = (label: number) =>
        sumOf(
          clusters,
          (membersOf(settled).get(label) ?? []).filter((member) => member !== cluster),
        );
      let [best, bestScore] = [-1, 0.45];
      for (const label of large) {
        const group = label === own ? others(own) : (sums.get(label) ?? others(label));
        if (group.size < core) continue;
        const score = across(one, group);
        if (score > bestScore) [best, bestScore] = [label, score];
      }
      if (best < 0) {
        const group = others(own);
        const stays = group.size === 0 || (group.size < core && across(one, group) >= 0.5);
        best = stays ? own : nextLabel++;
      }
      if (best === own) return;
      moved += 1;
      settled[cluster] = best;
      for (const label of [own, best]) sums.set(label, sumOf(clusters, membersOf(settled).get(label) ?? []));
    });
    if (moved < labels.length * 0.002) break;
  }
  return settled;
}

describe("settle", () => {
  it.each([61, 62, 63])("moves clusters as adding up all groups again and again does (seed %i)", (seed) => {
    const clusters = clustersOf(8, 14, seed);
    const { random } = seededVectors(seed);
    const starts = [
      agglomerate(clusters),
      Array.from({ length: clusters.count }, () => Math.floor(random() * 9)),
      Array.from({ length: clusters.count }, () => Math.floor(random() * 55)),
    ];
    for (const start of starts) {
      const settled = partition(settle(clusters, start, CORE));
      expect(settled).toEqual(partition(settleSlowly(clusters, start, CORE)));
      expect(settled).not.toEqual(partition(start));
    }
  });

  it.each([64, 65])(
    "finds the same where only the groups of near clusters are compared (seed %i)",
    (seed) => {
      const clusters = clustersOf(16, 12, seed);
      const merged = agglomerate(clusters);
      const all = settle(clusters, merged, CORE);
      expect(partition(settle(clusters, merged, CORE, 0))).toEqual(partition(all));
      expect(partition(all)).not.toEqual(partition(merged));
    },
  );
});

describe("joinParts", () => {
  /** The same, looking at all pairs of groups again after each join. */
  function joinSlowly(clusters: MicroClusters, labels: readonly number[]): number[] {
    const groups = [...membersOf(labels)];
    const joined = [...labels];
    for (;;) {
      const sums = groups.map(([, members]) => sumOf(clusters, members));
      let best: readonly [number, number] | undefined;
      let bestScore = 0.75;
      sums.forEach((one, a) => {
        sums.slice(0, a).forEach((other, b) => {
          if (one.size < CORE || other.size < CORE || across(one, other) < 0.25) return;
          const score = across(one, other) / Math.sqrt(within(one) * within(other));
          if (score > bestScore) [best, bestScore] = [[a, b], score];
        });
      });
      if (best === undefined) return joined;
      const [[kept, members], [, gone]] = [groups[best[0]] ?? [0, []], groups[best[1]] ?? [0, []]];
      for (const cluster of gone) joined[cluster] = kept;
      members.push(...gone);
      groups.splice(best[1], 1);
    }
  }

  it.each([71, 72, 73, 74, 75, 76])(
    "joins what a look at all pairs after each join does (seed %i)",
    (seed) => {
      const { any, near } = seededVectors(seed);
      const clusters = new MicroClusters(WIDTH);
      // issues of parts each of which is near to the one before: what was near to a part may be far from what it joins
      const labels = Array.from({ length: 6 }, any).flatMap((issue, at) => {
        let middle = issue;
        return Array.from({ length: 5 }, (_, part) => {
          middle = near(middle, 0.44 + 0.04 * at);
          return Array.from({ length: part === 4 ? 3 : 7 }, () => {
            const vector = near(middle, 0.6);
            clusters.open(vector, vector);
            return at * 5 + part;
          });
        }).flat();
      });
      const joined = joinParts(clusters, labels, CORE);
      expect(partition(joined)).toEqual(partition(joinSlowly(clusters, labels)));
      const many = new Set(joined).size;
      expect(many).toBeGreaterThanOrEqual(10);
      expect(many).toBeLessThan(30);
    },
  );
});
