import { describe, expect, it } from "vitest";
import { findTerms, logOddsOf } from "../../processors/find-drivers/find-terms.ts";
import { findDrivers, type DrivenMention } from "../../processors/find-drivers/index.ts";
import { commonOddsRatio, fisherTail, liftOf } from "../../processors/find-drivers/two-by-two.ts";
import { lehmer } from "../../processors/linear-model/shuffle.ts";
import type { NamedText } from "../../processors/name-issue.ts";

const table = (issueWith: number, issueWithout: number, othersWith: number, othersWithout: number) => ({
  issueWith,
  issueWithout,
  othersWith,
  othersWithout,
});

function people(
  count: number,
  prefix: string,
  isOfIssue: boolean,
  values: DrivenMention["values"],
): DrivenMention[] {
  return Array.from({ length: count }, (_, nth) => ({ voice: `${prefix} ${nth}`, isOfIssue, values }));
}

describe("two by two", () => {
  it("gives Fisher's tea lady 17/70 for three of four cups", () => {
    expect(fisherTail(table(3, 1, 1, 3))).toBeCloseTo(17 / 70, 10);
  });

  it("gives the one-sided p of Fisher's criminal twins, 10 of 13 against 2 of 17: .000465", () => {
    expect(fisherTail(table(10, 3, 2, 15))).toBeCloseTo(0.000465, 6);
  });

  it("gives the risk ratio of the aspirin trial with its interval, 1.82 (1.43 to 2.31; Agresti 2002, §2.2)", () => {
    const { lift, low, high } = liftOf(table(189, 10_845, 104, 10_933));
    expect([lift, low, high].map((value) => value.toFixed(2))).toEqual(["1.82", "1.43", "2.31"]);
  });

  it("stays finite where nobody else has the value", () => {
    const { lift, high } = liftOf(table(10, 0, 0, 50));
    expect(lift).toBeGreaterThan(10);
    expect(Number.isFinite(high)).toBe(true);
  });

  it("gives one odds ratio where each stratum has the same", () => {
    expect(commonOddsRatio([table(10, 20, 5, 20), table(30, 10, 15, 10)])).toBeCloseTo(2, 10);
  });
});

