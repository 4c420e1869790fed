import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "../../processors/judge-fix/compare-versions.ts";
import type { FixMention } from "../../processors/judge-fix/count-sides.ts";
import { estimateDrift } from "../../processors/judge-fix/estimate-drift.ts";
import { judgeFix, type FixSetting, type OtherIssue } from "../../processors/judge-fix/index.ts";
import { powerOf, rateRatio } from "../../processors/judge-fix/rate-ratio.ts";

const DAY_MS = 86_400_000;
const FIXED = Date.parse("2026-03-03T00:00:00Z");
const BEFORE = 84;

let next = 0;

/** Reports of different people, so many a day, spread over the days of a stretch that counts from the fix. */
function spread(perDay: number, from: number, to: number, more: Partial<FixMention> = {}): FixMention[] {
  const count = Math.round(perDay * (to - from));
  return Array.from({ length: count }, (_, nth) => {
    const id = `mention ${next++}`;
    const at = FIXED + (from + ((nth + 0.5) * (to - from)) / count) * DAY_MS;
    return { id, voice: id, channel: "store", at, ...more };
  });
}

function controls(days: number, factor = 1, more: Partial<FixMention> = {}): OtherIssue[] {
  return Array.from({ length: 8 }, (_, nth) => ({
    issue: `control ${nth}`,
    mentions: [...spread(2, -BEFORE, 0, more), ...spread(2 * factor, 0, days, more)],
  }));
}

function setting(mentions: readonly FixMention[], days: number, more: Partial<FixSetting> = {}): FixSetting {
  return {
    fix: { id: "fix", at: FIXED },
    mentions,
    others: controls(days),
    asOf: FIXED + days * DAY_MS,
    since: FIXED - BEFORE * DAY_MS,
    ...more,
  };
}

describe("people seen beside people expected", () => {
  it("have about the exact conditional interval, .125 to .611 for 41 in 28 days and 9 in 21 (Clopper & Pearson 1934)", () => {
    const { ratio, low, high } = rateRatio(9, { mean: (41 * 21) / 28, spread: 1 / 41.5 });
    expect(ratio).toBeCloseTo(9 / 30.75, 10);
    expect(low).toBeCloseTo(0.125, 1);
    expect(high).toBeGreaterThan(0.55);
    expect(high).toBeLessThan(0.65);
  });

  it("reject nothing more often than their level, and a half with the power of the normal approximation", () => {
    const expected = { mean: 60, spread: 0.01 };
    expect(powerOf(expected, 1, 1 + 1e-9)).toBeLessThanOrEqual(0.025);
    const z = Math.LN2 / Math.sqrt(0.01 + 1 / 30);
    expect(z).toBeGreaterThan(3.2);
    expect(powerOf(expected, 0.5, 1)).toBeGreaterThan(0.85);
  });
});

describe("versions", () => {
  it("are compared part by part as numbers", () => {
    expect(compareVersions("11.9", "11.10")).toBeLessThan(0);
    expect(compareVersions("v5.3", "5.3.0")).toBe(0);
    expect(compareVersions("5.3.1 (412)", "5.3.0-beta")).toBeGreaterThan(0);
    expect(compareVersions("latest", "5.3")).toBeUndefined();
  });
});

describe("what happens to issues nobody fixed", () => {
  const control = (before: number, after: number) => ({ before, after, expected: before });

  it("is pooled without the one that exploded", () => {
    const steady = Array.from({ length: 10 }, () => control(30, 30));
    expect(estimateDrift([...steady, control(5, 400)], 0.02).ratio).toBeCloseTo(1, 1);
  });

  it("varies more where issues come and go", () => {
    const steady = Array.from({ length: 10 }, (_, nth) => control(30 + nth, 30 + nth));
    const restless = Array.from({ length: 10 }, (_, nth) => control(nth % 2 ? 50 : 20, nth % 2 ? 20 : 50));
    expect(estimateDrift(steady, 0.02).between).toBeLessThan(0.02);
    expect(estimateDrift(restless, 0.02).between).toBeGreaterThan(0.2);
  });

  it("is not known of fewer than twenty people", () => {
    expect(estimateDrift([control(9, 9)], 0.02)).toMatchObject({ isKnown: false, ratio: 1 });
  });
});

