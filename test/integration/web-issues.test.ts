import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { actOnIssue } from "../../actions/act-on-issue.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { hoursHeard, hoursUnheard } from "../../core/coverage.ts";
import { issueEvents } from "../../queries/issue-events.ts";
import type { Change } from "../../schemas/change.ts";
import type { Coverage } from "../../schemas/coverage.ts";
import type { IssueAssignment, IssueCluster, IssueEvent, IssueJudgement } from "../../schemas/issue.ts";
import {
  changeRows,
  issueAssignmentRows,
  issueClusterRows,
  issueEventRows,
  issueJudgementRows,
} from "../../schemas/issue-rows.ts";
import { coverageRows, mentionRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { buildPage, lacksBrowser, openBrowser, openPage, type Watched } from "../support/browser.ts";
import { aContext, aMention, anEnrichment } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const DAY = 86_400_000;
const TOKEN = "a-token-that-only-reads";
const HOSTILE = '<img src=x onerror="window.pwned=1"><b>bold</b>';

// a browser beside the other tests on a small machine can take many times as long as alone
vi.setConfig({ testTimeout: 120_000 });

if (lacksBrowser)
  console.warn("SKIPPED: issues in the web page are not tested, for no Chromium was found (CHROMIUM_PATH).");

describe.skipIf(lacksBrowser)("issues in the web page, in a real browser (needs Chromium)", () => {
  let stored: TestStore;
  let browser: Browser;
  let webDir: string;
  let api: RunningApi;

  const serve = (isTokenRequired: boolean): Promise<RunningApi> =>
    openApi({
      host: "127.0.0.1",
      port: 0,
      store: stored.reader,
      actions: { demoProgress: () => ({ state: "idle", progress: 0 }), loadDemo: () => "running" },
      actOnIssue: (tracker, issueId, request, by = "ada") =>
        actOnIssue(
          { store: stored.store, tracker, issueId, request, by, context: aContext(NOW) },
          AbortSignal.timeout(60_000),
        ),
      trackers: [{ id: "acme", name: "Acme Parcels" }],
      version: "0.0.0",
      auth: {
        tokens: [{ name: "test", sha256: createHash("sha256").update(TOKEN).digest("hex"), role: "viewer" }],
        required: isTokenRequired,
        allowedHosts: [],
      },
      webDir,
      monitoring: openMonitoring(() => new Date(NOW)),
      context: aContext(NOW),
    });
  const visit = async (search: string, width = 1280): Promise<Watched> => {
    const watched = await openPage(browser, api.url, { width, height: 900 });
    await watched.page.goto(`${api.url}/${search}`);
    return watched;
  };
  const write = async (): Promise<void> => {
    const signal = AbortSignal.timeout(60_000);
    const { events, assignments, clusters, judgements } = story();
    await stored.store.table(mentionRows).write(events, signal);
    await stored.store.table(issueAssignmentRows).write(assignments, signal);
    await stored.store.table(issueClusterRows).write(clusters, signal);
    await stored.store.table(issueJudgementRows).write(judgements, signal);
    await stored.store.table(issueEventRows).write([PROPOSAL], signal);
    await stored.store.table(changeRows).write([CHANGE], signal);
    await stored.store.table(coverageRows).write(ledger(), signal);
  };
  /** What was recorded of an issue, latest first, as kind and payload. */
  const recorded = async (issue: string): Promise<readonly (readonly [string, unknown])[]> => {
    const asked = issueEvents.params.parse({ issue: [issue], limit: 20 });
    const rows = await stored.reader.query(issueEvents.statement(asked), issueEvents.row);
    return rows.map(({ kind, payload }) => [kind, JSON.parse(payload)] as const);
  };

  beforeAll(async () => {
    [stored, browser, webDir] = await Promise.all([openTestStore(), openBrowser(), buildPage()]);
    api = await serve(false);
    await stored.store
      .table(mentionRows)
      .write([aStored({ nativeId: "before", text: "Friendly." })], AbortSignal.timeout(60_000));
  });
  // pages left open would go on asking for fresh figures beside the tests after
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await stored?.close();
    if (webDir) await rm(webDir, { recursive: true, force: true });
  });

  it("says what to do while there is no issue yet", async () => {
    const { page, troubles } = await visit("?view=issues");
    await page.getByRole("heading", { name: "No issues yet" }).waitFor();
    await page.getByText("Issues appear here as soon as complaints are stored").waitFor();
    expect(await troubles()).toEqual([]);
  });

  describe("with issues judged", () => {
    beforeAll(write);

    it("lists issues by importance, reached from the overview and left with the back button", async () => {
      const { page, troubles } = await visit("");
      await page.getByRole("link", { name: "Issues", exact: true }).click();
      await waitForIssues(page, ["chat", "charged", "cake", "bell", "tea"]);
      expect(await page.title()).toBe("Issues · Earshot");
      expect(
        await page.getByRole("group", { name: "Verdict" }).getByRole("button").allTextContents(),
      ).toEqual(["All 5", "Escalating 1", "Recurring 1", "Watch 1", "Single voices 2"]);
      const charged = page.locator('[data-issue="charged"]');
      expect(await charged.locator(".counts").textContent()).toBe("4 people5 mentions2 channels");
      expect(await charged.textContent()).toContain("4 people, 5 days, 2 channels since 5 Feb; expected 1");
      await page.goBack();
      await page.getByRole("region", { name: "Key figures" }).waitFor();
      expect(await troubles()).toEqual([]);
    });

    it("shows SQL that gives the same issues and the same people", async () => {
      const { page } = await visit("?view=issues&verdict=recurring");
      await waitForIssues(page, ["charged"]);
      const [row] = await stored.reader.query({ sql: await sqlOf(page, "Issues"), params: {} }, Counted);
      expect(row).toEqual({ issue_id: "charged", voices: 4, mentions: 5 });
      const weeks = await stored.reader.query(
        { sql: await sqlOf(page, "People per week"), params: {} },
        People,
      );
      expect(weeks.map(({ voices }) => voices)).toEqual([1, 2, 1]);
      const spark = page.locator('[data-issue="charged"] .sparkline');
      expect(await spark.getAttribute("aria-label")).toContain(
        "most 2 people in the week of 16 Feb 2026; 1 not listened to",
      );
    });

    it("narrows the list by flag in an address that can be shared, says what a flag means, and what to relax", async () => {
      const { page } = await visit("?view=issues");
      await page.getByRole("group", { name: "Flags" }).getByRole("button", { name: "Viral" }).click();
      await waitForIssues(page, ["cake"]);
      expect(new URL(page.url()).searchParams.get("flag")).toBe("viral");
      const flag = page.locator('[data-issue="cake"]').getByRole("button", { name: "Viral" });
      await flag.focus();
      await page.locator(".hint-text", { hasText: "Loud because few posts were spread" }).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".hint-text").waitFor({ state: "detached" });
      await page.getByRole("button", { name: /^Escalating/ }).click();
      await page.getByRole("heading", { name: "No issues match" }).waitFor();
      await page.locator(".chips").getByRole("button", { name: "Escalating" }).click();
      await waitForIssues(page, ["cake"]);
      await page.getByRole("searchbox").fill("CHARGED");
      await page.getByRole("heading", { name: "No issues match" }).waitFor();
      await page.getByRole("group", { name: "Flags" }).getByRole("button", { name: "Viral" }).click();
      await waitForIssues(page, ["charged"]);
    });

    it("lists single voices with their words, those to look at again first and marked", async () => {
      const { page, troubles } = await visit("?view=issues&verdict=single");
      await waitForIssues(page, ["tea", "bell"]);
      const tea = page.locator('[data-issue="tea"]');
      await tea.getByText("Where is my tea set? You lost it in January.").waitFor();
      expect(await tea.getAttribute("class")).toContain("is-due");
      expect(await tea.textContent()).toContain("20 Feb 2026");
      expect(await tea.textContent()).toContain("10 days overdue");
      const bell = page.locator('[data-issue="bell"]');
      await bell.locator(".single-quote", { hasText: "Mallory" }).waitFor();
      expect(await bell.getByRole("heading").textContent()).toBe(HOSTILE);
      expect(await bell.locator("img, b").count()).toBe(0);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await troubles()).toEqual([]);
    });

    it("gives a single voice to somebody and another day from the keyboard, and takes that back", async () => {
      const { page } = await visit("?view=issues&verdict=single");
      const tea = page.locator('[data-issue="tea"]');
      await tea.getByRole("button", { name: /^Nobody yet/ }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.type("Care");
      await page.keyboard.press("Enter");
      await tea.getByRole("button", { name: /^Care/ }).waitFor();
      await tea.getByRole("button", { name: /^20 Feb 2026/ }).click();
      await page.getByLabel("Look again on").fill("2026-04-20");
      await page.getByRole("button", { name: "Set day" }).click();
      await tea.getByRole("button", { name: /^20 Apr 2026/ }).waitFor();
      await waitForIssues(page, ["bell", "tea"]);
      await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
      await tea.getByRole("button", { name: /^20 Feb 2026/ }).waitFor();
      await page.getByRole("status").getByText("Undone: Day to look again set.").waitFor();
      const kinds = (await recorded("tea")).map(([kind, payload]) => [kind, payload]);
      expect(kinds.at(-1)).toEqual(["own", { owner: "Care" }]);
    });

    it("shows one issue with its figures, its course, what we did and what was not heard", async () => {
      const { page, troubles } = await visit("?issue=acme/charged");
      await page.getByRole("heading", { level: 1, name: "Charged twice" }).waitFor();
      expect(await page.locator(".issue-verdict").textContent()).toBe(
        "4 people, 5 days, 2 channels since 5 Feb; expected 1",
      );
      const figures = await page.locator("[data-figure]").allTextContents();
      expect(figures).toEqual(["4", "5", "2", "4", "5", "1.2", "91%", "1.3"]);
      const [row] = await stored.reader.query({ sql: await sqlOf(page, "People"), params: {} }, Counted);
      expect(row).toEqual({ issue_id: "charged", voices: 4, mentions: 5 });
      const said = await page.getByRole("img", { name: /^Timeline per day/ }).getAttribute("aria-label");
      expect(said).toContain("People: highest 1 in Thu 5 Feb 2026");
      expect(said).toContain("No data for Mon 9 Feb 2026 to Sun 15 Feb 2026");
      expect(said).toContain("In Tue 10 Feb 2026: A Fix: One key per payment");
      const quotes = page.getByRole("region", { name: "In their words" });
      expect(await quotes.locator("blockquote").allTextContents()).toEqual([
        "Charged twice for one order, number 0.",
        "Charged twice for one order, number 4.",
      ]);
      const why = page.getByRole("region", { name: "Why", exact: true });
      await why.scrollIntoViewIfNeeded();
      await why.getByRole("heading", { name: "When it began" }).waitFor();
      await page
        .getByRole("region", { name: "Did it help?" })
        .getByText("Too early", { exact: true })
        .waitFor();
      expect(await troubles()).toEqual([]);
    });

    it("renames an issue in place and undoes it in its history, decides, and writes the register entry", async () => {
      const { page } = await visit("?issue=acme/charged");
      await page.getByRole("button", { name: "Rename this issue" }).click();
      await page.getByLabel("Title").fill(`${HOSTILE} twice`);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: `${HOSTILE} twice` }).waitFor();
      const renamed = page.locator('[data-event="rename"]');
      expect(await renamed.textContent()).toContain(`Renamed to “${HOSTILE} twice”`);
      await renamed.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("heading", { level: 1, name: "Charged twice" }).waitFor();
      await renamed.getByText("undone by ada").waitFor();
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      await page.getByRole("button", { name: "Decide: Decision" }).click();
      await page.getByRole("radio", { name: /Not now/ }).check();
      await page.getByRole("textbox", { name: "Why" }).fill("The provider comes first.");
      await page.getByRole("button", { name: "Decide", exact: true }).click();
      const care = page.getByRole("region", { name: "What we do about it" });
      await care.getByText("The provider comes first.").waitFor();
      await page.getByRole("button", { name: "Add to the register: Known issue" }).click();
      await page.getByLabel("Symptom").fill("Two payments.");
      await page.getByLabel("Wording").fill("One of them is a reservation.");
      await page.getByLabel(/^Must not promise/).fill("A day.");
      await page.getByRole("button", { name: "Add to the register", exact: true }).click();
      await care.getByText("One of them is a reservation.").waitFor();
      const events = await recorded("charged");
      expect(events.find(([kind]) => kind === "decide")?.[1]).toMatchObject({
        decision: "not_now",
        reason: "The provider comes first.",
        reviewOn: "2026-04-01",
        reviewAtVoices: 10,
        isPublic: false,
      });
      expect(events.find(([kind]) => kind === "register")?.[1]).toMatchObject({
        symptom: "Two payments.",
        mustNotPromise: "A day.",
        status: "active",
      });
      await page.getByRole("link", { name: "Issues" }).first().click();
      await page.locator('[data-issue="charged"]').getByText("Not now").waitFor();
    });

    it("splits chosen mentions off, and takes one out that is something else", async () => {
      const { page } = await visit("?issue=acme/chat");
      const mentions = page.locator("[data-mention]");
      await mentions.nth(0).getByRole("checkbox").check();
      await mentions.nth(1).getByRole("checkbox").check();
      await page.getByRole("button", { name: "Split off…" }).click();
      await page.getByLabel(/^Title of the new issue/).fill("Chat shows another name");
      await page.getByRole("button", { name: "Split off", exact: true }).click();
      await page.getByText("2 mentions split off as Chat shows another name").waitFor();
      await expect.poll(() => mentions.count(), { timeout: 60_000, interval: 50 }).toBe(3);
      await mentions
        .first()
        .getByRole("button", { name: /^Not this issue/ })
        .click();
      await page.getByRole("button", { name: "Move", exact: true }).click();
      await expect.poll(() => mentions.count(), { timeout: 60_000, interval: 50 }).toBe(2);
      const [moved, split] = (await recorded("chat")).map(([, payload]) => payload);
      expect(moved).toMatchObject({ mention: "x:chat-2" });
      expect(split).toMatchObject({ title: "Chat shows another name" });
      await page.locator('[data-event="split"]').getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => mentions.count(), { timeout: 60_000, interval: 50 }).toBe(4);
    });

    it("merges what the machine proposes or a person finds, and tells where the issue went", async () => {
      const { page } = await visit("?view=issues");
      const proposals = page.locator("details.proposals");
      await proposals.locator("summary").click();
      await proposals.getByText("may be one with").waitFor();
      await proposals.getByRole("button", { name: "Not the same" }).click();
      await proposals.waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Melted cake" }).click();
      await page.getByRole("button", { name: "Merge into…" }).click();
      await page.getByRole("dialog").getByRole("searchbox").fill("charged");
      await page.getByRole("radio", { name: /Charged twice/ }).check();
      await page.getByRole("button", { name: "Merge", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "Charged twice" }).waitFor();
      await page.locator('[data-event="merge"]').getByText("was merged into this one").waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "This issue was merged into another" }).waitFor();
      await page.locator('[data-event="merge"]').getByRole("button", { name: "Undo" }).click();
      await page.getByRole("heading", { level: 1, name: "Melted cake" }).waitFor();
    });

    it("says in the form why something could not be done, and keeps what was typed", async () => {
      const guarded = await serve(true);
      const { page } = await openPage(browser, guarded.url);
      await page.goto(`${guarded.url}/?issue=acme/charged`);
      await page.getByLabel("API token").fill(TOKEN);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Set: Owner" }).click();
      await page.getByRole("combobox", { name: /^Owner/ }).fill("Payments");
      await page.getByRole("button", { name: "Set owner" }).click();
      await page.getByRole("alert").getByText("This needs the role analyst").waitFor();
      expect(await page.getByRole("combobox", { name: /^Owner/ }).inputValue()).toBe("Payments");
      await page.context().close();
      await guarded.close();
    });

    it("fits list, single voices and one issue on a page 360 pixels wide", async () => {
      const { page, troubles } = await visit("?view=issues", 360);
      const width = () => page.evaluate<number>("document.documentElement.scrollWidth");
      await page.locator('[data-issue="charged"] .sparkline').waitFor();
      expect(await width()).toBe(360);
      await page.goto(`${api.url}/?view=issues&verdict=single`);
      await page.locator('[data-issue="bell"]').getByText("Mallory").waitFor();
      expect(await width()).toBe(360);
      await page.goto(`${api.url}/?issue=acme/charged`);
      await page.getByRole("img", { name: /^Timeline per day/ }).waitFor();
      await page.getByRole("region", { name: "Why", exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole("heading", { name: "When it began" }).waitFor();
      expect(await width()).toBe(360);
      expect(await troubles()).toEqual([]);
    });
  });
});

