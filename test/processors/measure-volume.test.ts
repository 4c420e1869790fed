import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openVolumeMeter, type VolumeMeasure } from "../../processors/measure-volume.ts";
import { lehmer } from "../../processors/linear-model/shuffle.ts";
import { sharedData } from "../support/shared-data.ts";

const BUCKET = 5 * 60_000;
const DAY = 86_400_000;
const START = Date.parse("2026-01-05T00:00:00Z");

/** Counts that come by chance around a mean that is larger by day. */
function background(days: number, perBucket = 4, seed = 1): (number | null)[] {
  const random = lehmer(seed);
  return Array.from({ length: (days * DAY) / BUCKET }, (_, nth) => {
    const hour = Math.floor((nth * BUCKET) / 3_600_000) % 24;
    const mean = perBucket * (hour >= 8 && hour < 20 ? 1.6 : 0.4);
    let [count, product] = [-1, 1];
    for (; product > Math.exp(-mean); count++) product *= random();
    return count;
  });
}

function measureAll(counts: readonly (number | null)[]): VolumeMeasure[] {
  const meter = openVolumeMeter({ bucketMs: BUCKET });
  return counts.map((count, nth) => meter.take(START + nth * BUCKET, count));
}

describe("measuring volume", () => {
  it("finds a burst within a quarter of an hour, and nothing unusual in three weeks before it", () => {
    const counts = background(21);
    const burst = Array.from({ length: 6 }, () => 60);
    const measured = measureAll([...counts, ...burst]);
    const before = measured.slice((2 * DAY) / BUCKET, counts.length);
    expect(Math.max(...before.map(({ score }) => score))).toBeLessThan(1);
    const crossed = measured.findIndex(({ score }, nth) => nth >= counts.length && score >= 1);
    expect(crossed - counts.length).toBeLessThanOrEqual(3);
  });

  it("says the same of the beginning of a series, however it goes on", () => {
    const counts = [...background(12), ...Array.from({ length: 30 }, () => 80), ...background(3, 9, 7)];
    const whole = measureAll(counts);
    for (const length of [1, 700, 3_460, 3_470, counts.length - 1]) {
      expect(measureAll(counts.slice(0, length))).toEqual(whole.slice(0, length));
    }
  });

  it("says the same of a copy, and a copy leaves it as it was", () => {
    const counts = background(10);
    const meter = openVolumeMeter({ bucketMs: BUCKET });
    counts.forEach((count, nth) => meter.take(START + nth * BUCKET, count));
    const next = START + counts.length * BUCKET;
    const copied = meter.copy();
    const seen = [copied.take(next, 90), copied.take(next + BUCKET, 90)];
    expect([meter.take(next, 90), meter.take(next + BUCKET, 90)]).toEqual(seen);
  });

  it("takes time nobody listened in for unknown: it teaches nothing, and what comes after it is no burst", () => {
    const counts = background(20);
    const outage = Array.from({ length: (2 * DAY) / BUCKET }, () => null);
    const expectedBefore = measureAll(counts).at(-1)?.bucketExpected ?? 0;
    const after = background(22, 4, 1).slice(-(2 * DAY) / BUCKET);
    const measured = measureAll([...counts, ...outage, ...after]);
    const heardAgain = measured.slice(counts.length + outage.length);
    expect(Math.max(...heardAgain.map(({ score }) => score))).toBeLessThan(1);
    const [first] = heardAgain;
    expect(first?.bucketExpected).toBeCloseTo(expectedBefore, 0);
    expect(measured[counts.length + 30]).toMatchObject({ isKnown: false, heardShare: 0, count: 0 });
    const asSilence = measureAll([...counts, ...outage.map(() => 0), ...after]);
    expect(asSilence.at(counts.length + outage.length)?.bucketExpected).toBeLessThan(
      first?.bucketExpected ?? 0,
    );
  });

  it("needs more than what this series had in the last weeks, and the same again is no burst", () => {
    const day = background(1);
    const evening = [...day.slice(0, 240), ...Array.from({ length: 12 }, () => 40), ...day.slice(252)];
    const nightly = Array.from({ length: 20 }, () => evening).flat();
    const measured = measureAll(nightly);
    const firstNight = measured.slice(240, 252);
    const lastNight = measured.slice(-48, -36);
    expect(Math.max(...firstNight.map(({ score }) => score))).toBeGreaterThan(1);
    expect(Math.max(...lastNight.map(({ score }) => score))).toBeLessThan(
      Math.max(...firstNight.map(({ score }) => score)) / 1.5,
    );
  });

  it("finds nothing in a few mentions, however unusual", () => {
    const counts = [...background(10, 0.001), 9];
    expect(measureAll(counts).at(-1)?.score).toBe(0);
  });

  it("measures series of hours and days on their own scale", () => {
    const meter = openVolumeMeter({ bucketMs: 3_600_000 });
    expect(meter.hourMs).toBe(4 * 3_600_000);
    let last: VolumeMeasure | undefined;
    for (let hour = 0; hour < 24 * 30; hour++) last = meter.take(START + hour * 3_600_000, 20 + (hour % 5));
    expect(last?.score).toBeLessThan(0.5);
    for (let hour = 0; hour < 4; hour++) last = meter.take(START + (24 * 30 + hour) * 3_600_000, 200);
    expect(last?.score).toBeGreaterThan(1);
  });
});

const nab = sharedData("nab");

describe.skipIf(nab === undefined)("on the Numenta Anomaly Benchmark's tweets (development half)", () => {
  it.each(["AAPL", "AMZN", "CRM", "CVS", "FB"])(
    "says nothing of %s that depends on what comes later",
    (name) => {
      const rows = readFileSync(join(nab ?? "", "data", `Twitter_volume_${name}.csv`), "utf8")
        .trim()
        .split("\n")
        .slice(1);
      const counts = rows.map((row) => Number(row.split(",")[1]));
      const whole = measureAll(counts);
      expect(measureAll(counts.slice(0, 9_000))).toEqual(whole.slice(0, 9_000));
      expect(whole.some(({ score }) => score >= 1)).toBe(true);
    },
  );
});
