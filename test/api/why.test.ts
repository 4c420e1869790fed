import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainIssue } from "../../api/why/explain-issue.ts";
import type { IssueExplanation } from "../../api/why/explanation.ts";
import type { Ask } from "../../api/why/asking.ts";
import { judgeIssueFix } from "../../api/why/judge-issue-fix.ts";
import { agendaPage } from "../../api/agenda/agenda-page.ts";
import { httpApp } from "../../api/http.ts";
import { fillSheet } from "../../api/why/fill-sheet.ts";
import { renderSheet } from "../../api/why/render-sheet.ts";
import type { IssueSheet } from "../../api/why/sheet.ts";
import { addWhyRoutes, whyPaths } from "../../api/why-routes.ts";
import { clearTold } from "../../actions/clear-told.ts";
import { recordExposures } from "../../actions/record-exposures.ts";
import { agenda } from "../../queries/agenda.ts";
import { trackerExposures } from "../../queries/tracker-exposures.ts";
import { aContext } from "../support/builders.ts";
import type { Coverage } from "../../schemas/coverage.ts";
import type { Change } from "../../schemas/change.ts";
import { changeRows } from "../../schemas/issue-rows.ts";
import { coverageRows } from "../../schemas/rows.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";
import { hear, judge as judgeNow, tell, type HeardMention } from "../support/heard-issues.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const signal = new AbortController().signal;
const AS_OF = new Date("2026-03-02T00:00:00.000Z");
const iso = (at: number) => new Date(at).toISOString();
/** So many days before it is judged. */
const ago = (days: number) => AS_OF.getTime() - days * DAY_MS;

/** Judged before anything is asked for, unless a test says when. */
const judge = async (store: TestStore["store"], fields: Parameters<typeof judgeNow>[1]): Promise<void> =>
  judgeNow(store, { judgedAt: iso(ago(130)), ...fields });

const HOSTILE = `<script>alert("1")</script> [click](javascript:alert(1)) you promised two days`;

let opened: TestStore;
let ask: Ask;
let next = 0;

/** Mentions of different people, spread evenly over the days from so many ago to so many ago. */
function spread(
  perDay: number,
  from: number,
  to: number,
  fields: (nth: number) => HeardMention,
): HeardMention[] {
  const count = Math.round(perDay * (from - to));
  return Array.from({ length: count }, (_, nth) => {
    next++;
    const publishedAt = iso(ago(from) + ((nth + 0.5) * (from - to) * DAY_MS) / count);
    return { nativeId: `m${next}`, authorId: `author ${next}`, publishedAt, ...fields(nth) };
  });
}

function controls(days: number, source: string): HeardMention[] {
  return Array.from({ length: 6 }, (_, nth) =>
    spread(1, days, 0, () => ({ issue: `other-${source}-${nth}`, source })),
  ).flat();
}

const change = (fields: Partial<Change> & Pick<Change, "id" | "at">): Change => ({
  tracker: "",
  kind: "release",
  endsAt: null,
  title: fields.id,
  description: "",
  url: "",
  version: "",
  platform: "",
  country: "",
  product: "",
  fixes: [],
  origin: "test",
  by: "",
  recordedAt: AS_OF.toISOString(),
  isRemoved: false,
  ...fields,
});

/** The ledger of a source from so many days ago on, by hour. */
function ledger(source: string, from: number, stateAt: (daysAgo: number) => Coverage["state"]): Coverage[] {
  return Array.from({ length: from * 24 }, (_, hour) => {
    const at = ago(from) + hour * HOUR_MS;
    const state = stateAt((AS_OF.getTime() - at) / DAY_MS);
    return { source, hour: iso(at), state, reason: state === "complete" ? "" : "away", recordedAt: iso(at) };
  });
}

