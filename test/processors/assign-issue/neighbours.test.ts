import { describe, expect, it } from "vitest";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

/** Clusters near to one, both ways, each once. */
function near(clusters: MicroClusters, to: number): Set<number> {
  const { starts, others } = clusters.neighbours.of(clusters);
  return new Set(others.subarray(starts[to], starts[to + 1]));
}

function filled(topics: number, perTopic: number, seed: number) {
  const vectors = seededVectors(seed);
  const middles = Array.from({ length: topics }, vectors.any);
  const clusters = new MicroClusters(WIDTH);
  for (let at = 0; at < topics * perTopic; at += 1) {
    const vector = vectors.near(middles[at % topics] ?? vectors.any(), 0.8);
    clusters.open(vector, vector);
  }
  return { ...vectors, clusters, middles };
}

describe("the neighbours of clusters", () => {
  it("are the 24 that are most alike, and those that a cluster is such a one of", () => {
    const { clusters } = filled(4, 40, 81);
    const row = (cluster: number) => clusters.sums.subarray(cluster * WIDTH, (cluster + 1) * WIDTH);
    const nearest = Array.from({ length: 160 }, (_, of) => {
      const scores = Array.from({ length: 160 }, (_, other) => ({
        other,
        score: row(of).reduce((sum, value, at) => sum + value * (row(other)[at] ?? 0), 0),
      }));
      const alike = scores.filter(({ other, score }) => other !== of && score >= 0.15);
      return new Set(
        alike
          .sort((a, b) => b.score - a.score)
          .slice(0, 24)
          .map(({ other }) => other),
      );
    });
    for (let of = 0; of < 160; of += 1) {
      const expected = new Set(nearest[of]);
      nearest.forEach((others, one) => {
        if (others.has(of)) expected.add(one);
      });
      expect(near(clusters, of)).toEqual(expected);
    }
  });

  it("are remembered, found for what came since, and anew where a cluster became twice as large", () => {
    const { clusters, middles, near: around } = filled(3, 10, 82);
    const before = near(clusters, 0);
    for (const one of [3, 6, 9, 12, 15, 18, 21, 24, 27]) expect(before.has(one)).toBe(true);
    expect(before.has(1)).toBe(false);
    const late = around(middles[0] ?? new Float32Array(WIDTH), 0.3);
    expect(near(clusters, clusters.open(late, late)).has(0)).toBe(true);
    expect(near(clusters, 0).has(30)).toBe(true);
    const other = around(middles[1] ?? new Float32Array(WIDTH), 0.1);
    for (let turn = 0; turn < 8; turn += 1) clusters.join(0, other, other);
    expect(near(clusters, 0).has(1)).toBe(true);
  });

  it("are found in the lists of the index where all are too many to compare", () => {
    const { clusters } = filled(350, 12, 83);
    expect(clusters.index).toBeDefined();
    const of = Array.from({ length: 350 }, (_, topic) => topic * 12).slice(0, 100);
    const found = of.map(
      (one) => [...near(clusters, one)].filter((other) => other % 350 === one % 350).length,
    );
    expect(found.reduce((sum, many) => sum + many, 0) / found.length).toBeGreaterThan(9);
  });
});