describe("fix verdict", () => {
  it("is fell where people report it far less, with the effect, its interval and what it was counted from", () => {
    const judged = judgeFix(setting([...spread(4, -BEFORE, 0), ...spread(1, 0, 21)], 21));
    expect(judged.verdict).toBe("fell");
    expect(judged.effect?.change).toBeCloseTo(-0.75, 1);
    expect(judged.effect?.low).toBeGreaterThan(-0.95);
    expect(judged.effect?.high).toBeLessThan(-0.4);
    expect(judged.before).toMatchObject({ people: 112, heardDays: 28 });
    expect(judged.after).toMatchObject({ people: 21, heardDays: 21 });
    expect(judged.expected).toBeCloseTo(84, -1);
    expect(judged.sentence).toMatch(
      /^fell by 7\d % \(\d\d–\d\d %\) since 2026-03-03; 112 people before in 28 days, 21 after in 21 days; 8 control issues unchanged/,
    );
  });

  it("is held where it goes on", () => {
    const judged = judgeFix(setting([...spread(4, -BEFORE, 0), ...spread(4, 0, 28)], 28));
    expect(judged.verdict).toBe("held");
    expect(judged.sentence).toMatch(/^held: goes on as before/);
  });

  it("is not fell where all issues fell as much: customers left", () => {
    const mentions = [...spread(4, -BEFORE, 0), ...spread(1.2, 0, 28)];
    expect(judgeFix(setting(mentions, 28)).verdict).toBe("fell");
    const judged = judgeFix(setting(mentions, 28, { others: controls(28, 0.3) }));
    expect(judged.verdict).not.toBe("fell");
    expect(judged.sentence).toContain("8 control issues down by 70 %");
  });

  it("sees a fall hidden by growth", () => {
    const mentions = [...spread(4, -BEFORE, 0), ...spread(4, 0, 28)];
    const judged = judgeFix(setting(mentions, 28, { others: controls(28, 4) }));
    expect(judged.verdict).toBe("fell");
  });

  it("goes by imported exposure where there are no other issues", () => {
    const mentions = [...spread(6, -BEFORE, 0), ...spread(1, 0, 28)];
    const exposures = Array.from({ length: BEFORE + 28 }, (_, day) => ({
      day: FIXED + (day - BEFORE) * DAY_MS,
      exposure: day < BEFORE ? 1000 : 150,
    }));
    expect(judgeFix(setting(mentions, 28, { others: [] })).verdict).toBe("fell");
    expect(judgeFix(setting(mentions, 28, { others: [], exposures })).verdict).not.toBe("fell");
  });

  it("is too early with few people, and says how many more days it needs", () => {
    const judged = judgeFix(setting([...spread(2, -BEFORE, 0), ...spread(1, 0, 8)], 8));
    expect(judged.verdict).toBe("too_early");
    expect(judged.moreDays).toBeGreaterThan(3);
    expect(judged.moreDays).toBeLessThan(60);
    expect(judged.sentence).toContain(`${judged.moreDays ?? 0} more days`);
    const days = 8 + (judged.moreDays ?? 0);
    const later = judgeFix(setting([...spread(2, -BEFORE, 0), ...spread(0.8, 0, days)], days));
    expect(later.verdict).toBe("fell");
  });

  it("says that no number of days would do where hardly anyone reported it before", () => {
    const judged = judgeFix(setting(spread(0.05, -BEFORE, 0), 40));
    expect(judged).toMatchObject({ verdict: "too_early", moreDays: null });
    expect(judged.sentence).toContain("to be told at all");
  });

  it("is too early within a week, however clear", () => {
    expect(judgeFix(setting(spread(30, -BEFORE, 0), 6)).verdict).toBe("too_early");
  });

  it("is never fell where the source was down", () => {
    const mentions = spread(10, -BEFORE, 0);
    const asOf = FIXED + 28 * DAY_MS;
    const silent = controls(0);
    expect(judgeFix(setting(mentions, 28)).verdict).toBe("fell");
    const down = { others: silent, notHeard: [{ from: FIXED, to: asOf }] };
    const judged = judgeFix(setting(mentions, 28, down));
    expect(judged).toMatchObject({ verdict: "too_early", heardShare: 0, moreDays: null });
    expect(judged.sentence).toContain("a source that is down says nothing");
  });

  it("is not fell where its own channel was down while others were heard", () => {
    const forum = { channel: "forum" };
    const mentions = [...spread(8, -BEFORE, 0, forum), ...spread(0.5, -BEFORE, 28)];
    const notHeard = [{ from: FIXED, to: FIXED + 28 * DAY_MS, channel: "forum" }];
    const judged = judgeFix(setting(mentions, 28, { notHeard }));
    expect(judged.verdict).toBe("too_early");
    expect(judged.heardShare).toBeLessThan(0.1);
  });

  it("takes a channel for not heard that fell silent for all issues, though nobody noticed an outage", () => {
    const forum = { channel: "forum" };
    const mentions = [...spread(5, -BEFORE, 0, forum), ...spread(0.5, -BEFORE, 28)];
    const others = [
      ...controls(28),
      { issue: "on the forum", mentions: spread(3, -BEFORE, 0, forum) },
      { issue: "there too", mentions: spread(3, -BEFORE, 0, forum) },
    ];
    const judged = judgeFix(setting(mentions, 28, { others }));
    expect(judged.verdict).toBe("too_early");
  });

  it("leaves out the time not heard instead of counting it as silence", () => {
    const mentions = [...spread(6, -BEFORE, 0), ...spread(6, 0, 14)];
    const others = controls(14);
    const notHeard = [{ from: FIXED + 14 * DAY_MS, to: FIXED + 28 * DAY_MS }];
    const judged = judgeFix(setting(mentions, 28, { others, notHeard }));
    expect(judged.after?.heardDays).toBeCloseTo(14, 1);
    expect(judged.effect?.change).toBeCloseTo(0, 1);
    expect(judged.verdict).not.toBe("fell");
  });

  it("counts only who has the fix: people on an old version are no evidence against it", () => {
    const [old, fixed] = [{ version: "5.2.9" }, { version: "5.3.0" }];
    const mentions = [...spread(6, -BEFORE, 0, old), ...spread(3, 0, 28, old), ...spread(0.5, 0, 28, fixed)];
    const others = controls(28, 0.5, old).map(({ issue, mentions: some }) => ({
      issue,
      mentions: [...some, ...spread(1, 0, 28, fixed)],
    }));
    const fix = { id: "fix", at: FIXED, version: "5.3" };
    const judged = judgeFix(setting(mentions, 28, { others, fix }));
    expect(judged).toMatchObject({ verdict: "fell", leftOut: { oldVersion: 84, unknownVersion: 0 } });
    expect(judged.sentence).toContain("left out: 84 on older versions");
  });

  it("does not take a slow roll-out for a fall", () => {
    const [old, fixed] = [{ version: "5.2.9" }, { version: "5.3.0" }];
    const share = 0.3;
    const rolled = (perDay: number) => [
      ...spread(perDay, -BEFORE, 0, old),
      ...spread(perDay * (1 - share), 0, 28, old),
      ...spread(perDay * share, 0, 28, fixed),
    ];
    const others = controls(0).map(({ issue }) => ({ issue, mentions: rolled(4) }));
    const fix = { id: "fix", at: FIXED, version: "5.3.0" };
    const judged = judgeFix(setting(rolled(10), 28, { others, fix }));
    expect(judged.verdict).toBe("held");
    expect(judged.controls?.change).toBeCloseTo(-0.7, 1);
  });

  it("is moved where a similar issue rose by as much, and not where it rose by little", () => {
    const mentions = [...spread(6, -BEFORE, 0), ...spread(1, 0, 28)];
    const similar = (after: number): OtherIssue => ({
      issue: "crash at login",
      mentions: [...spread(1, -BEFORE, 0), ...spread(after, 0, 28)],
      isSimilar: true,
    });
    const moved = judgeFix(setting(mentions, 28, { others: [...controls(28), similar(6)] }));
    expect(moved).toMatchObject({ verdict: "moved", movedTo: { issue: "crash at login", after: 168 } });
    expect(moved.sentence).toContain("while crash at login rose");
    const stayed = judgeFix(setting(mentions, 28, { others: [...controls(28), similar(2)] }));
    expect(stayed).toMatchObject({ verdict: "fell", movedTo: null });
  });

  it("is came_back where it had fallen and returned, with the day", () => {
    const mentions = [...spread(5, -BEFORE, 0), ...spread(0.5, 0, 25), ...spread(5, 25, 45)];
    const judged = judgeFix(setting(mentions, 45));
    expect(judged.verdict).toBe("came_back");
    expect(Math.round(((judged.cameBack?.from ?? 0) - FIXED) / DAY_MS)).toBe(25);
    expect(judged.effect?.change).toBeLessThan(-0.8);
    expect(judged.sentence).toMatch(/^came back on 2026-03-28/);
  });

  it("is not fell where all came in one burst before the fix", () => {
    const burst = [...spread(0.02, -BEFORE, -4), ...spread(20, -4, -1)];
    const judged = judgeFix(setting(burst, 28));
    expect(judged).toMatchObject({ verdict: "too_early", moreDays: null });
    expect(judged.sentence).toContain("it comes in bursts");
  });

  it("is not fell where it had fallen by itself two weeks before the fix", () => {
    const mentions = [...spread(9, -BEFORE, -14), ...spread(1.5, -14, 28)];
    expect(judgeFix(setting(mentions, 28)).verdict).not.toBe("fell");
  });

  it("compares with the level that was to be fixed, not with the time before the issue rose", () => {
    const mentions = [...spread(0.1, -BEFORE, -21), ...spread(6, -21, 0), ...spread(2, 0, 28)];
    const judged = judgeFix(setting(mentions, 28));
    expect(judged.before?.heardDays).toBeLessThan(24);
    expect(judged.verdict).toBe("fell");
  });

  it("counts people: one person's forty posts after the fix are one report", () => {
    const angry = spread(2, 0, 20, { voice: "angry" });
    const judged = judgeFix(setting([...spread(4, -BEFORE, 0), ...angry], 21));
    expect(judged).toMatchObject({ verdict: "fell", after: { people: 1 } });
  });

  it("knows nothing of what was published after the time it judges at", () => {
    const mentions = [...spread(4, -BEFORE, 0), ...spread(1, 0, 21)];
    const later = [...mentions, ...spread(9, 22, 40)];
    expect(judgeFix(setting(later, 21))).toEqual(judgeFix(setting(mentions, 21)));
  });

  it("is the same whatever the order of mentions and issues", () => {
    const mentions = [...spread(4, -BEFORE, 0), ...spread(1, 0, 21)];
    const some = setting(mentions, 21);
    const turned = { ...some, mentions: mentions.toReversed(), others: some.others.toReversed() };
    expect(judgeFix(turned)).toEqual(judgeFix(some));
  });

  it("has finite figures and one sentence whatever it is given", () => {
    const times = fc.integer({ min: -100, max: 60 }).map((day) => FIXED + day * DAY_MS);
    const mention = fc.record(
      {
        id: fc.string(),
        voice: fc.string(),
        channel: fc.constantFrom("store", "forum"),
        at: times,
        version: fc.constantFrom("5.2", "5.3", "latest"),
      },
      { requiredKeys: ["id", "voice", "channel"] },
    );
    const gap = fc.record({ from: times, to: times, channel: fc.constantFrom("store", "forum") });
    fc.assert(
      fc.property(
        fc.array(mention, { maxLength: 60 }),
        fc.array(fc.array(mention, { maxLength: 40 }), { maxLength: 3 }),
        fc.array(gap, { maxLength: 2 }),
        times,
        fc.constantFrom(undefined, "5.3", "latest"),
        (mentions, rest, notHeard, asOf, version) => {
          const fix = { id: "fix", at: FIXED, ...(version === undefined ? {} : { version }) };
          const others = rest.map((some, nth) => ({
            issue: `${nth}`,
            mentions: some,
            isSimilar: nth === 0,
          }));
          const judged = judgeFix({ fix, mentions, others, asOf, notHeard });
          expect(judged.sentence).not.toMatch(/NaN|Infinity|undefined/);
          const { low, change, high } = judged.effect ?? { low: 0, change: 0, high: 0 };
          expect([low, change, high].every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it("says that it was falling before the fix already", () => {
    const mentions = [
      ...spread(8, -28, -18),
      ...spread(4, -18, -9),
      ...spread(1.5, -9, 0),
      ...spread(0.5, 0, 21),
    ];
    expect(judgeFix(setting(mentions, 21)).cautions).toContain("it was falling before the fix already");
  });
});