const Counted = z.object({
  issue_id: z.string(),
  voices: z.coerce.number(),
  mentions: z.coerce.number(),
});
const People = z.object({ voices: z.coerce.number() });

/** The SQL the page shows for a figure. */
async function sqlOf(page: Page, title: string): Promise<string> {
  await page.getByRole("button", { name: `Show SQL of ${title}`, exact: true }).click();
  const sql = await page.getByRole("dialog").getByLabel("SQL", { exact: true }).textContent();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return sql ?? "";
}

/** Resolves when these issues are listed, in this order. */
async function waitForIssues(page: Page, ids: readonly string[]): Promise<void> {
  const read = () =>
    page.evaluate<string[]>(
      '[...document.querySelectorAll("[data-issue]")].map((item) => item.dataset.issue)',
    );
  await expect.poll(read, { timeout: 60_000, interval: 50 }).toEqual(ids);
}

function aStored(fields: Parameters<typeof aMention>[0]): StoredEvent {
  return {
    type: "upsert",
    mention: aMention({ url: "https://example.com/there", ...fields }),
    enrichment: anEnrichment(),
  };
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly verdict: IssueJudgement["verdict"];
  readonly flags?: readonly string[];
  readonly reason: string;
  /** Text, author and day of each mention, and whether it repeats the first; oldest first. */
  readonly said: readonly (readonly [text: string, author: string, at: string, isCopy?: boolean])[];
}

