import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWatch, type AlertWatch } from "../../../cli/alert/watch-rules.ts";
import type { AlertRule } from "../../../core/alerts/rules.ts";
import { lehmer } from "../../../processors/linear-model/shuffle.ts";
import type { AlertEvent } from "../../../schemas/alert.ts";
import { coverageRows, mentionRows } from "../../../schemas/rows.ts";
import type { StoredEvent } from "../../../schemas/stored-event.ts";
import { anAlertApp, clearWatched } from "../../support/alert-app.ts";
import { aMention, anEnrichment } from "../../support/builders.ts";
import { openTestStore, type TestStore } from "../../support/embedded-store.ts";
import { hear, judge } from "../../support/heard-issues.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-03-01T14:00:00Z");
const signal = new AbortController().signal;
const iso = (at: number) => new Date(at).toISOString();

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());
beforeEach(() => clearWatched(opened));

/** A watch whose clock is set, over rules as somebody may write them. */
function watching(rules: readonly Record<string, unknown>[], more: Record<string, unknown> = {}) {
  const { app, clock } = anAlertApp(opened, NOW, rules, more);
  let watch: Promise<AlertWatch> | undefined;
  return {
    /** What comes of looking at a time. */
    at: async (now: number): Promise<AlertEvent[]> => {
      clock.now = now;
      return [...(await (await (watch ??= openWatch(app))).round(signal))];
    },
    restart: () => (watch = undefined),
    rules: app.config.alerts.rules as readonly AlertRule[],
  };
}

const kindsOf = (events: readonly AlertEvent[]) => events.map(({ kind }) => kind);

/** Complaints published at some times, by some people. */
async function complain(times: readonly number[], personOf: (nth: number) => string, more: object = {}) {
  const events = times.map((at, nth): StoredEvent => {
    const mention = aMention({ publishedAt: iso(at), observedAt: iso(at), authorId: personOf(nth), ...more });
    return { type: "upsert", mention, enrichment: anEnrichment() };
  });
  await opened.store.table(mentionRows).write(events, signal);
  return events;
}

/** Three weeks with about two complaints an hour. */
async function usualWeeks(until = NOW): Promise<void> {
  const random = lehmer(3);
  const times = Array.from({ length: 21 * 24 * 2 }, () => until - HOUR - random() * 21 * DAY);
  await complain(times, (nth) => `usual-${nth}`);
}

const spike = { kind: "volume_spike", id: "spike", where: { complaint: true } };
const within = (from: number, minutes: number, count: number) =>
  Array.from({ length: count }, (_, nth) => from + (nth * minutes * MINUTE) / count);

