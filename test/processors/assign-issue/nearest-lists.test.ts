import { describe, expect, it } from "vitest";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { nearestLists } from "../../../processors/assign-issue/nearest-lists.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

describe("the index of clusters", () => {
  it("finds the cluster a message is to join as a look at all of them does, nine times of ten at least", () => {
    const { any, near } = seededVectors(8);
    const [looking, all] = [new MicroClusters(WIDTH), new MicroClusters(WIDTH)];
    const middles = Array.from({ length: 700 }, any);
    for (let at = 0; at < 4_900; at += 1) {
      const vector = near(middles[at % 700] ?? any(), 0.9);
      for (const clusters of [looking, all]) clusters.open(vector, clusters.see(vector));
    }
    expect(looking.index).toBeDefined();
    all.index = undefined;
    let [same, joins] = [0, 0];
    for (let at = 0; at < 700; at += 1) {
      const vector = near(middles[at] ?? any(), 0.4);
      const nearest = all.nearest(vector);
      if (nearest === undefined || nearest.similarity < 0.65) continue;
      joins += 1;
      if (looking.nearest(vector)?.cluster === nearest.cluster) same += 1;
    }
    expect(joins).toBeGreaterThan(300);
    expect(same / joins).toBeGreaterThanOrEqual(0.9);
  });

  it("finds what came after it was built, and all of it once centred anew", () => {
    const { any, near } = seededVectors(9);
    const clusters = new MicroClusters(WIDTH);
    const vectors = Array.from({ length: 4_400 }, any);
    for (const vector of vectors) clusters.open(vector, clusters.see(vector));
    const found = (vector: Float32Array) => clusters.nearest(clusters.centred(near(vector, 0.2)))?.cluster;
    const late = vectors.slice(4_200);
    expect(late.filter((vector, at) => found(vector) === 4_200 + at).length).toBeGreaterThanOrEqual(196);
    clusters.centre();
    const spread = vectors.filter((_, at) => at % 20 === 0);
    expect(spread.filter((vector, at) => found(vector) === at * 20).length).toBeGreaterThanOrEqual(215);
  });

  it(
    "finds the nearest of so many that what they are listed under is listed itself",
    { timeout: 30_000 },
    () => {
      const { any, near } = seededVectors(10);
      const count = 18_000;
      const middles = Array.from({ length: 600 }, any);
      const sums = new Float32Array(count * WIDTH);
      for (let at = 0; at < count; at += 1) sums.set(near(middles[at % 600] ?? any(), 0.7), at * WIDTH);
      const index = nearestLists({ width: WIDTH, sums, count, lengthOf: () => 1 });
      expect(index.lists.flat().length).toBe(count);
      const found = Array.from({ length: 300 }, (_, at) => {
        const row = at * 60;
        const asked = near(sums.subarray(row * WIDTH, (row + 1) * WIDTH), 0.3);
        return index.near(asked).some((list) => index.lists[list]?.includes(row));
      });
      expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(285);
    },
  );
});
