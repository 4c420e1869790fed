import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { agenda } from "../../queries/agenda.ts";
import { measureImpact } from "../../processors/match-changes/measure-impact.ts";
import { issueAnswers, issueProfile } from "../../queries/issue-profile.ts";
import { issueRanks } from "../../queries/issue-ranks.ts";
import { knownIssues } from "../../queries/known-issues.ts";
import { beliefs, causes, needs } from "../../queries/standing-views.ts";
import { changeRows } from "../../schemas/issue-rows.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { hear, judge, tell } from "../support/heard-issues.ts";

const signal = new AbortController().signal;
let opened: TestStore;

async function ask<P extends z.ZodObject, R extends z.ZodObject>(
  query: Query<P, R>,
  asked: Record<string, unknown> = {},
): Promise<z.infer<R>[]> {
  return opened.reader.query(query.statement(query.params.parse(asked)), query.row);
}

const aspect = (name: string, label: "negative" | "positive" | "neutral") => ({
  aspect: name,
  label,
  score: label === "negative" ? -0.5 : 0.5,
  span: { start: 0, end: 3 },
});
const request = { isRequest: true, confidence: 0.9, evidence: [] };

beforeAll(async () => {
  opened = await openTestStore();
  const { store } = opened;
  await hear(store, "acme", [
    {
      nativeId: "1",
      issue: "fees",
      authorId: "ann",
      publishedAt: "2026-02-01T00:00:00.000Z",
      enrichment: { aspects: [aspect("price", "negative"), aspect("Staff", "positive")] },
    },
    // the same person twice, and somebody who only repeats her
    {
      nativeId: "2",
      issue: "fees",
      authorId: "ann",
      publishedAt: "2026-02-03T00:00:00.000Z",
      enrichment: { aspects: [aspect("price", "negative"), aspect("price", "positive")] },
    },
    {
      nativeId: "3",
      issue: "fees",
      authorId: "bob",
      publishedAt: "2026-02-04T00:00:00.000Z",
      enrichment: {
        request,
        aspects: [aspect("fees", "negative")],
        stage: { brokeAt: "payment", complainedAt: "unknown" },
      },
    },
    {
      nativeId: "4",
      issue: "dark",
      authorId: "cem",
      publishedAt: "2026-02-05T00:00:00.000Z",
      enrichment: { request, complaint: { isComplaint: false, confidence: 0.9, evidence: [] } },
    },
    {
      nativeId: "5",
      authorId: "dee",
      publishedAt: "2026-02-05T00:00:00.000Z",
      enrichment: { aspects: [aspect("price", "positive"), aspect("colours", "neutral")] },
    },
    { nativeId: "6", byUs: true, parentId: "x:3", publishedAt: "2026-02-06T00:00:00.000Z", authorId: "acme" },
  ]);
  await judge(store, { issueId: "fees", title: "fees rose", voices: 2, firstAt: "2026-02-01T00:00:00.000Z" });
  await judge(store, { issueId: "dark", title: "dark mode", voices: 1, firstAt: "2026-02-05T00:00:00.000Z" });
  await judge(store, { issueId: "old", title: "old thing", voices: 1, firstAt: "2025-06-01T00:00:00.000Z" });
  const told = { tracker: "acme", at: "2026-02-02T00:00:00.000Z" };
  const decided = { owner: "", publicText: "", isPublic: false, reviewAtVoices: 5, voices: 1 };
  await tell(store, {
    ...told,
    issueId: "fees",
    kind: "decide",
    payload: {
      ...decided,
      decision: "will_not",
      reason: "they are due",
      reviewOn: "2026-03-01",
      reviewAtVoices: 2,
    },
  });
  await tell(store, {
    ...told,
    issueId: "dark",
    kind: "decide",
    payload: { ...decided, decision: "changing", reason: "it comes", reviewOn: "2026-05-01", isPublic: true },
  });
  const entry = { wording: "It is known.", workaround: "", mayPromise: "", mustNotPromise: "a refund" };
  await tell(store, {
    ...told,
    issueId: "fees",
    kind: "register",
    payload: { ...entry, symptom: "the bill is higher", status: "active", expiresOn: "2026-03-10" },
  });
  await tell(store, {
    ...told,
    issueId: "dark",
    kind: "register",
    payload: { ...entry, symptom: "eyes hurt", status: "retired" },
  });
  await tell(store, {
    ...told,
    issueId: "dark",
    kind: "answer",
    payload: { question: "why_cause", answer: "nobody asked designers" },
  });
  await store.table(changeRows).write(
    ["price", "campaign"].map((id, nth) => ({
      id,
      tracker: "",
      kind: nth === 0 ? ("price" as const) : ("campaign" as const),
      at: nth === 0 ? "2026-01-29T00:00:00.000Z" : "2026-01-10T00:00:00.000Z",
      endsAt: null,
      title: `new ${id}`,
      description: "",
      url: "",
      version: "",
      platform: "",
      country: "",
      product: "",
      fixes: [],
      origin: "test",
      by: "",
      recordedAt: "2026-02-01T00:00:00.000Z",
      isRemoved: false,
    })),
    signal,
  );
});
afterAll(() => opened.close());