beforeAll(async () => {
  opened = await openTestStore();
  ask = (query, params) => opened.reader.query(query.statement(params), query.row);
  const { store } = opened;

  // crash: one report in ten days, since 30 days ago three a day, four of five of them with 5.2; all rate it 1
  await hear(store, "acme", [
    ...spread(0.1, 120, 30, () => ({ issue: "crash", version: "5.1", rating: 1, ratingMax: 5 })),
    ...spread(3, 30, 0, (nth) => ({
      issue: "crash",
      version: nth % 5 === 0 ? "5.1" : "5.2",
      rating: 1,
      ratingMax: 5,
      text: `The app freezes on startup, attempt ${nth}`,
    })),
    ...spread(3, 120, 0, (nth) => ({
      version: nth % 4 === 0 ? "5.2" : "5.1",
      rating: 4 + (nth % 2),
      ratingMax: 5,
      text: `Lovely colours and quick delivery ${nth}`,
    })),
    ...controls(120, "acme"),
  ]);
  await judge(store, {
    tracker: "acme",
    issueId: "crash",
    title: "app freezes",
    firstAt: iso(ago(120)),
    lastAt: iso(ago(0.1)),
    rate: { reports: 84, exposure: 2_000, perThousand: 42, low: 33, high: 52 },
  });

  // four issues of one tracker: one is mended, one goes on, and the same once more of a source that is down
  for (const [tracker, isDown] of [
    ["mended", false],
    ["down", true],
    ["ended", true],
  ] as const) {
    const end = isDown ? 28 : 0;
    await hear(store, tracker, [
      ...spread(4, 120, 28, () => ({ issue: `${tracker}-half`, source: tracker })),
      ...(isDown ? [] : spread(0.8, 28, 0, () => ({ issue: `${tracker}-half`, source: tracker }))),
      ...spread(4, 120, end, () => ({ issue: `${tracker}-same`, source: tracker })),
      ...(isDown
        ? Array.from({ length: 6 }, (_, nth) =>
            spread(1, 120, 28, () => ({ issue: `other-${tracker}-${nth}`, source: tracker })),
          ).flat()
        : controls(120, tracker)),
    ]);
    for (const issue of [`${tracker}-half`, `${tracker}-same`])
      await judge(store, { tracker, issueId: issue, firstAt: iso(ago(120)), lastAt: iso(ago(end)) });
  }
  await hear(store, "shop", [
    ...Array.from({ length: 10 }, (_, nth): HeardMention => ({
      nativeId: `late${nth}`,
      issue: "late",
      authorId: `customer ${nth}`,
      text: nth === 0 ? HOSTILE : `You promised two days, parcel ${nth} never came`,
      url: nth === 0 ? "javascript:alert(1)" : `https://shop.example/${nth}`,
      publishedAt: iso(ago(20 - nth)),
      country: nth < 7 ? "DE" : "FR",
      enrichment: {
        aspects:
          nth < 6 ? [{ aspect: "delivery", label: "negative", score: -0.6, span: { start: 0, end: 3 } }] : [],
        stage: { brokeAt: nth < 6 ? "delivery" : "unknown", complainedAt: "support" },
        repetition: {
          isRepeated: nth < 3,
          count: nth < 3 ? nth + 2 : null,
          daysWaiting: nth < 3 ? 8 : null,
          evidence: [],
        },
        expectation:
          nth > 0 && nth < 4
            ? { isBroken: true, source: "promised", claim: { start: 4, end: 21 }, evidence: [] }
            : { isBroken: false, source: "none", claim: null, evidence: [] },
      },
    })),
    {
      nativeId: "again",
      issue: "late",
      authorId: "customer 0",
      text: "Still nothing",
      publishedAt: iso(ago(2)),
    },
    ...[0, 1, 2, 3].map((nth): HeardMention => ({
      nativeId: `reply${nth}`,
      byUs: true,
      authorId: "shop",
      parentId: `x:late${nth}`,
      text: "Sorry, we look into it",
      url: `https://shop.example/reply/${nth}`,
      publishedAt: iso(ago(20 - nth) + (nth === 3 ? 48 : 2) * HOUR_MS),
    })),
  ]);
  await judge(store, {
    tracker: "shop",
    issueId: "late",
    title: "parcel <b>never</b> came",
    quotes: ["x:late0", "x:late1"],
    newestId: "x:again",
    reason: "recurring: 10 people, 11 days",
    firstAt: iso(ago(20)),
    lastAt: iso(ago(2)),
    days: 11,
    mentions: 11,
  });
  await judge(store, { tracker: "shop", issueId: "quiet", title: "the box is ugly", voices: 2 });
  const told = { tracker: "shop", issueId: "late" };
  await tell(store, {
    ...told,
    kind: "decide",
    payload: {
      decision: "will_not",
      reason: "The courier is what it is <img src=x onerror=alert(1)>",
      owner: "Bea",
      reviewOn: "2026-02-20",
      reviewAtVoices: 3,
      isPublic: true,
      publicText: "Late parcels & letters",
      voices: 4,
      verdict: "recurring",
    },
    at: iso(ago(16)),
  });
  await tell(store, {
    tracker: "shop",
    issueId: "quiet",
    kind: "decide",
    payload: {
      decision: "changing",
      reason: "a new box",
      owner: "",
      reviewOn: "2026-06-01",
      reviewAtVoices: 50,
      isPublic: false,
      publicText: "",
      voices: 2,
    },
    at: iso(ago(3)),
  });
  const answer = async (question: string, payload: Record<string, unknown>, at: number) =>
    tell(store, {
      ...told,
      kind: "answer",
      payload: { question, answer: "", department: "", ...payload },
      by: "cleo",
      at: iso(at),
    });
  await answer("why_verified", { answer: "Nobody tried it", holds: "no" }, ago(5));
  await answer("why_verified", { answer: "We did, twice", holds: "yes" }, ago(4));
  await answer("why_cause", { department: "Logistics" }, ago(4));
  await answer("what_part", { answer: "The courier's part" }, ago(4));
  await answer("what_stage", { answer: "Not so" }, ago(5));
  // an empty answer takes the one before back
  await answer("what_stage", {}, ago(4));
  await store
    .table(coverageRows)
    .write(
      [
        ...ledger("mended", 120, () => "complete"),
        ...ledger("down", 120, (days) => (days <= 28 ? "none" : "complete")),
      ],
      signal,
    );
  await store.table(changeRows).write(
    [
      change({ id: "release-5.2", tracker: "acme", at: iso(ago(32)), version: "5.2" }),
      change({ id: "price", tracker: "acme", kind: "price", at: iso(ago(100)) }),
      change({ id: "elsewhere", tracker: "rival", at: iso(ago(31)) }),
      ...["mended", "down", "ended"].flatMap((tracker) => [
        change({
          id: `fix-${tracker}`,
          tracker,
          kind: "fix",
          at: iso(ago(28)),
          fixes: [`${tracker}-half`, `${tracker}-same`],
        }),
      ]),
      change({ id: "to-come", tracker: "acme", at: iso(ago(-7)), fixes: ["crash"] }),
    ],
    signal,
  );
});
afterAll(() => opened.close());

