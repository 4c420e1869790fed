import { describe, expect, it } from "vitest";
import {
  issueGrouper,
  type IssueGrouper,
  type RecordedCluster,
} from "../../../processors/assign-issue/index.ts";
import { seededStream, WIDTH, type StreamedMessage } from "./seeded-vectors.ts";

/** What a caller records while it lives: of each message its cluster. */
interface Lived {
  readonly grouper: IssueGrouper;
  readonly clusterOf: number[];
  readonly lastIssue: number;
}

function live(messages: readonly StreamedMessage[]): Lived {
  const grouper = issueGrouper(WIDTH);
  const assigned = messages.map(({ vector }) => grouper.assign(vector));
  const clusterOf = assigned.map(({ cluster }) => cluster);
  return { grouper, clusterOf, lastIssue: Math.max(...assigned.map(({ issue }) => issue)) };
}

function record(
  { grouper, clusterOf }: Lived,
  messages: readonly StreamedMessage[],
  taught: ReadonlySet<number> = new Set(),
): RecordedCluster[] {
  const count = Math.max(...clusterOf) + 1;
  const rows = Array.from({ length: count }, (_, cluster) => ({
    sum: new Float32Array(WIDTH),
    size: 0,
    issue: grouper.issueOf(cluster),
    isTaught: taught.has(cluster),
  }));
  clusterOf.forEach((cluster, at) => {
    const row = rows[cluster];
    if (row === undefined) return;
    row.size += 1;
    messages[at]?.vector.forEach((value, dimension) => {
      row.sum[dimension] = (row.sum[dimension] ?? 0) + value;
    });
  });
  return rows;
}

describe("a grouper that is restored", () => {
  it.each([200, 1_000, 2_000])("goes on after %i messages as one that lived through them", (before) => {
    const messages = seededStream(before + 1_000, 25, 5, before);
    const lived = live(messages.slice(0, before));
    const restored = issueGrouper(WIDTH);
    restored.restore(record(lived, messages.slice(0, before)), lived.lastIssue);
    for (const grouper of [lived.grouper, restored]) grouper.consolidate();
    const went = (grouper: IssueGrouper) =>
      messages.slice(before).map(({ vector }) => grouper.assign(vector).cluster);
    const [first, second] = [went(lived.grouper), went(restored)];
    expect(second).toEqual(first);
    for (const grouper of [lived.grouper, restored]) grouper.consolidate();
    const all = Array.from({ length: Math.max(...first) + 1 }, (_, cluster) => cluster);
    expect(all.map((cluster) => restored.issueOf(cluster))).toEqual(
      all.map((cluster) => lived.grouper.issueOf(cluster)),
    );
  });

  it("says of each cluster what is to be recorded of it, also of what was taken out", () => {
    const messages = seededStream(1_000, 15, 5, 24);
    const lived = live(messages);
    const out = lived.clusterOf.findIndex((cluster) => lived.grouper.sumOf(cluster).size > 1);
    const message = messages[out];
    if (message === undefined) throw new Error("no cluster has two messages");
    lived.clusterOf[out] = lived.grouper.takeOut(message.vector, lived.clusterOf[out] ?? 0, 1);
    const restored = issueGrouper(WIDTH);
    const rows = record(lived, messages);
    restored.restore(rows);
    rows.forEach(({ sum, size }, cluster) => {
      for (const grouper of [lived.grouper, restored]) {
        const told = grouper.sumOf(cluster);
        expect(told.size).toBe(size);
        Array.from(sum).forEach((value, at) => expect(told.sum[at]).toBeCloseTo(value, 4));
      }
    });
  });

  it("keeps the numbers it is given, moves nothing and gives none anew", () => {
    const messages = seededStream(2_000, 15, 5, 21);
    const lived = live(messages);
    const rows = record(lived, messages);
    const restored = issueGrouper(WIDTH);
    restored.restore(rows, 900_000);
    expect(restored.takeMoves()).toEqual([]);
    expect(restored.isDue).toBe(false);
    expect(rows.map((_, cluster) => restored.issueOf(cluster))).toEqual(rows.map(({ issue }) => issue));
    expect(restored.newIssue()).toBe(900_001);
    const again = issueGrouper(WIDTH);
    again.restore(rows);
    expect(again.newIssue()).toBe(Math.max(...rows.map(({ issue }) => issue)) + 1);
  });

  it("keeps what was taught where it is, when it looks at everything again", () => {
    const messages = seededStream(2_000, 15, 5, 22);
    const lived = live(messages);
    const rows = record(lived, messages, new Set([0, 5, 10])).map((row) =>
      row.isTaught ? { ...row, issue: 700_000 } : row,
    );
    const restored = issueGrouper(WIDTH);
    restored.restore(rows);
    restored.consolidate();
    expect([0, 5, 10].map((cluster) => restored.issueOf(cluster))).toEqual([700_000, 700_000, 700_000]);
  });

  it("takes up a cluster of thousands by a sample of them, and one that holds no number as nothing", () => {
    const messages = seededStream(1_000, 4, 1e9, 23);
    const lived = live(messages);
    const whole = record(lived, messages);
    const spoilt = { sum: new Float32Array(WIDTH).fill(NaN), size: 3, issue: 400_000, isTaught: false };
    const restored = issueGrouper(WIDTH);
    restored.restore([
      ...whole.map((row) => ({
        ...row,
        sum: Array.from(row.sum, (value) => value * 10),
        size: row.size * 10,
      })),
      spoilt,
    ]);
    restored.consolidate();
    const later = seededStream(1_300, 4, 1e9, 23).slice(1_000);
    for (const { vector } of later) {
      const [put, expected] = [restored.assign(vector), lived.grouper.assign(vector)];
      expect(put.cluster).toBe(expected.cluster);
      expect(put.similarity).toBeCloseTo(expected.similarity, 1);
    }
    expect(restored.issueOf(whole.length)).toBe(400_000);
    for (const { vector } of later) expect(restored.similarityTo(400_000, vector)).toBe(0);
  });

  it("is as a new one where nothing was recorded", () => {
    const messages = seededStream(800, 5, 5, 24);
    const restored = issueGrouper(WIDTH);
    restored.restore([]);
    const fresh = issueGrouper(WIDTH);
    for (const { vector } of messages) expect(restored.assign(vector)).toEqual(fresh.assign(vector));
  });
});