describe("beliefs", () => {
  it("count people, not mentions, cost before service before the rest; who says both counts in both", async () => {
    const rows = await ask(beliefs);
    expect(
      rows.map(({ topic, aspect: name, people, negative, positive }) => [
        topic,
        name,
        people,
        negative,
        positive,
      ]),
    ).toEqual([
      ["cost", "price", 2, 1, 2],
      ["cost", "fees", 1, 1, 0],
      ["service", "Staff", 1, 0, 1],
      ["other", "colours", 1, 0, 0],
    ]);
    expect(rows.map(({ net }) => net)).toEqual([0.3333, -1, 1, null]);
  });

  it("narrow by topic, people and time", async () => {
    const names = async (asked: Record<string, unknown>) =>
      (await ask(beliefs, asked)).map(({ aspect: name }) => name);
    expect(await names({ topic: "service,other" })).toEqual(["Staff", "colours"]);
    expect(await names({ least: 2 })).toEqual(["price"]);
    expect(await names({ to: "2026-02-02" })).toEqual(["price", "Staff"]);
    expect(await names({ tracker: "nobody" })).toEqual([]);
  });
});

describe("needs", () => {
  it("are issues people ask something in, by people who ask", async () => {
    expect(await ask(needs)).toMatchObject([
      { issue_id: "dark", people: 1, requests: 1, complainants: 0, example: "x:4", decision: "changing" },
      { issue_id: "fees", people: 1, requests: 1, complainants: 2, example: "x:3", decision: "will_not" },
    ]);
    expect((await ask(needs, { decision: "none" })).length).toBe(0);
  });
});

describe("causes", () => {
  it("are what people answered, else the closest change within four weeks, else unknown", async () => {
    const rows = await ask(causes, { tracker: "acme" });
    expect(
      rows.map(({ issue_id, origin, cause, change_id, lag_days }) => [
        issue_id,
        origin,
        cause,
        change_id,
        lag_days,
      ]),
    ).toEqual([
      ["fees", "candidate", "new price", "price", 3],
      ["dark", "answered", "nobody asked designers", "price", 7],
      ["old", "unknown", "", "", null],
    ]);
    expect((await ask(causes, { origin: "unknown" })).map(({ issue_id }) => issue_id)).toEqual(["old"]);
  });
});

describe("the agenda", () => {
  it("counts people who complained after the decision, by when they wrote, and says when that forces a review", async () => {
    const rows = await ask(agenda, { at: "2026-02-20" });
    expect(rows).toMatchObject([
      {
        issue_id: "dark",
        people_since: 1,
        is_forced: false,
        is_overdue: false,
        is_public: true,
        is_published: false,
      },
      { issue_id: "fees", people_since: 2, is_forced: true, is_overdue: false, review_at_voices: 2 },
    ]);
  });

  it("knows which reviews are overdue, and narrows", async () => {
    const ids = async (asked: Record<string, unknown>) =>
      (await ask(agenda, asked)).map(({ issue_id }) => issue_id);
    expect((await ask(agenda, { at: "2026-03-02", issue: "fees" }))[0]?.is_overdue).toBe(true);
    expect((await ask(agenda, { at: "2026-03-01", issue: "fees" }))[0]?.is_overdue).toBe(false);
    expect(await ids({ review: true, at: "2026-02-20" })).toEqual(["fees"]);
    expect(await ids({ review: false, at: "2026-02-20" })).toEqual(["dark"]);
    expect(await ids({ public: true })).toEqual(["dark"]);
    expect(await ids({ decision: "not_now" })).toEqual([]);
    expect(await ids({ tracker: "rival" })).toEqual([]);
  });
});

describe("the register of known issues", () => {
  it("shows active entries with what may and must not be promised", async () => {
    expect(await ask(knownIssues, { at: "2026-03-10" })).toMatchObject([
      { issue_id: "fees", must_not_promise: "a refund", is_expired: false, people: 2, decision: "will_not" },
    ]);
    expect((await ask(knownIssues, { at: "2026-03-11" }))[0]?.is_expired).toBe(true);
  });

  it("narrows by state, words and what ended", async () => {
    const ids = async (asked: Record<string, unknown>) =>
      (await ask(knownIssues, asked)).map(({ issue_id }) => issue_id);
    expect(await ids({ status: "retired" })).toEqual(["dark"]);
    expect(await ids({ status: "active,retired", q: "EYES" })).toEqual(["dark"]);
    expect(await ids({ q: "nothing of it" })).toEqual([]);
    expect(await ids({ expired: true, at: "2026-03-11" })).toEqual(["fees"]);
    expect(await ids({ expired: false, at: "2026-03-11" })).toEqual([]);
  });
});