describe("why an issue is there", () => {
  let explained: IssueExplanation;
  beforeAll(async () => {
    explained = await explainIssue({ ask, issue: "crash", asOf: AS_OF });
  });

  it("finds the day it rose, within its interval", () => {
    const { onset } = explained.onset;
    expect(onset?.kind).toBe("rose");
    expect(Math.abs(Date.parse(onset?.at ?? "") - ago(30))).toBeLessThanOrEqual(2 * DAY_MS);
    expect(Date.parse(onset?.from ?? "")).toBeLessThanOrEqual(ago(30));
    expect(Date.parse(onset?.to ?? "")).toBeGreaterThanOrEqual(ago(31));
    expect(onset?.factor).toBeGreaterThan(10);
  });

  it("names the planted driver with lift, interval and counts, and nothing else", () => {
    expect(explained.drivers.drivers.map(({ dimension, value }) => [dimension, value])).toEqual([
      ["version", "5.2"],
    ]);
    const [driver] = explained.drivers.drivers;
    expect(driver?.issueWith).toBe(72);
    expect(driver?.low).toBeGreaterThan(1.2);
    expect(driver?.sentence).toMatch(/^version 5\.2: 72 of 99 people of the issue, \d+ of \d+ others/);
  });

  it("says what was not tested and why", () => {
    expect(explained.drivers.refused).toContainEqual({
      dimension: "country",
      reason: "known of 0 of the issue's people; 10 are needed",
    });
  });

  it("finds the words that set it apart", () => {
    expect(explained.terms.map(({ term }) => term)).toContain("freezes");
    expect(explained.terms.map(({ term }) => term)).not.toContain("lovely");
  });

  it("puts the change that came just before and touches the driver first, and none of other trackers", () => {
    const { candidates, recorded } = explained.causes;
    expect(recorded).toBe(2);
    expect(candidates.map(({ change: { id } }) => id)).toEqual(["release-5.2"]);
    expect(candidates[0]?.shares).toEqual(["version 5.2"]);
    expect(candidates[0]?.lagDays).toBeGreaterThanOrEqual(1);
  });

  it("measures what it does to ratings, with an interval", () => {
    expect(explained.impact).toMatchObject({ issueMean: 1 });
    if ("refused" in explained.impact) throw new Error(explained.impact.refused);
    expect(explained.impact.difference).toBeCloseTo(-3.5, 1);
    expect(explained.impact.high).toBeLessThan(-3);
  });

  it("gives the rate per what could have complained, as the statement counts it", async () => {
    const people = await ask(trackerExposures, {
      tracker: ["acme"],
      from: iso(ago(28)),
      to: AS_OF.toISOString(),
    });
    const exposure = people.reduce((sum, day) => sum + day.exposure, 0);
    expect(exposure).toBe(28 * 12);
    expect(explained.rate).toMatchObject({ reports: 84, exposure, perThousand: 250, measure: "voices" });
    expect(explained.exposure).toMatchObject({ measure: null });
    expect(explained.exposure.sentence).toContain("nothing is imported");
  });

  it("gives the rate per what was imported, of the measure that is asked for", async () => {
    const { store } = opened;
    const days = Array.from({ length: 40 }, (_, nth) => iso(ago(40 - nth)).slice(0, 10));
    await recordExposures(
      {
        store,
        exposures: days.flatMap((day) => [
          { tracker: "acme", measure: "orders", version: "", day, count: 1_000 },
          { tracker: "acme", measure: "users", version: "", day, count: 20_000 },
        ]),
        by: "ann",
        context: aContext(AS_OF.toISOString()),
      },
      signal,
    );
    const per = async (exposureMeasure?: string) =>
      (await explainIssue({ ask, issue: "crash", asOf: AS_OF, exposureMeasure })).rate;
    const users = await per("users");
    expect(users).toMatchObject({ measure: "users", reports: 84 });
    // 28 days but for the hours after the last mention, which nobody is known to have heard
    expect(users?.exposure).toBeGreaterThan(550_000);
    expect(users?.exposure).toBeLessThanOrEqual(560_000);
    expect((await per())?.perThousand).toBeCloseTo(3, 1);
    await clearTold(store, "ann");
  });

  it("knows of a time only what had been said and judged by then", async () => {
    const before = await explainIssue({ ask, issue: "crash", asOf: new Date(ago(140)) });
    expect([before.verdict, before.reason]).toEqual([
      "",
      `no verdict was given by ${iso(ago(140)).slice(0, 10)}`,
    ]);
    expect(before.read.mentions).toBe(0);
    await judge(opened.store, {
      tracker: "shop",
      issueId: "quiet",
      voices: 2,
      verdict: "escalating",
      judgedAt: iso(ago(10)),
    });
    const at = async (days: number) =>
      (await explainIssue({ ask, issue: "quiet", asOf: new Date(ago(days)) })).verdict;
    expect([await at(20), await at(5)]).toEqual(["recurring", "escalating"]);
  });

  it("brings for every part the statements it was counted from, and they give the same rows", async () => {
    const names = explained.statements.map(({ query }) => query);
    for (const used of Object.values(explained.countedFrom).flat()) expect(names).toContain(used);
    const { issueSizes } = await import("../../queries/dated-issue-mentions.ts");
    const sql = explained.statements.find(({ query }) => query === "issue_sizes")?.sql ?? "";
    const rows = await opened.reader.query({ sql, params: {} }, issueSizes.row);
    expect(rows.find(({ issue_id }) => issue_id === "crash")?.mentions).toBe(99);
  });

  it("says what to do where there is no such issue", async () => {
    await expect(explainIssue({ ask, issue: "nothing", asOf: AS_OF })).rejects.toMatchObject({
      code: "not_found",
    });
    for (const tracker of ["rival", "no tracker's name"])
      await expect(explainIssue({ ask, tracker, issue: "crash", asOf: AS_OF })).rejects.toMatchObject({
        code: "not_found",
      });
  });

  it("says where an issue went that was merged", async () => {
    const payload = { into: "crash", clusters: [] };
    await tell(opened.store, { tracker: "acme", issueId: "gone", kind: "merge", payload });
    await expect(explainIssue({ ask, issue: "gone", asOf: AS_OF })).rejects.toThrow(
      "Issue gone was merged into crash",
    );
  });
});

