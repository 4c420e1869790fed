import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ApiActions } from "../../api/app.ts";
import { openApi, type RunningApi } from "../../api/server.ts";
import { openMonitoring } from "../../cli/monitoring.ts";
import { hourLeft, hoursHeard, hoursUnheard } from "../../core/coverage.ts";
import type { MentionFields } from "../../core/contracts.ts";
import type { Coverage } from "../../schemas/coverage.ts";
import type { Enrichment } from "../../schemas/enrichment.ts";
import type { Poll } from "../../schemas/poll.ts";
import { coverageRows, deadLetterRows, mentionRows, pollRows } from "../../schemas/rows.ts";
import type { StoredEvent } from "../../schemas/stored-event.ts";
import { buildPage, lacksBrowser, openBrowser, openPage, type Watched } from "../support/browser.ts";
import { aContext, aMention, anEnrichment, aPoll } from "../support/builders.ts";
import { openTestStore, type TestStore } from "../support/embedded-store.ts";

const NOW = "2026-03-02T10:00:00.000Z";
const TOKEN = "a-token-for-tests";
const HOSTILE = {
  image: '<img src=x onerror="window.pwned=1"><b>bold</b>',
  script: "<script>window.pwned=1;alert(1)</script>",
  override: "invoice \u202Egnp.exe\u202C, first-strong \u2067isolate",
  link: "the address of this one is a script",
  wide: "W".repeat(1_900),
};

// a browser beside the other tests on a small machine can take many times as long as alone
vi.setConfig({ testTimeout: 120_000 });

if (lacksBrowser)
  console.warn("SKIPPED: the web page is not tested, for no Chromium was found (CHROMIUM_PATH).");

