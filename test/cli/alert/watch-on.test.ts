import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openVolumes } from "../../../cli/alert/volumes.ts";
import { openRule, openWatch, type AlertWatch, type WatchApp } from "../../../cli/alert/watch-rules.ts";
import type { AlertRule, RuleOf } from "../../../core/alerts/rules.ts";
import type { MentionFields } from "../../../core/contracts.ts";
import { EarshotError } from "../../../core/errors.ts";
import { lehmer } from "../../../processors/linear-model/shuffle.ts";
import { volumeBuckets } from "../../../queries/watch-volumes.ts";
import type { AlertEvent } from "../../../schemas/alert.ts";
import type { Enrichment } from "../../../schemas/enrichment.ts";
import { coverageRows, mentionRows, pollRows } from "../../../schemas/rows.ts";
import { anAlertApp, clearWatched } from "../../support/alert-app.ts";
import { aMention, anEnrichment, aPoll } from "../../support/builders.ts";
import { openTestStore, type TestStore } from "../../support/embedded-store.ts";
import { hear, judge } from "../../support/heard-issues.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-03-04T14:00:00Z");
const signal = new AbortController().signal;
const iso = (at: number) => new Date(at).toISOString();
const SAFETY = { threats: [{ kind: "safety" as const, span: null }] };
const PRAISE = { complaint: { isComplaint: false, confidence: 0.9, evidence: [] } };

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.close());
beforeEach(() => clearWatched(opened));

/** A watch whose clock is set. */
function watching(
  rules: readonly Record<string, unknown>[],
  more: Record<string, unknown> = {},
  changed: (app: WatchApp) => WatchApp = (app) => app,
) {
  const { app, clock } = anAlertApp(opened, NOW, rules, more);
  let watch: Promise<AlertWatch> | undefined;
  return async (...times: readonly number[]): Promise<AlertEvent[]> => {
    const events: AlertEvent[] = [];
    for (const now of times) {
      clock.now = now;
      events.push(...(await (await (watch ??= openWatch(changed(app)))).round(signal)));
    }
    return events;
  };
}

const kindsOf = (events: readonly AlertEvent[]) => events.map(({ kind }) => kind);

async function say(
  times: readonly number[],
  of: (nth: number) => Partial<MentionFields> & { source?: string } = () => ({}),
  read: (nth: number) => Partial<Enrichment> = () => ({}),
) {
  await opened.store.table(mentionRows).write(
    times.map((at, nth) => ({
      type: "upsert" as const,
      mention: aMention({ publishedAt: iso(at), observedAt: iso(at), ...of(nth) }),
      enrichment: anEnrichment(read(nth)),
    })),
    signal,
  );
}

const endanger = (at: string, authorId: string) =>
  hear(opened.store, "acme", [
    { issue: "fire", publishedAt: at, observedAt: at, authorId, enrichment: SAFETY },
  ]);

const within = (from: number, minutes: number, count: number) =>
  Array.from({ length: count }, (_, nth) => from + (nth * minutes * MINUTE) / count);

async function usualWeeks(until = NOW, perHour = 2): Promise<void> {
  const random = lehmer(3);
  await say(Array.from({ length: 21 * 24 * perHour }, () => until - random() * 21 * DAY));
}

const spike = { kind: "volume_spike", id: "spike", where: { complaint: true } };
const danger = { kind: "keyword_critical", id: "danger", severity: "critical" };

