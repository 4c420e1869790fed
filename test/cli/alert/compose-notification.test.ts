import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeNotification, type Composing } from "../../../cli/alert/compose-notification.ts";
import { chooseQuotes, masked } from "../../../cli/alert/compose-quotes.ts";
import type { App } from "../../../cli/app.ts";
import { storiesOf, storyOf } from "../../../core/alerts/plan-deliveries/story.ts";
import type { Telling } from "../../../core/alerts/plan-deliveries/telling.ts";
import type { MentionFields } from "../../../core/contracts.ts";
import { coverageRows, mentionRows, pollRows } from "../../../schemas/rows.ts";
import { issueAssignmentRows, issueClusterRows, issueEventRows } from "../../../schemas/issue-rows.ts";
import type { AlertEvent } from "../../../schemas/alert.ts";
import { Notification } from "../../../schemas/notification.ts";
import { anAlert, anAlertEvent } from "../../support/alert-builders.ts";
import { aMention, anAssignment, anEnrichment, aPoll } from "../../support/builders.ts";
import { openTestStore, type TestStore } from "../../support/embedded-store.ts";
import { aJudgement, storeJudgements } from "../../support/issue-builders.ts";
import { HOSTILE_TEXT } from "../../support/notification-builder.ts";

const NOW = new Date("2026-03-02T10:00:00.000Z");
const signal = AbortSignal.timeout(60_000);
let opened: TestStore;
const ask: App["ask"] = (query, params) => opened.store.query(query.statement(params), query.row);

const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000).toISOString();

/** A complaint about parcels of Acme; its author is named after it. */
function complaint(nativeId: string, fields: Partial<MentionFields> = {}) {
  const mention = aMention({
    nativeId,
    authorId: `author-${nativeId}`,
    authorHandle: `${nativeId}-handle`,
    text: `Complaint ${nativeId} about a wet parcel`,
    url: `https://x.example/${nativeId}`,
    publishedAt: at(-30),
    country: "DE",
    ...fields,
  });
  return { type: "upsert" as const, mention, enrichment: anEnrichment() };
}

beforeAll(async () => {
  opened = await openTestStore();
  const { store } = opened;
  const ours = { byUs: true, authorId: "acme", authorHandle: "acme", text: "We will call you on Friday." };
  await store.table(mentionRows).write(
    [
      complaint("loud", {
        engagement: { likes: 1, replies: 0, shares: 320, views: null },
        authorFollowers: 41_000,
        threadId: "t1",
      }),
      complaint("copied", { text: "complaint LOUD about a wet parcel!!", publishedAt: at(-29) }),
      complaint("typical", { publishedAt: at(-40), version: "5.2" }),
      complaint("newest", {
        text: HOSTILE_TEXT.slice(0, 900),
        publishedAt: at(-1),
        url: "https://x.example/n",
      }),
      complaint("repeats", { publishedAt: at(-2) }),
      complaint("gone", {
        publishedAt: at(-3),
        engagement: { likes: 0, replies: 0, shares: 999, views: null },
        text: "What was deleted",
      }),
      complaint("elsewhere", { trackers: ["other"], text: "About another brand" }),
      // what these people said before, and what they were told
      complaint("before1", { authorId: "author-loud", publishedAt: "2026-02-03T09:00:00.000Z" }),
      complaint("before2", { authorId: "author-typical", publishedAt: "2026-02-10T09:00:00.000Z" }),
      complaint("answer1", { ...ours, parentId: "x:before1", publishedAt: "2026-02-04T09:00:00.000Z" }),
      complaint("answer2", { ...ours, parentId: "x:loud", threadId: "t1", publishedAt: at(-5) }),
    ],
    signal,
  );
  await store.table(mentionRows).write(
    [
      {
        type: "delete",
        id: "x:gone",
        source: "test",
        trackers: ["acme"],
        reason: "gone",
        observedAt: at(-1),
      },
    ],
    signal,
  );
  const members = ["loud", "copied", "typical", "newest", "repeats", "before1", "gone"];
  await store.table(issueAssignmentRows).write(
    members.map((name) =>
      anAssignment({
        mentionId: `x:${name}`,
        ...(name === "repeats" ? { copyOf: "x:loud", copyBy: "repost" as const } : {}),
      }),
    ),
    signal,
  );
  await store
    .table(issueClusterRows)
    .write([{ tracker: "acme", clusterId: "cluster", issueId: "wet", by: "", at: at(-60) }], signal);
  await storeJudgements(store, [
    aJudgement({ issueId: "wet", title: "Parcels left in the rain", quotes: ["x:typical", "x:gone"] }),
  ]);
  await store.table(issueEventRows).write(
    [
      {
        id: "r1",
        tracker: "acme",
        issueId: "wet",
        kind: "register",
        payload: {
          status: "active",
          symptom: "wet",
          wording: "We know of wet parcels.",
          workaround: "Choose a pick-up point.",
          mayPromise: "",
          mustNotPromise: "A date.",
        },
        undoes: "",
        note: "",
        by: "ann",
        at: at(-600),
      },
      {
        id: "o1",
        tracker: "acme",
        issueId: "wet",
        kind: "own",
        payload: { owner: "Delivery care" },
        undoes: "",
        note: "",
        by: "ann",
        at: at(-600),
      },
    ],
    signal,
  );
  await store.table(pollRows).write(
    [
      { ...aPoll({ source: "reddit", at: at(-90) }), heardUntil: at(-90) },
      aPoll({
        source: "reddit",
        at: at(-10),
        outcome: "failed",
        code: "source_unavailable",
        reason: "away",
      }),
      { ...aPoll({ source: "x", at: at(-1) }), heardUntil: at(-1) },
    ],
    signal,
  );
  await store
    .table(coverageRows)
    .write([{ source: "x", hour: at(-60), state: "partial", reason: "slow", recordedAt: at(0) }], signal);
});
afterAll(() => opened.close());