describe("drivers", () => {
  const contrast = [
    ...people(40, "old", false, { version: "5.1", country: "DE" }),
    ...people(40, "other", false, { version: "5.2", country: "FR" }),
    ...people(120, "more", false, { version: "5.1", country: "FR" }),
  ];

  it("are values over-represented in the issue, with lift, interval, p and q", () => {
    const { drivers } = findDrivers([
      ...contrast,
      ...people(25, "issue", true, { version: "5.2" }),
      ...people(5, "issue too", true, { version: "5.1" }),
    ]);
    expect(drivers).toHaveLength(1);
    expect(drivers[0]).toMatchObject({ dimension: "version", value: "5.2", issueWith: 25, othersWith: 40 });
    expect(drivers[0]?.lift).toBeCloseTo(25 / 30 / (40 / 200), 10);
    expect(drivers[0]?.low).toBeGreaterThan(3);
    expect(drivers[0]?.q).toBeLessThan(0.001);
  });

  it("count people, not posts: forty posts of one angry person are no driver", () => {
    const angry = Array.from({ length: 40 }, (): DrivenMention => ({
      voice: "angry",
      isOfIssue: true,
      values: { version: "5.2" },
    }));
    const issue = [...people(19, "issue", true, { version: "5.1" }), ...angry];
    const { drivers, tested } = findDrivers([...contrast, ...issue]);
    expect(drivers.filter(({ value }) => value === "5.2")).toEqual([]);
    expect(tested.find(({ value }) => value === "5.2")?.issueWith).toBe(1);
  });

  it("do not set people of the issue against what they said elsewhere", () => {
    const issue = people(20, "issue", true, { version: "5.2" });
    const elsewhere = issue.map((mention) => ({ ...mention, isOfIssue: false }));
    const { tested } = findDrivers([...contrast, ...issue, ...elsewhere]);
    expect(tested.find(({ value }) => value === "5.2")).toMatchObject({ issueWith: 20, othersWith: 40 });
  });

  it("are refused with the reason where fewer than ten people tell", () => {
    const { drivers, refused } = findDrivers([...contrast, ...people(9, "issue", true, { version: "5.2" })]);
    expect(drivers).toEqual([]);
    expect(refused).toContainEqual({
      dimension: "version",
      reason: "known of 9 of the issue's people; 10 are needed",
    });
    expect(refused).toContainEqual({
      dimension: "aspect",
      reason: "known of 0 of the issue's people; 10 are needed",
    });
  });

  it("list what was not tested for want of people", () => {
    const { refused } = findDrivers([
      ...contrast,
      ...people(20, "issue", true, { version: "5.1" }),
      ...people(2, "rare", true, { version: "4.0" }),
    ]);
    expect(refused).toContainEqual({
      dimension: "version",
      value: "4.0",
      reason: "2 people have it; 5 are needed",
    });
  });

  it("are hardly ever found among values that have nothing to do with the issue", () => {
    const random = lehmer(4711);
    const mentions = Array.from({ length: 600 }, (_, nth): DrivenMention => ({
      voice: `person ${nth}`,
      isOfIssue: nth % 10 === 0,
      values: {
        country: `country ${Math.floor(40 * random())}`,
        product: `product ${Math.floor(20 * random())}`,
      },
    }));
    const { drivers, tested } = findDrivers(mentions);
    expect(tested.length).toBeGreaterThan(40);
    expect(drivers).toEqual([]);
  });

  it("say which stronger driver explains another", () => {
    // all of the issue is in 5.2; France only has more of it
    const { drivers } = findDrivers([
      ...people(100, "a", false, { version: "5.1", country: "DE" }),
      ...people(30, "b", false, { version: "5.1", country: "FR" }),
      ...people(10, "c", false, { version: "5.2", country: "DE" }),
      ...people(40, "d", false, { version: "5.2", country: "FR" }),
      ...people(8, "e", true, { version: "5.2", country: "DE" }),
      ...people(32, "f", true, { version: "5.2", country: "FR" }),
    ]);
    expect(drivers.map(({ value, explainedBy }) => [value, explainedBy?.value])).toEqual([
      ["5.2", undefined],
      ["FR", "5.2"],
    ]);
  });
});

describe("terms that set an issue apart", () => {
  const text = (voice: string, ...words: readonly string[]): NamedText => ({
    voice,
    phrases: words.map((word) => ({ key: word, shown: word })),
  });

  it("have the log-odds and z of Monroe et al. 2008, equations 15 and 22, worked by hand", () => {
    // ln((10+2)/(100+50−12)) − ln((5+2)/(200+50−7)) = −2.4423 + 3.5472; variance 1/12 + 1/7
    const { logOdds, z } = logOddsOf(10, 100, 5, 200, 2, 50);
    expect(logOdds).toBeCloseTo(1.1049, 3);
    expect(z).toBeCloseTo(1.1049 / Math.sqrt(1 / 12 + 1 / 7), 3);
  });

  it("are words many of the issue's people use and few others", () => {
    const issue = Array.from({ length: 20 }, (_, nth) => text(`i ${nth}`, "app", "refund"));
    const others = Array.from({ length: 60 }, (_, nth) =>
      text(`o ${nth}`, "app", nth % 2 ? "crash" : "slow"),
    );
    expect(findTerms(issue, others).map(({ key, issue: count }) => [key, count])).toEqual([["refund", 20]]);
  });

  it("are not the words of one person, however often", () => {
    const issue = [
      ...Array.from({ length: 30 }, () => text("angry", "scam")),
      ...Array.from({ length: 20 }, (_, nth) => text(`i ${nth}`, "refund")),
    ];
    const others = Array.from({ length: 60 }, (_, nth) => text(`o ${nth}`, "crash"));
    expect(findTerms(issue, others).map(({ key }) => key)).toEqual(["refund"]);
  });
});
