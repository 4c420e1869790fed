import { describe, expect, it } from "vitest";
import {
  isNews,
  isToBeNamed,
  newestOf,
  saidNow,
  type History,
  type Said,
} from "../../../cli/detect/last-said.ts";
import type { RecurrenceJudgement } from "../../../processors/judge-recurrence/judgement.ts";
import type { IssueJudgement } from "../../../schemas/issue.ts";
import { aJudgement } from "../../support/builders.ts";

const AT = "2026-03-02T10:00:00.000Z";
const LATER = "2026-03-02T18:00:00.000Z";
const NEXT_DAY = "2026-03-03T00:10:00.000Z";

const HISTORY: History = {
  issue_id: "a",
  ids: ["m1", "m2", "m3"],
  at: [1, 3, 2],
  voices: ["v1", "v2", "v3"],
  channels: ["x", "x", "x"],
  threads: ["", "", ""],
  copies: ["", "m1", ""],
  copied_by: ["", "text", ""],
  harms: ["", "", ""],
  complaints: 3,
  requests: 0,
  aspects: ["delivery"],
  stages: [],
  languages: ["en"],
};

function judged(verdict: RecurrenceJudgement["verdict"] = "single"): RecurrenceJudgement {
  const figures = { mentions: 3, voices: 3, reports: 2, days: 2, channels: 1, undated: 0 };
  const unknown = { firstAt: null, lastAt: null, expected: null, alive: null, p30: null, heardShare: null };
  return {
    issue: "a",
    verdict,
    flags: [],
    figures: { ...figures, ...unknown, rate: null },
    growth: undefined,
    reason: "so it is",
  };
}

/** What was said of the history above. */
function said(fields: Partial<IssueJudgement> = {}): Said {
  const { aspects, stages, languages, complaints, requests } = HISTORY;
  const row = aJudgement({
    issueId: "a",
    judgedAt: AT,
    title: "Late",
    quotes: ["m1"],
    newestId: "m3",
    mentions: 3,
    voices: 3,
    reports: 2,
    ...{ aspects, stages, languages, complaints, requests },
    ...fields,
  });
  return saidNow(row, undefined);
}

describe("what is said of an issue", () => {
  it("is news the first time, and not again while nothing changes", () => {
    expect(isNews(HISTORY, judged(), undefined, AT)).toBe(true);
    expect(isNews(HISTORY, judged(), said(), LATER)).toBe(false);
  });

  it.each<[string, Partial<IssueJudgement>]>([
    ["the verdict", { verdict: "watch" }],
    ["a flag", { flags: ["viral"] }],
    ["how many mentions there are", { mentions: 4 }],
    ["how many people say so", { voices: 2 }],
    ["how many report it", { reports: 3 }],
    ["how many complain", { complaints: 2, requests: 1 }],
    ["what it is about", { aspects: ["price"] }],
    ["where it broke", { stages: ["payment"] }],
    ["a language", { languages: ["de"] }],
    ["the newest mention", { newestId: "m9" }],
    ["who spoke for it, and is gone", { quotes: ["m1", "m9"] }],
    ["that nobody spoke for it, as of one that was emptied", { quotes: [], title: "" }],
  ])("is news when it was otherwise: %s", (_, before) => {
    expect(isNews(HISTORY, judged(), said(before), LATER)).toBe(true);
  });

  it("is news once a day of what is heard of again, never of single voices and what has no times", () => {
    expect(isNews(HISTORY, judged("watch"), said({ verdict: "watch" }), LATER)).toBe(false);
    expect(isNews(HISTORY, judged("watch"), said({ verdict: "watch" }), NEXT_DAY)).toBe(true);
    expect(isNews(HISTORY, judged(), said(), NEXT_DAY)).toBe(false);
    expect(isNews(HISTORY, judged(null), said({ verdict: "" }), NEXT_DAY)).toBe(false);
  });

  it("is named anew when half as many came, a third went, or who spoke for it is gone", () => {
    const named = (count: number) => isToBeNamed(HISTORY, said({ mentions: count }));
    expect([2, 3, 4, 5].map(named)).toEqual([true, false, false, true]);
    expect(isToBeNamed(HISTORY, said({ quotes: ["m9"] }))).toBe(true);
    expect(isToBeNamed(HISTORY, undefined)).toBe(true);
  });

  it("keeps count of what it was named by while it keeps its name", () => {
    const grown = saidNow(aJudgement({ issueId: "a", mentions: 4 }), said());
    expect(grown).toMatchObject({ mentions: 4, namedAt: 3 });
  });

  it("has as its newest mention the latest that repeats no other, and of copies alone the latest", () => {
    expect(newestOf(HISTORY)).toBe("m3");
    expect(newestOf({ ...HISTORY, copies: ["x", "x", "x"] })).toBe("m2");
    expect(newestOf({ ...HISTORY, copies: ["", "", ""], at: [5, 5, 5] })).toBe("m3");
  });
});