const at = (day: number): string =>
  new Date(Date.parse("2026-02-01T09:00:00.000Z") + day * DAY).toISOString();

const ISSUES: readonly Told[] = [
  {
    id: "charged",
    title: "Charged twice",
    verdict: "recurring",
    reason: "recurring: 4 people, 5 days, 2 channels since 5 Feb; expected 1",
    said: [4, 15, 16, 24, 27].map((day, index) => [
      `Charged twice for one order, number ${index}.`,
      // the fourth speaks twice
      `Payer ${Math.min(index, 3)}`,
      at(day),
    ]),
  },
  {
    id: "chat",
    title: "Chat does not answer",
    verdict: "escalating",
    reason:
      "escalating: 5 people, 5 days, 1 channel since 22 Feb; 5 in the last 7 days, expected 1 (q = .010)",
    said: [21, 22, 23, 24, 25].map((day, index) => [
      `Nobody answers in the chat, ${index} hours.`,
      `Waiting ${index}`,
      at(day),
    ]),
  },
  {
    id: "cake",
    title: "Melted cake",
    verdict: "watch",
    flags: ["viral"],
    reason: "watch: 1 person on 26 Feb; viral: 4 mentions",
    said: [
      ["The cake came melted.", "Baker", at(25)],
      ["RT The cake came melted.", "Sharer 1", at(25), true],
      ["RT The cake came melted.", "Sharer 2", at(25), true],
      ["RT The cake came melted.", "Sharer 3", at(26), true],
    ],
  },
  {
    id: "tea",
    title: "Tea set lost",
    verdict: "single",
    reason: "single: 1 person on 21 Jan",
    said: [["Where is my tea set? You lost it in January.", "Tess", at(-11)]],
  },
  {
    id: "bell",
    title: `${HOSTILE.slice(0, 30)}…`,
    verdict: "single",
    reason: "single: 1 person on 27 Feb",
    said: [[HOSTILE, "<i>Mallory</i>", at(26)]],
  },
];

