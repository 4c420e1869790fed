import { describe, expect, it } from "vitest";
import { IssueSums } from "../../../processors/assign-issue/issue-sums.ts";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

describe("the sums of issues", () => {
  it("are the same whether they are kept up or added up anew", () => {
    const { any, near, random } = seededVectors(91);
    const clusters = new MicroClusters(WIDTH);
    const kept = new IssueSums(clusters);
    const middles = Array.from({ length: 12 }, any);
    const issueOf: number[] = [];
    for (const middle of middles) {
      issueOf.push(1 + Math.floor(random() * 6));
      const cluster = clusters.open(middle, middle);
      kept.addCluster(issueOf[cluster] ?? 0, cluster);
    }
    for (let turn = 0; turn < 60; turn += 1) {
      const cluster = Math.floor(random() * 12);
      const vector = near(middles[cluster] ?? any(), 0.4);
      kept.addMessage(issueOf[cluster] ?? 0, vector);
      clusters.join(cluster, vector, vector);
      if (turn % 3 > 0) continue;
      const moved = Math.floor(random() * 12);
      kept.remove(issueOf[moved] ?? 0, clusters.sums, moved * WIDTH, clusters.sizes[moved] ?? 0);
      issueOf[moved] = 1 + Math.floor(random() * 6);
      kept.addCluster(issueOf[moved], moved);
    }
    const anew = new IssueSums(clusters);
    anew.measure(issueOf);
    const asked = any();
    for (let issue = 1; issue <= 7; issue += 1) {
      expect(kept.sizeOf(issue)).toBe(anew.sizeOf(issue));
      expect(kept.likenessTo(issue, asked)).toBeCloseTo(anew.likenessTo(issue, asked), 5);
      expect(kept.cosineTo(issue, asked)).toBeCloseTo(anew.cosineTo(issue, asked), 5);
    }
    expect([...kept.largerThan(1)].reduce((sum, { size }) => sum + size, 0)).toBe(72);
    expect([...kept.largerThan(73)]).toEqual([]);
  });
});
