import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../processors/judge-recurrence/judgement.ts";
import { makeStream, streamFiles, type StreamMention } from "../../training/issue-streams.ts";
import { burnDelays, judgeOf, judgeStreams, saidOf, scoreVerdicts } from "../../training/judge-verdicts.ts";
import { drawSettings, type StreamSettings } from "../../training/stream-settings.ts";
import { readStreamTexts, type StreamTexts } from "../../training/stream-texts.ts";
import { sharedData } from "../support/shared-data.ts";

const DAY_MS = 86_400_000;

/** Texts of invented words: each of its own, those of one issue with some words in common. */
function inventedTexts(): StreamTexts {
  let state = 11;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const word = () => `w${Math.floor(random() * 5000)}`;
  const text = (topic: string) => [topic, ...Array.from({ length: 11 }, word)].join(" ");
  return {
    issues: Array.from({ length: 100 }, (_, at) => ({
      issue: `issue ${at}`,
      texts: Array.from({ length: 150 }, () => text(`topic${at}`)),
    })),
    oneOffs: Array.from({ length: 600 }, () => text("once")),
  };
}

const TEXTS = inventedTexts();

const SMALL: StreamSettings = {
  ...drawSettings(1),
  days: 90,
  channels: 3,
  frequent: 10,
  medianRate: 0.4,
  rateSpread: 0.5,
  oneOffs: 60,
  incidents: 3,
  storms: 2,
  stormSize: 30,
  angry: 2,
  burns: 1,
  burnDays: 20,
  died: 2,
  weekend: 0.5,
  growth: 2,
  gaps: 2,
  gapDays: 4,
};

const perDay = (mentions: readonly StreamMention[], isCounted: (at: Date) => boolean) =>
  mentions.filter(({ time }) => isCounted(new Date(time))).length;

describe("issue streams", () => {
  it("are the same from the same seed and others from another", () => {
    expect(makeStream(TEXTS, SMALL, 5)).toEqual(makeStream(TEXTS, SMALL, 5));
    expect(makeStream(TEXTS, SMALL, 6).mentions).not.toEqual(makeStream(TEXTS, SMALL, 5).mentions);
  });

  it("come in the order of time, with ids of their own, and end where they should", () => {
    const { mentions, asOf } = makeStream(TEXTS, SMALL, 5);
    const times = mentions.map(({ time }) => Date.parse(time));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(mentions.map(({ id }) => id)).size).toBe(mentions.length);
    expect(times.at(-1)).toBeLessThan(asOf);
  });

  it("hold what they promise: angry authors, storms, threads, and no mention in an hour not heard", () => {
    const { mentions, coverage } = makeStream(TEXTS, { ...SMALL, gaps: 0 }, 5);
    expect(coverage.every(({ state }) => state === "complete")).toBe(true);
    const angry = mentions.filter(({ kind }) => kind === "angry");
    expect([angry.length, new Set(angry.map(({ author }) => author)).size]).toEqual([80, 2]);
    expect(mentions.filter(({ repost_of: of }) => of !== null).length).toBeGreaterThan(10);
    const replies = makeStream(TEXTS, { ...SMALL, replies: 0.5 }, 5).mentions;
    expect(replies.some(({ thread }) => thread !== null)).toBe(true);
    const cut = makeStream(TEXTS, SMALL, 5);
    const lost = new Set(
      cut.coverage.filter(({ state }) => state === "none").map(({ source, hour }) => `${source} ${hour}`),
    );
    expect(lost.size).toBeGreaterThan(0);
    const hourOf = (time: string) =>
      new Date(Math.floor(Date.parse(time) / 3_600_000) * 3_600_000).toISOString();
    expect(cut.mentions.filter(({ channel, time }) => lost.has(`${channel} ${hourOf(time)}`))).toEqual([]);
  });

  it("swing with the week and grow with the customers", () => {
    const { mentions, asOf } = makeStream(TEXTS, { ...SMALL, oneOffs: 3000, storms: 0, gaps: 0 }, 5);
    const isWeekend = (at: Date) => at.getUTCDay() === 0 || at.getUTCDay() === 6;
    const weekend = perDay(mentions, isWeekend) / 2;
    const week = perDay(mentions, (at) => !isWeekend(at)) / 5;
    expect(weekend / week).toBeLessThan(0.7);
    const late = perDay(mentions, (at) => at.getTime() > asOf - 30 * DAY_MS);
    const early = perDay(mentions, (at) => at.getTime() < asOf - 60 * DAY_MS);
    expect(late / early).toBeGreaterThan(1.3);
  });

  it("are written as JSON lines", () => {
    const made = makeStream(TEXTS, SMALL, 5);
    const { stream, coverage } = streamFiles(made);
    const lines = stream.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(made.mentions);
    expect(coverage.trimEnd().split("\n")).toHaveLength(made.coverage.length);
  });
});