/** Everything the detector would have written of {@link ISSUES}. Every mention is a cluster of its own. */
function story() {
  const events: StoredEvent[] = [];
  const assignments: IssueAssignment[] = [];
  const clusters: IssueCluster[] = [];
  const judgements: IssueJudgement[] = [];
  for (const { id, title, verdict, flags = [], reason, said } of ISSUES) {
    said.forEach(([text, authorName, publishedAt, isCopy = false], index) => {
      const platform = id === "charged" && index % 2 === 1 ? "reddit" : "x";
      const nativeId = `${id}-${index}`;
      events.push(aStored({ platform, nativeId, text, authorName, authorId: authorName, publishedAt }));
      const shared = { tracker: "acme", by: "", at: NOW };
      assignments.push({
        ...shared,
        mentionId: `${platform}:${nativeId}`,
        clusterId: `of-${nativeId}`,
        similarity: 0.8,
        voice: isCopy ? `${id} ${said[0]?.[1] ?? ""}` : `${id} ${authorName}`,
        copyOf: isCopy ? `${platform}:${id}-0` : "",
        copyBy: isCopy ? "repost" : "",
        modelVersion: "test",
      });
      clusters.push({ ...shared, clusterId: `of-${nativeId}`, issueId: id });
    });
    const own = said.filter(([, , , isCopy]) => isCopy !== true);
    const voices = new Set(own.map(([, author]) => author)).size;
    const isMany = voices > 1;
    judgements.push({
      tracker: "acme",
      issueId: id,
      judgedAt: NOW,
      title,
      terms: isMany ? [title.toLowerCase()] : [],
      coverage: 1,
      quotes: [`x:${id}-0`],
      newestId: `x:${id}-${said.length % 2 === 1 ? said.length - 1 : 0}`,
      aspects: [],
      stages: [],
      languages: ["en"],
      verdict,
      flags: [...flags],
      reason,
      complaints: said.length,
      requests: 0,
      mentions: said.length,
      voices,
      reports: voices,
      days: own.length,
      channels: id === "charged" ? 2 : 1,
      firstAt: said[0]?.[2] ?? null,
      lastAt: said.at(-1)?.[2] ?? null,
      expected: isMany ? 1.2 : null,
      alive: isMany ? 0.95 : null,
      p30: isMany ? 0.91 : null,
      heardShare: 1,
      rate: isMany ? { reports: 4, exposure: 3_200, perThousand: 1.25, low: 0.34, high: 3.2 } : null,
      growth: null,
      modelVersion: "test",
    });
  }
  return { events, assignments, clusters, judgements };
}