describe("watching how much is said", () => {
  it("fires when far more people complain than is usual, within a minute of the one that crosses it", async () => {
    await usualWeeks();
    const { at } = watching([spike]);
    expect(await at(NOW)).toEqual([]);
    await complain(within(NOW, 8, 60), (nth) => `person-${nth}`);
    const events = [...(await at(NOW + 4 * MINUTE)), ...(await at(NOW + 8 * MINUTE))];
    expect(kindsOf(events)).toEqual(["pending", "fired"]);
    const fired = events[1];
    expect(fired).toMatchObject({ tracker: "acme", rule: "spike", by: "" });
    expect(fired?.payload).toMatchObject({
      mentions: expect.any(Number) as number,
      voices: expect.any(Number) as number,
    });
    expect(String(fired?.payload["sentence"])).toMatch(
      /^\d+ complaints by \d+ people in an hour, \d+\.\d times the [1-9] usual then$/,
    );
  });

  it("counts people: one who writes sixty times is none of its business", async () => {
    await usualWeeks();
    const { at } = watching([spike]);
    await complain(within(NOW, 8, 60), () => "angry");
    expect([...(await at(NOW + 4 * MINUTE)), ...(await at(NOW + 20 * MINUTE))]).toEqual([]);
  });

  it("is over when it stays quiet, and says so once", async () => {
    await usualWeeks();
    const { at } = watching([spike]);
    await complain(within(NOW, 8, 60), (nth) => `person-${nth}`);
    await at(NOW + 8 * MINUTE);
    const later: AlertEvent[] = [];
    for (let minutes = 15; minutes <= 300; minutes += 5) later.push(...(await at(NOW + minutes * MINUTE)));
    expect(kindsOf(later)).toEqual(["resolved"]);
  });

  it("says nothing again after a restart, nor when everything is stored again", async () => {
    await usualWeeks();
    const { at, restart } = watching([spike]);
    const events = await complain(within(NOW, 8, 60), (nth) => `person-${nth}`);
    const fired = await at(NOW + 8 * MINUTE);
    expect(kindsOf(fired)).toContain("fired");
    restart();
    await opened.store.table(mentionRows).write(events, signal);
    expect(await at(NOW + 8 * MINUTE + 5_000)).toEqual([]);
    const again = watching([spike]);
    await opened.store.command("TRUNCATE TABLE alert_event_rows");
    const replayed = await again.at(NOW + 8 * MINUTE);
    expect(replayed.map(({ alertId, kind }) => [alertId, kind])).toEqual(
      fired.map(({ alertId, kind }) => [alertId, kind]),
    );
  });

  it("opens nothing for an old crisis that is imported, but for one that comes an hour late", async () => {
    await usualWeeks();
    const { at } = watching([spike]);
    await at(NOW);
    await complain(within(NOW - 30 * HOUR, 30, 120), (nth) => `imported-${nth}`);
    expect(await at(NOW + 6 * MINUTE)).toEqual([]);
    await complain(within(NOW - 90 * MINUTE, 30, 120), (nth) => `late-${nth}`);
    const late = await at(NOW + 12 * MINUTE);
    expect(kindsOf(late)).toContain("fired");
    expect(Date.parse(late[0]?.at ?? "")).toBeLessThan(NOW - 30 * MINUTE);
  });

  it("does not take the end of an outage for a burst", async () => {
    const sources = [{ type: "rss", id: "feed", url: "https://feed.example/", trackers: ["acme"] }];
    const random = lehmer(3);
    const heard = Array.from({ length: 21 * 24 * 6 }, () => NOW - random() * 21 * DAY);
    const [from, to] = [NOW - 60 * HOUR, NOW - 2 * HOUR];
    await complain(
      heard.filter((one) => one < from || one > to),
      (nth) => `usual-${nth}`,
    );
    const hours = Array.from({ length: 21 * 24 }, (_, nth) => Math.floor((NOW - nth * HOUR) / HOUR) * HOUR);
    await opened.store.table(coverageRows).write(
      hours.map((hour) => ({
        source: "feed",
        hour: iso(hour),
        state: hour >= from && hour < to ? ("none" as const) : ("complete" as const),
        reason: "",
        recordedAt: iso(NOW),
      })),
      signal,
    );
    const { at } = watching([{ ...spike, minCount: 3, minAuthors: 2 }], { sources });
    expect(await at(NOW)).toEqual([]);
  });

  it("leaves what is planned alone, by the calendar", async () => {
    await usualWeeks();
    const calendar = [
      {
        match: { tracker: "acme" },
        from: iso(NOW - HOUR),
        to: iso(NOW + HOUR),
        multiplyExpected: 50,
        reason: "launch",
      },
    ];
    await complain(within(NOW, 8, 60), (nth) => `person-${nth}`);
    const quiet = watching([], { alerts: { rules: [spike], calendar } });
    expect(await quiet.at(NOW + 8 * MINUTE)).toEqual([]);
  });

  it("knows nothing usual yet: then it takes many, and many times what others have", async () => {
    await complain(within(NOW - 20 * HOUR, 20 * 60, 40), (nth) => `usual-${nth}`);
    const { at } = watching([spike]);
    await complain(within(NOW, 8, 29), (nth) => `person-${nth}`);
    expect(await at(NOW + 8 * MINUTE)).toEqual([]);
    await complain(within(NOW + 9 * MINUTE, 5, 60), (nth) => `other-${nth}`);
    const events = [
      ...(await at(NOW + 14 * MINUTE)),
      ...(await at(NOW + 20 * MINUTE)),
      ...(await at(NOW + 25 * MINUTE)),
    ];
    expect(kindsOf(events)).toContain("fired");
  });

  it("says when far less is said though everything was listened to", async () => {
    await usualWeeks(NOW - 15 * HOUR);
    const drop = { kind: "volume_drop", id: "quiet", windowHours: 16, minExpected: 10 };
    const events = await watching([drop]).at(NOW);
    expect(kindsOf(events)).toEqual(["pending", "fired"]);
    expect(String(events[1]?.payload["sentence"])).toMatch(/^\d+ mentions in 16 hours, where \d+ are usual$/);
  });

  it("says when a larger share complains, whatever the volume", async () => {
    const share = { kind: "share_shift", id: "share", minCount: 30 };
    const praised = (at: number, nth: number, isComplaint: boolean): StoredEvent => ({
      type: "upsert",
      mention: aMention({ publishedAt: iso(at), observedAt: iso(at), authorId: `share-${nth}` }),
      enrichment: anEnrichment({ complaint: { isComplaint, confidence: 0.9, evidence: [] } }),
    });
    const before = within(NOW - 14 * DAY, 13 * 24 * 60, 400).map((at, nth) =>
      praised(at, nth, nth % 5 === 0),
    );
    await opened.store.table(mentionRows).write(before, signal);
    const { at } = watching([share]);
    const usual = within(NOW - 20 * HOUR, 600, 40).map((when, nth) =>
      praised(when, 1_000 + nth, nth % 5 === 0),
    );
    await opened.store.table(mentionRows).write(usual, signal);
    expect(await at(NOW)).toEqual([]);
    const worse = within(NOW, 60, 60).map((when, nth) => praised(when, 2_000 + nth, nth % 5 !== 0));
    await opened.store.table(mentionRows).write(worse, signal);
    expect(kindsOf(await at(NOW + 61 * MINUTE))).toEqual(["pending", "fired"]);
  });
});