describe("watching on for days", () => {
  it("knows what is usual as well as one that begins to watch only now", async () => {
    await usualWeeks(NOW + 3 * DAY, 12);
    const volumesOf = () => {
      const { app } = anAlertApp(opened, NOW, [spike]);
      const [rule] = app.config.alerts.rules as readonly AlertRule[];
      return openVolumes({
        rule: rule as RuleOf<"volume_spike">,
        app,
        alerts: app.config.alerts,
        sources: [],
      });
    };
    const chosen = { least: 1, named: [] };
    const expectedOf = ({ chosen: [volume] }: Awaited<ReturnType<ReturnType<typeof volumesOf>["read"]>>) =>
      volume?.meter.copy().take(volume.recent[0]?.at ?? 0, 0).bucketExpected ?? 0;
    const long = volumesOf();
    for (let at = NOW; at < NOW + 3 * DAY; at += 5 * HOUR) await long.read(new Date(at), chosen);
    const watched = expectedOf(await long.read(new Date(NOW + 3 * DAY), chosen));
    const fresh = expectedOf(await volumesOf().read(new Date(NOW + 3 * DAY), chosen));
    expect(watched / fresh).toBeCloseTo(1, 1);
    const slept = volumesOf();
    await slept.read(new Date(NOW), chosen);
    expect(expectedOf(await slept.read(new Date(NOW + 3 * DAY), chosen)) / fresh).toBeCloseTo(1, 1);
  });

  it("fires for what comes a quarter of an hour late, bit by bit, and crosses the threshold barely", async () => {
    await usualWeeks();
    const at = watching([spike]);
    await at(NOW);
    const events: AlertEvent[] = [];
    for (let polled = 15; polled <= 180 && !kindsOf(events).includes("fired"); polled += 15) {
      await say(within(NOW + (polled - 15) * MINUTE, 15, 5), (nth) => ({ authorId: `p${polled} ${nth}` }));
      for (const minutes of [0, 0.1, 5, 5.1, 10, 10.1])
        events.push(...(await at(NOW + (polled + minutes) * MINUTE)));
    }
    const fired = events.filter(({ kind }) => kind === "fired");
    expect(fired).toHaveLength(1);
    expect(fired[0]?.score).toBeLessThan(2);
  });

  it("raises the same alert whether it looks all the time or once", async () => {
    await usualWeeks();
    await say(within(NOW, 240, 84), (nth) => ({ authorId: `p${nth}` }));
    const at = watching([spike]);
    const live: AlertEvent[] = [];
    for (
      let look = NOW + 90 * MINUTE;
      !kindsOf(live).includes("fired") && look < NOW + 4 * HOUR;
      look += 5 * MINUTE
    ) {
      live.push(...(await at(look, look + 12_000)));
    }
    await opened.store.command("TRUNCATE TABLE alert_event_rows");
    const once = await watching([spike])(NOW + 225 * MINUTE);
    const firedOf = (events: readonly AlertEvent[]) =>
      events.filter(({ kind }) => kind === "fired").map(({ alertId }) => alertId);
    expect(firedOf(once)).toHaveLength(1);
    expect(firedOf(live)).toEqual(firedOf(once));
  });

  it("ends alerts of rules that are no longer watched, and those nobody speaks of any more", async () => {
    await endanger(iso(NOW - MINUTE), "a");
    expect(kindsOf(await watching([danger])(NOW))).toEqual(["pending", "fired"]);
    const forgotten = watching([danger]);
    expect(kindsOf(await forgotten(NOW + HOUR, NOW + 26 * HOUR, NOW + 28 * HOUR))).toEqual(["resolved"]);
    await endanger(iso(NOW + 40 * HOUR), "b");
    expect(kindsOf(await forgotten(NOW + 40 * HOUR + MINUTE))).toEqual(["pending", "fired"]);
    expect(kindsOf(await watching([spike])(NOW + 41 * HOUR, NOW + 42 * HOUR))).toEqual(["resolved"]);
  });

  it("ends an alert of counts after a night in which nobody watched", async () => {
    await usualWeeks();
    await say(within(NOW, 8, 60), (nth) => ({ authorId: `p${nth}` }));
    const byPlatform = { ...spike, by: ["tracker", "platform", "country"] };
    expect(kindsOf(await watching([byPlatform])(NOW + 8 * MINUTE))).toContain("fired");
    await opened.store.command("TRUNCATE TABLE mention_rows");
    expect(kindsOf(await watching([byPlatform])(NOW + 10 * HOUR))).toEqual(["resolved"]);
  });

  it("goes on where the store answers and one rule takes too long", async () => {
    await endanger(iso(NOW - MINUTE), "a");
    const tooLong = (app: WatchApp): WatchApp => ({
      ...app,
      ask: async (query, params) => {
        if (query.name === volumeBuckets.name)
          throw new EarshotError("sink_unavailable", "Timeout exceeded.");
        return await app.ask(query, params);
      },
    });
    expect(kindsOf(await watching([spike, danger], {}, tooLong)(NOW))).toEqual(["pending", "fired"]);
  });
});