describe("the fix verdict", () => {
  const judged = (issue: string, more: { change?: string; asOf?: Date } = {}) =>
    judgeIssueFix({ ask, issue, asOf: AS_OF, ...more });

  it("is fell for what went down to a fifth, beside issues nobody fixed", async () => {
    const fell = await judged("mended-half");
    expect(fell).toMatchObject({ verdict: "fell", change: { id: "fix-mended" }, moreDays: 0 });
    expect(fell.effect?.change).toBeCloseTo(-0.8, 1);
    // the other issue the same change was to mend is no control
    expect(fell.controls?.issues).toBe(6);
    expect(fell.after?.people).toBe(22);
  });

  it("is held for what goes on", async () => {
    expect((await judged("mended-same")).verdict).toBe("held");
  });

  it("says how many more days it needs when asked too soon", async () => {
    const soon = await judged("mended-half", { asOf: new Date(ago(26)) });
    expect(soon.verdict).toBe("too_early");
    expect(soon.moreDays).toBeGreaterThan(0);
    expect(soon.sentence).toMatch(/^too early: \d+ more days?/);
  });

  it("is never fell where the source was down, by the ledger", async () => {
    for (const issue of ["down-half", "down-same"]) {
      const silent = await judged(issue);
      expect(silent.verdict).toBe("too_early");
      expect(silent.heardShare).toBeLessThan(0.05);
    }
  });

  it("is never fell where an import without a ledger just ends", async () => {
    const ended = await judged("ended-half");
    expect(ended.verdict).toBe("too_early");
    expect(ended.heardShare).toBeLessThan(0.05);
  });

  it("refuses without a change, saying how to tell of one, and for one yet to come", async () => {
    await expect(judged("other-mended-0")).rejects.toMatchObject({ code: "not_found" });
    await judge(opened.store, { tracker: "mended", issueId: "other-mended-0" });
    await expect(judged("other-mended-0")).rejects.toThrow(
      /earshot changes add --kind fix --fixes other-mended-0/,
    );
    await expect(judged("crash")).rejects.toThrow(/only comes on 2026-03-09/);
    await expect(judged("crash", { change: "no such" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("judges by another change where one is named", async () => {
    const named = await judged("crash", { change: "release-5.2" });
    expect(named.change.id).toBe("release-5.2");
    expect(named.verdict).not.toBe("fell");
  });
});

describe("the WHAT / WHY / DIFFERENT sheet", () => {
  let sheet: IssueSheet;
  beforeAll(async () => {
    sheet = await fillSheet({ ask, issue: "late", asOf: AS_OF });
  });
  const answered = (key: string) => {
    const found = sheet.answers.find((each) => each.key === key);
    if (found === undefined) throw new Error(`no question ${key}`);
    return found;
  };

  it("answers WHAT from what was heard, with at most three citations", () => {
    expect(answered("what_reconcile").text).toContain("3 of 10 people say that they had told us before");
    expect(answered("what_reconcile").text).toContain("up to 4 times");
    expect(answered("what_response").text).toBe(
      "We answered 4 of 10 people, half of them within 2 hours; 3 within 24 hours.",
    );
    expect(answered("what_response").citations[0]).toMatchObject({
      isOurs: true,
      quote: "Sorry, we look into it",
    });
    expect(answered("what_insufficient").text).toContain("1 of 4 people we answered (25 %) wrote again");
    expect(answered("what_insufficient").text).toContain("6 people got none");
    expect(answered("what_who").text).toContain("country: DE (7) and FR (3)");
    for (const { citations } of sheet.answers) expect(citations.length).toBeLessThanOrEqual(3);
  });

  it("answers WHY by yes or no where figures tell, and quotes the promise", () => {
    expect(answered("why_responded")).toMatchObject({ state: "known", holds: "no" });
    expect(answered("why_over_promised")).toMatchObject({ state: "known", holds: "yes" });
    expect(answered("why_over_promised").citations.map(({ quote }) => quote)).toContain("promised two days");
    expect(answered("why_told")).toMatchObject({ state: "known", holds: "yes" });
    expect(answered("why_passed_on")).toMatchObject({ state: "unknown", holds: "unknown" });
  });

  it("puts what a person answered over what was computed, with name and day, and shows both", () => {
    expect(answered("what_part")).toMatchObject({
      state: "known",
      text: "The courier's part",
      computed: expect.stringContaining("delivery (6)") as string,
      by: { name: "cleo", at: iso(ago(4)) },
    });
    expect(answered("why_verified")).toMatchObject({ holds: "yes", text: "We did, twice" });
  });

  it("goes back to what was computed where an answer was taken back", () => {
    expect(answered("what_stage")).toMatchObject({ state: "known", by: null });
    expect(answered("what_stage").text).toContain("it broke at: delivery (6)");
  });

  it("lists what nobody knows as tasks of the departments that were named", () => {
    expect(sheet.tasks).toContainEqual({
      key: "why_cause",
      question: "What is the root cause?",
      department: "Logistics",
    });
    const { known, all, what, why, different } = sheet.answerRate;
    expect(all - known).toBe(sheet.tasks.length);
    expect([all, what.all, why.all, different.all]).toEqual([23, 6, 11, 6]);
  });

  it("shows the decision, and that no register and no fix is there", () => {
    expect(answered("different_decision").text).toMatch(/^Will not: The courier is what it is/);
    // as the agenda counts them, by when they wrote
    expect(answered("different_decision").text).toMatch(
      /6 people spoke of it since\. As many force a review/,
    );
    expect(answered("different_register").state).toBe("unknown");
    expect(answered("different_fix").text).toBe("No change is recorded that should have mended it.");
  });

  it("counts only what was published by the time it is asked of", async () => {
    const early = await fillSheet({ ask, issue: "late", asOf: new Date(ago(16.5)) });
    const who = early.answers.find(({ key }) => key === "what_who")?.text ?? "";
    expect(who).toMatch(/^4 people in 4 mentions on 4 days and 1 channel, since /);
    expect(early.answers.find(({ key }) => key === "what_insufficient")?.text).toMatch(/Nobody of 3 people/);
  });

  it("quotes the same words once", () => {
    const page = renderSheet(sheet, "markdown");
    expect(page.match(/^> promised two days$/gm)).toHaveLength(3);
    expect(page).toContain("Quoted above: [x:late");
    expect(renderSheet(sheet, "html")).toContain("Quoted above: <a href=");
  });

  it("tells the key that answers a question", () => {
    expect(renderSheet(sheet, "markdown")).toContain("- [ ] What is the root cause? (Logistics) `why_cause`");
  });

  it("becomes a page of HTML that loads nothing and runs nothing others wrote", () => {
    const page = renderSheet(sheet, "html");
    expect(page).toContain("&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;");
    expect(page).not.toMatch(/<script|<img|javascript:alert\(1\)"|<link|<[^>]*\ssrc=|@import|url\(/i);
    expect(page).toContain('href="https://shop.example/reply/3"');
    expect(page).toContain("color-scheme: light dark");
  });

  it("becomes Markdown in which what others wrote formats and links nothing", () => {
    const page = renderSheet(sheet, "markdown");
    expect(page).toContain(String.raw`# parcel \<b\>never\</b\> came`);
    expect(page).toContain(String.raw`\<script\>alert("1")\</script\> \[click\](javascript:alert(1))`);
    expect(page).not.toMatch(/(^|[^\\])<(script|img|b)/);
    expect(page).toContain("](<https://shop.example/reply/3>)");
  });
});

describe("the agenda as a page", () => {
  const page = async (isPublic: boolean) => {
    const rows = await ask(agenda, agenda.params.parse({ tracker: "shop", at: AS_OF.toISOString() }));
    return agendaPage({ rows, isPublic, at: AS_OF });
  };

  it("has who complained since and what must be reviewed now", async () => {
    const { sections } = await page(false);
    expect(sections.map(({ decision, entries }) => [decision, entries.length])).toEqual([
      ["changing", 1],
      ["not_now", 0],
      ["will_not", 1],
    ]);
    expect(sections[2]?.entries[0]).toMatchObject({
      peopleSince: 6,
      isForced: true,
      isOverdue: true,
      internal: { owner: "Bea", decidedBy: "ann" },
    });
    expect(sections[0]?.entries[0]).toMatchObject({ isForced: false, isOverdue: false });
  });

  it("publishes only what may be published, under its own text, and nobody's name", async () => {
    const published = await page(true);
    const entries = published.sections.flatMap(({ entries }) => entries);
    expect(entries.map(({ text }) => text)).toEqual(["Late parcels & letters"]);
    expect(JSON.stringify(published)).not.toMatch(/Bea|ann|never<|"title":"parcel|a new box/);
  });
});

describe("the routes", () => {
  const app = () => {
    const made = httpApp(aContext(AS_OF.toISOString()), "nowhere");
    addWhyRoutes(made, { store: opened.reader, context: aContext(AS_OF.toISOString()) });
    return made;
  };
  const get = async (path: string) => app().request(`http://localhost/api/v1/${path}`);

  it("answer in JSON with names in snake_case", async () => {
    const why = (await (await get("issues/shop/late/why")).json()) as Record<string, unknown>;
    expect(why).toMatchObject({ tracker: "shop", issue: "late", as_of: AS_OF.toISOString() });
    expect(Object.keys(why)).toContain("co_moving");
    const sheet = (await (await get("issues/shop/late/sheet")).json()) as Record<string, unknown>;
    expect(sheet).toMatchObject({ answer_rate: { all: 23 } });
    const agendaJson = (await (await get("agenda?public=true&tracker=shop")).json()) as object;
    expect(agendaJson).toMatchObject({ is_public: true });
  });

  it("give pages to keep, each with its type", async () => {
    for (const [path, type, start] of [
      ["issues/shop/late/sheet?format=html", "text/html", "<!doctype html>"],
      ["issues/shop/late/sheet?format=markdown", "text/markdown", "# parcel"],
      ["agenda?format=html", "text/html", "<!doctype html>"],
      ["agenda?format=markdown", "text/markdown", "# What we change"],
      ["agenda?format=rss&link=https://acme.example/agenda", "application/rss+xml", "<?xml"],
    ] as const) {
      const answer = await get(path);
      expect(answer.headers.get("content-type")).toContain(type);
      expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="[\w.-]+"$/);
      expect((await answer.text()).startsWith(start)).toBe(true);
    }
  });

  it("refuse what cannot be asked, and tell of what there is not", async () => {
    expect((await get("issues/shop/late/sheet?format=pdf")).status).toBe(400);
    expect((await get("issues/shop/late/why?when=now")).status).toBe(400);
    expect((await get("agenda?link=javascript:alert(1)")).status).toBe(400);
    expect((await get("issues/rival/late/why")).status).toBe(404);
    expect((await get("issues/no%20slug/late/why")).status).toBe(404);
    expect((await get("issues/shop/late/why?at=2026-01-01&at=2026-02-01")).status).toBe(400);
    const verdict = await get("issues/shop/late/verdict");
    expect(verdict.status).toBe(404);
    expect(await verdict.text()).toContain("earshot changes add --kind fix --fixes late");
    expect((await get("issues/mended/mended-half/verdict?change=fix-mended")).status).toBe(200);
  });

  it("take several trackers, one after the other", async () => {
    const both = (await (await get("agenda?tracker=shop&tracker=acme")).json()) as {
      sections: { entries: unknown[] }[];
    };
    expect(both.sections.map(({ entries }) => entries.length)).toEqual([1, 0, 1]);
  });

  it("are described", () => {
    expect(Object.keys(whyPaths())).toHaveLength(4);
    expect(JSON.stringify(whyPaths())).toContain('"enum":["json","markdown","html","rss"]');
  });
});
