import { describe, expect, it } from "vitest";
import type { DailyReports } from "../../processors/find-onset/daily-reports.ts";
import { lehmer } from "../../processors/linear-model/shuffle.ts";
import { findCoMoving } from "../../processors/match-changes/find-co-moving.ts";
import { lagsByKind, matchChanges, type Change } from "../../processors/match-changes/index.ts";
import {
  measureImpact,
  studentQuantile,
  type RatedMention,
} from "../../processors/match-changes/measure-impact.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const day = (number: number) => START + number * DAY_MS;

function change(id: string, at: number, more: Partial<Change> = {}): Change {
  return { id, kind: "release", at: day(at), title: id, ...more };
}

describe("candidate causes", () => {
  const onset = { at: day(100), from: day(99), to: day(101) };
  const setting = { onset, since: START, asOf: day(140) };

  it("are changes before the onset with their lag, and none after it or long before", () => {
    const changes = [change("before", 98), change("after", 103), change("long ago", 60)];
    const found = matchChanges({ ...setting, changes });
    expect(
      found.map(({ change: { id }, lagDays, lowDays, highDays }) => [id, lagDays, lowDays, highDays]),
    ).toEqual([["before", 2, 1, 3]]);
  });

  it("may lie on a day after the likeliest one, within the uncertainty of the onset", () => {
    const [found] = matchChanges({ ...setting, changes: [change("late", 101)] });
    expect(found).toMatchObject({ lagDays: -1, lowDays: 0, highDays: 0 });
    expect(found?.sentence).toContain("within the uncertainty");
  });

  it("are ranked by how surprising such a closeness is: a weekly release tells little", () => {
    const weekly = Array.from({ length: 20 }, (_, week) => change(`release ${week}`, week * 7));
    const price = change("price", 97, { kind: "price" });
    const found = matchChanges({ ...setting, changes: [...weekly, price] });
    expect(found[0]?.change.id).toBe("price");
    expect(found[0]?.p).toBeCloseTo(5 / 140, 5);
    const nearest = found.find(({ change: { id } }) => id === "release 14");
    expect(nearest?.p).toBeGreaterThan(0.5);
  });

  it("come first where they touch what is over-represented in the issue", () => {
    const changes = [change("near", 99), change("touching", 92, { version: "5.2" })];
    const drivers = [{ dimension: "version", value: "5.2" }];
    const [first] = matchChanges({ ...setting, changes, drivers });
    expect(first).toMatchObject({ change: { id: "touching" }, shares: ["version 5.2"] });
  });

  it("have no chance where changes are recorded for less than two weeks", () => {
    const [found] = matchChanges({ ...setting, since: day(95), asOf: day(102), changes: [change("a", 99)] });
    expect(found).toMatchObject({ p: null, q: null });
  });

  it("sum up to how long complaints take to begin after each kind", () => {
    const firsts = [1, 2, 9].flatMap((lag) =>
      matchChanges({ ...setting, changes: [change(`lag ${lag}`, 100 - lag)] }),
    );
    expect(lagsByKind(firsts)).toEqual([
      { kind: "release", onsets: 3, medianDays: 2, lowestDays: 1, highestDays: 9 },
    ]);
  });
});

