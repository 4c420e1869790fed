import { describe, expect, it } from "vitest";
import { exposureClock } from "../../../processors/judge-recurrence/exposure-clock.ts";
import {
  independentReports,
  type IssueMention,
} from "../../../processors/judge-recurrence/independent-reports.ts";
import {
  judgeRecurrence,
  type IssueHistory,
  type RecurrenceSetting,
} from "../../../processors/judge-recurrence/index.ts";
import type { RecurrenceJudgement } from "../../../processors/judge-recurrence/judgement.ts";
import { notHeardFrom } from "../../../processors/judge-recurrence/not-heard.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-03-02T00:00:00Z");
const CHANNELS = ["app store", "forum", "mail"];

const day = (number: number) => START + number * DAY_MS;

/** Mentions of different people on these days. */
function people(prefix: string, days: readonly number[]): IssueMention[] {
  return days.map((at, index) => ({
    id: `${prefix}-${index}`,
    at: day(at),
    voice: `${prefix} person ${index}`,
    channel: CHANNELS[index % CHANNELS.length] ?? "forum",
  }));
}

/** So many a day, evenly, from one day to another. */
function daily(from: number, to: number, perDay: number): number[] {
  return Array.from(
    { length: Math.round((to - from) * perDay) },
    (_, index) => from + (index + 0.5) / perDay,
  );
}

/** Issues that make up a tracker: single voices, and some issues that go on. */
function others(to: number, perDay = 0.4): IssueHistory[] {
  const singles = daily(0, to, 0.5).map((at, index) => ({
    issue: `single ${index}`,
    mentions: people(`single ${index}`, [at]),
  }));
  const going = Array.from({ length: 12 }, (_, index) => ({
    issue: `going ${index}`,
    mentions: people(`going ${index}`, daily(index / 4, to, perDay)),
  }));
  return [...singles, ...going];
}

function judged(
  mentions: readonly IssueMention[],
  to: number,
  more: Partial<RecurrenceSetting> = {},
): RecurrenceJudgement {
  const issues = [{ issue: "this", mentions }, ...(more.issues ?? others(to))];
  const [first] = judgeRecurrence({ asOf: day(to), ...more, issues });
  if (first === undefined) throw new Error("no judgement");
  return first;
}

