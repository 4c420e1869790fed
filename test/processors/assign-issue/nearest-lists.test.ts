import { describe, expect, it } from "vitest";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
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
});