describe("scores of verdicts", () => {
  const mention = (id: string, issue: string, isRecurring: boolean): StreamMention => ({
    id,
    text: id,
    author: null,
    time: "2026-01-05T00:00:00.000Z",
    channel: "c",
    thread: null,
    repost_of: null,
    issue,
    kind: isRecurring ? "frequent" : "one_off",
    is_recurring: isRecurring,
  });
  const mentions = [
    mention("1", "a", true),
    mention("2", "a", true),
    mention("3", "b", true),
    mention("4", "c", false),
    mention("5", "d", false),
  ];
  const score = (issues: readonly string[], verdicts: Readonly<Record<string, Verdict>>) =>
    scoreVerdicts(mentions, {
      issueOf: new Map(mentions.map(({ id }, index) => [id, issues[index] ?? ""])),
      verdictOf: new Map(Object.entries(verdicts)),
    });

  it("are full marks for the truth", () => {
    const said = score(["a", "a", "b", "c", "d"], {
      a: "recurring",
      b: "escalating",
      c: "single",
      d: "watch",
    });
    expect(said).toMatchObject({ f1: 1, falseRecurring: 0, shownPerTrue: 1, singlesLost: 0 });
  });

  it("tell a missed issue from a false one", () => {
    const said = score(["a", "a", "b", "c", "d"], {
      a: "recurring",
      b: "watch",
      c: "recurring",
      d: "single",
    });
    expect(said).toMatchObject({ precision: 0.5, recall: 0.5, falseRecurring: 0.5, singlesLost: 0.5 });
  });

  it("tell of one issue shown as two, and of a single voice swallowed", () => {
    const said = score(["a1", "a2", "b", "a1", "d"], { a1: "recurring", a2: "recurring", b: "recurring" });
    expect(said).toMatchObject({ recall: 1, shownPerTrue: 1.5, singlesLost: 0.5 });
  });
});

describe("verdicts on streams with the true issues", () => {
  it("tell recurring issues from storms, angry authors, incidents and single voices", () => {
    const stream = makeStream(TEXTS, SMALL, 5);
    const score = scoreVerdicts(stream.mentions, saidOf(stream, judgeOf(stream)(stream.asOf)));
    expect(score.recall).toBeGreaterThanOrEqual(0.9);
    expect(score).toMatchObject({ precision: 1, falseRecurring: 0, singlesLost: 0 });
  });

  it("find the slow burn before seven days after it reached four a day", () => {
    const [burn] = burnDelays(makeStream(TEXTS, { ...SMALL, gaps: 0 }, 5));
    expect(burn?.afterFourfold ?? Infinity).toBeLessThanOrEqual(7);
  });
});

const shared = sharedData("banking77_50intents.jsonl.gz");
const texts = shared === undefined ? undefined : readStreamTexts(dirname(shared));

describe.skipIf(texts === undefined)(
  "verdicts on streams of real texts, true issues, 6 draws of settings",
  () => {
    it("reach F1 .97 on average, call no storm, author or single voice recurring, find burns in time", () => {
      const seeds = Array.from({ length: 6 }, (_, seed) => seed + 300);
      const spread = judgeStreams(texts ?? TEXTS, seeds);
      expect(spread.f1.mean).toBeGreaterThanOrEqual(0.97);
      expect(spread.falseRecurring.most).toBeLessThanOrEqual(0.02);
      expect(spread.byKind.storm?.[0]).toBe(0);
      expect(spread.byKind.angry?.[0]).toBe(0);
      expect(spread.singlesLost.most).toBeLessThanOrEqual(0.02);
      expect(spread.burnsInTime / spread.burns).toBeGreaterThanOrEqual(0.8);
    });
  },
);