describe("judge_recurrence", () => {
  it("calls recurring what different people report again and again, and says so in a sentence", () => {
    const verdict = judged(people("a", [0, 1, 4, 9, 13, 18, 22, 26, 30, 33, 37, 40, 44, 47]), 50);
    expect(verdict.verdict).toBe("recurring");
    expect(verdict.reason).toMatch(/^recurring: 14 people, 14 days, 3 channels since 2 Mar; expected \d+$/);
    expect(verdict.figures).toMatchObject({ mentions: 14, voices: 14, reports: 14, days: 14, channels: 3 });
  });

  it("names the days and people of a single voice, and keeps it single", () => {
    const { verdict, reason } = judged(people("a", [10]), 50);
    expect([verdict, reason]).toEqual(["single", "single: 1 person on 12 Mar"]);
  });

  it("never counts one angry author as many, however often and wherever they post", () => {
    const mentions = daily(0, 50, 0.8).map((at, index) => ({
      id: `m${index}`,
      at: day(at),
      voice: "one person",
      channel: CHANNELS[index % 3] ?? "",
    }));
    const { verdict, figures } = judged(mentions, 50);
    expect(verdict).toBe("single");
    expect(figures).toMatchObject({ mentions: 40, voices: 1, reports: 1 });
  });

  it("never counts a storm of reposts as many, and flags it as viral", () => {
    const [root] = people("a", [20]);
    const copies = people("copy", daily(20.1, 22, 30)).map((mention) => ({
      ...mention,
      voice: "a person 0",
      copyOf: "a-0",
      copyBy: "repost" as const,
    }));
    const { verdict, flags, figures } = judged([...(root === undefined ? [] : [root]), ...copies], 50);
    expect([verdict, flags, figures.reports]).toEqual(["single", ["viral"], 1]);
  });

  it("never counts the answers in one thread as many", () => {
    const mentions = people("a", daily(0, 40, 1)).map((mention) => ({ ...mention, thread: "t" }));
    expect(judged(mentions, 41).verdict).toBe("single");
  });

  it("flags the same words of many as coordinated", () => {
    const copies = people("copy", daily(20, 23, 3)).map((mention, index) =>
      index === 0
        ? mention
        : { ...mention, voice: "copy person 0", copyOf: "copy-0", copyBy: "text" as const },
    );
    expect(judged(copies, 50).flags).toContain("coordinated");
  });

  it("takes one day's fault for no recurring issue, however many report it", () => {
    const { verdict } = judged(people("a", daily(20, 20.9, 30)), 50);
    expect(["single", "watch"]).toContain(verdict);
  });

  it("watches what is new and already of several, and what was reported twice of late", () => {
    const emerging = judged(people("a", [45, 46.5, 48, 49.5]), 50);
    expect([emerging.verdict, emerging.flags]).toEqual(["watch", ["emerging"]]);
    expect(judged(people("b", [41, 48]), 50).verdict).toBe("watch");
  });

  it("takes what died for quiet, and for recurring when it comes back", () => {
    const before = daily(0, 40, 0.8);
    const dead = judged(people("a", before), 120, { issues: others(120) });
    expect([dead.verdict, dead.flags]).toEqual(["watch", ["quiet"]]);
    expect(dead.reason).toContain("none since");
    const back = judged(people("a", [...before, 113, 115, 117, 118, 119]), 120, { issues: others(120) });
    expect(["recurring", "escalating"]).toContain(back.verdict);
  });

  it("takes no silence for evidence where nothing was heard", () => {
    const mentions = people("a", daily(0, 40, 0.8));
    const heard = others(40);
    const notHeard = [{ from: day(40), to: day(60) }];
    expect(judged(mentions, 60, { issues: heard, notHeard })).toMatchObject({ verdict: "recurring" });
    const exposures = Array.from({ length: 60 }, (_, at) => ({ day: day(at), exposure: 1000 }));
    expect(judged(mentions, 60, { issues: heard, exposures }).flags).toContain("quiet");
    expect(judged(mentions, 60, { issues: heard, exposures, notHeard }).verdict).toBe("recurring");
  });

  it("takes no silence for evidence on a channel that was not heard while others were", () => {
    const mentions = people("a", daily(0, 40, 0.8)).map((mention) => ({ ...mention, channel: "mail" }));
    const issues = others(60).map(({ issue, mentions: of }) => ({
      issue,
      mentions: of.map((mention) => ({ ...mention, channel: "forum" })),
    }));
    expect(judged(mentions, 60, { issues }).flags).toContain("quiet");
    const notHeard = [{ from: day(40), to: day(60), channel: "mail" }];
    const { verdict, flags } = judged(mentions, 60, { issues, notHeard });
    expect([verdict, flags]).toEqual(["recurring", ["partly_heard"]]);
  });

  it("takes an outage that ends for no growth", () => {
    const notHeard = [{ from: day(55), to: day(76) }];
    const isHeard = (at: number) => at < 55 || at >= 76;
    const issues = others(83).map(({ issue, mentions }) => ({
      issue,
      mentions: mentions.filter(({ at }) => isHeard(((at ?? 0) - START) / DAY_MS)),
    }));
    const mentions = people("a", daily(0, 83, 1).filter(isHeard));
    const exposures = Array.from({ length: 83 }, (_, at) => ({ day: day(at), exposure: 100 }));
    expect(judged(mentions, 83, { issues, notHeard, exposures }).verdict).toBe("recurring");
    expect(judged(mentions, 83, { issues, notHeard }).verdict).toBe("recurring");
  });

  it("finds a step from one to four a day within seven days", () => {
    const reports = people("a", [...daily(0, 60, 1), ...daily(60, 67, 4)]);
    const { verdict, growth, reason } = judged(reports, 67);
    expect(verdict).toBe("escalating");
    expect(growth).toMatchObject({ test: "surge", reports: 28 });
    expect(reason).toMatch(/28 in the last 7 days, expected [67] \(q < \.001\)/);
  });

  it("finds a slow burn from one to four a day over six weeks before it gets there", () => {
    const ramp = Array.from({ length: 42 }, (_, at) =>
      daily(60 + at, 61 + at, 1 + Math.floor(at / 14)),
    ).flat();
    const reports = people("a", [...daily(0, 60, 1), ...ramp]);
    expect(judged(reports, 102).verdict).toBe("escalating");
    expect(judged(reports, 60).verdict).toBe("recurring");
  });

  it("calls a new plateau recurring once it is no longer growing", () => {
    const reports = people("a", [...daily(0, 60, 1), ...daily(60, 140, 4)]);
    expect(judged(reports, 140).verdict).toBe("recurring");
  });

  it("takes a tracker that grows as a whole, and its weekends, for no escalation", () => {
    const swing = (at: number) => (1 + (3 * at) / 90) * (Math.floor(at) % 7 < 2 ? 2.5 : 1);
    const grown = (rate: number, offset: number) => {
      const found: number[] = [];
      let sum = offset;
      for (let at = 0; at < 90; at += 0.01) {
        sum += rate * swing(at) * 0.01;
        if (sum >= 1) {
          found.push(at);
          sum -= 1;
        }
      }
      return found;
    };
    const issues = Array.from({ length: 14 }, (_, index) => ({
      issue: `issue ${index}`,
      mentions: people(`issue ${index}`, grown(0.2 + index / 20, index / 14)),
    }));
    const verdicts = judgeRecurrence({ issues, asOf: day(90) }).map(({ verdict }) => verdict);
    expect(new Set(verdicts)).toEqual(new Set(["recurring"]));
    const exposures = Array.from({ length: 90 }, (_, at) => ({ day: day(at), exposure: 1000 }));
    const beside = judgeRecurrence({ issues, asOf: day(90), exposures }).map(({ verdict }) => verdict);
    expect(beside).toContain("escalating");
  });

  it("makes one voice recurring where safety, money or data are at stake, and says why", () => {
    const [voice] = people("a", [10]);
    const { verdict, flags, reason } = judged(
      voice === undefined ? [] : [{ ...voice, harm: "safety", severity: 4 }],
      50,
    );
    expect([verdict, flags]).toEqual(["recurring", ["severe"]]);
    expect(reason).toBe("recurring: 1 person on 12 Mar; severe: safety");
  });

  it("gives no verdict without times, and still counts people", () => {
    const mentions = [
      { id: "a", voice: "ann", channel: "forum" },
      { id: "b", voice: "bob", channel: "forum" },
    ];
    const [judgement] = judgeRecurrence({ issues: [{ issue: "this", mentions }], asOf: day(1) });
    expect(judgement).toMatchObject({
      verdict: null,
      figures: { mentions: 2, voices: 2, undated: 2, firstAt: null },
    });
    expect(judgement?.reason).toMatch(/^no verdict: no mention has a time; 2 mentions by 2 people$/);
  });

  it("leaves out what was said after the time to judge at", () => {
    const mentions = people("a", [0, 5, 10, 60, 61, 62]);
    expect(judged(mentions, 12, { issues: others(12) }).figures.mentions).toBe(3);
  });

  it("judges the same whatever the order of issues and mentions", () => {
    const issues = [{ issue: "this", mentions: people("a", daily(3, 50, 0.7)) }, ...others(50)];
    const turned = issues.map((issue) => ({ ...issue, mentions: issue.mentions.toReversed() })).toReversed();
    const asOf = day(50);
    expect(judgeRecurrence({ issues: turned, asOf }).toReversed()).toEqual(judgeRecurrence({ issues, asOf }));
  });

  it("gives usable verdicts for a tracker of one issue, and none for none", () => {
    const alone = judged(people("a", daily(0, 50, 0.5)), 50, { issues: [] });
    expect(alone.verdict).toBe("recurring");
    expect(alone.figures.p30).toBeGreaterThan(0.9);
    expect(judged(people("a", [49]), 50, { issues: [] }).verdict).toBe("single");
    expect(judgeRecurrence({ issues: [], asOf: day(0) })).toEqual([]);
  });

  it("does not rank: the same issue among larger ones keeps its verdict", () => {
    const mentions = people("a", daily(0, 50, 0.3));
    const among = (perDay: number) => judged(mentions, 50, { issues: others(50, perDay) }).verdict;
    expect([among(0.3), among(6)]).toEqual(["recurring", "recurring"]);
  });

  it("gives the rate per exposure with an interval around it", () => {
    const exposures = Array.from({ length: 50 }, (_, at) => ({ day: day(at), exposure: 500 }));
    const { rate } = judged(people("a", daily(0, 50, 1)), 50, { exposures }).figures;
    expect(rate).toMatchObject({ reports: 28, exposure: 14_000, perThousand: 2 });
    expect(rate?.low).toBeCloseTo(1.33, 2);
    expect(rate?.high).toBeCloseTo(2.89, 2);
  });

  it("survives times that no calendar has", () => {
    const mentions = [Number.NaN, -1e18, 8.64e15, 0].map((at, index) => ({
      id: `m${index}`,
      at,
      voice: `v${index}`,
      channel: "forum",
    }));
    const { verdict, figures } = judged(mentions, 50);
    expect(verdict).toBeNull();
    expect(figures.undated).toBe(figures.mentions);
  });
});

