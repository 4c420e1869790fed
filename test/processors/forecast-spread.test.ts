import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastSpread, type SpreadForecast, type SpreadingPost } from "../../processors/forecast-spread.ts";

const MINUTE_MS = 60_000;
const START = Date.parse("2026-03-02T08:00:00Z");

/** A post as it was read at some minutes of its life. */
function aPost(...readings: readonly (readonly [minute: number, shares: number])[]): SpreadingPost {
  const samples = readings.map(([minute, shares]) => ({ at: START + minute * MINUTE_MS, shares }));
  return { publishedAt: START, samples };
}

/** A post whose spread fades as attention does, to so many shares in the end, read every five minutes. */
function fadingPost(final: number, hours = 24): SpreadingPost {
  const readings = Array.from({ length: hours * 12 }, (_, index) => {
    const minute = (index + 1) * 5;
    return [minute, Math.floor(final * (1 - Math.exp(-((minute / 60) ** 0.6))))] as const;
  });
  return aPost(...readings);
}

const willPass = (post: SpreadingPost, target: number): readonly boolean[] =>
  forecastSpread(post, target).map((forecast) => forecast.willPass);

/** Posts of any course: bursts, holes and deletions, with or without the times of their shares. */
const anyPost = fc
  .record({
    steps: fc.array(
      fc.record({
        wait: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 4_000 })),
        gain: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -300, max: 600 })),
      }),
      { maxLength: 40 },
    ),
    shared: fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 40 }),
  })
  .map(({ steps, shared }): SpreadingPost => {
    let [minute, shares] = [0, 0];
    const readings = steps.map(({ wait, gain }) => {
      minute += wait;
      shares = Math.max(0, shares + gain);
      return [minute, shares] as const;
    });
    return { ...aPost(...readings), shareTimes: shared.map((at) => START + at * MINUTE_MS) };
  });
const anyTarget = fc.integer({ min: 1, max: 2_000 });

