import { describe, expect, it } from "vitest";
import { issueGrouper, type IssueGrouper } from "../../../processors/assign-issue/index.ts";
import { seededStream, seededVectors, WIDTH } from "./seeded-vectors.ts";

/** A grouper that has seen a stream of topics, with the cluster of each message. */
function listened(messages: number, topics: number, seed: number) {
  const stream = seededStream(messages, topics, 6, seed, 0.5);
  const grouper = issueGrouper(WIDTH);
  const clusterOf = stream.map(({ vector }) => grouper.assign(vector).cluster);
  grouper.consolidate();
  grouper.takeMoves();
  const clustersOf = (topic: number) => [
    ...new Set(clusterOf.filter((_, at) => stream[at]?.topic === topic)),
  ];
  /** The issue that most of a topic's messages are in. */
  const issueOfTopic = (topic: number) => {
    const issues = clusterOf
      .filter((_, at) => stream[at]?.topic === topic)
      .map((cluster) => grouper.issueOf(cluster));
    return issues.toSorted((a, b) => a - b)[Math.floor(issues.length / 2)] ?? -1;
  };
  return { stream, grouper, clusterOf, clustersOf, issueOfTopic };
}

/** Lets the stream go on, with consolidations. */
function goOn(grouper: IssueGrouper, messages: number, topics: number, seed: number) {
  const stream = seededStream(messages * 2, topics, 6, seed, 0.5).slice(messages);
  const clusters = stream.map(({ vector }) => grouper.assign(vector).cluster);
  grouper.consolidate();
  return stream.map(({ topic }, at) => ({ topic, issue: grouper.issueOf(clusters[at] ?? -1) }));
}

