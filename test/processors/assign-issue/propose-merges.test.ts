import { describe, expect, it } from "vitest";
import { alikePairs, withinOf } from "../../../processors/assign-issue/alike-groups.ts";
import { proposeMerges } from "../../../processors/assign-issue/propose-merges.ts";
import { seededVectors, WIDTH } from "./seeded-vectors.ts";

/** So many messages around a middle. */
function issue(number: number, middle: Float32Array, size: number, seed: number) {
  const { near } = seededVectors(seed);
  const sum = new Float64Array(WIDTH);
  for (let at = 0; at < size; at += 1)
    near(middle, 0.7).forEach((value, dimension) => (sum[dimension]! += value));
  return { issue: number, size, sum };
}

describe("the merges proposed", () => {
  const { any, near } = seededVectors(71);
  const middle = any();
  const large = issue(3, middle, 60, 1);
  const alike = issue(8, near(middle, 0.55), 30, 2);

  it("are of issues that are alike, the smaller into the larger", () => {
    const others = Array.from({ length: 20 }, (_, at) => issue(100 + at, any(), 20, 10 + at));
    const [first, ...rest] = proposeMerges([...others, large, alike]);
    expect(first).toMatchObject({ issue: 8, into: 3 });
    expect(first?.similarity).toBeGreaterThan(0.65);
    expect(first?.similarity).toBeLessThan(1);
    expect(rest).toEqual([]);
  });

  it("are of those that each is most like, and of those that would be joined if no one had taught them", () => {
    const second = issue(8, near(middle, 0.9), 30, 7);
    const third = issue(9, near(middle, 1), 20, 3);
    const same = [issue(20, middle, 40, 4), issue(21, middle, 40, 5), issue(22, middle, 40, 6)];
    expect(proposeMerges([large, third])).toHaveLength(1);
    expect(proposeMerges([large, third, second])).toMatchObject([{ issue: 8, into: 3 }]);
    const pairs = proposeMerges(same).map(({ issue: one, into }) => [one, into].sort((a, b) => a - b).join());
    expect(pairs.sort()).toEqual(["20,21", "20,22", "21,22"]);
  });

  it("are a hundred at most, the most alike first", () => {
    const twins = Array.from({ length: 130 }, (_, at) => {
      const one = any();
      return [issue(2 * at + 1, one, 10, at + 1), issue(2 * at + 2, one, 10, at + 500)];
    }).flat();
    const proposed = proposeMerges(twins);
    expect(proposed).toHaveLength(100);
    const similarities = proposed.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
    expect(proposeMerges([])).toEqual([]);
  });
});

describe("pairs of alike groups", () => {
  it("are found among more groups than are all compared, each once", { timeout: 30_000 }, () => {
    const { any, near } = seededVectors(72);
    const groups = Array.from({ length: 3_200 }, (_, at) => {
      const first = any();
      return at % 64 === 0 ? [first, near(first, 0.3)] : [first];
    })
      .flat()
      .map((middle) => {
        const summed = { sum: Float64Array.from(middle, (value) => value * 8), size: 10 };
        return { ...summed, within: withinOf(summed) };
      });
    const pairs = alikePairs(groups, 0.6).map(({ a, b }) => `${b} ${a}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    const twins = Array.from({ length: 50 }, (_, at) => `${at * 65} ${at * 65 + 1}`);
    expect(twins.filter((pair) => pairs.includes(pair)).length).toBeGreaterThanOrEqual(48);
    expect(pairs.length).toBeLessThan(60);
  });
});
