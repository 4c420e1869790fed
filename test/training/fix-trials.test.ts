import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeSeries } from "../../training/fix-series.ts";
import { rightShare, suffices, tryFixes } from "../../training/fix-trials.ts";
import { namedFixes, placeboFixes } from "../../training/real-fixes.ts";

const DATA = join(import.meta.dirname, "..", "..", "..", "shared", "data");

describe("series around a fix", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(makeSeries(3, "plain", 0.5)).toEqual(makeSeries(3, "plain", 0.5));
    expect(makeSeries(4, "plain", 0.5).setting.mentions).not.toEqual(
      makeSeries(3, "plain", 0.5).setting.mentions,
    );
  });
});

describe("fix verdicts over simulated series", () => {
  const trials = tryFixes(40, 501);
  const large = trials.filter((trial) => suffices(trial) && trial.effect !== 0.3 && trial.story !== "died");

  it("are right in nine of ten where the effect is none or a half or more and n suffices", () => {
    expect(large.length).toBeGreaterThan(40);
    expect(rightShare(large)).toBeGreaterThanOrEqual(0.9);
  });

  it("are never fell where the source was down", () => {
    const down = trials.filter(({ story }) => story === "all_down");
    expect(down.length).toBeGreaterThan(60);
    expect(down.filter(({ verdict }) => verdict !== "too_early")).toEqual([]);
    const partly = trials.filter(({ story, effect }) => story === "part_down" && effect === 0);
    expect(partly.filter(({ verdict }) => verdict === "fell").length).toBeLessThanOrEqual(1);
  });

  it("say fell or moved of hardly any fix that did nothing", () => {
    const idle = trials.filter(({ story, effect }) => effect === 0 && story !== "all_down");
    const wrong = idle.filter(({ verdict }) => verdict === "fell" || verdict === "moved");
    expect(wrong.length / idle.length).toBeLessThanOrEqual(0.04);
  });

  it("are mostly too early for a fall by half where n is far from enough", () => {
    const small = trials.filter(
      ({ story, effect, strength }) => story === "plain" && effect === 0.5 && strength < 2,
    );
    expect(small.length).toBeGreaterThan(8);
    const early = small.filter(({ verdict }) => verdict === "too_early");
    expect(early.length / small.length).toBeGreaterThanOrEqual(0.75);
  });
});

const isMissing = !existsSync(join(DATA, "fintech_apps.jsonl.gz"));
if (isMissing)
  console.warn("Real reviews are not here (../shared/data): fix verdicts on them are not tested.");

describe.skipIf(isMissing)("fix verdicts over real reviews (skipped without ../shared/data)", () => {
  it("say fell of at most one in fifty made-up fixes, and of none where the source was down", () => {
    const scores = placeboFixes(DATA) ?? [];
    const [none, , most, down] = scores;
    expect(none?.judged).toBeGreaterThan(300);
    expect((none?.verdicts.fell ?? 0) / (none?.judged ?? 1)).toBeLessThanOrEqual(0.02);
    expect(most?.verdicts.fell).toBeGreaterThan(none?.verdicts.fell ?? 0);
    expect(down?.verdicts.too_early).toBe(down?.judged);
  });

  it("judge every fix a company told of", () => {
    expect(namedFixes(DATA)?.split("\n")).toHaveLength(15);
  });
});