describe("independent reports", () => {
  it("passes links on, but takes back no report for a link made later", () => {
    const mentions = [
      { id: "1", at: 1, voice: "ann", channel: "c" },
      { id: "2", at: 2, voice: "bob", channel: "c", thread: "1" },
      { id: "3", at: 3, voice: "bob", channel: "c", thread: "other" },
      { id: "4", at: 4, voice: "cid", channel: "c", thread: "other" },
      { id: "5", at: 5, voice: "dan", channel: "c" },
      { id: "6", at: 6, voice: "dan", channel: "c", thread: "1" },
    ];
    const { reports, amplified } = independentReports(mentions);
    expect(reports.map(({ at }) => at)).toEqual([1, 5]);
    expect(amplified).toBe(3);
  });
});

describe("the exposure clock", () => {
  it("runs by imported exposure and stands still where nothing was heard", () => {
    const clock = exposureClock({
      issues: [[{ at: day(0), channel: "forum" }]],
      asOf: day(10),
      exposures: Array.from({ length: 10 }, (_, at) => ({ day: day(at), exposure: at < 5 ? 100 : 300 })),
      notHeard: [{ from: day(2), to: day(4) }],
    }).of([{ at: day(0), channel: "forum" }]);
    expect(clock.between(day(2), day(4))).toBe(0);
    expect(clock.between(day(5), day(6)) / clock.between(day(0), day(1))).toBeCloseTo(3, 9);
    expect(clock.exposure(day(0), day(10))).toBeCloseTo(3 * 100 + 5 * 300, 6);
    expect(clock.heardDays(day(0), day(10))).toBeCloseTo(8, 9);
  });
});

describe("time not heard, from the coverage ledger", () => {
  it("joins hours and gives each source its share of a channel", () => {
    const hour = (number: number) => new Date(START + number * 3_600_000).toISOString();
    const coverage = [
      { source: "a", hour: hour(1), state: "none" as const },
      { source: "a", hour: hour(0), state: "none" as const },
      { source: "a", hour: hour(2), state: "partial" as const },
      { source: "b", hour: hour(0), state: "complete" as const },
      { source: "c", hour: hour(0), state: "none" as const },
    ];
    expect(notHeardFrom(coverage, (source) => (source === "c" ? undefined : "forum"))).toEqual([
      { from: START, to: START + 2 * 3_600_000, channel: "forum", heard: 0.5 },
      { from: START + 2 * 3_600_000, to: START + 3 * 3_600_000, channel: "forum", heard: 0.75 },
    ]);
  });
});
