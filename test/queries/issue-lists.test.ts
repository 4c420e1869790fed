import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Query } from "../../core/contracts.ts";
import { showSql } from "../../core/show-sql.ts";
import { foundIssues } from "../../queries/found-issues.ts";
import { isolatedCalls } from "../../queries/isolated-calls.ts";
import { issueCounts } from "../../queries/issue-counts.ts";
import { issues } from "../../queries/issues.ts";
import { singleVoices } from "../../queries/single-voices.ts";
import { voiceRegret } from "../../queries/voice-regret.ts";
import { issueEventRows } from "../../schemas/issue-rows.ts";
import type { IssueEvent } from "../../schemas/issue.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { aJudgement, storeIssues, storeJudgements } from "../support/issue-builders.ts";

let opened: TestStore;
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  opened = await openTestStore();
  await storeIssues(opened.store, { old: ["o"], fresh: ["f"], named: ["n"], loud: ["l"] }, [
    { nativeId: "old", cluster: "o", text: "The hotline hangs up on me" },
    { nativeId: "fresh", cluster: "f" },
  ]);
  await storeJudgements(opened.store, [
    aJudgement({ issueId: "old", quotes: ["x:old"], newestId: "x:old", firstAt: "2024-01-01T12:00:00.000Z" }),
    aJudgement({ issueId: "fresh", newestId: "x:fresh", firstAt: "2098-12-31T00:00:00.000Z" }),
    aJudgement({ issueId: "named", newestId: "x:deleted", firstAt: "2024-02-01T00:00:00.000Z" }),
    aJudgement({ issueId: "loud", verdict: "recurring", voices: 9 }),
    aJudgement({ issueId: "absorbed" }),
    aJudgement({ issueId: "emptied", mentions: 0 }),
  ]);
});
afterAll(() => opened.close());

let events = 0;

async function say(issueId: string, kind: IssueEvent["kind"], fields: Partial<IssueEvent> = {}) {
  const id = `e${++events}`;
  const at = `2026-03-02T10:00:${String(events).padStart(2, "0")}.000Z`;
  const event = { id, tracker: "acme", issueId, kind, payload: {}, undoes: "", note: "", by: "ann", at };
  await opened.store.table(issueEventRows).write([{ ...event, ...fields }], signal);
  return id;
}

async function ask<P extends z.ZodObject, R extends z.ZodObject>(query: Query<P, R>, asked: object = {}) {
  const statement = query.statement(query.params.parse(asked));
  const rows = await opened.reader.query(statement, query.row);
  // what is shown gives the same
  expect(await opened.reader.query({ sql: showSql(statement), params: {} }, query.row)).toEqual(rows);
  return rows;
}

describe("the list of issues", () => {
  it("leaves out what was merged into others or has no mention, and has it again once that is undone", async () => {
    const listed = async () => (await ask(issues)).map((row) => row.issue_id).sort();
    expect(await listed()).toEqual(["absorbed", "fresh", "loud", "named", "old"]);
    const merge = await say("absorbed", "merge", { payload: { into: "loud", clusters: [] } });
    expect(await listed()).toEqual(["fresh", "loud", "named", "old"]);
    const undo = await say("absorbed", "undo", { undoes: merge });
    expect(await listed()).toContain("absorbed");
    await say("absorbed", "merge", { payload: { into: "loud", clusters: [] } });
    expect(await listed()).not.toContain("absorbed");
    expect(undo).not.toBe(merge);
  });

  it("is counted by verdict as it is listed, whatever it is narrowed by", async () => {
    for (const narrowing of [{}, { tracker: "acme" }, { q: "a" }, { owner: "nobody" }]) {
      const listed = new Map<string, number>();
      for (const { verdict } of await ask(issues, narrowing))
        listed.set(verdict, (listed.get(verdict) ?? 0) + 1);
      const counted = (await ask(issueCounts, narrowing)).map(({ verdict, found }) => [verdict, found]);
      expect(counted).toEqual([...listed].sort());
    }
    expect((await ask(issueCounts)).length).toBeGreaterThan(1);
  });
});

