import { describe, expect, it } from "vitest";
import { changesOf, splitsOf } from "../../processors/find-onset/segment-counts.ts";
import { findOnset } from "../../processors/find-onset/index.ts";
import { lehmer } from "../../processors/linear-model/shuffle.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");

/** Explosions in British coal mines that killed ten or more, by year from 1851 to 1961 (Jarrett, Biometrika 66, 1979). */
const COAL = [
  4, 5, 4, 0, 1, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5, 3, 4, 2, 5, 2, 2, 3, 4,
  2, 1, 3, 2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2,
  1, 0, 0, 0, 1, 1, 0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 4, 2, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0,
  1, 0, 1,
];

const steady = { between: (from: number, to: number) => (to - from) / DAY_MS };

function reportsOf(counts: readonly number[]) {
  return counts.flatMap((count, day) =>
    Array.from({ length: count }, (_, nth) => ({
      at: START + day * DAY_MS + nth * 60_000,
      channel: "store",
    })),
  );
}

function onsetOf(counts: readonly number[], clock = steady, since = START) {
  return findOnset({ reports: reportsOf(counts), clock, since, asOf: START + counts.length * DAY_MS });
}

function drawn(random: () => number, mean: number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

describe("changes of level", () => {
  it("finds the one change of the coal mining disasters where Raftery & Akman 1986 have it, between May 1887 and August 1895, to a year", () => {
    const judged = onsetOf(COAL);
    expect(judged.changes).toHaveLength(1);
    const [change] = judged.changes;
    const year = (at: number | undefined) => 1851 + Math.round(((at ?? 0) - START) / DAY_MS);
    expect(change?.kind).toBe("fell");
    // the new level begins with the year after
    expect(Math.abs(year(change?.from) - 1888)).toBeLessThanOrEqual(1);
    expect(Math.abs(year(change?.to) - 1896)).toBeLessThanOrEqual(1);
    expect(year(change?.at)).toBe(1892);
    expect(change?.before.rate).toBeCloseTo(3.1, 1);
    expect(change?.after.rate).toBeCloseTo(0.9, 1);
    expect(judged.onset).toBeUndefined();
  });

  it("cuts no worse than the best of all ways to cut into two", () => {
    const random = lehmer(5);
    const counts = Array.from({ length: 60 }, (_, day) => drawn(random, day < 25 ? 1 : 5));
    const series = { counts, exposures: counts.map(() => 1) };
    const best = splitsOf(series, 1).reduce((most, split) => (split.gain > most.gain ? split : most));
    expect(changesOf(series, 1)).toEqual([best.at]);
  });

  it("are none in most steady series, and found within a week when the rate triples", () => {
    let [falseAlarms, found] = [0, 0];
    for (let seed = 1; seed <= 50; seed++) {
      const random = lehmer(seed * 7919);
      const at = (rise: number) =>
        Array.from({ length: 120 }, (_, day) => drawn(random, day < 70 ? 1 : rise));
      if (onsetOf(at(1)).changes.length > 0) falseAlarms++;
      const off = ((onsetOf(at(3)).onset?.at ?? Infinity) - START) / DAY_MS - 70;
      if (Math.abs(off) <= 7) found++;
    }
    expect(falseAlarms).toBeLessThanOrEqual(2);
    expect(found).toBeGreaterThanOrEqual(45);
  });
});

describe("onset", () => {
  it("is the day an issue began, with the days on which it may have begun", () => {
    const { onset, reason } = onsetOf([...Array<number>(40).fill(0), ...Array<number>(20).fill(3)]);
    expect(onset).toMatchObject({ kind: "began", at: START + 40 * DAY_MS, factor: null });
    expect(onset?.from).toBeLessThanOrEqual(START + 40 * DAY_MS);
    expect(reason).toContain("began on 2026-02-10");
  });

  it("is no rise where customers rise as much", () => {
    const counts = Array.from({ length: 80 }, (_, day) => (day < 40 ? 2 : 6));
    expect(onsetOf(counts).onset?.kind).toBe("rose");
    const growing = {
      between: (from: number, to: number) =>
        ((to - from) / DAY_MS) * (from < START + 40 * DAY_MS ? 0.5 : 1.5),
    };
    expect(onsetOf(counts, growing).changes).toEqual([]);
  });

  it("is not what an outage looks like: days not heard belong to no level", () => {
    const counts = Array.from({ length: 90 }, (_, day) => (day >= 30 && day < 60 ? 0 : 3));
    expect(onsetOf(counts).changes).toHaveLength(2);
    const down = {
      between: (from: number, to: number) => {
        const day = Math.floor((from - START) / DAY_MS);
        return day >= 30 && day < 60 ? 0 : (to - from) / DAY_MS;
      },
    };
    expect(onsetOf(counts, down)).toMatchObject({ changes: [], heardDays: 60 });
  });

  it("may have been on any day of a gap that it falls into", () => {
    const counts = Array.from({ length: 60 }, (_, day) => (day < 30 ? 1 : day < 37 ? 0 : 8));
    const gap = {
      between: (from: number, to: number) => {
        const day = Math.floor((from - START) / DAY_MS);
        return day >= 30 && day < 37 ? 0 : (to - from) / DAY_MS;
      },
    };
    const { onset } = onsetOf(counts, gap);
    expect(onset?.from).toBe(START + 30 * DAY_MS);
    expect(onset?.to).toBe(START + 37 * DAY_MS);
  });

  it("is not said of fewer than five reports", () => {
    const judged = onsetOf([...Array<number>(30).fill(0), 1, 1, 1, 1]);
    expect(judged.onset).toBeUndefined();
    expect(judged.reason).toContain("4 independent reports");
  });
});