const composing: Composing = {
  ask: (query, params) => ask(query, params),
  config: {
    alerts: { rules: [] },
    trackers: [{ id: "acme", name: "Acme Parcels" }] as Composing["config"]["trackers"],
    sources: [
      { id: "reddit", trackers: ["acme"] },
      { id: "x", trackers: [] },
      { id: "none", trackers: ["other"] },
    ] as unknown as Composing["config"]["sources"],
  },
  now: NOW,
};

const facts = {
  sentence: "84 complaints by 71 people in an hour, 14.0 times the 6 usual then",
  reasons: ["among the largest bursts of the last three weeks"],
  forecast: "will pass 500 shares in about 40 minutes",
  isCoordinated: true,
  from: at(-60),
  to: at(0),
};

/** What is told of the last change of an alert. */
function telling(events: readonly AlertEvent[], fields: Partial<Telling> = {}): Telling {
  const story = storyOf(events);
  const transition = story?.transitions.at(-1);
  if (story === undefined || transition === undefined) throw new Error("nothing happened that is told");
  return {
    id: `${story.alertId}:${transition.event.id}:care`,
    kind: transition.kind,
    alertId: story.alertId,
    eventId: transition.event.id,
    receiver: "care",
    subject: { story, transition },
    together: [],
    attempts: 0,
    dueAt: transition.at,
    note: "",
    ...fields,
  };
}

const ofIssue = { alertId: "3f9c2b77", issueId: "wet", severity: "high" as const, at: at(0), payload: facts };