describe("issues by the beginning of their ids", () => {
  it("are those of any tracker, judged or not, merged or not, the very id first", async () => {
    await storeIssues(opened.store, { older: ["x"], o_ld: ["y"] }, [{ nativeId: "z", cluster: "x" }], {
      tracker: "other",
    });
    expect(await ask(foundIssues, { id: "old" })).toEqual([
      { tracker: "acme", issue_id: "old", title: "about old" },
      { tracker: "other", issue_id: "older", title: "" },
    ]);
    expect(await ask(foundIssues, { id: "old", tracker: "other" })).toHaveLength(1);
    expect(await ask(foundIssues, { id: "absorb" })).toMatchObject([{ issue_id: "absorbed" }]);
    expect(await ask(foundIssues, { id: "%" })).toEqual([]);
  });
});

describe("the list of single voices", () => {
  it("has each with its quote, its owner and how long it waits, what is due first", async () => {
    await say("named", "own", { payload: { owner: "support" } });
    await say("named", "relook", { payload: { on: "2099-06-01" } });
    const rows = await ask(singleVoices);
    expect(rows).toMatchObject([
      {
        issue_id: "old",
        quote: "The hotline hangs up on me",
        platform: "x",
        owner: "",
        relook_on: "2024-01-31",
        is_due: true,
        found: 3,
        found_due: 1,
      },
      { issue_id: "fresh", quote_id: "x:fresh", relook_on: "2099-01-30", is_due: false, days_waiting: 0 },
      { issue_id: "named", quote: "", owner: "support", relook_on: "2099-06-01", is_due: false },
    ]);
    expect(rows[0]?.days_waiting).toBeGreaterThan(700);
  });

  it("narrows to an owner, to what is due, and to what was called isolated", async () => {
    const idsOf = async (asked: object) => (await ask(singleVoices, asked)).map((row) => row.issue_id);
    expect(await idsOf({ owner: "support" })).toEqual(["named"]);
    expect(await idsOf({ due: true })).toEqual(["old"]);
    expect(await idsOf({ due: false, limit: 1, offset: 1 })).toEqual(["named"]);
    await say("fresh", "isolate", {
      payload: { reason: "a typo", until: "2099-01-01", untilVoices: 3, voices: 1 },
    });
    expect(await idsOf({ isolated: "holds" })).toEqual(["fresh"]);
    expect(await idsOf({ isolated: "none" })).toEqual(["old", "named"]);
    expect(await idsOf({ tracker: "other" })).toEqual([]);
  });
});

describe("a voice of which no time is known", () => {
  it("is on the list of single voices, and due", async () => {
    await storeJudgements(opened.store, [
      aJudgement({ tracker: "undated", issueId: "when", verdict: "", firstAt: null, lastAt: null }),
    ]);
    expect(await ask(singleVoices, { tracker: "undated" })).toMatchObject([
      { issue_id: "when", first_at: null, relook_on: null, is_due: true, found_due: 1 },
    ]);
  });
});

describe("calls that an issue is isolated", () => {
  it("hold, expire, are overturned by people or recurrence, also of what it was merged into, or are undone", async () => {
    const call = { reason: "x", until: "2099-01-01", untilVoices: 3, voices: 1 };
    const named = await say("named", "isolate", { payload: { ...call, until: "2025-01-01" } });
    const old = await say("old", "isolate", { payload: call, by: "bob" });
    const loud = await say("loud", "isolate", { payload: call });
    const absorbed = await say("absorbed", "isolate", { payload: call });
    const undone = await say("old", "isolate", { payload: call });
    await say("old", "undo", { undoes: undone });
    const states = async () =>
      Object.fromEntries((await ask(isolatedCalls)).map((row) => [row.event, row.state]));
    expect(await states()).toMatchObject({
      [named]: "expired",
      [old]: "holds",
      [loud]: "overturned",
      [absorbed]: "overturned",
      [undone]: "undone",
    });
    const later = { issueId: "old", judgedAt: "2026-03-05T00:00:00.000Z" };
    await storeJudgements(opened.store, [aJudgement({ ...later, voices: 3, verdict: "watch" })]);
    expect(await states()).toMatchObject({ [old]: "holds" });
    const more = { issueId: "old", judgedAt: "2026-03-06T00:00:00.000Z" };
    await storeJudgements(opened.store, [aJudgement({ ...more, voices: 4, verdict: "watch" })]);
    expect(await states()).toMatchObject({ [old]: "overturned", [named]: "expired" });
    expect(await ask(isolatedCalls, { issue: "old", state: "overturned" })).toMatchObject([
      { event: old, by: "bob", reason: "x", voices_then: 1, voices_now: 4, until_voices: 3, came_back: 1 },
    ]);
    // the list of issues says the same of those it has
    const listed = Object.fromEntries((await ask(issues)).map((row) => [row.issue_id, row.isolated_call]));
    expect(listed).toMatchObject({ named: "expired", old: "overturned", loud: "overturned", fresh: "holds" });
  });
});

