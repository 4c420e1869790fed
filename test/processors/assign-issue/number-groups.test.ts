import { describe, expect, it } from "vitest";
import { MicroClusters } from "../../../processors/assign-issue/micro-clusters.ts";
import { numberGroups } from "../../../processors/assign-issue/number-groups.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

/** A cluster of one message: about which topic, in which group it was found, which issue it was of. */
interface Placed {
  readonly topic: number;
  readonly group: number;
  readonly issue: number;
  /** The first number not given yet when it was taught. */
  readonly taughtAt?: number;
}

const CORE = 3;
const FRESH = 900;

/** So many clusters that are the same in all. */
function times(count: number, placed: Placed): Placed[] {
  return Array.from({ length: count }, () => placed);
}

function number(placed: readonly Placed[]) {
  const { any, near } = seededVectors(7);
  const middles = Array.from({ length: 4 }, any);
  const clusters = new MicroClusters(WIDTH);
  for (const { topic } of placed) {
    const vector = near(middles[topic] ?? any(), 0.4);
    clusters.open(vector, vector);
  }
  let next = FRESH;
  return numberGroups(
    clusters,
    placed.map(({ group }) => group),
    {
      issueOf: placed.map(({ issue }) => issue),
      taught: new Map(
        placed.flatMap(({ taughtAt }, cluster) =>
          taughtAt === undefined ? [] : [[cluster, taughtAt] as const],
        ),
      ),
      core: CORE,
    },
    () => next++,
  );
}

describe("the numbers of groups", () => {
  it("are those of the issues they overlap most, and new ones for the others", () => {
    const { issueOf, splits } = number([
      ...times(4, { topic: 0, group: 0, issue: 1 }),
      ...times(3, { topic: 1, group: 1, issue: 1 }),
      ...times(2, { topic: 1, group: 1, issue: 2 }),
      ...times(1, { topic: 2, group: 2, issue: 1 }),
    ]);
    expect(issueOf).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, FRESH]);
    expect(splits).toEqual([]);
  });

  it("are that of the issue a person taught, where all else was opened later", () => {
    const { issueOf } = number([
      { topic: 0, group: 0, issue: 1, taughtAt: 2 },
      ...times(5, { topic: 0, group: 0, issue: 7 }),
      ...times(5, { topic: 1, group: 1, issue: 8 }),
    ]);
    expect(issueOf).toEqual([1, 1, 1, 1, 1, 1, 8, 8, 8, 8, 8]);
  });

  it("stay where a person took something away, and go with it where it is more alike", () => {
    const { issueOf } = number([
      ...times(3, { topic: 1, group: 0, issue: 9, taughtAt: 10 }),
      ...times(5, { topic: 0, group: 0, issue: 2 }),
      { topic: 0, group: 0, issue: 11 },
      { topic: 1, group: 0, issue: 12 },
    ]);
    expect(issueOf).toEqual([9, 9, 9, 2, 2, 2, 2, 2, 2, 9]);
  });

  it("stay where a single message was taken away, even from those much like it", () => {
    const { issueOf } = number([
      { topic: 0, group: 0, issue: 9, taughtAt: 10 },
      ...times(5, { topic: 0, group: 0, issue: 2 }),
    ]);
    expect(issueOf).toEqual([9, 2, 2, 2, 2, 2]);
  });

  it("are never one where the clusters of a group are taught to two issues", () => {
    const { issueOf, splits } = number([
      ...times(2, { topic: 0, group: 0, issue: 1, taughtAt: 3 }),
      ...times(2, { topic: 1, group: 0, issue: 2, taughtAt: 3 }),
      { topic: 0, group: 0, issue: 5 },
      { topic: 1, group: 0, issue: 5 },
      { topic: 0, group: 0, issue: 2 },
    ]);
    expect(issueOf).toEqual([1, 1, 2, 2, 1, 2, 1]);
    expect(splits).toEqual([]);
  });

  it("are one where clusters of one issue are taught in several groups, which is said", () => {
    const { issueOf, splits } = number([
      ...times(3, { topic: 0, group: 0, issue: 4, taughtAt: 5 }),
      ...times(4, { topic: 1, group: 1, issue: 4, taughtAt: 5 }),
      ...times(1, { topic: 2, group: 2, issue: 4, taughtAt: 5 }),
    ]);
    expect(new Set(issueOf)).toEqual(new Set([4]));
    expect(splits).toEqual([
      {
        issue: 4,
        parts: [
          [3, 4, 5, 6],
          [0, 1, 2],
        ],
      },
    ]);
  });

  it("stay with most of an issue, where a person taught it something else", () => {
    const { issueOf, splits } = number([
      ...times(6, { topic: 0, group: 0, issue: 1 }),
      ...times(2, { topic: 1, group: 1, issue: 1, taughtAt: 3 }),
      ...times(4, { topic: 1, group: 1, issue: 2 }),
      ...times(3, { topic: 2, group: 2, issue: 1 }),
    ]);
    expect(issueOf.slice(0, 12)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(issueOf.slice(12)).toEqual([FRESH, FRESH, FRESH]);
    expect(splits).toEqual([]);
  });
});