describe("counting people and places", () => {
  it("counts what a pushed source brings while the polled ones are not heard", async () => {
    await usualWeeks();
    const sources = [{ type: "rss", id: "feed", url: "https://feed.example/", trackers: ["acme"] }];
    await opened.store
      .table(coverageRows)
      .write([{ source: "feed", hour: iso(NOW), state: "none", reason: "", recordedAt: iso(NOW) }], signal);
    await say(within(NOW, 20, 90), (nth) => ({ authorId: `p${nth}` }));
    expect(kindsOf(await watching([spike], { sources })(NOW + 20 * MINUTE))).toContain("fired");
  });

  it("takes what is planned in one country for no excuse of all others", async () => {
    await usualWeeks();
    const launch = { from: iso(NOW - HOUR), to: iso(NOW + DAY), multiplyExpected: 50, reason: "launch" };
    await say(within(NOW, 8, 60), (nth) => ({ authorId: `p${nth}`, country: "DE" }));
    const planned = (match: object, more: object = {}) =>
      watching([], { alerts: { rules: [{ ...spike, ...more }], calendar: [{ ...launch, match }] } })(
        NOW + 8 * MINUTE,
      );
    expect(await planned({ country: "DE" }, { by: ["tracker", "country"] })).toEqual([]);
    expect(kindsOf(await planned({ country: "FR" }))).toContain("fired");
  });

  it("does not take one who complains a hundred times for a larger share", async () => {
    const share = { kind: "share_shift", id: "share", minCount: 30 };
    const usual = within(NOW - 14 * DAY, 13 * 24 * 60, 300);
    await say(
      usual,
      (nth) => ({ authorId: `u${nth}` }),
      (nth) => (nth % 5 === 0 ? {} : PRAISE),
    );
    const now = within(NOW - 10 * HOUR, 500, 160);
    await say(
      now,
      (nth) => ({ authorId: nth < 100 ? "angry" : `n${nth}` }),
      (nth) => (nth < 100 ? {} : PRAISE),
    );
    expect(await watching([share])(NOW)).toEqual([]);
  });

  it("hears the second who tells of danger, though it was published before the first and came after", async () => {
    const tell = (nth: number) => endanger(iso(NOW - nth * MINUTE), `a${nth}`);
    await tell(1);
    const at = watching([danger]);
    await at(NOW);
    await tell(5);
    expect(kindsOf(await at(NOW + MINUTE))).toEqual(["escalated"]);
  });

  it("tells of a post that spreads, not of everybody who passes it on", async () => {
    const spreading = (nativeId: string, more: Partial<MentionFields>) =>
      say([NOW - HOUR], () => ({
        nativeId,
        authorId: nativeId,
        engagement: { likes: null, replies: null, shares: 900, views: null },
        ...more,
      }));
    await spreading("original", { text: "It burns" });
    await spreading("passed-on", { text: "RT @loud: It burns", amplifiesId: "x:original" });
    const events = await watching([{ kind: "post_spread", id: "viral" }])(NOW);
    expect(events.filter(({ kind }) => kind === "fired").map(({ groupValues }) => groupValues)).toEqual([
      { mention: "x:original" },
    ]);
    const later = NOW + 3 * DAY;
    expect(kindsOf(await watching([{ kind: "post_spread", id: "viral" }])(later, later + 2 * HOUR))).toEqual([
      "resolved",
    ]);
  });

  it("takes no issue for new that was there before anybody listened", async () => {
    const heard = Array.from({ length: 6 }, (_, nth) => ({
      issue: "old",
      publishedAt: iso(NOW - 2 * DAY + nth * HOUR),
      observedAt: iso(NOW - MINUTE),
      authorId: `p${nth}`,
    }));
    await hear(opened.store, "acme", heard);
    const said = { tracker: "acme", voices: 6, mentions: 6, lastAt: iso(NOW - DAY), judgedAt: iso(NOW) };
    await judge(opened.store, { ...said, issueId: "old", firstAt: iso(NOW - 2 * DAY) });
    await judge(opened.store, { ...said, issueId: "born", firstAt: iso(NOW), lastAt: iso(NOW + HOUR) });
    const events = await watching([{ kind: "issue_new", id: "new" }])(NOW + 2 * HOUR);
    expect(events.map(({ kind, issueId }) => [kind, issueId])).toEqual([
      ["pending", "born"],
      ["fired", "born"],
    ]);
  });
});