describe("a call that an issue is isolated", () => {
  it("is overturned by what its issue is part of now, however often that was merged on", async () => {
    const tracker = "merged";
    await storeIssues(opened.store, { c: ["ca", "cb", "cc"] }, [{ nativeId: "merged-a", cluster: "ca" }], {
      tracker,
    });
    await storeJudgements(
      opened.store,
      ["a", "b", "c"].map((issueId) =>
        aJudgement({ tracker, issueId, voices: issueId === "c" ? 9 : 0, mentions: issueId === "c" ? 9 : 0 }),
      ),
    );
    const call = { reason: "x", until: "2099-01-01", untilVoices: 3, voices: 1 };
    await say("a", "isolate", { tracker, payload: call });
    await say("a", "merge", { tracker, payload: { into: "b", clusters: ["ca"] } });
    await say("b", "merge", { tracker, payload: { into: "c", clusters: ["ca", "cb"] } });
    expect(await ask(isolatedCalls, { tracker })).toMatchObject([
      { issue_id: "a", title: "about c", voices_now: 9, state: "overturned" },
    ]);
  });
});

describe("the price of discounting a first voice", () => {
  it("is paid for a voice whose issue became part of another one", async () => {
    const tracker = "gamma";
    await storeIssues(
      opened.store,
      { grown: ["g1", "g2"], apart: ["p"] },
      [
        { nativeId: "first-voice", cluster: "g1" },
        { nativeId: "taken-out", cluster: "p" },
      ],
      { tracker },
    );
    const judged = (issueId: string, verdict: string, day: string, quote: string) =>
      aJudgement({ tracker, issueId, verdict, judgedAt: `2026-${day}T00:00:00.000Z`, quotes: [quote] });
    await storeJudgements(opened.store, [
      judged("absorbed", "single", "01-01", "x:first-voice"),
      judged("grown", "recurring", "01-21", "x:taken-out"),
    ]);
    expect(await ask(voiceRegret, { tracker })).toMatchObject([
      { recurring: 1, were_single: 1, max_days: 20, longest_issue: "grown" },
    ]);
  });

  it("is how many recurring issues were judged single or watch before, and how many days", async () => {
    const judged = (issueId: string, verdict: string, day: string) =>
      aJudgement({ tracker: "beta", issueId, verdict, judgedAt: `2026-${day}T00:00:00.000Z` });
    await storeJudgements(opened.store, [
      judged("slow", "single", "01-01"),
      judged("slow", "watch", "01-05"),
      judged("slow", "recurring", "01-31"),
      judged("slow", "single", "02-20"),
      judged("quick", "watch", "01-01"),
      judged("quick", "escalating", "01-03"),
      judged("quick", "recurring", "01-09"),
      judged("third", "single", "01-01"),
      judged("third", "recurring", "01-11"),
      judged("atonce", "recurring", "01-01"),
      judged("atonce", "single", "03-01"),
      judged("still", "single", "01-01"),
    ]);
    expect(await ask(voiceRegret, { tracker: "beta" })).toEqual([
      {
        tracker: "beta",
        recurring: 4,
        were_single: 3,
        share: 0.75,
        median_days: 10,
        max_days: 30,
        longest_issue: "slow",
      },
    ]);
    expect(await ask(voiceRegret, { tracker: "beta", from: "2026-01-20" })).toMatchObject([
      { recurring: 1, were_single: 1 },
    ]);
    expect(await ask(voiceRegret, { tracker: "beta", to: "2026-01-02" })).toMatchObject([
      { recurring: 1, were_single: 0, share: 0, median_days: null, max_days: null, longest_issue: "" },
    ]);
    expect((await ask(voiceRegret)).map((row) => row.tracker)).toEqual(["acme", "beta", "gamma"]);
  });
});
