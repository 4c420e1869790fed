import { pathToFileURL } from "node:url";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { figuresOf, flagsOf, readLabelledSeries, type LabelledSeries } from "../../training/judge-alerts.ts";
import { nabScore } from "../../training/nab-score.ts";
import { sharedData } from "../support/shared-data.ts";

const HOUR = 3_600_000;

/** Forty hours, of which the second ten are labelled. */
const series = (flagged: readonly number[]) => ({
  times: Array.from({ length: 40 }, (_, nth) => nth * HOUR),
  flags: Array.from({ length: 40 }, (_, nth) => flagged.includes(nth)),
  windows: [[10 * HOUR, 19 * HOUR]] as const,
});

describe("the score of the Numenta Anomaly Benchmark", () => {
  it("is 0 for silence, near 100 for the first row of a window, and less the later it comes", () => {
    expect(nabScore([series([])])).toBe(0);
    const [first = 0, middle = 0, last = 0] = [10, 15, 19].map((row) => nabScore([series([row])]));
    expect(first).toBeCloseTo(100, 0);
    expect(middle).toBeLessThan(first);
    expect(last).toBeLessThan(middle);
    expect(nabScore([series([10, 12, 14])])).toBe(first);
  });

  it("takes a little for each alert outside, less right behind a window, and nothing for the first rows", () => {
    const clean = nabScore([series([10])]);
    expect(clean - nabScore([series([8, 10])])).toBeCloseTo((100 * 0.11) / 2, 5);
    expect(clean - nabScore([series([10, 20])])).toBeLessThan(clean - nabScore([series([10, 38])]));
    expect(nabScore([series([0, 10])])).toBe(clean);
  });
});

const folder = sharedData("nab");

describe.skipIf(folder === undefined)("on the development half", () => {
  const judged = () =>
    (readLabelledSeries(dirname(folder ?? "")) as LabelledSeries[]).map((one) =>
      figuresOf(one, flagsOf(one)),
    );

  it("finds 14 of 16 windows or more at less than half a false alarm a week, and scores 78 or more", () => {
    const all = judged();
    const sum = (figure: (one: (typeof all)[number]) => number) =>
      all.reduce((total, one) => total + figure(one), 0);
    expect(sum(({ found }) => found)).toBeGreaterThanOrEqual(14);
    expect(sum(({ falseAlarms }) => falseAlarms) / sum(({ weeks }) => weeks)).toBeLessThan(0.5);
    expect(nabScore(all)).toBeGreaterThanOrEqual(78);
  });

  it("scores as an independent scorer does, to a hundredth", async () => {
    const scorer = join(dirname(folder ?? ""), "..", "tools", "nab-score.mjs");
    const { loadTruth, rawScore, normalise } = (await import(pathToFileURL(scorer).href)) as {
      loadTruth: (path: string) => { readonly windows: readonly unknown[] };
      rawScore: (files: readonly object[], profile: string) => number;
      normalise: (raw: number, windows: number, profile: string) => number;
    };
    const all = judged();
    const files = all.map(({ name, flags }) => ({
      ...loadTruth(`realTweets/Twitter_volume_${name}.csv`),
      flag: flags.map(Number),
    }));
    const windows = files.reduce((sum, file) => sum + file.windows.length, 0);
    expect(nabScore(all)).toBeCloseTo(normalise(rawScore(files, "standard"), windows, "standard"), 2);
  });
});