describe("watching for silence", () => {
  const silent = { kind: "source_silent", id: "silent" };
  const sources = [{ type: "rss", id: "feed", url: "https://feed.example/", trackers: ["acme"] }];
  const poll = (at: number, fields: Partial<Parameters<typeof aPoll>[0]>) =>
    opened.store
      .table(pollRows)
      .write([aPoll({ source: "feed", at: iso(at), heardUntil: iso(at), ...fields })], signal);

  it("lets a source that is asked once a day be, until it is not asked when it should be", async () => {
    await poll(NOW, { nextPollAt: iso(NOW + DAY) });
    const at = watching([silent], { sources });
    expect(await at(NOW + 5 * HOUR, NOW + 23 * HOUR)).toEqual([]);
    expect(kindsOf(await at(NOW + DAY + HOUR))).toEqual(["pending", "fired"]);
  });

  it("tells of a source that is not heard twice at most, and never as critical", async () => {
    await poll(NOW, {});
    await poll(NOW + 5 * MINUTE, {
      outcome: "failed",
      code: "source_unavailable",
      heardUntil: iso(NOW),
      failures: 3,
    });
    const at = watching([silent], { sources });
    const hours = [1, 2, 3, 5, 9, 17, 33].map((hour) => NOW + hour * HOUR);
    const told = (await at(...hours)).filter(
      ({ kind, groupValues }) => groupValues["source"] === "feed" && ["fired", "escalated"].includes(kind),
    );
    expect(told.map(({ severity }) => severity)).toEqual(["warning", "high"]);
  });

  it("knows that a source pauses by night, and tells when it does so for longer than ever", async () => {
    const days = Array.from({ length: 20 }, (_, nth) => NOW - (nth + 1) * DAY);
    await say(
      days.flatMap((day) => within(day, 10 * 60, 30)),
      () => ({ source: "feed" }),
    );
    await opened.store.command("TRUNCATE TABLE coverage_rows");
    const last = NOW - 14 * HOUR;
    const at = watching([silent], { sources });
    await poll(last + 9 * HOUR, {});
    expect(await at(last + 9 * HOUR)).toEqual([]);
    await poll(last + 40 * HOUR, {});
    expect(kindsOf(await at(last + 40 * HOUR))).toEqual(["pending", "fired"]);
  });

  it("takes no quiet night for a drop", async () => {
    // nights are so quiet that the hours of the day are not learned in a week
    const nights = Array.from({ length: 8 }, (_, nth) => Date.parse("2026-03-12T00:00:00Z") - nth * DAY);
    await say(
      nights.flatMap((night) => [...within(night, 6 * 60, 6), ...within(night - 18 * HOUR, 1_080, 540)]),
    );
    const { app } = anAlertApp(opened, NOW, [{ kind: "volume_drop", id: "quiet" }]);
    const [rule] = app.config.alerts.rules as readonly AlertRule[];
    const night = Date.parse("2026-03-12T06:10:00Z");
    const [quiet] = await openRule(rule as AlertRule, app).measure(new Date(night), new Set());
    expect(quiet?.readings[0]?.score).toBeLessThan(1);
    const [noon] = await openRule(rule as AlertRule, app).measure(new Date(night + 8 * HOUR), new Set());
    expect(noon?.readings[0]?.score).toBeGreaterThan(1);
  });
});
