import { describe, expect, it } from "vitest";
import {
  aliveChance,
  expectedReports,
  fitDeathModel,
  nextChance,
  type ReportHistory,
} from "../../../processors/judge-recurrence/buy-till-you-die.ts";
import {
  falseDiscoveryRates,
  lnBeta,
  lnGamma,
  negativeBinomialTail,
  normalTail,
  poissonInterval,
} from "../../../processors/judge-recurrence/distributions.ts";

/** Fitted to CDNOW customers by Batislam et al.'s model (R BTYDplus, Python lifetimes 0.11.3). */
const CDNOW = { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 };

describe("distributions, beside scipy 1.x", () => {
  it("gives lnΓ to 1e-12", () => {
    expect(lnGamma(0.1)).toBeCloseTo(2.252712651734206, 11);
    expect(lnGamma(3.3)).toBeCloseTo(0.987098577894734, 11);
    expect(lnGamma(5000) / 37582.62631568535).toBeCloseTo(1, 12);
    expect(lnBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 12);
  });

  it("gives normal tails to a relative 1e-6", () => {
    expect(normalTail(1.645) / 0.049984905539121376).toBeCloseTo(1, 6);
    expect(normalTail(6) / 9.865876450376946e-10).toBeCloseTo(1, 6);
    expect(normalTail(-1)).toBeCloseTo(0.8413447460685429, 6);
  });

  it("gives negative-binomial tails far out, and Poisson's for an infinite size", () => {
    expect(negativeBinomialTail(5, 2, 3)).toBeCloseTo(0.096256, 9);
    expect(negativeBinomialTail(28, 7, 10) / 2.1533124430783052e-5).toBeCloseTo(1, 9);
    expect(negativeBinomialTail(40, 7, 50) / 2.4060740649457524e-14).toBeCloseTo(1, 9);
    expect(negativeBinomialTail(3, 10, 2)).toBeCloseTo(0.868055555, 8);
    expect(negativeBinomialTail(28, 7, Infinity) / 1.8076709071487532e-9).toBeCloseTo(1, 9);
    expect([negativeBinomialTail(0, 7, 3), negativeBinomialTail(2, 0, 3)]).toEqual([1, 0]);
  });

  it("gives Garwood's Poisson intervals to .03", () => {
    const exact = [
      [0, 0, 3.6888794541139354],
      [3, 0.6186721228956014, 8.767273069742323],
      [10, 4.7953886961324335, 18.39035604201778],
      [100, 81.36399125092314, 121.62679379242638],
    ] as const;
    for (const [count, low, high] of exact) {
      const [lower, upper] = poissonInterval(count);
      expect(Math.abs(lower - low)).toBeLessThan(0.03);
      expect(Math.abs(upper - high)).toBeLessThan(0.03);
    }
  });

  it("finds what Benjamini and Hochberg found in their example of 15 tests: four at 5 %", () => {
    const ps = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(falseDiscoveryRates(ps).filter((q) => q <= 0.05)).toHaveLength(4);
    expect(falseDiscoveryRates([0.04, 0.01])).toEqual([0.04, 0.02]);
    expect(falseDiscoveryRates([])).toEqual([]);
  });
});

describe("MBG/NBD, beside lifetimes 0.11.3 with the parameters of CDNOW", () => {
  it.each([
    [0, 0, 38.86, 0.38973508],
    [2, 30.43, 38.86, 0.70620227],
    [1, 1.71, 38.86, 0.17083648],
    [26, 30.86, 31, 0.96556614],
    [7, 29.43, 38.86, 0.62272381],
  ])("says how likely %i repeats, the last at %f of %f, are still alive", (repeats, last, age, alive) => {
    expect(aliveChance(CDNOW, { repeats, last, age })).toBeCloseTo(alive, 7);
  });

  it.each([
    [1, 0.053084795263698685],
    [10, 0.4334674151565691],
    [39, 1.1829536655971713],
    [365, 3.828297355620277],
  ])("expects so many repeats up to %f, to .0003", (age, repeats) => {
    expect(Math.abs(expectedReports(CDNOW, age) - 1 - repeats)).toBeLessThan(3e-4);
  });

  it("holds the chance of another report between nothing and being alive", () => {
    const history = { repeats: 4, last: 20, age: 25 };
    expect(nextChance(CDNOW, history, 0)).toBe(0);
    expect(nextChance(CDNOW, history, 30)).toBeLessThan(aliveChance(CDNOW, history));
    expect(nextChance(CDNOW, history, 1e9)).toBeCloseTo(aliveChance(CDNOW, history), 2);
  });

  it("finds the parameters again by which 3,000 issues were made, within their noise", () => {
    const { r, alpha, a, b } = fitDeathModel(madeBy(3000), false);
    expect(r / alpha).toBeCloseTo(0.1, 1);
    expect(a / (a + b)).toBeGreaterThan(0.2);
    expect(a / (a + b)).toBeLessThan(0.3);
    expect(r).toBeGreaterThan(0.8);
    expect(r).toBeLessThan(1.25);
  });

  it("does not explode on no issue, on one, on single reports alone, on one that never rests", () => {
    const few: ReportHistory[][] = [
      [],
      [{ repeats: 0, last: 0, age: 0 }],
      [{ repeats: 300, last: 100, age: 100 }],
      Array.from({ length: 500 }, () => ({ repeats: 0, last: 0, age: 60 })),
    ];
    for (const histories of few) {
      const model = fitDeathModel(histories);
      for (const value of Object.values(model)) expect(value).toBeGreaterThan(0);
      const chance = nextChance(model, { repeats: 3, last: 20, age: 21 }, 30);
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThan(1);
      expect(expectedReports(model, 100)).toBeLessThan(1000);
    }
  });
});

/** Issues with a rate of Exp(mean .1 a day), r = 1, and one chance in four (a = 1, b = 3) to die at each report. */
function madeBy(count: number): ReportHistory[] {
  let state = 7;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, () => {
    const rate = -Math.log(random()) * 0.1;
    const dies = 1 - random() ** (1 / 3);
    const age = 50 + random() * 150;
    let [repeats, last] = [0, 0];
    while (random() >= dies) {
      const next = last - Math.log(random()) / rate;
      if (next > age) break;
      last = next;
      repeats++;
    }
    return { repeats, last, age };
  });
}