describe("what a message says", () => {
  it("has all that is needed to act", async () => {
    const link = (alertId: string, action: string) => `https://earshot.example/${alertId}/${action}`;
    const message = await composeNotification({ ...composing, link }, telling(anAlert(ofIssue)));
    expect(() => Notification.parse(message)).not.toThrow();
    expect(message).toMatchObject({
      number: "A-3F9C2B",
      kind: "fired",
      tracker: "Acme Parcels",
      title: "Acme Parcels: Parcels left in the rain",
      summary: "84 complaints by 71 people in an hour, 14.0 times the 6 usual then.",
      reasons: [
        "Among the largest bursts of the last three weeks.",
        "It looks coordinated: mostly the same words.",
      ],
      forecast: "Will pass 500 shares in about 40 minutes.",
      known: {
        wording: "We know of wet parcels.",
        workaround: "Choose a pick-up point.",
        mustNotPromise: "A date.",
      },
      owner: "Delivery care",
      replies: "We answered 1 of 5 posts, last at 2026-03-02 09:55 UTC.",
      earlier: [
        "2 of them complained before, first on 2026-02-03.",
        "We answered 1 of those complaints, last on 2026-02-04: “We will call you on Friday.”",
      ],
      completeness:
        "reddit not heard since 2026-03-02 08:30 UTC, x not heard in full in 1 hour since 2026-03-02 09:00 UTC.",
    });
    expect(message.facts).toEqual([
      { label: "People", value: "5, in 5 posts of an hour" },
      { label: "Platforms", value: "x 5" },
      { label: "Countries", value: "DE 5" },
      { label: "Versions", value: "5.2 1" },
      { label: "Biggest account", value: "l***e on x, 41 000 followers" },
      { label: "Reach", value: "41 000, an estimate (followers)" },
    ]);
    expect(message.actions.map(({ name }) => name)).toEqual([
      "acknowledge",
      "false_alarm",
      "known",
      "snooze",
      "open",
    ]);
  });

  it("quotes the most shared, the most typical and the newest, no words twice, nothing deleted, nobody's name", async () => {
    const { quotes } = await composeNotification(composing, telling(anAlert(ofIssue)));
    expect(quotes.map(({ role, url, author }) => `${role} ${url} ${author}`)).toEqual([
      "most_shared https://x.example/loud l***e",
      "most_typical https://x.example/typical t***e",
      "newest https://x.example/n n***e",
    ]);
    expect(JSON.stringify(quotes)).not.toMatch(/deleted|another brand|-handle/);
    expect(quotes[0]?.shares).toBe(320);
  });

  it("speaks of a whole tracker where an alert is of no issue", async () => {
    const events = anAlert({ ...ofIssue, issueId: "" });
    const message = await composeNotification(composing, telling(events));
    expect(message.title).toBe("Acme Parcels: far more is said than usual");
    expect(message.known).toBeNull();
    expect(message.quotes.length).toBeGreaterThanOrEqual(3);
  });

  it("speaks of one post and what passes it on", async () => {
    const events = anAlert({
      ...ofIssue,
      issueId: "",
      ruleKind: "post_spread",
      payload: { ...facts, mention: "x:loud" },
    });
    const message = await composeNotification(composing, telling(events));
    expect(message.quotes.map(({ url }) => url)).toEqual(["https://x.example/loud"]);
    expect(message.facts[0]).toEqual({ label: "People", value: "1, in 1 post of an hour" });
  });

  it("says that quiet is not fixed, who closed it, and who sees to it", async () => {
    const said = async (kind: AlertEvent["kind"], fields: Partial<AlertEvent> = {}) =>
      (
        await composeNotification(
          composing,
          telling([...anAlert(ofIssue), anAlertEvent({ ...ofIssue, kind, at: at(90), ...fields })]),
        )
      ).summary;
    expect(await said("resolved")).toContain("Quiet is not fixed");
    expect(await said("judge", { payload: { verdict: "false" } })).toBe("ann closed it as a false alarm.");
    expect(await said("acknowledge", { note: "calling the depot" })).toBe(
      "ann sees to it. Calling the depot.",
    );
  });

  it("names who could not be told, what comes with it, and how long it is open", async () => {
    const [other] = storiesOf(anAlert({ ...ofIssue, alertId: "77aa00bb", severity: "warning" }));
    if (other === undefined) throw new Error("an alert has a story");
    const told = telling(anAlert(ofIssue), {
      kind: "reminded",
      note: "slack could not be told",
      together: [{ id: "x", eventId: "e", receiver: "care", story: other }],
    });
    const message = await composeNotification({ ...composing, now: new Date(at(180)) }, told);
    expect(message.summary).toMatch(/^Still open after 3 hours\. 84 complaints/);
    expect(message.reasons).toContain("Slack could not be told.");
    expect(message.facts.at(-1)?.value).toMatch(
      /^A-77AA00 Acme Parcels: Parcels left in the rain \(warning\)/,
    );
  });

  it("lists in a digest an alert a line", async () => {
    const stories = Array.from({ length: 14 }, (_, index) =>
      storyOf(anAlert({ ...ofIssue, alertId: `alert${index}`, severity: "info" })),
    ).filter((story) => story !== undefined);
    const message = await composeNotification(composing, {
      id: "digest:2026-03-03T09:00:00.000Z:care",
      kind: "digest",
      alertId: "digest",
      eventId: "2026-03-03T09:00:00.000Z",
      receiver: "care",
      subject: undefined,
      together: stories.map((story) => ({ id: story.alertId, eventId: "e", receiver: "care", story })),
      attempts: 0,
      dueAt: 0,
      note: "",
    });
    expect(() => Notification.parse(message)).not.toThrow();
    expect(message.title).toBe("14 more alerts");
    expect(message.reasons).toHaveLength(12);
    expect(message.reasons.at(-1)).toBe("and 3 more");
  });

  it("keeps to all limits whatever strangers and rules write", async () => {
    const long = `${HOSTILE_TEXT} `.repeat(200);
    const events = anAlert({
      ...ofIssue,
      payload: {
        ...facts,
        sentence: long,
        reasons: Array.from({ length: 40 }, () => long),
        forecast: long,
        title: long,
      },
      groupValues: { platform: long, source: long },
    });
    const message = await composeNotification(composing, telling(events, { note: long }));
    expect(() => Notification.parse(message)).not.toThrow();
    expect(JSON.stringify(message)).not.toContain("\\u0000");
  });
});

describe("names and quotes", () => {
  it.each([
    ["john", "j***n"],
    ["@al", "a***"],
    ["", ""],
    ["👩‍👩‍👧 Ö", "👩***Ö"],
  ])("masks %s as %s", (name, shown) => {
    expect(masked(name)).toBe(shown);
  });

  function quoted(said: { text?: string; url?: string }) {
    const one = {
      id: "1",
      platform: "x",
      author_name: "",
      author_handle: "",
      title: "",
      text: "wet",
      url: "",
      published_at: at(0),
      shares: null,
      shared_rank: 1,
      newest_rank: 1,
      typical_rank: 1,
    };
    return chooseQuotes([{ ...one, ...said }])[0];
  }

  it("links to nothing but web pages", () => {
    expect(quoted({ url: "javascript:alert(1)" })?.url).toBeNull();
    expect(quoted({ url: "https://x.example/1" })?.url).toBe("https://x.example/1");
  });

  it.each([
    ["@AcmeHelp ask @jane_doe, please", "@A***p ask @j***e, please"],
    ["by @jürgen@social.example.", "by @j***e."],
    ["@ann.bsky.social: wet", "@a***l: wet"],
    [
      "see https://x.example/@ann/1 or write to ann@mail.example",
      "see https://x.example/@ann/1 or write to [email]",
    ],
    ["call me on 030 1234567 @ noon", "call me on [phone] @ noon"],
  ])("says of %s: %s", (text, shown) => {
    expect(quoted({ text })?.text).toBe(shown);
  });
});