describe("a forecast of spread", () => {
  it("changes by nothing that comes after it", () => {
    fc.assert(
      fc.property(anyPost, anyTarget, fc.nat(40), (post, target, kept) => {
        const samples = post.samples.slice(0, kept);
        const last = samples.at(-1)?.at ?? 0;
        const shareTimes = post.shareTimes?.filter((at) => at <= last) ?? [];
        const whole = forecastSpread(post, target);
        expect(forecastSpread({ ...post, samples }, target)).toEqual(whole.slice(0, samples.length));
        expect(forecastSpread({ ...post, samples, shareTimes }, target)).toEqual(
          whole.slice(0, samples.length),
        );
      }),
    );
  });

  it("is the same on every run and in whatever order samples come, and leaves them as they were", () => {
    fc.assert(
      fc.property(anyPost, anyTarget, (post, target) => {
        const before = structuredClone(post);
        const forecasts = forecastSpread(post, target);
        expect(post).toEqual(before);
        const reversed = {
          ...post,
          samples: post.samples.toReversed(),
          shareTimes: (post.shareTimes ?? []).toReversed(),
        };
        expect(forecastSpread(reversed, target)).toEqual(forecasts);
      }),
    );
  });

  it("holds whole and finite figures, whatever was deleted or missed", () => {
    fc.assert(
      fc.property(anyPost, anyTarget, (post, target) => {
        for (const { shares, sharesPerHour, forecast, minutesToTarget } of forecastSpread(post, target)) {
          for (const speed of Object.values(sharesPerHour)) expect(speed).toBeGreaterThanOrEqual(0);
          expect(forecast.shares).toBeGreaterThanOrEqual(shares);
          expect(Number.isSafeInteger(forecast.shares) && Number.isSafeInteger(forecast.withinMin)).toBe(
            true,
          );
          expect(minutesToTarget === null || Number.isSafeInteger(minutesToTarget)).toBe(true);
        }
      }),
    );
  });

  it("never says that a target will be passed without saying so of a smaller one, sooner", () => {
    fc.assert(
      fc.property(anyPost, anyTarget, fc.nat(500), (post, target, more) => {
        const near = forecastSpread(post, target);
        forecastSpread(post, target + more).forEach((far, index) => {
          const nearer = near[index];
          if (far.willPass || far.hasPassed) expect(nearer?.willPass || nearer?.hasPassed).toBe(true);
          if (far.minutesToTarget !== null)
            expect(nearer?.minutesToTarget).toBeLessThanOrEqual(far.minutesToTarget);
        });
      }),
    );
  });

  it("fires only at a sample that shows more shares than any before it, and not once the target is passed", () => {
    fc.assert(
      fc.property(anyPost, anyTarget, ({ publishedAt, samples }, target) => {
        let most = 0;
        for (const { shares, willPass: fires, hasPassed } of forecastSpread(
          { publishedAt, samples },
          target,
        )) {
          if (fires) expect(shares).toBeGreaterThan(most);
          most = Math.max(most, shares);
          expect(hasPassed).toBe(most >= target);
          expect(fires && hasPassed).toBe(false);
        }
      }),
    );
  });

  it("tells of a spread that fades as attention does before it passes, and not of one that falls short", () => {
    for (const target of [100, 500, 1_000, 20_000]) {
      const strong = forecastSpread(fadingPost(target * 2), target);
      const fired = strong.findIndex(({ willPass: fires }) => fires);
      const passed = strong.findIndex(({ hasPassed }) => hasPassed);
      expect(fired).toBeGreaterThanOrEqual(0);
      expect(passed - fired).toBeGreaterThanOrEqual(3);
      expect(willPass(fadingPost(target * 0.8), target)).not.toContain(true);
    }
  });

  it("falls silent when the shares stop, however fast they came", () => {
    const stopped = [10, 15, 20, 30, 60, 120, 600].map((minute) => [minute, 200] as const);
    const [first, ...later] = forecastSpread(aPost([5, 200], ...stopped), 450);
    expect(first?.willPass).toBe(true);
    expect(later.some((forecast) => forecast.willPass)).toBe(false);
    expect(later.map(({ forecast }) => forecast.shares)).toEqual(
      later.map(({ forecast }) => forecast.shares).toSorted((a, b) => b - a),
    );
    expect(later.at(-1)).toMatchObject({ forecast: { shares: 200 }, minutesToTarget: null });
  });

  it("takes shares that were away for one reading for no burst", () => {
    const steady = Array.from({ length: 48 }, (_, index) => [(index + 1) * 15, 300 + index] as const);
    const flickering = steady.map(([minute, shares], index) => [minute, index === 30 ? 40 : shares] as const);
    expect(willPass(aPost(...flickering), 500)).toEqual(willPass(aPost(...steady), 500));
    const dimmed = forecastSpread(aPost(...flickering), 500)[30];
    expect(dimmed?.shares).toBe(40);
    expect(dimmed?.forecast.shares).toBeLessThan(60);
  });

  it("takes a post that lay still for a day for as young as its burst", () => {
    const burst = [
      [5, 20],
      [10, 45],
      [15, 80],
      [20, 125],
      [25, 180],
    ] as const;
    const lying = Array.from({ length: 24 }, (_, hour) => [(hour + 1) * 60, 1] as const);
    const late = forecastSpread(
      aPost(...lying, ...burst.map(([minute, shares]) => [1_440 + minute, shares] as const)),
      300,
    );
    const young = forecastSpread(aPost(...burst), 300);
    const [lateLast, youngLast] = [late.at(-1), young.at(-1)];
    expect(youngLast?.willPass).toBe(true);
    expect(lateLast?.willPass).toBe(true);
    const ratio = (lateLast?.forecast.shares ?? 0) / (youngLast?.forecast.shares ?? 1);
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });

  it("says nothing of speed at the moment of publication", () => {
    const [first] = forecastSpread(aPost([0, 300]), 500);
    expect(first).toMatchObject({
      sharesPerHour: { recently: 0 },
      forecast: { shares: 300 },
      willPass: false,
    });
    expect(forecastSpread(aPost(), 500)).toEqual([]);
  });

  it("makes of a hundred shares within a second no more than of as many within a minute", () => {
    const shareTimes = Array.from({ length: 100 }, (_, index) => START + 60 * MINUTE_MS + index * 10);
    const at = START + 60 * MINUTE_MS + 1_000;
    const [forecast] = forecastSpread(
      { publishedAt: START, samples: [{ at, shares: 100 }], shareTimes },
      5_000,
    );
    expect(forecast?.forecast.shares).toBeGreaterThan(300);
    expect(forecast?.forecast.shares).toBeLessThan(700);
  });

  it("tells shares per hour over several windows, over the life of a younger post", () => {
    const steady = Array.from({ length: 40 }, (_, index) => [(index + 1) * 15, (index + 1) * 15] as const);
    const forecasts = forecastSpread(aPost(...steady), 5_000);
    for (const { sharesPerHour } of [forecasts[0], forecasts[39]] as SpreadForecast[])
      for (const speed of Object.values(sharesPerHour)) expect(speed).toBeCloseTo(60);
    const [, second] = forecastSpread(aPost([60, 60], [75, 360]), 5_000);
    expect(second?.sharesPerHour.in15Min).toBeCloseTo(1_200);
    expect(second?.sharesPerHour.in60Min).toBeCloseTo(345);
    expect(second?.sharesPerHour.in6Hours).toBeCloseTo(288);
  });

  it("knows from the times of shares what lies between two samples", () => {
    const hourly = aPost([60, 60]);
    const shareTimes = Array.from({ length: 60 }, (_, index) => START + (50 + index / 6) * MINUTE_MS);
    const [blurred] = forecastSpread(hourly, 100);
    const [sharp] = forecastSpread({ ...hourly, shareTimes }, 100);
    expect(blurred?.sharesPerHour.in15Min).toBeCloseTo(60);
    expect(sharp?.sharesPerHour.in15Min).toBeGreaterThan(230);
    expect(sharp?.shares).toBe(60);
  });

  it("says when the target is likely passed: at once when it has been, never while it falls short", () => {
    const post = aPost([5, 40], [10, 90], [15, 150], [20, 220]);
    const last = (target: number) => forecastSpread(post, target).at(-1)?.minutesToTarget;
    expect(last(220)).toBe(0);
    expect(last(300)).toBeGreaterThan(0);
    expect(last(400)).toBeGreaterThan(last(300) ?? Infinity);
    expect(last(5_000)).toBeNull();
  });
});