describe("what a person taught the grouper", () => {
  it.each([31, 32, 33])("stays for good, whatever comes after (stream %i)", (seed) => {
    const { grouper, clusterOf } = listened(1_000, 12, seed);
    const { random } = seededVectors(seed);
    const given = clusterOf.map((cluster) => grouper.issueOf(cluster));
    const opened = [grouper.newIssue(), grouper.newIssue()];
    const taught = new Map<number, number>();
    for (let turn = 0; turn < 40; turn += 1) {
      const cluster = clusterOf[Math.floor(random() * clusterOf.length)] ?? 0;
      const issues = turn % 4 === 0 ? opened : given;
      const issue = issues[Math.floor(random() * issues.length)] ?? 1;
      grouper.teach(cluster, issue);
      taught.set(cluster, issue);
    }
    for (let round = 0; round < 3; round += 1) {
      goOn(grouper, 400, 12, seed + round);
      for (const [cluster, issue] of taught) expect(grouper.issueOf(cluster)).toBe(issue);
    }
  });

  it("makes two issues one, with all that comes later, and says that it would be split", () => {
    const { grouper, clustersOf, issueOfTopic } = listened(1_200, 10, 41);
    const into = issueOfTopic(3);
    for (const cluster of [...clustersOf(3), ...clustersOf(7)]) grouper.teach(cluster, into);
    const later = goOn(grouper, 1_200, 10, 41).filter(({ topic }) => topic === 3 || topic === 7);
    expect(later.length).toBeGreaterThan(200);
    expect(later.filter(({ issue }) => issue === into).length).toBeGreaterThan(later.length * 0.98);
    const { splits } = grouper.proposals();
    expect(splits.map(({ issue }) => issue)).toEqual([into]);
    const parts = (splits[0]?.parts ?? []).map((part) => new Set(part));
    expect(parts).toHaveLength(2);
    for (const topic of [3, 7]) {
      expect(parts.filter((part) => clustersOf(topic).every((cluster) => part.has(cluster)))).toHaveLength(1);
    }
  });

  it("divides an issue where the clusters of both parts are taught, and each message goes where it is more alike", () => {
    const { any, near } = seededVectors(42);
    const grouper = issueGrouper(WIDTH);
    const middle = any();
    const sides = [near(middle, 0.35), near(middle, 0.35)];
    const draw = (count: number) =>
      Array.from({ length: count }, (_, at) => {
        const side = at % 3;
        return { side, vector: side === 2 ? any() : near(sides[side] ?? middle, 0.7) };
      });
    const listen = (messages: ReturnType<typeof draw>) =>
      messages
        .map(({ side, vector }) => ({ side, cluster: grouper.assign(vector).cluster }))
        .filter(({ side }) => side < 2);
    const before = listen(draw(600));
    grouper.consolidate();
    const issue = grouper.issueOf(before[0]?.cluster ?? -1);
    expect(new Set(before.map(({ cluster }) => grouper.issueOf(cluster)))).toEqual(new Set([issue]));
    const other = grouper.newIssue();
    const votes = new Map<number, number>();
    for (const { side, cluster } of before)
      votes.set(cluster, (votes.get(cluster) ?? 0) + (side === 0 ? 1 : -1));
    for (const [cluster, vote] of votes) grouper.teach(cluster, vote >= 0 ? issue : other);
    const later = listen(draw(1_400));
    grouper.consolidate();
    const right = later.filter(
      ({ side, cluster }) => grouper.issueOf(cluster) === (side === 0 ? issue : other),
    );
    expect(right.length).toBeGreaterThan(later.length * 0.95);
    const [first] = grouper.proposals().merges;
    expect(new Set([first?.issue, first?.into])).toEqual(new Set([issue, other]));
  });

  it("leaves an issue its number where a cluster of it is taught to another, and does not follow it", () => {
    const { grouper, clustersOf, issueOfTopic } = listened(1_200, 10, 43);
    const [before, other] = [issueOfTopic(2), issueOfTopic(5)];
    const [moved = -1] = clustersOf(2).slice(1);
    grouper.teach(moved, other);
    const later = goOn(grouper, 1_200, 10, 43);
    const issuesOf = (topic: number) => later.filter((one) => one.topic === topic).map(({ issue }) => issue);
    expect(issueOfTopic(2)).toBe(before);
    expect(issueOfTopic(5)).toBe(other);
    for (const [topic, issue] of [
      [2, before],
      [5, other],
    ] as const) {
      const issues = issuesOf(topic);
      expect(issues.filter((one) => one === issue).length).toBeGreaterThan(issues.length * 0.9);
    }
  });

  it("takes one message out of its cluster, and what is much like it follows", () => {
    const { any, near } = seededVectors(45);
    const grouper = issueGrouper(WIDTH);
    const middle = any();
    const odd = near(middle, 0.6);
    const cluster = grouper.assign(middle).cluster;
    for (let turn = 0; turn < 20; turn += 1) grouper.assign(near(middle, 0.3));
    expect(grouper.assign(odd).cluster).toBe(cluster);
    const [issue, other] = [grouper.issueOf(cluster), grouper.newIssue()];
    const before = grouper.similarityTo(issue, odd);
    const own = grouper.takeOut(odd, cluster, other);
    expect(grouper.similarityTo(issue, odd)).toBeLessThan(before - 0.005);
    expect(own).toBe(cluster + 1);
    const check = () => {
      expect([grouper.issueOf(cluster), grouper.issueOf(own)]).toEqual([issue, other]);
      expect(grouper.assign(near(odd, 0.2))).toMatchObject({ cluster: own, issue: other });
      expect(grouper.assign(near(middle, 0.2))).toMatchObject({ cluster, issue });
    };
    check();
    grouper.consolidate();
    check();
    for (let turn = 0; turn < 1_200; turn += 1) grouper.assign(turn % 3 === 0 ? near(middle, 0.3) : any());
    check();
    expect(grouper.takeMoves().filter((move) => move.cluster <= own)).toEqual([]);
  });

  it("teaches the cluster itself where the message taken out is all it holds", () => {
    const { any } = seededVectors(46);
    const grouper = issueGrouper(WIDTH);
    const alone = any();
    const { cluster } = grouper.assign(alone);
    const issue = grouper.newIssue();
    expect(grouper.takeOut(alone, cluster, issue)).toBe(cluster);
    expect(grouper.assign(alone)).toMatchObject({ cluster, issue });
    grouper.consolidate();
    expect(grouper.issueOf(cluster)).toBe(issue);
    expect(grouper.similarityTo(issue, alone)).toBeCloseTo(1);
  });

  it("leaves a cluster that holds no number, however often messages are taken out of it", () => {
    const { stream, grouper, clusterOf } = listened(1_200, 6, 47);
    const left = new Map<number, number>();
    for (const cluster of clusterOf) left.set(cluster, (left.get(cluster) ?? 0) + 1);
    const [largest = -1] = [...left].sort(([, a], [, b]) => b - a)[0] ?? [];
    const issue = grouper.newIssue();
    stream.forEach(({ vector }, at) => {
      if (clusterOf[at] === largest) clusterOf[at] = grouper.takeOut(vector, largest, issue);
    });
    grouper.consolidate();
    expect(clusterOf.filter((cluster) => cluster === largest)).toHaveLength(1);
    for (const [at, { vector }] of stream.entries()) {
      const { similarity, issue: found } = grouper.assign(vector);
      expect(similarity).toBeGreaterThan(0);
      expect(similarity).toBeLessThanOrEqual(1);
      expect(Number.isFinite(grouper.similarityTo(found, vector))).toBe(true);
      expect(grouper.issueOf(clusterOf[at] ?? -1)).toBeGreaterThan(0);
    }
  });
});

