import { describe, expect, it } from "vitest";
import { agglomerate } from "../../../processors/assign-issue/agglomerate.ts";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

/** So many topics of so many clusters of a message each, mixed, and as many clusters of nothing else. */
function clustersOf(topics: number, perTopic: number, alone: number, seed: number) {
  const { any, near, random } = seededVectors(seed);
  const middles = Array.from({ length: topics }, any);
  const drawn = [
    ...middles.flatMap((middle, topic) =>
      Array.from({ length: perTopic }, () => ({ topic, vector: near(middle, 0.5) })),
    ),
    ...Array.from({ length: alone }, (_, at) => ({ topic: topics + at, vector: any() })),
  ]
    .map((one) => ({ one, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
  const clusters = new MicroClusters(WIDTH);
  for (const { vector } of drawn) clusters.open(vector, clusters.see(vector));
  return { clusters, topics: drawn.map(({ topic }) => topic) };
}

/** Each label by where it first stands, so that two partitions can be compared. */
function partition(labels: readonly number[]): number[] {
  return labels.map((label) => labels.indexOf(label));
}

describe("agglomerate", () => {
  it("finds the topics, and leaves alone what belongs to none", () => {
    const { clusters, topics } = clustersOf(12, 15, 60, 3);
    expect(partition(agglomerate(clusters))).toEqual(partition(topics));
  });

  it("finds the same groups among near neighbours as among all pairs", () => {
    const { clusters, topics } = clustersOf(30, 12, 200, 4);
    const near = partition(agglomerate(clusters, 0));
    expect(near).toEqual(partition(agglomerate(clusters)));
    expect(new Set(near).size).toBe(new Set(topics).size);
  });

  it("finds the same again where the neighbours are remembered, and others once clusters came", () => {
    const { clusters } = clustersOf(10, 12, 50, 5);
    const first = agglomerate(clusters, 0);
    expect(agglomerate(clusters, 0)).toEqual(first);
    const lone = first.lastIndexOf(first.find((label, at) => first.indexOf(label) === at && at > 0) ?? 0);
    const copy = clusters.sums.slice(lone * WIDTH, (lone + 1) * WIDTH);
    const added = clusters.open(copy, copy);
    const labels = agglomerate(clusters, 0);
    expect(labels[added]).toBe(labels[lone]);
  });

  it("finds the topics where only likely clusters are compared", { timeout: 60_000 }, () => {
    const { clusters, topics } = clustersOf(30, 20, 3_600, 6);
    expect(clusters.index).toBeDefined();
    const labels = agglomerate(clusters);
    const whole = Array.from({ length: 30 }, (_, topic) => {
      const counts = new Map<number, number>();
      labels.forEach((label, at) => {
        if (topics[at] === topic) counts.set(label, (counts.get(label) ?? 0) + 1);
      });
      return Math.max(...counts.values());
    });
    expect(Math.min(...whole)).toBeGreaterThanOrEqual(18);
  });

  it("says nothing of nothing and one of one", () => {
    const clusters = new MicroClusters(WIDTH);
    expect(agglomerate(clusters)).toEqual([]);
    const { any } = seededVectors(1);
    const vector = any();
    clusters.open(vector, clusters.see(vector));
    expect(agglomerate(clusters)).toEqual([0]);
    expect(agglomerate(clusters, 0)).toEqual([0]);
  });
});
