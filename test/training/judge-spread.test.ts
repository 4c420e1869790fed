import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { lehmer } from "../../processors/linear-model/shuffle.ts";
import { judgeSpread, readCascades, scoreSpread, spreadSections } from "../../training/judge-spread.ts";
import { sharedData } from "../support/shared-data.ts";

describe("a score of a rule of spread", () => {
  it("counts what fired late or not at all as missed, what fired for nothing as false", () => {
    const verdicts = [
      { passed: true, fired: true, leadMin: 30 },
      { passed: true, fired: true, leadMin: 50 },
      { passed: true, fired: false, leadMin: undefined },
      { passed: false, fired: true, leadMin: undefined },
      { passed: false, fired: false, leadMin: undefined },
    ];
    const { f1, ...others } = scoreSpread(verdicts);
    expect(f1).toBeCloseTo(2 / 3);
    expect(others).toEqual({ precision: 2 / 3, recall: 2 / 3, leadMin: 40 });
  });

  it("takes a post that passes before its first reading for missed", () => {
    const atOnce = Array.from({ length: 600 }, (_, index) => index / 200);
    expect(judgeSpread([atOnce], 500, 5)).toEqual([{ passed: true, fired: false, leadMin: undefined }]);
    expect(judgeSpread([atOnce], 500, 1)).toMatchObject([{ passed: true, fired: true }]);
  });
});

describe("the report on spread", () => {
  it("has a line for every target and interval, beside other rules", async () => {
    const folder = await mkdtemp(join(tmpdir(), "earshot-spread-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await expect(spreadSections(folder)).rejects.toThrow("lacks cascades");
    const random = lehmer(3);
    const lines = Array.from({ length: 60 }, (_, id) => {
      const minutes = Array.from({ length: 60 * (1 + (id % 25)) }, () => 100 * (-Math.log(random())) ** 1.7);
      return JSON.stringify({ id, shares_at_min: minutes });
    });
    await mkdir(join(folder, "cascades"));
    await writeFile(join(folder, "cascades", "cascades.jsonl.gz"), gzipSync(lines.join("\n")));
    const [[title, body] = ["", ""], ...others] = await spreadSections(folder);
    expect([title, others]).toEqual(["Will one post spread far", []]);
    for (const target of [100, 200, 500, 1_000])
      for (const poll of [1, 5, 15, 60])
        expect(body).toMatch(
          new RegExp(`^\\| ${target} \\(\\d+ pass\\) \\| ${poll} min \\| [.\\d]+ \\(`, "m"),
        );
    expect(body).toContain("| **Earshot** |");
    expect(body).not.toMatch(/NaN|undefined|Infinity/);
  });
});

const missing = sharedData("cascades/cascades.jsonl.gz") === undefined;

describe.skipIf(missing)("the rule on real cascades (skipped without ../shared/data)", () => {
  const cascades = missing ? [] : (readCascades(join(import.meta.dirname, "../../../shared/data")) ?? []);

  it("tells who passes 500 with F1 .95 and an hour's lead, read every 5 minutes", () => {
    const { f1, leadMin } = scoreSpread(judgeSpread(cascades, 500, 5));
    expect(cascades.length).toBeGreaterThan(1_000);
    expect(f1).toBeGreaterThanOrEqual(0.95);
    expect(leadMin).toBeGreaterThanOrEqual(60);
  });

  it("has precision .93 and recall .88 read every 15 minutes", () => {
    const { precision, recall } = scoreSpread(judgeSpread(cascades, 500, 15));
    expect(precision).toBeGreaterThanOrEqual(0.93);
    expect(recall).toBeGreaterThanOrEqual(0.88);
  });

  it.each([
    [100, 0.88],
    [200, 0.92],
    [1_000, 0.94],
  ])("tells who passes %i with F1 %d, by the same numbers", (target, f1) => {
    expect(scoreSpread(judgeSpread(cascades, target, 5)).f1).toBeGreaterThanOrEqual(f1);
  });
});