describe("the moves of a grouper", () => {
  it.each([51, 52])("tell a caller where every cluster is, each once (stream %i)", (seed) => {
    const stream = seededStream(2_000, 10, 4, seed, 0.6);
    const { random } = seededVectors(seed);
    const grouper = issueGrouper(WIDTH, { consolidates: "when_told" });
    const known = new Map<number, number>();
    let moved = 0;
    stream.forEach(({ vector }, at) => {
      const { cluster, issue } = grouper.assign(vector);
      if (known.has(cluster)) expect(issue).toBe(known.get(cluster));
      known.set(cluster, issue);
      if (at % 211 === 210) {
        const to = random() < 0.5 ? grouper.newIssue() : (known.get(Math.floor(random() * known.size)) ?? 1);
        const taken = random() < 0.5 ? grouper.takeOut(vector, cluster, to) : cluster;
        if (taken === cluster) grouper.teach(cluster, to);
        known.set(taken, to);
      }
      if (!grouper.isDue) return;
      grouper.consolidate();
      expect(grouper.isDue).toBe(false);
      const moves = grouper.takeMoves();
      for (const move of moves) {
        expect(known.get(move.cluster)).not.toBe(move.issue);
        known.set(move.cluster, move.issue);
      }
      moved += moves.length;
      expect(new Set(moves.map(({ cluster: one }) => one)).size).toBe(moves.length);
      expect(grouper.takeMoves()).toEqual([]);
      for (const [one, of] of known) expect(grouper.issueOf(one)).toBe(of);
    });
    expect(moved).toBeGreaterThan(50);
  });

  it("say nothing of what came and went back before they were asked for, nor of clusters just opened", () => {
    const stream = seededStream(2_000, 10, 4, 53, 0.6);
    const [itself, told] = [issueGrouper(WIDTH), issueGrouper(WIDTH, { consolidates: "when_told" })];
    const first = new Map<number, number>();
    for (const { vector } of stream) {
      const assigned = itself.assign(vector);
      if (!first.has(assigned.cluster)) first.set(assigned.cluster, assigned.issue);
      told.assign(vector);
      if (told.isDue) told.consolidate();
    }
    const now = [...first.keys()].map((cluster) => itself.issueOf(cluster));
    expect([...first.keys()].map((cluster) => told.issueOf(cluster))).toEqual(now);
    const expected = [...first].flatMap(([cluster, issue]) =>
      itself.issueOf(cluster) === issue ? [] : [{ cluster, issue: itself.issueOf(cluster) }],
    );
    expect(itself.takeMoves()).toEqual(expected);
    expect(expected.length).toBeGreaterThan(50);
  });
});