describe("watching single mentions", () => {
  const danger = { kind: "keyword_critical", id: "danger", severity: "critical" };

  it("tells at once of danger one person tells of, once for an issue", async () => {
    const threats = [{ kind: "safety" as const, span: null }];
    await hear(opened.store, "acme", [
      { issue: "fire", publishedAt: iso(NOW - MINUTE), authorId: "a", enrichment: { threats } },
    ]);
    const { at } = watching([danger]);
    const events = await at(NOW);
    expect(kindsOf(events)).toEqual(["pending", "fired"]);
    expect(events[1]).toMatchObject({
      severity: "critical",
      issueId: "fire",
      payload: { sentence: "1 person tells of danger" },
    });
    expect(await at(NOW + MINUTE)).toEqual([]);
    await hear(opened.store, "acme", [
      { issue: "fire", publishedAt: iso(NOW + MINUTE), authorId: "b", enrichment: { threats } },
    ]);
    expect(kindsOf(await at(NOW + 2 * MINUTE))).toEqual(["escalated"]);
  });

  it("is told once of danger that was put into an issue only later", async () => {
    const threats = [{ kind: "safety" as const, span: null }];
    const one = { nativeId: "late", publishedAt: iso(NOW - MINUTE), authorId: "a", enrichment: { threats } };
    await hear(opened.store, "acme", [one]);
    const { at } = watching([danger]);
    const [, fired] = await at(NOW + 5 * MINUTE);
    expect(fired).toMatchObject({ kind: "fired", issueId: "", groupValues: { threat: "safety" } });
    await hear(opened.store, "acme", [{ ...one, issue: "fire" }]);
    expect(await at(NOW + 6 * MINUTE)).toEqual([]);
    await hear(opened.store, "acme", [
      { issue: "fire", publishedAt: iso(NOW + 6 * MINUTE), authorId: "b", enrichment: { threats } },
    ]);
    const [, other] = await at(NOW + 7 * MINUTE);
    expect(other).toMatchObject({ kind: "fired", issueId: "fire" });
  });

  it("tells of the words somebody watches for", async () => {
    const { at } = watching([{ ...danger, query: 'recall* OR "product liability"' }]);
    await complain([NOW - MINUTE], () => "a", { text: "Will this toaster be recalled?" });
    await complain([NOW - MINUTE], () => "b", { text: "I recognise nothing here" });
    const events = [...(await at(NOW)), ...(await at(NOW + 5 * MINUTE))];
    expect(kindsOf(events)).toEqual(["pending", "fired"]);
  });

  it("tells of a complaint that will be shared very often, before it is", async () => {
    const fired = await spread("spreads", "loud", NOW - HOUR);
    expect(fired?.groupValues).toEqual({ mention: "x:spreads" });
    expect(fired?.payload["shares"]).toBeLessThan(400);
    expect(String(fired?.payload["forecast"])).toMatch(/^will pass 500 shares/);
  });

  it("tells sooner of who complains again, until somebody of us has answered", async () => {
    await complain([NOW - 30 * DAY], () => "again");
    const unanswered = await spread("again-1", "again", NOW - HOUR);
    expect(String(unanswered?.payload["forecast"])).toMatch(/^will pass 300 shares/);
    expect(unanswered?.payload["reasons"]).toEqual([
      "nobody of us has answered it yet",
      "its author has complained before",
    ]);
    const answer = aMention({
      nativeId: "answer",
      parentId: "x:again-2",
      byUs: true,
      publishedAt: iso(NOW - HOUR + MINUTE),
    });
    await opened.store
      .table(mentionRows)
      .write([{ type: "upsert", mention: answer, enrichment: anEnrichment() }], signal);
    const answered = await spread("again-2", "again", NOW - HOUR);
    expect(answered?.payload["shares"]).toBeGreaterThan(Number(unanswered?.payload["shares"]));
    expect(String(answered?.payload["forecast"])).toMatch(/^will pass 500 shares/);
  });

  /** Lets a post be shared ever more often, and looks each time; gives what fired of it. */
  async function spread(
    nativeId: string,
    authorId: string,
    published: number,
  ): Promise<AlertEvent | undefined> {
    const { at } = watching([{ kind: "post_spread", id: "viral" }]);
    for (const [minutes, shares] of [
      [10, 8],
      [20, 60],
      [24, 90],
      [26, 115],
      [28, 145],
      [30, 180],
      [32, 210],
      [34, 240],
      [40, 320],
      [50, 480],
    ] as const) {
      const mention = aMention({
        nativeId,
        authorId,
        publishedAt: iso(published),
        observedAt: iso(published + minutes * MINUTE),
        engagement: { likes: null, replies: null, shares, views: null },
      });
      await opened.store
        .table(mentionRows)
        .write([{ type: "upsert", mention, enrichment: anEnrichment() }], signal);
      const events = await at(published + minutes * MINUTE + 5_000);
      const fired = events.find(
        ({ kind, groupValues }) => kind === "fired" && groupValues["mention"] === `x:${nativeId}`,
      );
      if (fired !== undefined) return fired;
    }
    return undefined;
  }
});