describe.skipIf(lacksBrowser)("the web page in a real browser (needs Chromium)", () => {
  let stored: TestStore;
  let browser: Browser;
  let webDir: string;
  let api: RunningApi;
  let demo = { state: "idle", progress: 0 };

  const fill = async (): Promise<void> => {
    await stored.store.table(mentionRows).write([...EVENTS, SPAM], AbortSignal.timeout(30_000));
  };
  const actions: ApiActions = {
    demoProgress: () => demo,
    loadDemo: async () => {
      demo = { state: "loading", progress: 0.5 };
      await fill();
      demo = { state: "loaded", progress: 1 };
      return "started" as const;
    },
  };
  const serve = (isTokenRequired: boolean): Promise<RunningApi> =>
    openApi({
      host: "127.0.0.1",
      port: 0,
      store: stored.reader,
      actions,
      trackers: [
        { id: "acme", name: "Acme Parcels" },
        { id: "rival", name: "Rival Post" },
      ],
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
  const visit = async (
    search = "",
    at = api,
    viewport?: { width: number; height: number },
    policy?: string,
  ): Promise<Watched> => {
    const watched = await openPage(browser, at.url, viewport);
    const address = `${at.url}/${search}`;
    if (policy !== undefined) {
      await watched.page.route(address, async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          headers: { ...response.headers(), "content-security-policy": policy },
        });
      });
    }
    await watched.page.goto(address);
    return watched;
  };

  beforeAll(async () => {
    [stored, browser, webDir] = await Promise.all([openTestStore(), openBrowser(), buildPage()]);
    api = await serve(false);
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

  it("welcomes to an empty store and fills itself when the demo data is loaded", async () => {
    const { page, troubles } = await visit();
    await page.getByRole("heading", { name: "Nothing heard yet" }).waitFor();
    expect(await page.getByText("earshot import reviews.csv").isVisible()).toBe(true);
    await page.getByRole("button", { name: "Load demo data" }).click();
    await page.getByRole("region", { name: "Key figures" }).waitFor();
    // with less than two months of data all of it is shown
    expect(await figure(page, "Mentions")).toBe(String(EVENTS.length));
    expect(await troubles()).toEqual([]);
  });

  describe("with mentions stored", () => {
    beforeAll(fill);

    it("shows the figures that the API gives, and their change against the period before", async () => {
      const { page, troubles } = await visit("?range=30d");
      expect(await figure(page, "Mentions")).toBe(String(IN_RANGE.length));
      const asked = new URLSearchParams({ from: "2026-02-01", to: "2026-03-03" });
      const reply = await fetch(`${api.url}/api/v1/queries/summary?${asked.toString()}`);
      const [row] = SummaryReply.parse(await reply.json()).rows;
      expect(row?.mentions).toBe(IN_RANGE.length);
      expect(await figure(page, "Authors")).toBe(String(row?.authors));
      const share = ((row?.complaints ?? 0) / (row?.mentions ?? 1)) * 100;
      expect(await figure(page, "Complaint share")).toBe(`${share.toFixed(1)}%`);
      expect(await figure(page, "Mean rating")).toBe(row?.mean_rating?.toFixed(2));
      const change = page.locator("article", { hasText: "Mentions" }).locator(".change").first();
      const before = EVENTS.length - IN_RANGE.length;
      const percent = Math.round(((IN_RANGE.length - before) / before) * 100);
      await change.getByText(`+${percent}%`).waitFor();
      expect(await troubles()).toEqual([]);
    });

    it("shows SQL that gives the same numbers when it is run", async () => {
      const { page } = await visit();
      const shown = await figure(page, "Mentions");
      const [summary] = await stored.reader.query(
        { sql: await sqlOf(page, "Mentions"), params: {} },
        Counted,
      );
      expect(String(summary?.mentions)).toBe(shown);
      const days = await stored.reader.query({ sql: await sqlOf(page, "Volume"), params: {} }, Counted);
      expect(days.length).toBeGreaterThan(1);
      expect(String(days.reduce((sum, day) => sum + day.mentions, 0))).toBe(shown);
    });

    it("opens the SQL from the keyboard, and gives the focus back when Escape closes it", async () => {
      const { page } = await visit();
      await figure(page, "Authors");
      await page.getByRole("button", { name: "Show SQL of Authors" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const focused = await page.evaluate('document.activeElement?.getAttribute("aria-label")');
      expect(focused).toBe("Show SQL of Authors");
    });

    it("shows hostile texts as text and runs nothing of them", async () => {
      const { page, troubles } = await visit();
      for (const [name, text] of Object.entries(HOSTILE)) {
        const body = page.locator(`[data-mention="x:hostile-${name}"] .mention-text`);
        expect(await body.textContent(), name).toBe(text);
        expect(await body.getAttribute("dir"), name).toBe("auto");
        expect(await body.locator("img, script, b").count(), name).toBe(0);
      }
      const scripted = page.locator('[data-mention="x:hostile-link"]');
      expect(await scripted.getByRole("link").count()).toBe(0);
      expect(await scripted.locator(".author").textContent()).toContain("<i>Mallory</i>");
      const link = page.locator('[data-mention="x:hostile-image"]').getByRole("link");
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
      const overflow = await page.evaluate<number>(
        "document.documentElement.scrollWidth - window.innerWidth",
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      expect(await troubles()).toEqual([]);
    });

    it("marks the evidence of a complaint and tells a counter that is not shown from zero", async () => {
      const { page } = await visit("?q=%22never+arrived%22");
      const card = page.locator("[data-mention]").first();
      expect(await card.locator("mark").first().textContent()).toBe("never arrived");
      expect(await card.getByTitle("0 likes").count()).toBe(1);
      expect(await card.getByTitle(/views/).count()).toBe(0);
    });

    it("tells on a card what else was read from the mention", async () => {
      const { page } = await visit("?q=%22never+arrived%22");
      const read = page
        .locator('[data-mention="reddit:story-3"]')
        .getByRole("list", { name: "What was read from it" });
      await read.waitFor();
      expect(await read.getByRole("listitem").allTextContents()).toEqual([
        " May leave",
        "Broke at delivery, complained at support",
        "Told 3 times",
        "Waiting 12 days",
        "Promise not kept",
        "parcel: negative",
      ]);
    });

    it("counts what is likely spam in no figure, and shows it with its reasons on demand", async () => {
      const { page } = await visit("?range=all");
      expect(await figure(page, "Mentions")).toBe(String(EVENTS.length));
      await page.getByRole("checkbox", { name: "Likely spam" }).check();
      await page.waitForURL(/spam=true/);
      await waitForCards(page, (texts) => texts.length === 1 && /giveaway, link bait/.test(texts[0] ?? ""));
    });

    it("narrows the list to what is searched for, in an address that can be shared", async () => {
      const { page, troubles } = await visit();
      await page.getByRole("searchbox").fill('"never arrived"');
      await page.waitForURL(/q=%22never\+arrived%22/);
      await waitForCards(
        page,
        (texts) => texts.length > 0 && texts.every((text) => /never arrived/.test(text)),
      );
      const found = await page.locator("[data-mention]").count();
      await page.reload();
      await waitForCards(page, (texts) => texts.length === found);
      expect(await troubles()).toEqual([]);
    });

    it("says which filter to relax when nothing matches", async () => {
      const { page } = await visit("?q=unheardof&complaint=true");
      await page.getByRole("heading", { name: "No mentions match" }).waitFor();
      await page.getByRole("button", { name: "Search: unheardof" }).click();
      await waitForCards(page, (texts) => texts.length > 0);
      expect(new URL(page.url()).searchParams.get("complaint")).toBe("true");
    });

    it("narrows the list to the bucket picked in a table, and widens it with the back button", async () => {
      const { page } = await visit();
      await page.getByRole("button", { name: "View Volume as table" }).click();
      const row = page.getByRole("region", { name: "Volume as table" }).locator("tbody tr").nth(3);
      const counted = Number(await row.locator("td").first().textContent());
      await row.getByRole("button").click();
      await waitForCards(page, (texts) => texts.length === counted);
      await page.goBack();
      await waitForCards(page, (texts) => texts.length > counted);
    });

    it("narrows the list to the bucket clicked in a chart", async () => {
      const { page } = await visit();
      await page.getByRole("img", { name: /^Complaints per day/ }).click();
      await page.waitForURL(/bucket=2026-02/);
      await page.getByRole("button", { name: /Show the whole range again/ }).waitFor();
    });

    it("draws charts and tooltips under a policy of default-src 'self' alone", async () => {
      const { page, troubles } = await visit("", api, undefined, "default-src 'self'");
      await page.getByRole("img", { name: /^Complaints per day/ }).hover();
      const tooltip = page.locator(".tooltip", { hasText: "Distinct complainants" });
      await tooltip.waitFor();
      expect(await tooltip.textContent()).toMatch(/^\w{3} \d+ Feb 2026Complaints\d+Distinct complainants\d+/);
      expect(await troubles()).toEqual([]);
    });

    it("loads more mentions below the first page, each of them once", async () => {
      const { page } = await visit("?range=all");
      await waitForCards(page, (texts) => texts.length === 20);
      await page.getByRole("button", { name: "Load more" }).click();
      await waitForCards(page, (texts) => texts.length === 40);
      const ids = await page.evaluate<string[]>(
        '[...document.querySelectorAll("[data-mention]")].map((card) => card.dataset.mention)',
      );
      expect(new Set(ids).size).toBe(40);
    });

    it("keeps what it knows when the API does not answer, and recovers on demand", async () => {
      const { page } = await visit();
      const shown = await figure(page, "Mentions");
      await page.route("**/api/**", (route) => route.abort());
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.getByRole("alert").getByText("Cannot reach the API.").waitFor();
      expect(await figure(page, "Mentions")).toBe(shown);
      await page.unroute("**/api/**");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("Cannot reach the API.").waitFor({ state: "detached" });
    });

    it("asks for a token where one is required, and keeps it for the tab only", async () => {
      const guarded = await serve(true);
      const { page } = await visit("", guarded);
      await page.getByLabel("API token").fill(TOKEN);
      await page.getByRole("button", { name: "Continue" }).click();
      expect(await figure(page, "Mentions")).toBe(String(EVENTS.length));
      expect(await page.evaluate("localStorage.length")).toBe(0);
      await page.context().close();
      await guarded.close();
    });

    it("says what to do where nothing is listened to, and gives no alarm", async () => {
      const { page } = await visit();
      const sources = page.getByRole("region", { name: "Sources" });
      await sources.getByRole("heading", { name: "No source is listened to yet" }).waitFor();
      expect(await sources.locator('[data-source="test"]').textContent()).toMatch(/^testUnknownNever polled/);
      expect(await page.locator(".source-notice").textContent()).toBe("");
    });

    it("fits a page 360 pixels wide", async () => {
      const { page, troubles } = await visit("?by=platform", api, { width: 360, height: 740 });
      await figure(page, "Mentions");
      await page.getByRole("img", { name: /^Volume per day/ }).waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(await troubles()).toEqual([]);
    });
  });

  describe("with sources that were not heard in full", () => {
    beforeAll(async () => {
      const signal = AbortSignal.timeout(30_000);
      await fill();
      // the clock of these tests stands still, the engine's does not
      await stored.store.command("ALTER TABLE poll_rows REMOVE TTL");
      await stored.store.table(mentionRows).write(TOOTS, signal);
      await stored.store.table(coverageRows).write(ledger(), signal);
      await stored.store.table(pollRows).write(POLLS, signal);
      await stored.store.table(deadLetterRows).write([DEAD_LETTER], signal);
    });

    it("draws days nobody listened on as a gap with the words for it, and never as zero", async () => {
      const { page, troubles } = await visit("?range=30d&platform=mastodon");
      const chart = page.getByRole("img", { name: /^Volume per day/ });
      const said = await chart.getAttribute("aria-label");
      expect(said).toContain("No data for Fri 20 Feb 2026 to Sat 21 Feb 2026 and Mon 2 Mar 2026.");
      const unheard = await pointAt(page, "Fri 20 Feb 2026");
      expect(unheard.tooltip).toBe("Fri 20 Feb 2026No data: The token was refused; check token.toots");
      expect(unheard.drawn).toBe(0);
      const heard = await pointAt(page, "Thu 19 Feb 2026");
      expect(heard.tooltip).toBe("Thu 19 Feb 2026Mentions1Authors1");
      expect(heard.drawn).toBeGreaterThan(0);
      // heard in full, and nobody said anything
      expect((await pointAt(page, "Mon 23 Feb 2026")).drawn).toBeGreaterThan(0);
      expect(await troubles()).toEqual([]);
    });

    it("marks a day that was heard in part, with its value and the reason", async () => {
      const { page } = await visit("?range=30d&platform=mastodon");
      const chart = page.getByRole("img", { name: /^Volume per day/ });
      expect(await chart.getAttribute("aria-label")).toContain(
        "Partly heard: Sun 15 Feb 2026 and Tue 24 Feb 2026.",
      );
      const { tooltip, drawn } = await pointAt(page, "Tue 24 Feb 2026");
      expect(tooltip).toBe("Tue 24 Feb 2026Partly heard: It answered 502.tootsMentions1Authors1");
      expect(drawn).toBeGreaterThan(0);
    });

    it("tells no data from zero in the table, too", async () => {
      const { page } = await visit("?range=30d&platform=mastodon");
      await page.getByRole("button", { name: "View Volume as table" }).click();
      await page.getByRole("region", { name: "Volume as table" }).waitFor();
      const row = async (day: string): Promise<string[]> =>
        page
          .getByRole("row", { name: new RegExp(day) })
          .getByRole("cell")
          .allTextContents();
      expect(await row("Mon 2 Mar")).toEqual([
        "no data",
        "no data",
        "No data: The token was refused; check token.",
      ]);
      expect(await row("Tue 24 Feb")).toEqual(["1", "1", "Partly heard: It answered 502."]);
      // heard in full, and nobody said anything
      expect(await row("Mon 23 Feb")).toEqual(["0", "0", ""]);
    });

    it("keeps the line of one platform open where its source alone was not heard", async () => {
      const { page } = await visit("?range=30d&by=platform&platform=mastodon,reddit");
      await page.getByRole("button", { name: "View Volume as table" }).click();
      const table = page.getByRole("region", { name: "Volume as table" });
      await table.waitFor();
      expect(await table.getByRole("columnheader").allTextContents()).toEqual([
        "Day",
        "Reddit",
        "Reddit, authors",
        "Mastodon",
        "Mastodon, authors",
        "Heard",
      ]);
      const cells = await table
        .getByRole("row", { name: /Sat 21 Feb/ })
        .getByRole("cell")
        .allTextContents();
      expect(cells.slice(2)).toEqual([
        "no data",
        "no data",
        "Partly heard: The token was refused; check token.",
      ]);
      expect(Number(cells[0])).toBeGreaterThan(0);
    });

    it("says no data, and compares nothing, where a whole range was not heard", async () => {
      const { page } = await visit("?range=custom&from=2026-02-20&to=2026-02-21&platform=mastodon");
      expect(await figure(page, "Mentions")).toBe("no data");
      const volume = page.getByRole("region", { name: "Volume" });
      await volume.getByText("No data: The token was refused; check token.").waitFor();
      await page.getByText("This range was not heard: see Sources.").waitFor();
      await page.goto(`${api.url}/?range=7d&platform=mastodon`);
      expect(await figure(page, "Mentions")).toBe("3");
      await page.getByText("heard in part, not compared").first().waitFor();
    });

    it("shows SQL that tells the part that was heard", async () => {
      const { page } = await visit("?range=30d&platform=mastodon");
      const shown = await page.getByText(/of the hours of this range/).textContent();
      const rows = await stored.reader.query(
        { sql: await sqlOf(page, "Coverage"), params: {} },
        CoveredHours,
      );
      const within = rows.filter((row) => row.bucket >= "2026-02-01");
      const sum = (of: (row: z.infer<typeof CoveredHours>) => number) =>
        within.reduce((all, row) => all + of(row), 0);
      const share = sum((row) => row.heard_hours + row.partial_hours / 2) / sum((row) => row.expected_hours);
      expect(share).toBeLessThan(1);
      expect(shown).toContain(`Heard ${(100 * share).toFixed(1)}% of the hours of this range`);
    });

    it("gives notice of sources with problems, and leads to what to do about them", async () => {
      const { page, troubles } = await visit();
      const notice = page.locator(".source-notice");
      await notice.getByText("2 sources have problems").waitFor();
      expect(await notice.textContent()).toContain("toots (unauthorized) and wire (degraded)");
      await notice.getByRole("link", { name: "See what to do" }).click();
      const sources = page.getByRole("region", { name: "Sources" });
      await sources.waitFor();
      const isSeen = () => page.evaluate<boolean>(SEES_SOURCES);
      await expect.poll(isSeen, { timeout: 60_000, interval: 50 }).toBe(true);
      expect(await sources.locator(".source-head").allTextContents()).toEqual([
        "tootsUnauthorized",
        "wireDegraded",
        "feedConnected",
        "lateConnected",
        "skyConnected",
        "testUnknown",
        "forumRemoved",
      ]);
      expect(await troubles()).toEqual([]);
    });

    it("says of each source what is wrong, what to do and what it costs, whatever its reason looks like", async () => {
      const { page, troubles } = await visit();
      const toots = page.locator('[data-source="toots"]');
      expect(await toots.locator(".source-reason").textContent()).toBe(
        `${HOSTILE.image} (4 polls failed in a row.)`,
      );
      expect(await toots.locator("img, b:text-is('bold')").count()).toBe(0);
      expect(await toots.locator(".source-advice").first().textContent()).toContain("Renew its key");
      expect(await toots.locator("dl > div").allTextContents()).toEqual([
        "Last itemyesterday",
        "Lag24 hours",
        "Last polled2 minutes ago",
        "Next pollin 3 hours",
        "Mentions12",
        "Requests today7",
        "USD this month$12.50",
        "Dead letters1",
      ]);
      expect(await toots.textContent()).toContain("Could not be read: one record.");
      const feed = page.locator('[data-source="feed"]');
      expect(await feed.locator(".source-reason, .source-advice").count()).toBe(0);
      const feedFacts = await feed.locator("dl > div").allTextContents();
      expect(feedFacts.slice(1, 4)).toEqual([
        "Lag2 minutes",
        "Last polled2 minutes ago",
        "Next pollin 15 minutes",
      ]);
      expect(await feed.locator(".fact-wide dd > *").allTextContents()).toEqual([
        "93 of 100 requests today",
        "$0 of $2.50 this month",
      ]);
      expect(await feed.locator(".budget-spent").allTextContents()).toEqual(["$0 of $2.50 this month"]);
      expect(await nextPollOf(page, "sky")).toBe("Next polllistening");
      expect(await nextPollOf(page, "late")).toBe("Next polldue 2 hours ago");
      expect(await nextPollOf(page, "forum")).toBe("Next poll–");
      expect(await page.locator('[data-source="forum"]').textContent()).toContain(
        "taken out of earshot.yaml",
      );
      expect(await page.evaluate("window.pwned")).toBeUndefined();
      const rows = await stored.reader.query({ sql: await sqlOf(page, "Sources"), params: {} }, HealthRow);
      expect(rows.map(({ source, state }) => `${source} ${state}`)).toContain("toots unauthorized");
      expect(await troubles()).toEqual([]);
    });

    it("opens an address of the sources at the sources", async () => {
      const { page } = await visit("#sources");
      await waitForCards(page, (texts) => texts.length > 0);
      const isSeen = () => page.evaluate<boolean>(SEES_SOURCES);
      await expect.poll(isSeen, { timeout: 60_000, interval: 50 }).toBe(true);
    });

    it("fits notice, marks and sources on a page 390 pixels wide", async () => {
      const { page, troubles } = await visit("?range=30d", api, { width: 390, height: 844 });
      await page.getByRole("img", { name: /^Volume per day/ }).waitFor();
      await page.locator('[data-source="toots"]').waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      expect(await troubles()).toEqual([]);
    });

    it("shows a source that fails before anything was heard beside the welcome", async () => {
      await stored.store.command("TRUNCATE TABLE mention_rows");
      const { page } = await visit();
      await page.getByRole("heading", { name: "Nothing heard yet" }).waitFor();
      await page.getByText("2 sources have problems").waitFor();
      await page.locator('[data-source="toots"]').getByText("Unauthorized").waitFor();
    });
  });
});

const SummaryReply = z.object({
  rows: z.array(
    z.object({
      mentions: z.number(),
      authors: z.number(),
      complaints: z.number(),
      mean_rating: z.number().nullable(),
    }),
  ),
});
const CoveredHours = z.object({
  bucket: z.string(),
  heard_hours: z.coerce.number(),
  partial_hours: z.coerce.number(),
  expected_hours: z.coerce.number(),
});
const HealthRow = z.object({ source: z.string(), state: z.string() });
const Counted = z.object({ mentions: z.coerce.number() });

/** What the page says of the next poll of a source. */
function nextPollOf(page: Page, source: string): Promise<string | null> {
  return page.locator(`[data-source="${source}"] dl > div`).nth(3).textContent();
}

/** Whether the heading of the sources stands within the window. */
const SEES_SOURCES = `(() => {
  const { top, bottom } = document.querySelector("#sources h2").getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
})()`;

/** How many pixels of one column of the volume's chart have the colour of its line, which a zero has, too. */
const drawn = (x: number) => `(() => {
  const canvas = document.querySelector('[aria-label^="Volume per"] canvas');
  const scale = canvas.width / canvas.clientWidth;
  const { data } = canvas.getContext("2d").getImageData(Math.round(${x} * scale), 0, 1, canvas.height);
  const isNear = (value, wanted) => Math.abs(value - wanted) < 12;
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    if (isNear(data[at], 27) && isNear(data[at + 1], 33) && isNear(data[at + 2], 48)) count += 1;
  return count;
})()`;

/** Points at one day of the volume's chart: its tooltip, and how much of the line is drawn in its middle. */
async function pointAt(page: Page, day: string): Promise<{ tooltip: string; drawn: number }> {
  const chart = page.getByRole("img", { name: /^Volume per day/ });
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error("There is no chart to point at.");
  const tooltip = page.locator(".tooltip");
  const read = async (x: number): Promise<string> => {
    await page.mouse.move(box.x + x, box.y + box.height / 2);
    await tooltip.waitFor();
    return (await tooltip.textContent()) ?? "";
  };
  let [left, right] = [50, box.width - 30];
  let text = "";
  while (right - left > 1 && !text.startsWith(day)) {
    text = await read((left + right) / 2);
    const told = Date.parse(/\d+ \w{3} \d{4}/.exec(text)?.[0] ?? "");
    if (told < Date.parse(day)) left = (left + right) / 2;
    else if (told > Date.parse(day)) right = (left + right) / 2;
  }
  const found = (left + right) / 2;
  const edge = async (step: number): Promise<number> => {
    let x = found;
    while ((await read(x + step)).startsWith(day)) x += step;
    return x;
  };
  const middle = ((await edge(-2)) + (await edge(2))) / 2;
  await page.mouse.move(0, 0);
  await tooltip.waitFor({ state: "hidden" });
  return { tooltip: text, drawn: await page.evaluate<number>(drawn(middle)) };
}

/** The value of a key figure as it is shown. */
async function figure(page: Page, title: string): Promise<string | null> {
  return page.locator(`[data-figure="${title}"]`).textContent();
}

/** The SQL the page shows for a figure. */
async function sqlOf(page: Page, title: string): Promise<string> {
  await page.getByRole("button", { name: `Show SQL of ${title}` }).click();
  const sql = await page.getByRole("dialog").getByLabel("SQL", { exact: true }).textContent();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return sql ?? "";
}

/** Resolves when the texts of the listed mentions are as `holds` says. */
async function waitForCards(page: Page, holds: (texts: string[]) => boolean): Promise<void> {
  const read = async () => holds(await page.locator("[data-mention]").allTextContents());
  await expect.poll(read, { timeout: 60_000, interval: 50 }).toBe(true);
}

function anEvent(
  fields: Partial<MentionFields>,
  enrichment: Partial<Enrichment> = {},
  source = "test",
): StoredEvent {
  return {
    type: "upsert",
    mention: aMention({ ...fields, source }),
    enrichment: anEnrichment(enrichment),
  };
}

const CALM: Partial<Enrichment> = {
  sentiment: { score: 0.6, label: "positive", confidence: 0.9, spans: [], sentences: [] },
  complaint: { isComplaint: false, confidence: 0.9, evidence: [] },
};

const SPAN = { start: 4, end: 10 };
const READ_IN_FULL: Partial<Enrichment> = {
  stage: { brokeAt: "delivery", complainedAt: "support" },
  repetition: { isRepeated: true, count: 3, daysWaiting: 12, evidence: [SPAN] },
  expectation: { isBroken: true, source: "promised", claim: null, evidence: [SPAN] },
  threats: [{ kind: "churn", span: SPAN }],
  aspects: [{ aspect: "parcel", label: "negative", score: -0.6, span: SPAN }],
};

/** One mention of every third kind is a complaint; reviews carry a rating; the later ones are twice as frequent. */
function story(): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (let index = 0; index < 75; index += 1) {
    const isRecent = index < 50;
    const day = isRecent ? index % 25 : (index - 50) * 1.1;
    const at = Date.parse(isRecent ? "2026-03-01T08:00:00Z" : "2026-01-30T08:00:00Z") - day * 86_400_000;
    const isReview = index % 2 === 0;
    const isComplaint = index % 3 === 0;
    const text = isComplaint ? "The parcel never arrived." : "Friendly driver, quick delivery.";
    events.push(
      anEvent(
        {
          platform: isReview ? "app_store" : "reddit",
          nativeId: `story-${index}`,
          kind: isReview ? "review" : "post",
          text,
          publishedAt: new Date(at + index * 1_000).toISOString(),
          authorId: `author-${index % 17}`,
          authorName: `Author ${index % 17}`,
          trackers: [index % 5 === 0 ? "rival" : "acme"],
          rating: isReview ? (isComplaint ? 1 : 5) : null,
          ratingMax: isReview ? 5 : null,
          url: `https://example.com/${index}`,
          engagement: { likes: 0, replies: 2, shares: null, views: null },
        },
        isComplaint
          ? {
              complaint: { isComplaint: true, confidence: 0.8, evidence: [{ start: 11, end: 24 }] },
              ...(index === 3 && READ_IN_FULL),
            }
          : CALM,
      ),
    );
  }
  return events;
}

function hostileEvents(): StoredEvent[] {
  return Object.entries(HOSTILE).map(([name, text], index) =>
    anEvent(
      {
        nativeId: `hostile-${name}`,
        text,
        authorName: "<i>Mallory</i>",
        title: name === "image" ? "<svg onload=window.pwned=1>" : "",
        url: name === "link" ? "javascript:window.pwned=1" : "https://example.com/hostile?<script>",
        publishedAt: new Date(Date.parse("2026-03-02T09:00:00Z") + index * 1_000).toISOString(),
      },
      name === "wide"
        ? CALM
        : { complaint: { isComplaint: true, confidence: 0.7, evidence: [{ start: 0, end: 9_999 }] } },
    ),
  );
}

const EVENTS = [...story(), ...hostileEvents()];
const IN_RANGE = EVENTS.filter(
  (event) => event.type === "upsert" && event.mention.publishedAt >= "2026-02-01T00:00:00.000Z",
);

const SPAM = anEvent(
  { nativeId: "spam", text: "Like and share to win a year of parcels!" },
  { ...CALM, intent: "spam", spam: { isSpam: true, score: 0.9, reasons: ["giveaway", "link_bait"] } },
);

/** One mention on most days from the middle of February on, by a source that had its troubles. */
const TOOTS = [12, 13, 14, 15, 16, 17, 18, 19, 22, 24, 25, 28].map((day) =>
  anEvent(
    { platform: "mastodon", nativeId: `toot-${day}`, publishedAt: `2026-02-${day}T12:00:00.000Z` },
    CALM,
    "toots",
  ),
);

/**
 * Listened to from 15 Feb 06:30 on; refused on 20 and 21 Feb, and again from 2 Mar on; away for two hours of 24 Feb.
 */
function ledger(): Coverage[] {
  const heard = (from: string, to: string) =>
    hoursHeard({
      source: "toots",
      window: { from, to },
      coveredFrom: "2026-02-15T06:30:00.000Z",
      gaps: [],
      isFirst: true,
      at: to,
    });
  const unheard = (from: string, to: string, reason: string) =>
    hoursUnheard("toots", { from, to }, reason, NOW);
  const refused = "The token was refused; check token.";
  return [
    ...heard("2026-02-15T06:30:00.000Z", "2026-02-19T23:59:00.000Z"),
    ...unheard("2026-02-20T00:00:00.000Z", "2026-02-21T23:30:00.000Z", refused),
    ...heard("2026-02-22T00:00:00.000Z", "2026-03-01T23:59:00.000Z"),
    ...unheard("2026-02-24T07:00:00.000Z", "2026-02-24T08:30:00.000Z", "It answered 502."),
    ...unheard("2026-03-02T00:00:00.000Z", "2026-03-02T10:00:00.000Z", refused),
    hourLeft("forum", "2026-03-02T07:30:00.000Z"),
  ];
}

function polled(source: string, fields: Partial<Poll> = {}): Poll {
  return aPoll({ source, at: "2026-03-02T09:58:00.000Z", requests: 7, ...fields });
}

const LEFT = { resetsAt: "2026-04-01T00:00:00.000Z" };
const POLLS = [
  polled("feed", {
    heardUntil: "2026-03-02T09:57:59.000Z",
    nextPollAt: "2026-03-02T10:15:00.000Z",
    budget: [
      { ...LEFT, resource: "requests", per: "day", remaining: 93, allowed: 100 },
      { ...LEFT, resource: "usd", per: "month", remaining: 0, allowed: 2.5 },
    ],
  }),
  polled("sky", { heardUntil: "2026-03-02T09:59:50.000Z" }),
  polled("forum", { heardUntil: "2026-03-02T07:00:00.000Z", nextPollAt: "2026-03-02T07:15:00.000Z" }),
  polled("late", { heardUntil: "2026-03-02T07:00:00.000Z", nextPollAt: "2026-03-02T07:15:00.000Z" }),
  polled("wire", { outcome: "failed", code: "source_unavailable", reason: "It answered 502.", failures: 1 }),
  polled("toots", {
    outcome: "stopped",
    code: "source_unauthorized",
    reason: HOSTILE.image,
    failures: 4,
    usd: 12.5,
    heardUntil: "2026-03-01T10:00:00.000Z",
    notBefore: "2026-03-02T13:00:00.000Z",
    nextPollAt: "2026-03-02T13:02:00.000Z",
  }),
];

const DEAD_LETTER = {
  id: "d1",
  source: "toots",
  ingestor: "mastodon",
  stage: "parse",
  code: "record_invalid",
  reason: "There is no text in it.",
  position: "",
  payload: "{}",
  isPayloadCut: false,
  state: "open",
  at: "2026-03-01T10:00:00.000Z",
} as const;