/** Listened to all the time but for one week. */
function ledger(): Coverage[] {
  const heard = (from: string, to: string) =>
    hoursHeard({ source: "test", window: { from, to }, coveredFrom: from, gaps: [], isFirst: true, at: to });
  const unheard = { from: "2026-02-09T00:00:00.000Z", to: "2026-02-15T23:30:00.000Z" };
  return [
    ...heard("2026-01-15T00:00:00.000Z", "2026-02-08T23:59:59.999Z"),
    ...hoursUnheard("test", unheard, "The token was refused.", NOW),
    ...heard("2026-02-16T00:00:00.000Z", NOW),
  ];
}

const PROPOSAL: IssueEvent = {
  id: "proposal",
  tracker: "acme",
  issueId: "chat",
  kind: "propose_merge",
  payload: { into: "charged", similarity: 0.7 },
  undoes: "",
  note: "",
  by: "",
  at: NOW,
};

const CHANGE: Change = {
  id: "fix-1",
  tracker: "acme",
  kind: "fix",
  at: "2026-02-10T00:00:00.000Z",
  endsAt: null,
  title: "One key per payment",
  description: "",
  url: "",
  version: "",
  platform: "",
  country: "",
  product: "",
  fixes: ["charged"],
  origin: "api",
  by: "ada",
  recordedAt: NOW,
  isRemoved: false,
};
