import { describe, expect, it } from "vitest";
import { causesOf, isTelling, type CausesSetting } from "../../api/why/find-causes.ts";
import type { LevelChange, OnsetJudgement } from "../../processors/find-onset/index.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00.000Z");
const day = (nth: number) => START + nth * DAY_MS;
const iso = (nth: number) => new Date(day(nth)).toISOString();
const LEVEL = { reports: 10, exposure: 10, rate: 1, low: 0.5, high: 2 };

const level = (kind: LevelChange["kind"], at: number, until = at): LevelChange => ({
  kind,
  at: day(at),
  from: day(at),
  to: day(until),
  before: LEVEL,
  after: LEVEL,
  factor: 2,
});

const judged = (...changes: LevelChange[]): OnsetJudgement => ({
  onset: changes.findLast(({ kind }) => kind !== "fell"),
  changes,
  dispersion: 1,
  heardDays: 100,
  reason: "",
});

const change = (id: string, at: number, fields: Partial<CausesSetting["known"][number]> = {}) => ({
  id,
  tracker: "acme",
  kind: "release" as const,
  at: iso(at),
  ends_at: null,
  title: id,
  description: "",
  url: "",
  version: "",
  platform: "",
  country: "",
  product: "",
  fixes: [],
  named: [],
  origin: "cli",
  by: "ann",
  recorded_at: iso(at),
  ...fields,
});

const setting = (fields: Partial<CausesSetting>): CausesSetting => ({
  issue: "late",
  known: [],
  judged: judged(level("began", 50)),
  drivers: [],
  others: [],
  asOf: day(100),
  ...fields,
});

const ids = (fields: Partial<CausesSetting>) =>
  causesOf(setting(fields)).candidates.map((cause) => [
    cause.change.id,
    cause.lagDays,
    cause.onset.slice(0, 10),
  ]);

describe("what an issue may come from", () => {
  const known = [change("first", 45), change("second", 68)];

  it("is looked for before each rise since it last fell, each change at the rise it is closest before", () => {
    const rises = judged(level("began", 50), level("rose", 70));
    expect(ids({ known, judged: rises })).toEqual([
      ["second", 2, iso(70).slice(0, 10)],
      ["first", 5, iso(50).slice(0, 10)],
    ]);
    const [candidate] = causesOf(setting({ known, judged: rises })).candidates;
    expect(candidate?.sentence).toContain(`(of ${iso(70).slice(0, 10)}, when it rose)`);
  });

  it("is not looked for before it ended and came back", () => {
    const back = judged(level("began", 50), level("fell", 60), level("began", 70));
    expect(ids({ known: [change("first", 30), ...known], judged: back })).toEqual([
      ["second", 2, iso(70).slice(0, 10)],
      ["first", 25, iso(70).slice(0, 10)],
    ]);
  });

  it("is not what was meant to mend it", () => {
    expect(ids({ known: [change("remedy", 49, { fixes: ["late"] }), change("release", 48)] })).toEqual([
      ["release", 2, iso(50).slice(0, 10)],
    ]);
  });

  it("comes before the likeliest day to be telling, however rare it is", () => {
    const uncertain = judged(level("began", 50, 54));
    const { candidates } = causesOf(
      setting({ known: [change("after", 53), change("before", 40), change("old", -900)], judged: uncertain }),
    );
    expect(candidates.map((cause) => [cause.change.id, isTelling(cause)])).toEqual([
      ["before", true],
      ["after", false],
    ]);
  });

  it("says how long a kind of change takes only from three issues on", () => {
    const others = (count: number) =>
      Array.from({ length: count }, (_, nth) => ({ issue: `o${nth}`, judged: judged(level("began", 50)) }));
    const rare = [change("price", 48, { kind: "price" }), change("old", -300)];
    expect(causesOf(setting({ known: rare, others: others(2) })).lags).toEqual([]);
    expect(causesOf(setting({ known: rare, others: others(3) })).lags).toMatchObject([
      { kind: "price", onsets: 3, medianDays: 2 },
    ]);
  });
});