describe("issues that move together", () => {
  function poisson(random: () => number, mean: number): number {
    let count = 0;
    for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
    return count;
  }

  function series(seed: number, rateAt: (at: number) => number, days = 120): DailyReports {
    const random = lehmer(seed * 7919);
    for (let warm = 0; warm < 10; warm++) random();
    return {
      start: START,
      reports: Float64Array.from({ length: days }, (_, at) => poisson(random, rateAt(at))),
      exposure: new Float64Array(days).fill(1),
    };
  }

  const bursts = [20, 33, 51, 60, 78, 92, 104];
  const bursty = (late: number) => (at: number) =>
    bursts.some((from) => at >= from + late && at < from + late + 3) ? 8 : 2;

  it("are found with how many days later the other comes", () => {
    const [found] = findCoMoving(series(1, bursty(0)), [{ issue: "later", daily: series(2, bursty(2)) }]);
    expect(found).toMatchObject({ issue: "later", lagDays: 2 });
    expect(found?.correlation).toBeGreaterThan(0.5);
  });

  it("are not those that only grow over the same months or share their weekends", () => {
    const growing = (at: number) => (1 + at / 30) * (at % 7 < 2 ? 0.4 : 1.2);
    const others = Array.from({ length: 30 }, (_, nth) => ({
      issue: `${nth}`,
      daily: series(nth + 10, growing),
    }));
    expect(findCoMoving(series(3, growing), others).length).toBeLessThanOrEqual(1);
  });

  it("are not told of fewer than six weeks", () => {
    const daily = series(1, bursty(0), 30);
    expect(findCoMoving(daily, [{ issue: "same", daily }])).toEqual([]);
  });
});

describe("impact on ratings", () => {
  const rated = (ratings: readonly number[], isOfIssue: boolean, more: Partial<RatedMention> = {}) =>
    ratings.map((rating, nth): RatedMention => ({
      voice: `${isOfIssue ? "i" : "o"} ${nth}`,
      isOfIssue,
      rating,
      ...more,
    }));
  /** Student's sleep data, as in R: `t.test(extra ~ group, data = sleep)`. */
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  it("has Welch's interval: −3.365 to .205 for Student's sleep data, as R gives", () => {
    const impact = measureImpact([...rated(first, true), ...rated(second, false)]);
    expect(impact).toMatchObject({ issuePeople: 10, otherPeople: 10 });
    if ("refused" in impact) throw new Error(impact.refused);
    expect(impact.difference).toBeCloseTo(-1.58, 10);
    expect(impact.low).toBeCloseTo(-3.365, 2);
    expect(impact.high).toBeCloseTo(0.205, 2);
  });

  it("uses Student's t: 2.776, 2.228 and 1.984 at 4, 10 and 100 degrees of freedom", () => {
    expect(studentQuantile(4)).toBeCloseTo(2.776, 2);
    expect(studentQuantile(10)).toBeCloseTo(2.228, 3);
    expect(studentQuantile(100)).toBeCloseTo(1.984, 3);
  });

  it("compares within strata: an issue of the worse product does not cost what the product costs", () => {
    const [bad, good] = [{ stratum: "bad" }, { stratum: "good" }];
    const name = (mentions: RatedMention[], prefix: string) =>
      mentions.map((mention) => ({ ...mention, voice: `${prefix} ${mention.voice}` }));
    const mentions = [
      ...rated([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], true, bad),
      ...rated([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], false, bad),
      ...name(rated([5, 5, 5, 4, 5, 5, 5, 4, 5, 5, 5, 4], false, good), "good"),
    ];
    const impact = measureImpact(mentions);
    expect(impact).toMatchObject({ leftOut: 12 });
    if ("refused" in impact) throw new Error(impact.refused);
    expect(impact.difference).toBeCloseTo(0, 10);
  });

  it("counts each person once, with their mean", () => {
    const angry = Array.from({ length: 50 }, (): RatedMention => ({
      voice: "i 0",
      isOfIssue: true,
      rating: 1,
    }));
    const impact = measureImpact([
      ...rated(Array<number>(10).fill(3), true),
      ...angry,
      ...rated(second, false),
    ]);
    expect(impact).toMatchObject({ issuePeople: 10 });
    if ("refused" in impact) throw new Error(impact.refused);
    expect(impact.issueMean).toBeGreaterThan(2.75);
  });

  it("is refused of fewer than ten people", () => {
    expect(measureImpact([...rated([1, 1], true), ...rated(second, false)])).toEqual({
      refused: "2 of the issue's people have a rating that can be compared; 10 are needed",
    });
  });
});