describe("the profile of an issue", () => {
  it("counts people for each value, unknown ones left out", async () => {
    const rows = await ask(issueProfile, { tracker: "acme", issue: "fees" });
    expect(rows.find(({ dimension }) => dimension === "all")).toMatchObject({ voices: 2, mentions: 3 });
    const of = (wanted: string) =>
      rows
        .filter(({ dimension }) => dimension === wanted)
        .map(({ value, voices, examples }) => [value, voices, examples]);
    expect(of("aspect")).toEqual([
      ["fees", 1, ["x:3"]],
      ["price", 1, ["x:1", "x:2"]],
    ]);
    expect(of("stage_broke")).toEqual([["payment", 1, ["x:3"]]]);
    expect(of("stage_complained")).toEqual([]);
  });

  it("tells whom we answered and how soon", async () => {
    expect(await ask(issueAnswers, { tracker: "acme", issue: "fees" })).toMatchObject([
      {
        people: 2,
        reachable: 2,
        answered: 1,
        within_day: 0,
        median_s: 172_800,
        again: 0,
        reply_ids: ["x:6"],
        promised: 0,
      },
    ]);
    expect(await ask(issueAnswers, { tracker: "acme", issue: "no such" })).toMatchObject([
      { people: 0, mentions: 0, first_at: null, median_s: null, most_repeats: null },
    ]);
    expect(await ask(issueAnswers, { tracker: "acme", issue: "fees", to: "2026-02-04" })).toMatchObject([
      { people: 1, mentions: 2, days: 2, channels: 1, first_at: "2026-02-01T00:00:00.000Z", answered: 0 },
    ]);
    const early = await ask(issueProfile, { tracker: "acme", issue: "fees", to: "2026-02-03" });
    expect(early.find(({ dimension }) => dimension === "all")).toMatchObject({ voices: 1, mentions: 1 });
  });
});

describe("issues by rank", () => {
  /** Ten people rate 1 of one issue, ten rate 2 of a larger one, the others 4; one in three of the second say it again. */
  const rated = (issue: string | undefined, from: number, count: number, rating: number, again = false) =>
    Array.from({ length: count }, (_, nth) => ({
      nativeId: `r${from + nth}`,
      platform: "app_store",
      kind: "review" as const,
      product: "App",
      authorId: `rater ${from + nth}`,
      publishedAt: "2026-02-05T00:00:00.000Z",
      rating,
      ratingMax: 5,
      ...(issue === undefined ? {} : { issue }),
      ...(again
        ? { enrichment: { repetition: { isRepeated: true, count: 2, daysWaiting: null, evidence: [] } } }
        : {}),
    }));

  beforeAll(async () => {
    await hear(opened.store, "ranked", [
      ...rated("costly", 0, 12, 1),
      ...rated("many", 100, 10, 3),
      ...rated("many", 150, 5, 3, true),
      ...rated("few", 200, 3, 1),
      ...rated(undefined, 300, 20, 4),
    ]);
    for (const issueId of ["costly", "many", "few"])
      await judge(opened.store, { tracker: "ranked", issueId, title: issueId });
  });

  it("tells many, costly and unheard apart, and gives no rank to few people", async () => {
    const rows = await ask(issueRanks, { tracker: "ranked" });
    expect(rows).toMatchObject([
      { issue_id: "many", people: 15, volume_rank: 1, impact_rank: 2, repeated: 5, repeat_rank: 1 },
      { issue_id: "costly", people: 12, volume_rank: 2, impact_rank: 1, repeated: 0, repeat_rank: 2 },
      { issue_id: "few", people: 3, volume_rank: 3, cost: null, impact_rank: null, repeat_rank: null },
    ]);
    expect(rows[0]?.repeat_share).toBeCloseTo(1 / 3, 5);
    expect(await ask(issueRanks, { tracker: "ranked", to: "2026-02-01" })).toEqual([]);
  });

  it("costs what the measure of impact says", async () => {
    const [row] = (await ask(issueRanks, { tracker: "ranked" })).filter(
      ({ issue_id }) => issue_id === "costly",
    );
    const of = (count: number, rating: number, isOfIssue: boolean, who: string) =>
      Array.from({ length: count }, (_, nth) => ({ voice: `${who} ${nth}`, isOfIssue, rating }));
    const impact = measureImpact([
      ...of(12, 1, true, "costly"),
      ...of(15, 3, false, "many"),
      ...of(3, 1, false, "few"),
      ...of(20, 4, false, "praise"),
    ]);
    if ("refused" in impact) throw new Error(impact.refused);
    expect(row?.cost).toBeCloseTo(impact.cost, 5);
    expect(row?.rated).toBe(12);
  });
});
