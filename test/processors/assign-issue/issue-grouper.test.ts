import { describe, expect, it } from "vitest";
import { issueGrouper } from "../../../processors/assign-issue/index.ts";
import { seededStream, seededVectors, WIDTH } from "./seeded-vectors.ts";

const NOTHING = new Float32Array(WIDTH);

/** Puts all into issues and gives the number of each message's issue at the end. */
function group(vectors: readonly Float32Array[]): number[] {
  const grouper = issueGrouper(WIDTH);
  const clusters = vectors.map((vector) => grouper.assign(vector).cluster);
  grouper.consolidate();
  return clusters.map((cluster) => grouper.issueOf(cluster));
}

describe("issueGrouper", () => {
  it("opens an issue for the first message and keeps the second, alike, with it", () => {
    const { any, near } = seededVectors(1);
    const grouper = issueGrouper(WIDTH);
    const middle = any();
    expect(grouper.assign(middle)).toEqual({ issue: 1, similarity: 1, cluster: 0 });
    const second = grouper.assign(near(middle, 0.3));
    expect(second).toMatchObject({ issue: 1, cluster: 0 });
    expect(second.similarity).toBeGreaterThan(0.9);
    expect(grouper.assign(any()).issue).toBe(2);
  });

  it("finds the topics of a stream, and leaves what one alone says alone", () => {
    const messages = seededStream(2_000, 20, 5, 2);
    const issues = group(messages.map(({ vector }) => vector));
    const of = (topic: number | undefined) => issues.filter((_, at) => messages[at]?.topic === topic);
    const topics = Array.from({ length: 20 }, (_, topic) => new Set(of(topic)));
    expect(topics.map(({ size }) => size)).toEqual(Array(20).fill(1));
    expect(new Set(topics.flatMap((numbers) => [...numbers])).size).toBe(20);
    const alone = of(undefined);
    const shared = alone.filter((issue) => issues.filter((other) => other === issue).length > 1);
    expect(alone.length).toBeGreaterThan(300);
    expect(shared.length / alone.length).toBeLessThan(0.02);
  });

  it.each([1, 2, 5, 50, 299])("groups %i alike messages into one issue, however few they are", (count) => {
    const { any, near } = seededVectors(count);
    const middle = any();
    const vectors = Array.from({ length: count }, () => near(middle, 0.3));
    expect(new Set(group(vectors)).size).toBe(1);
  });

  it("keeps the same words, said thousands of times, one issue", () => {
    const { any } = seededVectors(3);
    const vector = any();
    expect(new Set(group(Array.from({ length: 3_000 }, () => vector)))).toEqual(new Set([1]));
  });

  it("keeps an issue whole that nearly all of a stream speaks of", () => {
    const { any, near } = seededVectors(4);
    const middle = any();
    const vectors = Array.from({ length: 1_500 }, (_, at) => (at % 10 === 0 ? any() : near(middle, 0.6)));
    const issues = group(vectors);
    expect(new Set(issues.filter((_, at) => at % 10 !== 0)).size).toBe(1);
    expect(new Set(issues).size).toBeGreaterThan(140);
  });

  it("makes every message of which nothing is known an issue of its own, for good", () => {
    const messages = seededStream(1_200, 5, 10, 5);
    const grouper = issueGrouper(WIDTH);
    const unknown: number[] = [];
    const clusters = messages.flatMap(({ vector }, at) => {
      if (at % 2 === 0) {
        const assigned = grouper.assign(NOTHING);
        expect(grouper.issueOf(assigned.cluster)).toBe(assigned.issue);
        unknown.push(assigned.cluster);
      }
      return [grouper.assign(vector).cluster];
    });
    const before = unknown.map((cluster) => grouper.issueOf(cluster));
    grouper.consolidate();
    expect(unknown.map((cluster) => grouper.issueOf(cluster))).toEqual(before);
    expect(new Set(before).size).toBe(600);
    const known = new Set(clusters.map((cluster) => grouper.issueOf(cluster)));
    expect(before.filter((issue) => known.has(issue))).toEqual([]);
    const without = group(messages.map(({ vector }) => vector));
    const pairs = clusters.map((cluster, at) => `${grouper.issueOf(cluster)} ${without[at]}`);
    expect(new Set(pairs).size).toBe(known.size);
  });

  it("is not spoilt by a vector that holds no number", () => {
    const messages = seededStream(1_000, 5, 10, 6).map(({ vector }) => vector);
    const spoilt = [...messages.slice(0, 10), new Float32Array(WIDTH).fill(NaN), ...messages.slice(10)];
    const issues = group(spoilt);
    expect(issues.filter((issue) => issue === issues[10])).toHaveLength(1);
    expect(new Set(issues).size).toBe(new Set(group(messages)).size + 1);
  });

  it("gives the same issues for the same stream", () => {
    const vectors = seededStream(1_500, 15, 4, 7).map(({ vector }) => vector);
    expect(group(vectors)).toEqual(group(vectors));
  });

  it("keeps the number of an issue while it is looked at again and again", () => {
    const messages = seededStream(4_000, 12, 6, 8);
    const grouper = issueGrouper(WIDTH);
    const clusters: number[] = [];
    const numbersAt = new Map<number, (number | undefined)[]>();
    messages.forEach(({ vector }, at) => {
      clusters.push(grouper.assign(vector).cluster);
      if (at % 500 !== 499) return;
      const numbers = Array.from({ length: 12 }, (_, topic) => {
        const of = clusters
          .filter((_, before) => messages[before]?.topic === topic)
          .map((cluster) => grouper.issueOf(cluster));
        return of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)];
      });
      numbersAt.set(at + 1, numbers);
    });
    expect(numbersAt.size).toBe(8);
    expect(new Set(numbersAt.get(1_000)).size).toBe(12);
    for (const [at, numbers] of numbersAt) if (at > 1_000) expect(numbers).toEqual(numbersAt.get(1_000));
  });

  it("changes no number where it looks twice at the same", () => {
    const grouper = issueGrouper(WIDTH);
    const clusters = seededStream(1_700, 12, 6, 9).map(({ vector }) => grouper.assign(vector).cluster);
    grouper.consolidate();
    const before = clusters.map((cluster) => grouper.issueOf(cluster));
    grouper.consolidate();
    expect(clusters.map((cluster) => grouper.issueOf(cluster))).toEqual(before);
  });

  it("says how alike a message is to an issue: its own most, one that is unknown not at all", () => {
    const messages = seededStream(1_000, 8, 10, 10);
    const grouper = issueGrouper(WIDTH);
    const clusters = messages.map(({ vector }) => grouper.assign(vector).cluster);
    grouper.consolidate();
    const issueOf = (topic: number) =>
      grouper.issueOf(clusters[messages.findIndex((message) => message.topic === topic)] ?? 0);
    const { vector } = messages.find(({ topic }) => topic === 3) ?? { vector: NOTHING };
    const likeness = Array.from({ length: 8 }, (_, topic) => grouper.similarityTo(issueOf(topic), vector));
    expect(likeness.indexOf(Math.max(...likeness))).toBe(3);
    expect(likeness[3]).toBeGreaterThan(0.6);
    expect(likeness[3]).toBeLessThanOrEqual(1);
    expect(grouper.similarityTo(1_000_000, vector)).toBe(0);
    expect(grouper.similarityTo(issueOf(3), NOTHING)).toBe(0);
    const unknown = grouper.assign(NOTHING);
    expect(grouper.similarityTo(unknown.issue, vector)).toBe(0);
  });

  it("goes on where there are more clusters than are all compared", { timeout: 120_000 }, () => {
    const messages = seededStream(4_800, 20, 1.1, 11);
    const issues = group(messages.map(({ vector }) => vector));
    expect(new Set(issues).size).toBeGreaterThan(4_000);
    for (let topic = 0; topic < 20; topic += 1) {
      const of = issues.filter((_, at) => messages[at]?.topic === topic);
      const most = Math.max(...[...new Set(of)].map((issue) => of.filter((other) => other === issue).length));
      expect(most / of.length).toBeGreaterThan(0.9);
    }
  });
});