describe("watching who says it", () => {
  it("tells at once what is said to very many, shared or not", async () => {
    const { at } = watching([{ kind: "post_spread", id: "viral" }]);
    await complain([NOW - MINUTE], () => "small", { authorFollowers: 99_999 });
    expect(await at(NOW)).toEqual([]);
    await complain([NOW], () => "large", { authorFollowers: 250_000 });
    const events = await at(NOW + MINUTE);
    expect(kindsOf(events)).toEqual(["pending", "fired"]);
    expect(events[1]).toMatchObject({
      severity: "high",
      payload: { sentence: "said on x to 250,000 followers" },
    });
  });
});

describe("watching issues and sources", () => {
  it("tells of an issue that escalates and of one that is new, and that it is over", async () => {
    await hear(
      opened.store,
      "acme",
      Array.from({ length: 6 }, (_, nth) => ({
        issue: "login",
        // the first of them long ago: so long it has been listened
        publishedAt: iso(NOW - (nth === 0 ? 2 * DAY : HOUR) + nth * MINUTE),
        observedAt: iso(NOW - (nth === 0 ? 2 * DAY : HOUR) + nth * MINUTE),
        authorId: `p${nth}`,
      })),
    );
    const said = {
      issueId: "login",
      tracker: "acme",
      voices: 6,
      mentions: 6,
      firstAt: iso(NOW - DAY),
      lastAt: iso(NOW - HOUR),
    };
    await judge(opened.store, {
      ...said,
      judgedAt: iso(NOW - MINUTE),
      verdict: "escalating",
      reason: "escalating: 6 people",
    });
    const { at } = watching([
      { kind: "issue_escalating", id: "escalates" },
      { kind: "issue_new", id: "new" },
    ]);
    const events = await at(NOW);
    expect(events.filter(({ kind }) => kind === "fired").map(({ rule }) => rule)).toEqual([
      "escalates",
      "new",
    ]);
    await judge(opened.store, {
      ...said,
      verdict: "recurring",
      judgedAt: iso(NOW + HOUR),
      firstAt: iso(NOW - 9 * DAY),
    });
    const later = [...(await at(NOW + HOUR)), ...(await at(NOW + 3 * HOUR))];
    expect(kindsOf(later)).toEqual(["resolved", "resolved"]);
  });

  it("goes on with the other rules where one cannot be watched", async () => {
    const threats = [{ kind: "safety" as const, span: null }];
    await hear(opened.store, "acme", [{ issue: "fire", publishedAt: iso(NOW), enrichment: { threats } }]);
    await opened.store.command("RENAME TABLE issue_rows TO issue_rows_away");
    try {
      const events = await watching([
        { kind: "issue_new", id: "new" },
        { kind: "keyword_critical", id: "danger" },
      ]).at(NOW + MINUTE);
      expect(events.map(({ rule }) => rule)).toEqual(["danger", "danger"]);
    } finally {
      await opened.store.command("RENAME TABLE issue_rows_away TO issue_rows");
    }
  });
});
